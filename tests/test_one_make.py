#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0 OR MIT
"""One make at a time works in a tree, and one goal at a time is made.

In a copy of the tree, with a locklab that only says how it was called and -o, so
that it is not built.
"""
import fcntl
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
import tree  # noqa: E402 pylint: disable=wrong-import-position
from cases import write_program  # noqa: E402 pylint: disable=wrong-import-position

OBJECT = "build/plain/own/resv/core/variants/meta.o"
WAITS = "another make works in this folder"

# Notes its arguments and the flags of the make that called it; and, with the
# compiler below, whether anything ran beside it.
LOCKLAB = """#!/bin/bash
mkdir busy || echo overlap >> log
printf '%s\\n' "begin $1 $(printf '<%s>' "$@")" "flags $MAKEFLAGS" >> log
[ ! -e nested ] || env -u MAKEFLAGS -u MAKELEVEL make INSTALL=no build/gen/link >> log 2>&1
sleep 0.3
rmdir busy
echo "end $1" >> log
exit $(cat status)
"""
COMPILER = """#!/bin/bash
[[ " $* " != *" -c "* ]] || echo "compile" >> log
[ ! -e busy ] || echo overlap >> log
exec gcc "$@"
"""


class OneMake(unittest.TestCase):
    def setUp(self):
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="test one.")).resolve()
        self.addCleanup(shutil.rmtree, self.dir)
        tree.copy(self.dir)
        self.program("build/locklab", LOCKLAB)
        self.program("cc", COMPILER)
        (self.dir / "status").write_text("0\n", "ascii")

    def program(self, name, text):
        write_program(self.dir / name, text)

    def start(self, *args, **env):
        # pylint: disable-next=consider-using-with
        return subprocess.Popen(
            ["make", "INSTALL=no", *args], cwd=self.dir, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**tree.ENV, **env})

    def make(self, *args, status=0, **env):
        made = self.start(*args, **env)
        out, errors = made.communicate(timeout=300)
        self.assertEqual(made.returncode, status, errors)
        return out, errors

    def log(self):
        path = self.dir / "log"
        text = path.read_text("utf-8") if path.exists() else ""
        path.unlink(missing_ok=True)
        return text.splitlines()

    def timed(self, *args, **more):
        self.make("-o", "build/locklab", *args, **more)
        return self.log()

    def jobs(self, *args, **env):
        flags = [x for x in self.timed("bench", *args, **env) if x.startswith("flags")]
        return re.findall(r" -j(\d*)", flags[0])

    def test_goals_one_after_the_other(self):
        for jobs in ((), ("-j8",)):
            log = self.timed(*jobs, "CC=./cc", "bench", OBJECT, "ladder", "counts")
            self.assertEqual([x for x in log if not x.startswith("flags")
                              and not x.startswith("begin")],
                             ["end run", "compile", "end run", "end counts"])
            (self.dir / OBJECT).unlink()

    def test_jobs(self):
        cpus = subprocess.run(["nproc"], capture_output=True, text=True, check=True)
        self.assertEqual(self.jobs(), cpus.stdout.split())
        self.assertEqual(self.jobs("-j1"), ["1"])
        self.assertEqual(self.jobs("-j7"), ["7"])
        self.assertEqual(self.jobs(MAKEFLAGS="-j5"), ["5"])

    def test_words_reach_the_program_whole(self):
        log = self.timed("bench", "SCENARIO=it's; a b", "VARIANTS=-j3,$$x")
        self.assertIn("<--scenario><it's; a b><--variants><-j3,$x>", log[0])

    def test_status(self):
        (self.dir / "status").write_text("3\n", "ascii")
        args = ("-o", "build/locklab", "bench", "ladder")
        _, errors = self.make(*args, status=2)
        self.assertIn("bench] Error 3", errors)
        self.assertEqual(self.log().count("end run"), 1)
        self.make("-k", *args, status=2)
        self.assertEqual(self.log().count("end run"), 2)
        _, errors = self.make("build/nosuch", status=2)
        self.assertIn("No rule to make target 'build/nosuch'", errors)

    def test_nothing_more_is_said(self):
        self.make("build/gen/link")
        self.assertEqual(self.make("build/gen/link"), ("", ""))

    def test_waits(self):
        lock = os.open(self.dir, os.O_RDONLY)
        fcntl.flock(lock, fcntl.LOCK_EX)
        made = self.start(OBJECT)
        self.assertIn(WAITS, made.stderr.readline())
        self.assertEqual(self.make("help")[1], "")
        self.assertIn(OBJECT, self.make("-n", OBJECT)[0])
        self.assertFalse((self.dir / OBJECT).exists())
        os.close(lock)
        _, errors = made.communicate(timeout=300)
        self.assertEqual((made.returncode, errors), (0, ""))
        self.assertTrue((self.dir / OBJECT).exists())

    def test_a_recipe_may_call_make(self):
        (self.dir / "nested").touch()
        self.assertNotIn(WAITS, "\n".join(self.timed("bench")))

    def left(self):
        return [p for p in (self.dir / "build").rglob("*.new*")]

    def test_two_at_once(self):
        goals = (OBJECT, "build/gen/sets.o", "build/gen/build.o")
        for _ in range(3):
            made = [self.start(*goals) for _ in range(2)]
            for m in made:
                _, errors = m.communicate(timeout=300)
                self.assertEqual(m.returncode, 0, errors)
            self.assertEqual(self.make(*goals), ("", ""))
            self.assertEqual(self.left(), [])
            self.make("clean")

    def test_generated_files_are_whole(self):
        """Makes that tests call are not kept apart."""
        files = ["build/gen/" + name for name in
                 ("sets.c", "build.c", "link", "sources", "flags", "labflags")]
        for _ in range(5):
            made = [self.start(*files, LOCKLAB_LOCKED=str(self.dir)) for _ in range(3)]
            for m in made:
                _, errors = m.communicate(timeout=300)
                self.assertEqual((m.returncode, errors), (0, ""))
            self.assertEqual(self.left(), [])
            text = (self.dir / "build/gen/sets.c").read_text("ascii")
            self.assertTrue(text.endswith("{ NULL, NULL, NULL }\n};\n"))
            shutil.rmtree(self.dir / "build/gen")


if __name__ == "__main__":
    unittest.main(verbosity=2)
