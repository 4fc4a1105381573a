#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0 OR MIT
"""The program under user emulation: it says what it cannot count, and which atomics
it was built with.

usage: test_user.py lse|llsc FOLDER

The build for a CPU without LSE runs on one; the one with LSE is stopped there.
"""
import json
import signal
import subprocess
import sys

flavour, folder = sys.argv[1:]
LOCKLAB = folder + "/locklab"
CPU = {"lse": "neoverse-n1", "llsc": "cortex-a53"}[flavour]
OLD_CPU = "cortex-a53"


def call(*args, cpu=CPU):
    return subprocess.run(["qemu-aarch64", "-L", "/usr/aarch64-linux-gnu",
                           "-cpu", cpu, LOCKLAB, *args], capture_output=True,
                          text=True, check=False)


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
    done = call("compare", "--scenario", "vm_bo_lock/link", "--base", "resv",
                "--new", "gpuva", "--budget", "0.1s", "--exact", "no",
                cpu=OLD_CPU)
    if flavour == "lse":
        need(done.returncode == -signal.SIGILL, done)
    else:
        need(done.returncode in (0, 1) and "ns/op" in done.stdout, done)


if __name__ == "__main__":
    main()
