# SPDX-License-Identifier: GPL-2.0 OR MIT
"""What tests of programs have in common: where things are, how a program has to
say that something is wrong, disks that are full and machines that are small."""
import os
import pathlib
import resource
import signal
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent
LOCKLAB = os.path.abspath(os.environ.get("LOCKLAB") or ROOT / "build/locklab")
COLUMNS = 72

# The modules of scripts/, by their rooms.
sys.path.insert(0, str(ROOT))


def one_cpu():
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def small_files(most):
    """For a child: no file grows beyond this; a full disk without root."""
    def limit():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    return limit


def write_program(path, text):
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, "ascii")
    path.chmod(0o755)


class Case(unittest.TestCase):
    program = None      # whose name an error begins with, behind locklab's

    def assert_said(self, done, status, *words, program=None):
        """One line on standard error that says what is wrong."""
        self.assertEqual(done.returncode, status, done.stderr)
        self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
        program = program or self.program
        self.assertTrue(done.stderr.startswith(
            "locklab: %s: " % program if program else "locklab: "), done.stderr)
        for word in words:
            self.assertIn(word, done.stderr)

    def refused(self, done, status, *words, program=None):
        """That line, and nothing else."""
        self.assert_said(done, status, *words, program=program)
        self.assertEqual(done.stdout, "")

    def assert_plain(self, text):
        for line in text.splitlines():
            self.assertLessEqual(len(line), COLUMNS, line)
            self.assertTrue(line == "" or line.isascii() and
                            line.isprintable(), line)
