#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0 OR MIT
"""tests/run: what it says of tests, what it ends, and what it repeats."""
import fcntl
import pathlib
import shutil
import subprocess
import tempfile
import unittest

RUN = str(pathlib.Path(__file__).resolve().parent / "run")


class Run(unittest.TestCase):
    def setUp(self):
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="test_run."))
        self.addCleanup(shutil.rmtree, self.dir)

    def call(self, *args):
        done = subprocess.run([RUN, *args[:-1], self.dir / "log", *args[-1]],
                              text=True, capture_output=True, check=False)
        self.lines = done.stdout.splitlines()
        return done.returncode

    def program(self, name, text):
        path = self.dir / name
        path.write_text("#!/bin/sh\ncd %s\n%s" % (self.dir, text), "ascii")
        path.chmod(0o755)
        return str(path)

    def test_words(self):
        self.assertEqual(self.call(["true", "false", "sh -c 'exit 77'",
                                    "/no/such"]), 1)
        self.assertEqual([x.split()[0] for x in self.lines
                          if x[0] != " "][:-1], ["ok", "FAIL", "skip", "FAIL"])
        self.assertEqual(self.lines[-1], "1 passed, 2 failed, 1 skipped")

    def test_a_hang_takes_all_of_it_along(self):
        """A process that the test has left behind holds a lock until it dies."""
        held = self.dir / "held"
        held.touch()
        hang = self.program("hang", "flock held sleep 100000 &\n"
                            "exec sleep 100000\n")
        self.assertEqual(self.call("--limit", "2", [hang, "true"]), 1)
        self.assertIn("no end after", "".join(self.lines))
        self.assertEqual(self.lines[-1], "1 passed, 1 failed, 0 skipped")
        with open(held, encoding="ascii") as f:
            fcntl.flock(f, fcntl.LOCK_EX)

    def often(self, times, quick, *tests):
        return self.call("--repeat", str(times), "--quick", str(quick), tests)

    def test_repeated(self):
        once = self.program("fails_once", "echo run >> runs\n"
                            "echo this is run $(wc -l < runs)\n"
                            "[ $(wc -l < runs) != 2 ]\n")
        self.assertEqual(self.often(4, 1000, "true", once), 1)
        text = "\n".join(self.lines)
        self.assertRegex(text, r"ok +true +\(0 of 4 failed")
        self.assertRegex(text, r"FAIL \S+fails_once +\(1 of 4 failed")
        self.assertIn("| this is run 2", text)
        self.assertEqual(self.lines[-1], "1 passed, 1 failed")
        self.assertEqual((self.dir / "runs").read_text("ascii"), "run\n" * 4)
        self.assertEqual(self.often(2, 1000, "true"), 0)
        self.assertEqual(self.lines[-1], "1 passed, 0 failed")

    def test_what_is_slow_or_skipped_is_not_repeated(self):
        slow = self.program("slow", "echo run >> runs\n")
        self.assertEqual(self.often(4, 0, slow), 1)
        self.assertEqual(self.lines, ["0 passed, 0 failed"])
        self.assertEqual((self.dir / "runs").read_text("ascii"), "run\n")
        self.assertEqual(self.often(4, 1000, "sh -c 'exit 77'", "true"), 0)
        self.assertEqual(self.lines[-1], "1 passed, 0 failed")
        # one that fails is no less wrong for being slow
        self.assertEqual(self.often(4, 0, "false"), 1)
        self.assertEqual(self.lines[-1], "0 passed, 1 failed")


if __name__ == "__main__":
    unittest.main(verbosity=2)
