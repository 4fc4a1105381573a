#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0 OR MIT
"""The golden table: this build is as it says, and one atomic more is seen.

usage: test_golden.py LOCKLAB MUTANT FOLDER

MUTANT is the same program with one atomic more in gpuva's va_link(). Exit
status 77 where FOLDER has no table for this compiler and these flags, after all
that needs none has passed.
"""
import os
import pathlib
import subprocess
import sys
import tempfile

RUNS = 3


def counts(program, *args):
    return subprocess.run([program, "counts", *args], capture_output=True,
                          text=True, check=False)


def fail(text):
    print(text)
    sys.exit(1)


def repeats(program):
    """Tables of a part are the same to the byte, whatever ran before."""
    tables = set()
    for run in range(RUNS):
        with tempfile.TemporaryDirectory() as folder:
            done = counts(program, "--scenario",
                          "vm_bo_lock" if run else "vm_bo_lock,vm_bind/ioctl",
                          "--golden", folder)
            if done.returncode == 77:
                print(done.stderr)
                sys.exit(77)
            if done.returncode:
                fail(done.stdout + done.stderr)
            text = "".join(pathlib.Path(folder, name).read_text("ascii")
                           for name in os.listdir(folder))
            tables.add("".join(line for line in text.splitlines(True)
                               if not line.startswith("vm_bind/")))
    if len(tables) != 1:
        fail(f"{RUNS} runs gave {len(tables)} tables")


def mutant_is_caught(program, mutant):
    """By a line with path, variant and function, on no other path."""
    with tempfile.TemporaryDirectory() as folder:
        done = counts(program, "--scenario", "vm_bo_lock", "--variants",
                      "gpuva", "--golden", folder)
        if done.returncode:
            fail(done.stdout + done.stderr)
        done = counts(mutant, "--scenario", "vm_bo_lock", "--check", folder)
    lines = [x for x in done.stdout.splitlines() if x.startswith("golden: ")]
    if done.returncode != 1 or not lines:
        fail(f"the mutant passed: {done.stdout}{done.stderr}")
    for path in ("link", "cycle"):
        if not any(x.startswith(f"golden: vm_bo_lock/{path} gpuva: {path}_run:"
                                " atomics 0 -> 1, ") for x in lines):
            fail(f"no line of {path}:\n{done.stdout}")
    if any("/obtain" in x for x in lines):
        fail(f"a path that has not changed is named:\n{done.stdout}")


def main():
    program, mutant, folder = sys.argv[1:]
    repeats(program)
    mutant_is_caught(program, mutant)
    done = counts(program, "--check", folder)
    print(done.stdout + done.stderr)
    sys.exit(done.returncode)


if __name__ == "__main__":
    main()
