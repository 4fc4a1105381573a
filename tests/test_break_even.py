#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0 OR MIT
"""Whether scripts/draw/break-even finds what was planted in made-up rows."""
import json
import math
import re
import statistics
import subprocess
import sys
import unittest

sys.dont_write_bytecode = True
from cases import LOCKLAB, ROOT
from figures import ScriptCase, made_row, measured
from scripts.common.interval import row_interval
from scripts.draw.holds import by_design, contended_rows, wins_from
from scripts.draw.paths import path_points
from scripts.draw.processes import AA, NEW, left_open, nr_arms, time_of, values
from scripts.draw.surface import Surface, contour

LOCK = 12.0         # ns, planted
NS = (1, 16, 256)
WORKS = (0, 10, 100, 1000, 3000)
SLACK = 5           # ns of an item without work


def cells(unit, cost=LOCK, width=0.0, **more):
    """Rows of a lock that costs the same in every hold, or for every item."""
    params = more.pop("params", {})
    return [made_row(w + SLACK, cost / (n if unit == "hold" else 1), width,
                     params=dict(params, n=n, work=w), scenario="break_even",
                     path="walk", **more)
            for n in NS for w in WORKS]


def walk(lock, temp="warm", **more):
    return cells("hold" if lock == "walk" else "item",
                 params={"lock": lock, "temp": temp}, **more)


class Threshold(unittest.TestCase):
    def test_what_was_planted(self):
        """A lock of 12 ns is 1 % of 1200 ns, whatever it is taken for."""
        for unit in ("hold", "item"):
            s = Surface(cells(unit), unit)
            for end in ("est", "lo", "hi"):
                self.assertAlmostEqual(s.threshold()[end], 1200, places=3)
                self.assertAlmostEqual(s.price()[end], LOCK)
            self.assertEqual(s.verdict(), "CROSSES")

    def test_intervals(self):
        """The bound crosses where 12 ns +-10 % are 1 %."""
        for unit in ("hold", "item"):
            found = Surface(cells(unit, width=0.1), unit).threshold()
            self.assertAlmostEqual(found["est"], 1200, places=3)
            self.assertAlmostEqual(found["lo"], 1080, places=3)
            self.assertAlmostEqual(found["hi"], 1320, places=3)

    def test_another_lock(self):
        self.assertAlmostEqual(Surface(cells("hold", cost=24), "hold")
                               .threshold()["est"], 2400, places=3)

    def test_one_that_straddles(self):
        """An interval from 0.2 to 1.8 % is under 1 % nowhere."""
        rows = [made_row(100, 1, 0.8, params={"n": n, "work": w})
                for n in NS for w in WORKS]
        s = Surface(rows, "item")
        self.assertEqual({c.state for c in s.cells}, {"INCONCLUSIVE"})
        self.assertIsNone(s.threshold())
        self.assertEqual(s.verdict(), "INCONCLUSIVE")

    def test_wide_at_the_end(self):
        """A line that is over 1 % and then undecided crosses nowhere."""
        rows = [r for r in cells("item", width=0.9)
                if r["params"]["work"] <= 1000]
        self.assertIsNone(Surface(rows, "item").threshold())

    def test_one_side_only(self):
        under = [r for r in cells("item", cost=0.001)]
        self.assertEqual(Surface(under, "item").verdict(), "UNDER")
        over = [r for r in cells("item") if r["params"]["work"] <= 100]
        self.assertEqual(Surface(over, "item").verdict(), "OVER")

    def test_over_wants_the_rows_verdict(self):
        """A row that A/A does not bear is undecided, wherever it stands."""
        rows = [dict(r, verdict="INCONCLUSIVE") for r in cells("item")]
        states = {c.state for c in Surface(rows, "item").cells}
        self.assertEqual(states, {"UNDER", "INCONCLUSIVE"})

    def test_under_wants_a_a(self):
        """Where equal code reads apart nothing is under the margin."""
        wide = {"est": 1, "lo": 0.98, "hi": 1.02, "verdict": "INCONCLUSIVE"}
        rows = [dict(r, verdict="INCONCLUSIVE", aa=wide)
                for r in cells("item")]
        self.assertIn("UNDER", {c.state for c in Surface(rows, "item").cells})
        rows = [dict(r, aa=dict(wide, lo=1.001)) for r in rows]
        self.assertEqual({c.state for c in Surface(rows, "item").cells},
                         {"INCONCLUSIVE"})

    def test_missing_rows(self):
        """Lines that lost a cell cross elsewhere, but are no guess of 1200."""
        rows = cells("hold")
        rows[3]["ratio"]["lo"] = None
        rows[7]["verdict"] = "NO RESULT"
        s = Surface(rows, "hold")
        self.assertEqual(len(s.cells), len(rows) - 2)
        self.assertEqual(s.state(1, 1000), "NO RESULT")
        self.assertAlmostEqual(s.threshold()["est"], 1200, places=3)
        none = Surface([dict(r, verdict="NO RESULT") for r in rows], "hold")
        self.assertEqual(none.verdict(), "NO RESULT")

    def test_end_without_a_result(self):
        """How a line ends is not known from the cell before."""
        rows = cells("item")
        every = Surface(rows, "item").threshold()
        self.assertEqual(every["lines"], every["of_lines"])
        rows[-1]["verdict"] = "NO RESULT"
        less = Surface(rows, "item").threshold()
        self.assertEqual(less["of_lines"], every["of_lines"] - 1)

    def test_beyond(self):
        """Cells that are longer than the threshold need not all be under."""
        rows = cells("hold", width=0.1)
        self.assertEqual(set(Surface(rows, "hold").beyond(1320)), {"UNDER"})
        rows[-1]["ratio"]["hi"] = 1.02
        self.assertEqual(Surface(rows, "hold").beyond(1320)
                         .count("INCONCLUSIVE"), 1)

    def test_contour(self):
        """Of an item's lock it lies between 1000 and 3000 steps, for any n."""
        segments = contour(Surface(cells("item"), "item"))
        self.assertEqual(len(segments), len(NS) - 1)
        for segment in segments:
            for x, _ in segment:
                self.assertTrue(3 < x < 4, segments)


