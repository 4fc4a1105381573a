#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0 OR MIT
"""scripts/run/perf-stat and perf-record on this machine's perf, by software events,
and the commands of docs/perf.md.

usage: LOCKLAB=build/locklab test_perf_real.py [unittest options]

Exit status 77 where perf cannot count this process's CPU time.
"""
import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent
LOCKLAB = os.path.abspath(os.environ.get("LOCKLAB", ROOT / "build/locklab"))
FENCE = re.compile(r"^```sh( [a-z ]+)?\n(.*?)^```$", re.S | re.M)


def why_not():
    """Why perf cannot count or sample here, or None."""
    if not shutil.which("perf"):
        return "perf is not installed"
    with tempfile.TemporaryDirectory(prefix="test_perf.") as name:
        for command in (["stat", "-j"], ["record", "-q"]):
            done = subprocess.run(
                ["perf", *command, "-o", name + "/out", "-e", "cpu-clock",
                 "--", "true"], text=True, capture_output=True, check=False)
            if done.returncode:
                return "perf %s: %s" % (
                    command[0], " ".join(done.stderr.split())[:200])
    return None


class Case(unittest.TestCase):
    def setUp(self):
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="test_perf."))
        self.addCleanup(shutil.rmtree, self.dir)
        self.env = {**{k: v for k, v in os.environ.items()
                       if not k.startswith("MAKE")}, "LOCKLAB": LOCKLAB}

    def call(self, *args, cwd=ROOT):
        done = subprocess.run([str(a) for a in args], text=True, cwd=cwd,
                              env=self.env, stdin=subprocess.DEVNULL,
                              capture_output=True, check=False)
        self.assertEqual(done.returncode, 0,
                         "%s\n%s%s" % (args, done.stdout, done.stderr))
        return done.stdout


class Real(Case):
    def stat(self, *args):
        out = self.dir / "out"
        text = self.call(ROOT / "scripts/run/perf-stat", "--base", "resv", "--new",
                         "gpuva", "--out", out, *args)
        for line in text.rpartition("result: ")[0].splitlines():
            self.assertLessEqual(len(line), 72, line)
        found, = (out / "perf").iterdir()
        return json.loads((found / "perf-stat.json").read_text())

    def test_every_event_has_a_number_or_a_word(self):
        doc = self.stat("--seconds", "0.01", "--repeat", "6")
        rows = {r["event"].partition(":")[0] for r in doc["rows"]}
        words = {e.partition(":")[0] for e in doc["words"]}
        self.assertLessEqual({"time", "task-clock"}, rows)
        self.assertLessEqual({"instructions", "cycles", "branch-misses",
                              "context-switches", "cpu-migrations",
                              "page-faults"}, rows | words)
        self.assertEqual((doc["pairs"], doc["partial"]), (6, False))
        for row in doc["rows"]:
            self.assertIn("lo", row["delta"])

    def test_the_region_alone_is_counted(self):
        """Setting up has page faults, the loop has none of its own."""
        doc = self.stat("--seconds", "0.01", "--repeat", "2", "--events",
                        "page-faults")
        run = doc["runs"][0]
        loop = [LOCKLAB, "loop", "--scenario", "resv_vs_custom_lock/link",
                "--variant", "resv", "--ops", run["loop"]["ops"]]
        whole = self.dir / "whole"
        self.call("perf", "stat", "-j", "-o", whole, "-e", "page-faults",
                  "--", *loop)
        all_of_it, = re.findall(r'"counter-value" : "([\d.]+)"',
                                whole.read_text())
        self.assertGreater(float(all_of_it), 60)
        for run in doc["runs"] + doc["empty_runs"]:
            self.assertLess(run["counts"][0]["value"], 30)

    def test_all_threads_are_counted(self):
        """CPU time by perf is that of the process, not thread 0's half."""
        doc = self.stat("--scenario", "vm_bo_lock/obtain", "--threads", "2",
                        "--seconds", "0.1", "--repeat", "2", "--events",
                        "task-clock")
        self.assertGreater(doc["task_clock_share"], 0.75)
        self.assertLess(doc["task_clock_share"], 1.5)

    def test_record(self):
        """The dearest function is in one sample of four or more; a busy machine
        leaves some hundred of them in a second, so that all miss it once in 1e12."""
        data = self.dir / "perf.data"
        text = self.call(ROOT / "scripts/run/perf-record", "--variant", "gpuva",
                         "--events", "cpu-clock", "--seconds", "1", "--out",
                         data)
        self.assertTrue(data.exists())
        self.assertIn("own/gpuva, by cpu-clock", text)
        self.assertRegex(text, r"(?m)^ +[\d.]+ +gpuva__mutex_lock$")
        self.assertRegex(text, r"perf annotate -i \S+perf\.data gpuva__\w+")
        for line in text.partition("data: ")[0].splitlines():
            self.assertLessEqual(len(line), 72, line)


class Docs(Case):
    def setUp(self):
        super().setUp()
        text = (ROOT / "docs/perf.md").read_text("utf-8")
        self.blocks = [(kind.strip(), body.replace("\\\n", " "))
                       for kind, body in FENCE.findall(text)]
        self.here = [b for kind, b in self.blocks if not kind]
        self.elsewhere = [b for kind, b in self.blocks if kind]

    def made(self, line):
        """What make would run for a line of the document."""
        text = self.call("make", "-n", "-o", "build/locklab", "INSTALL=no",
                         *shlex.split(line)[1:])
        text = text[text.index("scripts/run/perf-"):].replace("\\\n", " ")
        return shlex.split(text.splitlines()[0])

    def test_targets(self):
        lines = [line for b in self.here for line in b.splitlines()
                 if line.startswith("make ")]
        self.assertGreaterEqual(len(lines), 3)
        for i, line in enumerate(lines):
            program, *args = self.made(line)
            short = ["--seconds", "0.05", "--out", self.dir / str(i)] + (
                ["--repeat", "1"] if program.endswith("stat") else [])
            self.call(ROOT / program, *args, *short)

    def test_commands(self):
        (self.dir / "build").mkdir()
        (self.dir / "build/locklab").symlink_to(LOCKLAB)
        commands = ["\n".join(line for line in b.splitlines()
                              if not line.startswith("make "))
                    for b in self.here]
        self.assertGreaterEqual(len(list(filter(None, commands))), 2)
        said = "".join(self.call("bash", "-euc", c, cwd=self.dir)
                       for c in commands)
        self.assertIn("gpuva__mutex_lock", said)

    def test_what_runs_elsewhere_names_what_is_here(self):
        symbols = set(self.call("nm", LOCKLAB).split())
        known = self.call("perf", "--list-cmds").split() + \
            self.call("perf", "help").split()
        self.assertGreaterEqual(len(self.elsewhere), 2)
        for line in "".join(self.elsewhere).splitlines():
            words = shlex.split(line)
            if words[0] == "perf":
                self.assertIn(words[1], known, line)
            for symbol in re.findall(r"\b\w+?__\w+", line):
                if symbol.startswith(("gpuva__", "resv__")):
                    self.assertIn(symbol, symbols)
            if "loop" in words:
                at = words.index("loop")
                args = words[at + 1:] + ["--ops", "1"]
                self.call(LOCKLAB, "loop", *args)


if __name__ == "__main__":
    WHY = why_not()
    if WHY:
        print("no perf that can be used here: " + WHY)
        sys.exit(77)
    unittest.main(verbosity=2)
