#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0 OR MIT
"""What make alike counts, of comparisons that are made up."""
import pathlib
import subprocess
import sys
import unittest

sys.dont_write_bytecode = True
ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
from scripts.run import alike_report as alike


def row(lo, hi, verdict="SAME"):
    return {"ratio": {"est": (lo + hi) / 2, "lo": lo, "hi": hi},
            "verdict": verdict, "disturbed": False, "note": ""}


def rows(same, beside=(1.049, 1.051), nr=100):
    return [{"path": "s/p", "link": 1 + i // 10, "seed": i, "same": row(*same),
             "beside": row(*beside, "SLOWER")} for i in range(nr)]


class Alike(unittest.TestCase):
    def test_paths(self):
        one, other = {"f": [10, 1], "g": [5, 0]}, {"f": [10, 1], "h": [5, 0]}
        cases = {"own/s/p/none?n=1": {"functions": one},
                 "own/s/p/resv?n=1": {"functions": dict(one)},
                 "own/s/q/none": {"functions": one},
                 "own/s/q/resv": {"functions": other},
                 "own/s/only/none": {"functions": one}}
        self.assertEqual(alike.same_paths(cases, "none", "resv"), {"s/p": 15})
        self.assertEqual(sorted(alike.same_paths(cases, "none", "none")),
                         ["s/only", "s/p", "s/q"])

    def test_holds(self):
        good = rows((0.999, 1.001))
        self.assertTrue(alike.holds(alike.sums(good)))
        for i in range(7):
            good[i]["same"] = row(1.0001, 1.002)
        self.assertTrue(alike.holds(alike.sums(good)))
        good[7]["same"] = row(1.0001, 1.002)
        self.assertFalse(alike.holds(alike.sums(good)))

    def test_one_word_is_too_many(self):
        bad = rows((0.999, 1.001))
        bad[3]["same"]["verdict"] = "FASTER"
        self.assertFalse(alike.holds(alike.sums(bad)))

    def test_wide_does_not_hold(self):
        self.assertFalse(alike.holds(alike.sums(rows((0.99, 1.01)))))

    def test_nothing_does_not_hold(self):
        none = rows((0.999, 1.001))
        for r in none:
            r["same"]["ratio"] = {"est": None, "lo": None, "hi": None}
        self.assertFalse(alike.holds(alike.sums(none)))

    def test_text(self):
        doc = {"base": "none", "new": "resv", "beside": "gpuva", "partial": True,
               "paths": {"s/p": 15, "s/never": 3}, "budget": 2,
               "rows": rows((0.999, 1.001)), "command": "make alike RUNS=100"}
        text = alike.text_of(doc, {})
        self.assertTrue(all(len(line) <= 72 for line in text.splitlines()))
        for words in ("100 comparisons of 2 s by 10 links", "Stopped before",
                      "100 SAME", "Holds."):
            self.assertIn(words, text)
        self.assertNotIn("s/never", text)

    def test_usage(self):
        for words in (["--runs", "0"], ["--runs", "3", "--links", "4"]):
            done = subprocess.run([ROOT / "scripts/run/alike", *words],
                                  text=True, capture_output=True, check=False)
            self.assertEqual(done.returncode, 2)
            self.assertEqual(len(done.stderr.splitlines()), 1)


if __name__ == "__main__":
    unittest.main()
