#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0 OR MIT
"""tests/arm64/run-in-vm passes on what it should only.

usage: test_run_in_vm.py DIR	where init, vm_ends and a kernel are
"""
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

RUN = str(pathlib.Path(__file__).resolve().parent / "run-in-vm")
DIR = sys.argv.pop(1) if len(sys.argv) > 1 else ""
ENDS = DIR + "/vm_ends"


def call(*args, where=DIR, env=None):
    return subprocess.run([RUN, "--dir", where, *args], text=True, check=False,
                          capture_output=True, env=env)


class Ends(unittest.TestCase):
    """Each of these boots the machine."""

    def ends(self, status, *args, said=""):
        done = call(*args)
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        self.assertIn(said, done.stderr)
        return done.stdout

    def test_each_until_one_fails(self):
        out = self.ends(3, ENDS, "0", ";", ENDS, "3", ";", ENDS, "0")
        self.assertEqual(out.count("vm_ends: '0'"), 1)
        self.assertEqual(out.count("vm_ends: '3'"), 1)

    def test_a_signal(self):
        self.ends(128 + 11, ENDS, "signal")

    def test_power_off_is_no_pass(self):
        self.ends(125, ENDS, "power", said="no program said how it did")

    def test_panic_is_no_pass(self):
        self.ends(125, "--append", "rdinit=/none root=none", ENDS, "0",
                  said="no program said how it did")

    def test_a_hang(self):
        self.ends(124, "--limit", "8", ENDS, "hang", said="no end after 8")

    def test_files_of_ours(self):
        self.ends(0, "--file", f"{ENDS}=/some/where/ends",
                  "/some/where/ends", "0")


class Before(unittest.TestCase):
    """And these do not get so far."""

    def says(self, status, text, *args, **how):
        done = call(*args, **how)
        self.assertEqual(done.returncode, status, done.stderr)
        self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
        self.assertIn(text, done.stderr)

    def test_bad_usage(self):
        self.says(2, "a command is empty")
        self.says(2, "a command is empty", ENDS, ";", ";")
        self.says(2, "say HOST=/GUEST", "--file", "x", ENDS)
        self.says(2, "a tab", ENDS, "a\tb")
        self.says(2, "no such file; build it first", DIR + "/none")

    def test_no_kernel(self):
        with tempfile.TemporaryDirectory(prefix="test_run_in_vm.") as tmp:
            shutil.copy(DIR + "/init", tmp)
            self.says(77, "scripts/setup/arm64-packages fetches one", ENDS, where=tmp)

    def test_no_qemu(self):
        self.says(77, "scripts/setup/install-deps --arm64", ENDS, env={"PATH": "/none"})


if __name__ == "__main__":
    unittest.main(verbosity=2)
