#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0 OR MIT
"""What people see of counters: a number, or a word why there is none.

usage: LOCKLAB=build/locklab test_counters.py [unittest options]

Holds on machines with and without a PMU, and for any user.
"""
import json
import pathlib
import shutil
import tempfile
import unittest

import steady
from test_cli import LINK, Case, call, load

WORDS = ("no perf events", "no PMU", "not permitted", "unknown event",
         "no free counter", "never scheduled", "never counts", "lying",
         "multiplexed", "not counted")


def compare(*args):
    return call("compare", "--scenario", LINK, "--base", "resv", "--new",
                "gpuva", "--budget", "0.3s", "--json", "-", *args)


class Counters(Case):
    def test_list(self):
        done = call("counters")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assert_plain(done.stdout)
        self.assertIn("truth loop: ", done.stdout)
        for line in done.stdout.splitlines():
            if line.startswith("cycles:u"):
                self.assertTrue(line.split(None, 1)[1].startswith(
                    ("pass ", *WORDS)), line)
                break
        else:
            self.fail("no line of cycles:u")

    def test_bad_names(self):
        for bad in ("", "cycles,,r1", "x" * 100,
                    ",".join(f"r{i}" for i in range(40))):
            self.refused(call("counters", "--counters", bad), 2, "--counters")
            self.refused(compare("--counters", bad), 2, "--counters")
        self.refused(self.run_lab("--counters", ""), 2, "--counters")

    def test_default(self):
        row = json.loads(compare().stdout)
        self.assertNotIn("--counters", row["command"])
        self.assertEqual(row["counters"]["asked"], "basic")
        self.check_events(row)

    def test_software_and_unknown(self):
        done = compare("--counters", "software,NO_SUCH_EVENT")
        row = json.loads(done.stdout)
        self.assertIn("--counters software,NO_SUCH_EVENT", row["command"])
        self.check_events(row)
        self.assertNotEqual(row["counters"]["events"][-1]["word"], "")
        self.assertIn("NO_SUCH_EVENT", done.stderr)
        again = call(*row["command"].split()[1:], "--json", "-")
        self.assertEqual(json.loads(again.stdout)["counters"]["asked"],
                         row["counters"]["asked"])

    def check_events(self, row):
        """Never a zero for what was not counted, never a silent absence."""
        self.assertTrue(row["counters"]["events"])
        for event in row["counters"]["events"]:
            if event["word"]:
                self.assertIn(event["word"], WORDS)
                self.assertTrue(event["why"])
                self.assertNotIn("base", event)
            else:
                self.assertGreater(event["rounds"], 0)
                self.assertTrue(event["name"])
                self.assertIsNotNone(event["base"])

    def test_none(self):
        row = json.loads(compare("--counters", "none").stdout)
        self.assertEqual(row["counters"]["events"], [])

    def test_report(self):
        done = self.run_lab("--scenario", LINK, "--variants", "resv,gpuva",
                            "--budget", "5s", "--counters",
                            "cycles,task-clock", "--exact", "no",
                            env=steady.environment())
        self.assertEqual(done.returncode, 0, done.stderr)
        text = pathlib.Path(self.folder(), "report.txt").read_text("ascii")
        self.assert_plain(text)
        self.assertIn("Counters (cycles,task-clock)", text)
        self.assertIn("COUNTERS=cycles,task-clock", text)
        for row in load(self.folder() + "/samples.json")["rows"]:
            self.check_events(row)
            for event in row["counters"]["events"]:
                if event["word"]:
                    self.assertIn("counters: " + event["word"], text)
                else:
                    self.assertIn("\n  " + event["asked"], text)

    def test_ordinary_user(self):
        """One who may not count is told so, and is still given his row."""
        if not shutil.which("setpriv"):
            self.skipTest("no setpriv")
        out = tempfile.mkdtemp(dir=self.out)
        pathlib.Path(self.out).chmod(0o755)
        pathlib.Path(out).chmod(0o777)
        program = shutil.copy(pathlib.Path(call.__kwdefaults__["program"]),
                              self.out)
        done = call("--reuid=65534", "--regid=65534", "--clear-groups",
                    program, "counters", "--counters",
                    "cycles:k,context-switches:k", program="setpriv")
        if "setpriv:" in done.stderr:
            self.skipTest("not root")
        self.assertEqual(done.returncode, 0, done.stderr)
        level = pathlib.Path("/proc/sys/kernel/perf_event_paranoid")
        if level.exists() and int(level.read_text("ascii")) > 1:
            self.assertIn("context-switches:k     not permitted", done.stdout)
            self.assertIn("perf_event_paranoid", done.stdout)


if __name__ == "__main__":
    unittest.main()
