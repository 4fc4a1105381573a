#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0 OR MIT
"""The controls' instructions: by the emulated PMU as by callgrind.

usage: test_pairs.py DIR	where pairs_lse, pairs_llsc and a kernel are

Of each control N and 2 N operations are counted, by perf events and by
callgrind of the same program in the same machine; the difference of the two is
what N operations take, and has to be the same number.
"""
import collections
import functools
import pathlib
import re
import subprocess
import sys
import unittest

RUN = str(pathlib.Path(__file__).resolve().parent / "run-in-vm")
DIR = sys.argv.pop(1) if len(sys.argv) > 1 else ""
CALLGRIND = "/usr/libexec/valgrind/callgrind-arm64-linux"
LINE = re.compile(r"^(perf|callgrind|atomics) (\w+) (\d+): (\d+)$", re.M)
CONTROLS = {"empty", "mutex", "ww_mutex", "ww_mutex_ctx", "spinlock", "kref",
            "list", "kmalloc"}


def boot(build, n):
    """control -> what was counted -> of N operations how many."""
    program = f"{DIR}/pairs_{build}"
    done = subprocess.run(
        [RUN, "--dir", DIR, "--file",
         f"{DIR}/packages/valgrind{CALLGRIND}={CALLGRIND}",
         program, "perf", str(n), ";", program, "callgrind", str(n)],
        text=True, check=False, capture_output=True)
    if done.returncode:
        raise RuntimeError(done.stdout + done.stderr)
    found = collections.defaultdict(dict)
    for how, control, ops, count in LINE.findall(done.stdout):
        found[control, how][int(ops)] = int(count)
    of = collections.defaultdict(dict)
    for (control, how), counts in found.items():
        of[control][how] = counts[2 * n] - counts[n]
    return of


def whole(of, n):
    return all(count % n == 0 for control in of.values()
               for count in control.values())


@functools.lru_cache(None)
def counted(build):
    """control -> what was counted -> per operation.

    An interrupt between the two halves of an exclusive pair makes the lock try
    again, and a second atomic is counted: then once more with another N, which
    the interrupt meets elsewhere. Not with LSE, which has no halves.
    """
    for n in (100,) if build == "lse" else (100, 130, 170):
        of = boot(build, n)
        if whole(of, n):
            break
    return {control: {how: count / n for how, count in of[control].items()}
            for control in of}


class Pairs(unittest.TestCase):
    def same(self, build):
        of = counted(build)
        self.assertEqual(set(of), CONTROLS)
        print(f"{build:14} perf callgrind atomics, per operation")
        for control, per_op in sorted(of.items()):
            print(f"{control:14} {per_op['perf']:4g} {per_op['callgrind']:9g} "
                  f"{per_op['atomics']:7g}")
        for control, per_op in of.items():
            with self.subTest(control=control):
                self.assertEqual(per_op["perf"], per_op["callgrind"])
                self.assertGreater(per_op["perf"], 0)

    def test_lse(self):
        self.same("lse")

    def test_llsc(self):
        self.same("llsc")

    def test_builds_differ_and_are_told_apart(self):
        lse, llsc = counted("lse")["mutex"], counted("llsc")["mutex"]
        self.assertLess(lse["perf"], llsc["perf"])
        self.assertLess(lse["callgrind"], llsc["callgrind"])

    def test_atomics(self):
        for control in CONTROLS:
            self.assertEqual(counted("lse")[control]["atomics"],
                             counted("llsc")[control]["atomics"], control)
        self.assertEqual(counted("lse")["mutex"]["atomics"], 2)
        self.assertEqual(counted("lse")["list"]["atomics"], 0)


if __name__ == "__main__":
    unittest.main(verbosity=2)
