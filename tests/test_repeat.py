#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0 OR MIT
"""What make repeat counts, of runs that are made up."""
import sys
import unittest

sys.dont_write_bytecode = True
from cases import ROOT
from scripts.run.coverage import MOVED, contradicts, coverage, holds, summary
from scripts.run.repeat_report import text_of


def interval(est, half=1.0):
    return {"est": est, "lo": est - half, "hi": est + half}


def row(est=1.5, half=0.01, verdict="SLOWER", path="link", **more):
    return {"base_host": "own", "new_host": "own", "scenario": "s",
            "path": path, "base": "a", "new": "b", "params": {"n": 1},
            "threads": 1, "ratio": interval(est, half), "verdict": verdict,
            "cycles": {"ghz": 3.0, "base": interval(100), "new": interval(150),
                       "delta": interval(50)}, **more}


class Repeat(unittest.TestCase):
    def test_coverage(self):
        rows = [row(e) for e in (1.500, 1.505, 1.495, 1.520, 1.501)]
        self.assertEqual(coverage(rows, "ratio"), (5, 1, 10, 1))
        self.assertEqual(coverage(rows, "base, cycles"), (5, 0, 10, 0))
        unknown = [row(cycles=None), row(cycles=None)]
        self.assertEqual(coverage(unknown, "delta, cycles"), (0, 0, 0, 0))
        self.assertEqual(coverage([row(), row(ratio={"est": 1, "lo": None,
                                                     "hi": None})],
                                  "ratio"), (0, 0, 0, 0))

    def test_words(self):
        for words, wrong in ((("SLOWER", "SLOWER"), False),
                             (("SLOWER", "INCONCLUSIVE"), False),
                             (("SLOWER", "NO RESULT"), False),
                             (("SAME", "SLOWER"), True),
                             (("FASTER", "SAME"), True),
                             (("SLOWER", "FASTER", "INCONCLUSIVE"), True)):
            self.assertEqual(contradicts([row(verdict=w) for w in words]), wrong)

    def test_by_run(self):
        runs = [[row(), row(path="obtain")] for _ in range(5)]
        runs[3] = [row(1.6), row(path="obtain", cycles=None)]
        runs[4] = [row()]
        self.assertEqual(summary(runs)["by_run"],
                         [[6, 0], [6, 0], [6, 0], [4, 1], [3, 0]])

    def test_handovers(self):
        runs = [[row(threads=2, handover_ns=ns), row(path="obtain", handover_ns=None)]
                for ns in (120, 124, 310)] + [[row()]]
        found = summary(runs)
        self.assertEqual(found["handover_ns"], [120, 124, 310, None])
        text = text_of({"links": 0, "partial": False, "command": "make repeat RUNS=4",
                        "seconds": [1], **found}, {})
        self.assertIn("in order: 120, 124, 310, -.", " ".join(text.split()))

    def test_moved(self):
        """Rows of threads are of another machine where its CPUs are far apart."""
        def run(ns, est, verdict="SLOWER"):
            return [row(est, threads=2, handover_ns=ns, verdict=verdict),
                    row(path="obtain")]
        runs = [run(400, 1.5) for _ in range(5)] + [run(95, 1.2, "FASTER")]
        found = summary(runs)
        self.assertEqual(found["contradictions"], [])
        self.assertEqual(found["coverage"]["ratio"][:2], [11, 0])
        self.assertTrue(holds(found))
        self.assertEqual(len(found["moved"]["contradictions"]), 1)
        self.assertEqual(found["moved"]["coverage"]["ratio"][:2], [12, 1])
        self.assertEqual(found["by_run"][5], [6, 1])
        text = " ".join(text_of({"links": 0, "partial": False, "seconds": [1],
                                 "command": "make repeat RUNS=6", **found},
                                {}).split())
        self.assertIn("threads, by that: 1 of run 6. They are left out", text)
        self.assertIn("miss, %: 8.3 of ratio, 0.0 of delta, cycles", text)
        self.assertIn("contradicted: s/link b n=1: SLOWER SLOWER SLOWER SLOWER SLOWER "
                      "FASTER", text)
        self.assertIn("Holds: 95 %", text)

    def test_moved_as_placements_are(self):
        text = (ROOT / "lab/timing/gate.h").read_text()
        self.assertIn("#define LAB_FARTHER\t%g\n" % MOVED, text)

    def test_no_half_is_most(self):
        for ns in ([400, 95], [95, 400], [400, 400, 95, 95], [100, 200, 400]):
            runs = [[row(threads=2, handover_ns=x,
                         verdict="SLOWER" if x > 100 else "FASTER")] for x in ns]
            found = summary(runs)
            self.assertIsNone(found["moved"], ns)
            self.assertEqual(len(found["contradictions"]), 1)
            self.assertFalse(holds(found))

    def test_each_row_by_its_own(self):
        """A row that found its CPUs as most did stays, whatever others of its run did."""
        runs = [[row(threads=2, handover_ns=400),
                 row(threads=2, path="obtain", handover_ns=400)] for _ in range(4)]
        runs[3][1]["handover_ns"] = 95
        self.assertEqual(summary(runs)["moved"]["rows"], [0, 0, 0, 1])

    def test_not_moved(self):
        """Nor are rows of one thread left out, nor is what differs by less."""
        runs = [[row(threads=2, handover_ns=ns)] for ns in (300, 310, 400)]
        runs[2][0]["verdict"] = "FASTER"
        self.assertIsNone(summary(runs)["moved"])
        self.assertFalse(holds(summary(runs)))
        runs = [[row(threads=2, handover_ns=400), row(path="obtain")]
                for _ in range(3)]
        runs[2] = [row(threads=2, handover_ns=95),
                   row(path="obtain", verdict="SAME")]
        self.assertEqual(len(summary(runs)["contradictions"]), 1)

    def test_kinds(self):
        found = summary([[row(scenario="resv_vs_custom_lock", base="resv",
                              new="gpuva", defaults=n == 1, threads=threads,
                              params={"n": n})
                          for n, threads in ((1, 1), (2, 1), (3, 2))]] * 2)
        self.assertEqual(sorted(found["kinds"]),
                         ["headline", "resv_vs_custom_lock", "threads"])

    def test_holds(self):
        good = [[row(), row(path="obtain")] for _ in range(10)]
        self.assertTrue(holds(summary(good)))
        # one of twenty intervals may miss, two may not
        good[0][0] = row(1.52)
        self.assertTrue(holds(summary(good)))
        good[1][1] = row(1.52, path="obtain")
        self.assertFalse(holds(summary(good)))
        bad = [[row()], [row(verdict="SAME")]]
        self.assertFalse(holds(summary(bad)))

    def test_nothing_does_not_hold(self):
        nothing = {"est": None, "lo": None, "hi": None}
        for runs in ([[], []], [[row(cycles=None)]] * 2,
                     [[row(ratio=nothing)]] * 2):
            self.assertFalse(holds(summary(runs)), runs)

    def test_a_row_that_once_had_no_result(self):
        nothing = {"est": None, "lo": None, "hi": None}
        void = row(ratio=nothing, verdict="NO RESULT",
                   cycles={"ghz": 3.0, "base": nothing, "new": nothing,
                           "delta": nothing})
        found = summary([[row()], [row()], [void]])
        self.assertIsNone(found["base"])
        self.assertIn("Cycles are not known", text_of(
            {"links": 0, "partial": False, "command": "make repeat RUNS=3",
             "seconds": [1], **found}, {}))

    def test_text(self):
        runs = [[row(1.5 + i / 50), row(path="obtain", params={
            "a_long_name": "with a long value", "temp": "cold"})]
            for i in range(3)]
        runs[2][1]["verdict"] = "FASTER"
        doc = {"links": 1, "partial": True, "command": "make repeat RUNS=3",
               "seconds": [98.7, 102.1, 100],
               **summary(runs)}
        text = text_of(doc, {})
        self.assertTrue(all(len(line) <= 72 for line in text.splitlines()))
        for words in ("Stopped before its end", "Contradicted:", "cold",
                      "took 99 to 102 s", "1  SLOWER\n", "1  FASTER, SLOWER\n",
                      "SLOWER SLOWER", "100.00 cycles", "s/link b n=1",
                      "base,%", "in order: 16.7, 0.0, 16.7."):
            self.assertIn(words, text)


if __name__ == "__main__":
    unittest.main()