def held(hold, new, verdict, gap=1000):
    threads = [{"p50": 60, "p99": 70, "p999": 90}, {}]
    return made_row(501, -439, new=new, verdict=verdict,
                    scenario="resv_vs_custom_lock", path="contended",
                    params={"hold": hold, "gap": gap},
                    thread_rows={"base": threads, "new": threads})


class Holds(unittest.TestCase):
    def words(self, *verdicts):
        rows = [held(h, "gpuva", v)
                for h, v in zip((0, 1000, 10000), verdicts)]
        return wins_from(by_design(contended_rows(rows))["gpuva"])

    def test_wins_from(self):
        self.assertEqual(self.words("FASTER", "FASTER", "FASTER"),
                         "FASTER from the smallest measured hold on, 0 ns")
        self.assertEqual(self.words("SLOWER", "FASTER", "FASTER"),
                         "FASTER from a hold between 0 and 1000 ns on")
        self.assertEqual(self.words("SAME", "INCONCLUSIVE", "FASTER"),
                         "FASTER from a hold between 0 and 10000 ns on")
        self.assertEqual(self.words("INCONCLUSIVE", "FASTER", "FASTER"),
                         "FASTER from a hold of 1000 ns on; below: "
                         "INCONCLUSIVE at 0")
        self.assertEqual(self.words("FASTER", "INCONCLUSIVE", "NO RESULT"),
                         "FASTER from the smallest measured hold on, 0 ns; "
                         "INCONCLUSIVE at 1000 ns; NO RESULT at 10000 ns")
        self.assertIn("FASTER at 0, 1000",
                      self.words("FASTER", "FASTER", "SAME"))
        self.assertIn("INCONCLUSIVE",
                      self.words("FASTER", "FASTER", "INCONCLUSIVE"))
        self.assertIn("not up to",
                      self.words("FASTER", "FASTER", "SLOWER"))

    def test_other_gaps_are_left_out(self):
        rows = [held(h, "gpuva", "FASTER") for h in (0, 1000)] + \
            [held(0, "gpuva", "SLOWER", gap=0)]
        self.assertEqual([r["params"]["gap"] for r in contended_rows(rows)],
                         [1000, 1000])


