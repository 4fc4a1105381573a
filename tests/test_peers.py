#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0 OR MIT
"""What make peers counts, of rows that are made up, and its program on tools that
are."""
import json
import math
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
from cases import ROOT, Case, write_program
from figures import ENV
from scripts.run.peer_stats import (covers, factor, holds, median_line, summary,
                                    u_test_line, widening)
from scripts.run.peers_report import text_of

PROGRAM = str(ROOT / "scripts/run/peers")
PATHS = ("resv_vs_custom_lock/link", "vm_bind_drivers/nouveau",
         "vm_bo_lock/obtain")

# Fakes of locklab, of the driver of nanobench and of compare.py. The first is
# both compare, bench and loop; it stops who called it on its STOP-th comparison.
LOCKLAB = """#!/usr/bin/python3
import json, os, signal, sys
words = dict(zip(sys.argv[2::2], sys.argv[3::2]))
if sys.argv[1] == "bench":
    if sys.argv[2] == "--benchmark_list_tests":
        for path in %r:
            for design in ("none", "resv", "gpuva") * (path in sys.argv[3]):
                print("own/%%s/%%s/threads:1/manual_time" %% (path, design))
    sys.exit(0)
if sys.argv[1] == "loop":
    print(json.dumps({"env": {}}))
    sys.exit(0)
with open(sys.argv[0] + ".calls", "a+") as f:
    f.write("x")
    f.flush()
    if f.tell() == int(os.environ.get("STOP", 0)):
        os.kill(os.getppid(), signal.SIGINT)
        signal.pause()
none = words["--base"] == "none"
row = dict.fromkeys(("base_ns", "new_ns", "level", "processes", "rounds",
                     "dropped", "disturbed", "note", "build_id"))
print(json.dumps({"ratio": {"est": 1.0, "lo": 0.999, "hi": 1.001},
                  "verdict": "SAME" if none else "SLOWER", **row}))
""" % (PATHS,)
NANOBENCH = """#!/usr/bin/python3
import json
print(json.dumps({"version": "4.6.0", "rounds": 9, "base_ns": 1, "new_ns": 1,
                  "significant": True,
                  "ratio": {"est": 1.02, "lo": 1.01, "hi": 1.03}}))
"""
COMPARE = """#!/usr/bin/python3
import json, sys
if "-d" in sys.argv:
    each = [{"real_time": 10 + i, "real_time_other": 10 + i, "time": 0}
            for i in range(20)]
    json.dump([{"run_type": "iteration", "aggregate_name": "",
                "measurements": each, "utest": {"time_pvalue": 1.0}},
               {"run_type": "aggregate", "aggregate_name": "median",
                "measurements": each[:1], "utest": {}}],
              open(sys.argv[sys.argv.index("-d") + 1], "w"))
"""


def line(est, half=1.0, differs=False):
    return {"est": est, "lo": None if half is None else est - half,
            "hi": None if half is None else est + half, "differs": differs}


def doc_of(lines, equal=False, **more):
    """A document of one pair; lines: of each tool those of its processes."""
    return {"schema": "locklab-peers/1", "partial": False, "links": 2,
            "seconds": 2, "command": "make peers", "versions": {}, "env": ENV,
            "pairs": [["s/path", "a", "b", equal]],
            "rows": [{"process": i, "pair": 0, "tool": tool, "wall": 1 + i,
                      "lines": {tool: x}} for tool, xs in lines.items()
                     for i, x in enumerate(xs)], **more}


def narrow():
    """40 processes: 38 that hold 0 and two that do not."""
    return [line(0, 0.1)] * 38 + [line(1, 0.1), line(-1, 0.1)]


