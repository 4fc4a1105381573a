#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0 OR MIT
"""How scripts/run/contended puts runs together: rows that are made up, and a run.

usage: LOCKLAB=build/locklab test_contended.py [unittest options]
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
import cases
from cases import ROOT

CONTENDED = str(ROOT / "scripts/run/contended")
SCHEMA = "locklab-contended-run/1"
WIDE = 0.01     # half of an interval, as a ratio


def thread(ns):
    return {"ops": 1000, "seconds": ns * 1e-6, "p50": ns, "p99": 2 * ns,
            "p999": 3 * ns, "max": 4 * ns}


def row(new, ratio, beside=1.0, half=WIDE, roles=("bind", "evict"), **more):
    """A design against a base of 100 ns; beside: the other role's ratio."""
    found = {
        "host": "own", "scenario": "contention", "path": "evict_bind",
        "title": "made up", "op": "bind", "params": {"E": 4}, "threads": 2,
        "base": "resv", "new": new, "roles": list(roles), "verdict": "SLOWER",
        "base_ns": 100, "new_ns": 100 * ratio,
        "ratio": {"lo": ratio - half, "est": ratio, "hi": ratio + half},
        "thread_rows": {"base": [thread(100), thread(200)],
                        "new": [thread(100 * ratio), thread(200 * beside)]},
        "fairness": {"base": None if roles else 0.9,
                     "new": None if roles else 0.8},
        "aa": {"lo": 0.99, "est": 1, "hi": 1.01},
        "tally": None, "digest_ok": True, "warnings": 0, "leaks": 0,
        "note": ""}
    found.update(more)
    return found


class Case(cases.Case):
    program = "contended"

    def setUp(self):
        self.tmp = tempfile.TemporaryDirectory()
        self.addCleanup(self.tmp.cleanup)
        self.out = pathlib.Path(self.tmp.name)

    def call(self, *args, **more):
        return subprocess.run([CONTENDED, *map(str, args)],
                              capture_output=True, text=True, check=False,
                              **more)

    def combine(self, *runs, status=0):
        """The paths that come of runs, each a list of rows."""
        names = []
        for i, rows in enumerate(runs):
            names.append(self.out / ("%d.json" % i))
            names[-1].write_text(json.dumps({"schema": SCHEMA,
                                             "rows": rows}))
        done = self.call("--out", self.out / "made", *names)
        self.assertEqual(done.returncode, status, done.stderr)
        self.assert_plain(done.stdout)
        self.text = done.stdout
        doc = json.loads((self.out / "made/contended.json").read_text())
        return doc["paths"]

    def pairs(self, role):
        return {(p["fast"], p["slow"]): p["verdict"] for p in role["pairs"]}