class Intervals(unittest.TestCase):
    """Of 12 processes nearly the 2nd from both ends; of 6 there is none."""

    def row(self, processes, **more):
        return made_row(105.5, 11, path="p", cycles=None,
                        **measured(processes), **more)

    def test_over_processes(self):
        row = self.row([[(x, 2 * x)] for x in range(100, 112)])
        found = time_of(row, 0)
        self.assertEqual(found["est"], 105.5)
        self.assertAlmostEqual(found["lo"], 101.389908, 6)
        self.assertAlmostEqual(found["hi"], 109.610092, 6)
        (_, _, low, high), = path_points([row])[0]
        self.assertEqual((low, high), (found["lo"], found["hi"]))

    def test_too_few(self):
        row = self.row([[(x, 2 * x)] for x in range(100, 106)])
        self.assertEqual(time_of(row, 0), {"est": 105.5, "lo": None,
                                           "hi": None})

    def test_placements_are_not_counted(self):
        """Fifty placements of 6 processes are 6 values."""
        row = self.row([[(x, 2 * x)] * 50 for x in range(100, 106)])
        self.assertEqual(len(values(row, NEW)), 6)
        self.assertIsNone(time_of(row, 0)["lo"])

    def test_the_rows_own_where_cycles_are_known(self):
        row = made_row(100, 10)
        found = time_of(row, 1)
        self.assertEqual(found["est"], 110)
        self.assertAlmostEqual(found["lo"], 108.9)
        self.assertAlmostEqual(found["hi"], 111.1)

    def test_a_process(self):
        """Its median over placements; order cancels, dropped rounds do not
        count."""
        row = self.row([[(100, 110), (100, 120), (100, 190)]])
        found, = values(row, NEW)
        self.assertAlmostEqual(found["ratio"], 1.2)
        self.assertEqual([round(r, 6) for r in found["ratios"]],
                         [1.1, 1.2, 1.9])
        row = self.row([[(100, 110)]])
        row["samples"][0][3], row["samples"][1][3] = 100, 121
        self.assertAlmostEqual(values(row, NEW)[0]["ratio"], 1.1)
        row["samples"][1][1] = 1
        self.assertEqual(values(row, NEW), [])

    def test_rounds_that_were_dropped(self):
        """A placement stands where most rounds were kept; those of a shared core
        were made up for and do not count."""
        row = self.row([[(100, 110)] * 2])
        drops = (ROOT / "lab/timing/drop.h").read_text()
        code = re.findall(r"^\tLAB_(\w+),", drops, re.M).index("SIBLING")
        row["places"]["first_round"] = [0]
        row["samples"] += [[0, code, 900, 100, 400]] * 5
        self.assertAlmostEqual(values(row, NEW)[0]["ratio"], 1.1)
        for s in row["samples"][4:]:
            s[1] = code - 1
        self.assertEqual(values(row, NEW), [])

    def test_aa_arm_alone_has_no_third(self):
        """What follows the last arm of a round is its probe."""
        row = self.row([[(100, 110)]] * 12)
        self.assertEqual(nr_arms(row), 2)

    def test_cycles(self):
        """Placements at other frequencies come to the row's cycle."""
        row = self.row([[(100, 110)], [(120, 132)], [(110, 121)]])
        row["places"]["cycle_ns"] = [[x, x] for x in (0.5, 0.6, 0.55)]
        self.assertEqual({round(v["base"], 6) for v in values(row, NEW)},
                         {110})


