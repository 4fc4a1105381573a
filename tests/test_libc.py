#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0 OR MIT
"""No timed path calls libc.

usage: test_libc.py LOCKLAB MUTANT

What runs between a run()'s beginning and its end, by callgrind, is of the case's
set or one of the host's few functions here: of every path and design of host own,
and of every path of a kernel tree's code where it is built. Those few call nothing
themselves, the ways that one thread does not take included, but the vDSO's clock,
through a pointer. MUTANT calls libc in gpuva's va_link(), and has to be caught.
"""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

REGION = "lab_exact_region"
HOST = ["host_clock_ns", "host_futex_wait", "host_futex_wake",
        "host_nr_cpus", "host_sched_yield", "host_syscall"]
# A jump or a call to a place with a name, x86-64's and arm64's.
JUMP = re.compile(r"\t(?:call|jmp|bl?)\s+[0-9a-f]+ <([^>+]+)")


def fail(text):
    print(text)
    sys.exit(1)


def all_cases(program):
    """By path and design the first, which has every parameter's default."""
    out = subprocess.run([program, "list", "--json"], check=True, text=True,
                         capture_output=True).stdout
    first = {}
    for c in json.loads(out)["cases"]:
        first.setdefault((c["host"], c["scenario"], c["path"], c["variant"]), c)
    return list(first.values())


def chosen(cases):
    """All of host own; of another one design a path, the last one listed."""
    last = {(c["host"], c["scenario"], c["path"]): c["name"] for c in cases}
    return [c for c in cases if c["host"] == "own" or
            c["name"] in last.values()]


def prefix(c):
    """Of the set's symbols: scripts/build/rename-symbols."""
    return (("" if c["host"] == "own" else c["host"] + "_") +
            ("mm_" if c["scenario"].startswith("mm_") else "") +
            c["variant"] + "__")


def run(program, cases, folder):
    """Each case's file, in which callgrind has what ran."""
    command = ["valgrind", "-q", "--vgdb=no", "--tool=callgrind",
               "--collect-atstart=no", "--toggle-collect=" + REGION,
               "--dump-after=" + REGION, "--combine-dumps=yes",
               "--compress-strings=no", "--compress-pos=no", "--skip-plt=no",
               f"--callgrind-out-file={folder}/%p", program, "counts",
               "--child"]
    done = subprocess.run(command, text=True, check=False,
                          input="".join(c["name"] + "\n" for c in cases),
                          capture_output=True,
                          env={"PATH": os.environ["PATH"], "LC_ALL": "C",
                               "LD_BIND_NOW": "1"})
    said = done.stdout.splitlines()
    for c, line in zip(cases, said):
        if not line.startswith("ok "):
            fail(f"{c['name']}: {line}")
    if len(said) != len(cases):
        fail(f"{len(said)} of {len(cases)} cases ran: {done.stderr}")
    return [pathlib.Path(folder, line.split()[2]) for line in said]


def functions(path):
    """Whatever took an instruction itself: its object and its name."""
    found = set()
    ob = fn = None
    called = False
    for line in path.read_text("utf-8", "replace").splitlines():
        if line.startswith("ob="):
            ob = line[3:]
        elif line.startswith("fn="):
            fn = line[3:]
        elif line.startswith("calls="):
            called = True		# the next line is the callee's
        elif re.match(r"[0-9+*-]", line):
            if not called:
                found.add((ob, fn))
            called = False
    return found


def strangers(program, c, path):
    found = functions(path)
    if (program, REGION) not in found:
        fail(f"{c['name']}: callgrind has not seen {REGION}")
    return [f"{c['name']}: {fn} of {ob}" for ob, fn in sorted(found)
            if ob != program or fn != REGION and fn not in HOST and
            not fn.startswith(prefix(c))]


def called_by(program, function):
    """The functions, other than itself, that it names in a call or a jump."""
    out = subprocess.run([os.environ.get("OBJDUMP", "objdump"),
                          "--disassemble=" + function, program], check=True,
                         text=True, capture_output=True).stdout
    if f"<{function}>:" not in out:
        fail(f"{program}: no {function}")
    return set(JUMP.findall(out)) - {function}


def all_strangers(program, cases):
    with tempfile.TemporaryDirectory() as folder:
        files = run(program, cases, folder)
        return [s for c, path in zip(cases, files)
                for s in strangers(program, c, path)]


def mutant_is_caught(mutant):
    cases = [c for c in all_cases(mutant)
             if c["scenario"] == "vm_bo_lock" and
             c["path"] in ("link", "obtain")]
    found = all_strangers(mutant, cases)
    if not any("/link/" in s and "sched_yield" in s and "libc" in s
               for s in found) or any("/obtain/" in s for s in found):
        fail("of the mutant: " + ("\n".join(found) or "nothing"))
    if "close" not in str(called_by(mutant, "host_syscall_close")):
        fail("the call of a function of the host is not seen")


def main():
    program, mutant = map(os.path.realpath, sys.argv[1:])
    if not shutil.which("valgrind"):
        print("no valgrind: install it")
        sys.exit(77)
    mutant_is_caught(mutant)
    cases = chosen(all_cases(program))
    found = all_strangers(program, cases)
    found += [f"{f} calls {callee}" for f in HOST
              for callee in sorted(called_by(program, f))]
    if found:
        fail("\n".join(found))
    paths = {(c["host"], c["scenario"], c["path"]) for c in cases}
    print(f"{len(cases)} cases of {len(paths)} paths: no libc")


if __name__ == "__main__":
    main()