class Statistics(unittest.TestCase):
    def lines(self, doc):
        return summary(doc)["pairs"][0]["lines"]

    def test_coverage(self):
        s = self.lines(doc_of({"locklab": narrow(), "nanobench": [
            line(5, 0.5)] * 20 + [line(5.6, 0.5)] * 20}))
        self.assertEqual((s["locklab"]["truth"], s["locklab"]["covers"]), (0, 38))
        # the median lies between the two halves, and neither's is near the other
        self.assertEqual((s["nanobench"]["covers"], s["nanobench"]["n"]), (40, 40))
        self.assertEqual(s["nanobench"]["covers_pooled"], 0)

    def test_no_interval_holds_nothing(self):
        s = self.lines(doc_of({"locklab": [line(0)] * 3 + [line(0, None)]}))
        self.assertEqual((s["locklab"]["covers"], s["locklab"]["none"]), (3, 1))
        self.assertIsNone(s["locklab"]["widened_by"])
        self.assertEqual(s["locklab"]["half"], 1)

    def test_widening(self):
        self.assertEqual(factor(line(3, 1), 0), 3)
        self.assertEqual(factor({"est": 3, "lo": 1, "hi": 3, "differs": 0}, 0),
                         1.5)
        self.assertEqual(factor({"est": 3, "lo": 3, "hi": 4, "differs": 0}, 0),
                         math.inf)
        # two of forty may miss: the third worst has to hold
        lines = [line(0, 1)] * 37 + [line(x, 1) for x in (4, 6, 9)]
        self.assertEqual(widening(lines, 0), 4)
        wide = [{**x, "lo": x["est"] - 4, "hi": x["est"] + 4} for x in lines]
        self.assertEqual(sum(covers(x, 0) for x in wide), 38)
        self.assertEqual(widening([line(0)] * 40, 0), 1)

    def test_false_alarms(self):
        lines = {"locklab": [line(0, 1)] * 4, "nanobench": [
            line(2, 1, True)] * 3 + [line(0, 1)]}
        self.assertEqual(summary(doc_of(lines))["alarms"], {})
        self.assertEqual(summary(doc_of(lines, equal=True))["alarms"], {
            "locklab": {"differs": 0, "without_0": 0, "n": 4},
            "nanobench": {"differs": 3, "without_0": 3, "n": 4}})

    def test_holds(self):
        wide = [line(0, 0.5)] * 40
        self.assertTrue(holds(summary(doc_of(
            {"locklab": narrow(), "nanobench": wide}))))
        for ours, theirs in (
                (narrow()[:-1] + [line(2, 0.1)] + [line(1, 0.1)], wide),
                (narrow(), [line(0, 0.49)] * 40),
                ([line(0, None)] * 40, wide), ([], wide), (narrow(), [])):
            self.assertFalse(holds(summary(doc_of(
                {"locklab": ours, "nanobench": theirs}))))
        # of two peers the narrowest counts, once it is as wide as it has to be
        lying = [line(0, 0.01)] * 20 + [line(1, 0.01)] * 20
        found = summary(doc_of({"locklab": narrow(), "nanobench": wide,
                                "google": lying}))
        self.assertEqual(found["pairs"][0]["narrowest"]["peer"], "nanobench")
        self.assertTrue(holds(found))

    def test_u_test_interval(self):
        """The factors that scipy's test does not reject."""
        try:
            from scipy.stats import mannwhitneyu
        except ImportError:
            self.skipTest("no scipy")
        rng = random.Random(1)
        old = [rng.gauss(100, 3) for _ in range(20)]
        new = [rng.gauss(104, 3) for _ in range(20)]
        found = u_test_line(old, new, 0.05)
        for end, outside in (("lo", -1), ("hi", 1)):
            for step, rejected in ((outside, True), (-outside, False)):
                by = 1 + (found[end] + step * 1e-6) / 100
                p = mannwhitneyu([x * by for x in old], new,
                                 alternative="two-sided").pvalue
                self.assertEqual(p < 0.05, rejected, (end, step, p))
        self.assertIsNone(u_test_line(old[:3], new[:3], 0.05)["lo"])

    def test_median_interval(self):
        same = median_line([10.0] * 9, [11.0] * 9, 0.05, 1, 10)
        self.assertTrue(same["differs"])
        self.assertAlmostEqual(same["lo"], 10)
        apart = [x / 10 for x in range(90, 111)]
        found = median_line(apart, apart, 0.05, 1, 0)
        self.assertFalse(found["differs"])
        self.assertLess(found["lo"], -1)
        self.assertEqual(found, median_line(apart, apart, 0.05, 1, 0))


class Text(Case):
    def test_text(self):
        doc = doc_of({"locklab": narrow(), "nanobench": [line(1234.5, 100)] * 40,
                      "google": [line(0, None)] * 40}, equal=True, partial=True)
        text = text_of(doc, summary(doc))
        self.assert_plain(text)
        self.assertTrue(all(len(x) <= 72 for x in text.splitlines()))
        for words in ("Stopped before its end", "38/40", "equal code",
                      "40 of 40 gave no interval", "(nanobench)", "1234.5"):
            self.assertIn(words, text)