class RealRow(ScriptCase):
    program = "plot"

    def test_as_the_lab_has_it(self):
        """Processes come to the interval that the row has."""
        done = subprocess.run(
            [LOCKLAB, "run", "--scenario", "vm_bo_lock/obtain", "--budget",
             "0.5", "--exact", "no", "--out", str(self.folder)],
            capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        path, = self.folder.glob("own/*/samples.json")
        rows = [r for r in json.loads(path.read_text())["rows"]
                if r["unit"] == "process"]
        self.assertTrue(rows)
        for row in rows:
            for arm, span in ((NEW, row["ratio"]), (AA, row["aa"])):
                found = [math.log(v["ratio"]) for v in values(row, arm)]
                if arm == NEW:
                    self.assertEqual(len(found), row["units"])
                mine = row_interval(found, row, left_open(
                    row, math.exp(statistics.median(found))))
                for k in ("est", "lo", "hi"):
                    if span[k] is not None:
                        self.assertAlmostEqual(math.exp(mine[k]), span[k],
                                               places=4)


class Script(ScriptCase):
    program = "break-even"

    def test_text(self):
        rows = [r for temp in ("warm", "cold") for lock in ("walk", "item")
                for r in walk(lock, temp, width=0.1)]
        rows += [held(h, d, "FASTER") for h in (0, 1000, 10000, 100000)
                 for d in ("gpuva", "immediate", "arc_mutex")]
        rows += cells("item", params={"temp": "warm"}, new_host="ksrc")
        flat = " ".join(self.written(rows).split())
        self.assertIn("On Testor 9 (host own), an uncontended mutex pair "
                      "nested in the held resv costs 12.0 ns [10.8 ns 13.2 "
                      "ns]; taken once for a walk of a list it is under 1 % "
                      "once the walk takes more than 1.20 us [1.08 us 1.32 "
                      "us], that is items: 12 of 105 ns", flat)
        self.assertIn("INCONCLUSIVE: no line is shown to cross", flat)
        self.assertIn("100000 immediate", flat)
        self.assertIn("A/A: equal code reads apart in 0 of 60 cells; 0 of",
                      flat)
        self.assert_pictures(self.folder, "break-even-walk-walk-gpuva",
                             "break-even-walk-item-gpuva",
                             "break-even-contended")

    def test_longer_ones_that_are_open(self):
        rows = walk("walk")
        rows[-1]["ratio"]["hi"] = 1.02
        self.assertIn("(of the 9 longer ones: 1 INCONCLUSIVE)",
                      " ".join(self.written(rows).split()))

    def test_straddling_is_said(self):
        rows = [made_row(100, 1, 0.8, scenario="break_even", path="walk",
                         params={"n": n, "work": w, "lock": "walk",
                                 "temp": "warm"}) for n in NS for w in WORKS]
        flat = " ".join(self.written(rows).split())
        self.assertIn("taken once for a walk of a list: INCONCLUSIVE", flat)
        self.assertIn("has no rows of resv_vs_custom_lock/contended", flat)

    def test_missing(self):
        rows = walk("walk")
        rows[0]["base_ns"] = None
        rows[1]["verdict"] = "NO RESULT"
        text = self.written(rows)
        self.assertIn("2 of 15 have no result", text)
        self.assertIn("- x", text)

    def test_nothing_at_all(self):
        rows = [dict(r, verdict="NO RESULT") for r in walk("walk")]
        self.assertIn("NO RESULT", self.written(rows))

    def test_bad_input(self):
        self.refuses_bad_folders()
        self.refused(self.give([held(0, "gpuva", "FASTER")]), 2, "break_even")

    def test_a_run(self):
        folder, text, rows = self.run_lab(
            "break_even/relink,resv_vs_custom_lock/contended")
        found = {(r["new"], r["params"]["n"], r["params"]["work"],
                  r["params"]["temp"]) for r in rows
                 if r["scenario"] == "break_even"}
        self.assertEqual(len(found), 2 * 6 * 7 * 2)
        self.assertIn("relink gpuva_coarse", text)
        self.assertTrue((folder / "break-even-relink-gpuva.png").exists()
                        or "of 168 have no result" in text)


if __name__ == "__main__":
    unittest.main(verbosity=2)
