#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0 OR MIT
"""The program under user emulation: it says what it cannot count, and which atomics
it was built with.

usage: test_user.py lse|llsc FOLDER QEMU ARGS...

The build for a CPU without LSE runs on one; the one with LSE is stopped there.
"""
import json
import subprocess
import sys

flavour, folder, *qemu = sys.argv[1:]
LOCKLAB = folder + "/locklab"


def call(*args, command=tuple(qemu)):
    return subprocess.run([*command, LOCKLAB, *args], capture_output=True,
                          text=True, check=False, timeout=300)


def need(true, done):
    if not true:
        print(done.returncode, done.stdout, done.stderr)
        sys.exit(1)


def main():
    done = call("list")
    need(done.returncode == 0 and done.stdout.count("\n") > 1000, done)
    done = call("counters")
    need(done.returncode == 0 and "cycles:u" in done.stdout, done)
    need("no perf events" in done.stdout, done)
    done = call("compare", "--scenario", "vm_bo_lock/link", "--base", "resv",
                "--new", "gpuva", "--budget", "0.3s", "--exact", "no",
                "--json", "-")
    row = json.loads(done.stdout)
    need(row["digest_ok"] and not row["warnings"] and not row["leaks"], done)
    need({e["word"] for e in row["counters"]["events"]} == {"no perf events"},
         done)
    word = {"lse": " LSE ", "llsc": " LL/SC "}[flavour]
    need(word in done.stderr, done)
    old = tuple(qemu[:-1]) + ("cortex-a53",)
    done = call("compare", "--scenario", "vm_bo_lock/link", "--base", "resv",
                "--new", "gpuva", "--budget", "0.1s", "--exact", "no",
                command=old)
    if flavour == "lse":
        need(done.returncode == -4 or "Illegal" in done.stderr or
             done.returncode in (132, -6), done)
    else:
        need(done.returncode in (0, 1) and "ns/op" in done.stdout, done)


if __name__ == "__main__":
    main()