class Program(Case):
    def setUp(self):
        holder = tempfile.TemporaryDirectory(prefix="test peers.")
        self.addCleanup(holder.cleanup)
        self.folder = pathlib.Path(holder.name)
        for link in ("1", "2"):
            self.tool(link + "/locklab", LOCKLAB)
            self.tool(link + "/nanobench", NANOBENCH)
        self.tool("compare.py", COMPARE)
        self.tool("nanobench.h", "")
        self.out = self.folder / "out"

    def tool(self, name, text):
        write_program(self.folder / name, text)

    def call(self, *args, **env):
        return subprocess.run([PROGRAM, *args], text=True, check=False,
                              capture_output=True, env={
                                  **os.environ, "PEERS": str(self.folder), **env})

    def measure(self, processes, **env):
        return self.call("--nanobench", str(self.folder), "--compare-py",
                         str(self.folder / "compare.py"), "--out",
                         str(self.out), "--processes", str(processes), **env)

    def rows(self):
        return json.loads((self.out / "peers.json").read_text())["rows"]

    def test_all(self):
        done = self.measure(4)
        self.assertEqual((done.returncode, done.stderr), (0, ""), done.stdout)
        self.assertEqual((self.out / "peers.txt").read_text(), done.stdout)
        rows = self.rows()
        self.assertEqual(len(rows), 4 * 4 * 3)
        self.assertEqual([r["link"] for r in rows[::12]], [1, 2, 1, 2])
        first = [rows[i]["tool"] for i in range(0, len(rows), 3)]
        self.assertGreater(min(map(first.count, set(first))), 4)
        for words in ("called different: locklab 0 of 8, nanobench 8 of 8",
                      "10.0 times ours (nanobench)", "4/4"):
            self.assertIn(words, done.stdout)
        again = self.call("--report", str(self.out / "peers.json"))
        self.assertEqual((again.returncode, again.stdout), (0, done.stdout))

    def test_stopped(self):
        done = self.measure(4, STOP="7")
        self.assertEqual(done.returncode, 130, done.stderr)
        rows = self.rows()
        self.assertGreater(len(rows), 12)
        self.assertIn("stopped: %d rows are kept" % len(rows), done.stderr)
        self.assertIn("Stopped before its end", done.stdout)
        self.assertEqual((self.out / "peers.txt").read_text(), done.stdout)
        again = self.call("--report", str(self.out / "peers.json"))
        self.assertEqual(again.stdout, done.stdout)

    def test_tool_fails(self):
        self.tool("2/nanobench", "#!/bin/sh\necho no luck >&2\nexit 1\n")
        done = self.measure(2)
        self.refused(done, 1, "2/nanobench", "no luck")
        self.assertEqual(len(self.rows()), 12)      # the first link's

    def test_what_is_missing_is_said(self):
        self.refused(self.call(), 2, "nanobench.h", "NANOBENCH=")
        self.refused(self.call("--nanobench", "/no/folder"), 2, "/no/folder",
                     "NANOBENCH=")
        header = str(self.folder / "nanobench.h")
        self.refused(self.call("--nanobench", header, "--compare-py", "/no/x.py"),
                     2, "/no/x.py", "COMPARE_PY=")
        self.tool("compare.py", "import no_such_module\n")
        self.refused(self.measure(2), 2, "no_such_module", "python3-scipy")
        self.tool("compare.py", COMPARE)
        (self.folder / "2/nanobench").unlink()
        self.refused(self.measure(2), 2, "2/nanobench is not built")
        self.assertFalse(self.out.exists())

    def test_bad_usage(self):
        self.refused(self.call("--processes", "1"), 2, "--processes 1")
        self.refused(self.call("--seconds", "0"), 2, "--seconds 0")
        self.refused(self.call("--report", "/no/file"), 2, "/no/file")
        self.tool("x.json", "[]")
        self.refused(self.call("--report", str(self.folder / "x.json")), 2,
                     "not of make peers")


if __name__ == "__main__":
    unittest.main(verbosity=2)