class Combine(Case):
    def test_order_that_repeats(self):
        path, = self.combine(*([row("a", x), row("b", x + 0.2)]
                               for x in (1.3, 1.4, 1.35)))
        judged = path["roles"][0]
        self.assertEqual([d["design"] for d in judged["designs"]],
                         ["resv", "a", "b"])
        self.assertEqual(self.pairs(judged), {("resv", "a"): "HOLDS",
                                              ("a", "b"): "HOLDS"})
        a = judged["designs"][1]
        self.assertAlmostEqual(a["ratio"]["est"], 1.35)
        self.assertAlmostEqual(a["ratio"]["lo"], 1.3 - WIDE)
        self.assertAlmostEqual(a["ratio"]["hi"], 1.4 + WIDE)
        self.assertAlmostEqual(a["ns"], 135)
        self.assertAlmostEqual(a["p999"], 3 * 135)
        self.assertAlmostEqual(a["max"], 4 * 140)
        self.assertIn("a < b: HOLDS", self.text)

    def test_swap(self):
        """One run of three denies it, far beyond its intervals."""
        path, = self.combine([row("a", 1.3), row("b", 1.5)],
                             [row("a", 1.3), row("b", 1.5)],
                             [row("a", 1.5), row("b", 1.3)])
        pairs = self.pairs(path["roles"][0])
        self.assertEqual(pairs[("a", "b")], "INCONCLUSIVE")
        self.assertEqual(pairs[("resv", "a")], "HOLDS")
        self.assertIn("swaps in 1 of 3 runs", self.text)

    def test_swap_of_no_neighbours(self):
        path, = self.combine(*([row("a", 1.2), row("b", 1.3), row("c", c)]
                               for c in (1.4, 1.4, 1.1)))
        self.assertEqual(self.pairs(path["roles"][0]),
                         {("resv", "a"): "HOLDS", ("a", "b"): "HOLDS",
                          ("b", "c"): "INCONCLUSIVE",
                          ("a", "c"): "INCONCLUSIVE"})

    def test_intervals_that_meet(self):
        """The order repeats, but one run could not tell the two apart."""
        runs = [[row("a", 1.3), row("b", 1.4)] for _ in range(3)]
        runs[1][1] = row("b", 1.4, half=0.1)
        path, = self.combine(*runs)
        self.assertEqual(self.pairs(path["roles"][0])[("a", "b")],
                         "INCONCLUSIVE")
        self.assertIn("intervals overlap in run 2", self.text)

    def test_ties(self):
        path, = self.combine([row("a", 1.3), row("b", 1.3)],
                             [row("a", 1.3), row("b", 1.3)])
        self.assertEqual(self.pairs(path["roles"][0])[("a", "b")],
                         "INCONCLUSIVE")

    def test_role_that_is_not_judged(self):
        """It has a value a run: the ranges over all runs have to be apart."""
        path, = self.combine([row("a", 1.2, 1.1), row("b", 1.3, 1.5)],
                             [row("a", 1.2, 1.4), row("b", 1.3, 1.6)])
        beside = path["roles"][1]
        self.assertFalse(beside["judged"])
        self.assertEqual(self.pairs(beside)[("a", "b")], "HOLDS")
        self.assertAlmostEqual(beside["designs"][1]["ns"], 250)
        path, = self.combine([row("a", 1.2, 1.1), row("b", 1.3, 1.3)],
                             [row("a", 1.2, 1.4), row("b", 1.3, 1.6)])
        self.assertEqual(self.pairs(path["roles"][1])[("a", "b")],
                         "INCONCLUSIVE")
        self.assertEqual(self.pairs(path["roles"][0])[("a", "b")], "HOLDS")

    def test_threads_alike(self):
        """One role for all; the slowest thread's latency, and fairness."""
        path, = self.combine(*([row("a", 1.3, roles=(), path="own_bo")]
                               for _ in range(2)))
        role, = path["roles"]
        self.assertEqual(role["designs"][1]["p50"], 200)
        self.assertEqual(path["fairness"], {"a": 0.8, "resv": 0.9})

    def test_equal_code(self):
        """It is counted where all runs have it on one side, and told."""
        over = {"lo": 1.01, "est": 1.02, "hi": 1.03}
        under = {"lo": 0.97, "est": 0.98, "hi": 0.99}
        path, = self.combine(*([row("a", 1.3, aa=over), row("b", 1.5, aa=aa)]
                               for aa in (over, under)))
        self.assertEqual(path["equal"], {"held": 1, "of": 2})
        self.assertIn("1 of 2 would hold", " ".join(self.text.split()))
        path, = self.combine(*([row("a", 1.3, aa=under), row("b", 1.5, aa=aa)]
                               for aa in (under, {})))
        self.assertEqual(path["equal"], {"held": 1, "of": 1})
        path, = self.combine(*([row("a", 1.3)] for _ in range(2)))
        self.assertEqual(path["equal"], {"held": 0, "of": 1})

    def test_tally(self):
        """What a path counts beside its time."""
        path, = self.combine(*([row("a", 1.3, tally={
            "what": "skipped", "base": b, "new": 0.75})]
            for b in (0.25, 0.5)))
        self.assertEqual(path["tally"], {
            "what": "skipped", "by_design": {"a": 0.75, "resv": 0.375}})
        self.assertIn("skipped per evict, median: a 0.750, resv 0.375",
                      self.text)

    def test_no_result_at_all(self):
        """A run that has nothing takes its place, and the base's, away."""
        path, = self.combine([row("a", 1.3)],
                             [row("a", 1.3, verdict="NO RESULT")])
        role = path["roles"][0]
        self.assertEqual(role["designs"], [])
        self.assertEqual([d["design"] for d in role["missing"]],
                         ["a", "resv"])
        self.assertIn("resv: no result in run 2", self.text)

    def test_run_without_a_result(self):
        path, = self.combine([row("a", 1.3), row("b", 1.4)],
                             [row("a", 1.3),
                              row("b", 1.4, verdict="NO RESULT")])
        role = path["roles"][0]
        self.assertEqual([d["design"] for d in role["designs"]],
                         ["resv", "a"])
        self.assertIn("b: no result in run 2", self.text)

    def test_wrong_row(self):
        self.combine([row("a", 1.3)], [row("a", 1.3, digest_ok=False,
                                           note="digests differ")], status=1)
        self.assertIn("WRONG: run 2: a of evict_bind: digests differ",
                      self.text)

    def test_pictures(self):
        self.combine(*([row("a", 1.3), row("some_design", x)]
                       for x in (1.4, 1.2)))
        made = self.out / "made"
        self.assertGreater((made / "contended-evict_bind.png").stat().st_size,
                           1000)
        svg = (made / "contended-evict_bind.svg").read_text()
        for word in ("some_design", "E=4", "evict", "2 threads"):
            self.assertIn(word, svg)


class Usage(Case):
    def refuses(self, *args, says):
        self.refused(self.call("--out", self.out, *args), 2, says)

    def test_bad_input(self):
        bad = self.out / "bad.json"
        self.refuses("--runs", "1", says="--runs")
        self.refuses("--runs", "x", says="--runs")
        self.refuses("--budget", "0", says="--budget")
        self.refuses("--host", "nosuch", says="nosuch")
        self.refuses("--frob", says="--frob")
        self.refuses("/no/1.json", "/no/2.json", says="/no/1.json")
        self.refuses("/no/1.json", says="one run")
        for text in ("{", "[]", '{"schema": "other", "rows": []}'):
            bad.write_text(text)
            self.refuses(bad, bad, says="bad.json")
        self.refuses("--out", __file__ + "/x", says="test_contended")


class Measure(Case):
    def test_two_runs(self):
        done = self.call("--runs", 2, "--budget", "0.1", "--out", self.out)
        if len(os.sched_getaffinity(0)) < 2:
            self.assertEqual(done.returncode, 77, done.stderr)
            return
        self.assertEqual(done.returncode, 0, done.stderr)
        doc = json.loads((self.out / "contended.json").read_text())
        paths = {p["path"]: p for p in doc["paths"]}
        self.assertLessEqual({"shared_bo", "own_bo", "evict_bind", "run_job",
                              "shrinker_bind", "contended"}, set(paths))
        for path in paths.values():
            self.assertEqual(path["threads"], 2)
            for role in path["roles"]:
                found = {d["design"] for d in role["designs"] +
                         role["missing"]}
                self.assertLessEqual({"gpuva", "immediate", "arc_mutex"},
                                     found)
                self.assertNotIn("none", found)
        self.assertIn("build", json.loads((self.out / "env.json").read_text()))
        self.assertEqual(len(list((self.out / "runs").glob("*.json"))), 2)


if __name__ == "__main__":
    unittest.main(verbosity=2)
