#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0 OR MIT
"""What scripts/run/contended tells of rows that are made up, and of measured ones.

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
SCHEMA = "locklab-contended-rows/1"
WIDE = 0.01     # half of an interval, as a ratio


def thread(ns):
    return {"ops": 1000, "seconds": ns * 1e-6, "p50": ns, "p99": 2 * ns,
            "p999": 3 * ns, "max": 4 * ns}


def row(new, ratio, beside=1.0, half=WIDE, roles=("bind", "evict"), **more):
    """A design against a base of 100 ns; beside: the other role's ratio, of each
    of 12 processes or of all."""
    beside = beside if isinstance(beside, list) else [beside] * 12
    middle = sorted(beside)[len(beside) // 2]
    found = {
        "host": "own", "scenario": "contention", "path": "evict_bind",
        "title": "made up", "op": "bind", "params": {"E": 4}, "threads": 2,
        "base": "resv", "new": new, "roles": list(roles), "verdict": "SLOWER",
        "base_ns": 100, "new_ns": 100 * ratio, "level": 0.9937, "units": 12,
        "unit": "process", "cycles": {"ghz": 3},
        "ratio": {"lo": ratio - half, "est": ratio, "hi": ratio + half},
        "thread_rows": {"base": [thread(100), thread(200)],
                        "new": [thread(100 * ratio), thread(200 * middle)]},
        "thread_ns_by_process": {
            "base": [[100, 200] for _ in beside],
            "new": [[100 * ratio, 200 * b] for b in beside]},
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

    def combine(self, *rows, status=0):
        """The paths that come of rows."""
        name = self.out / "rows.json"
        name.write_text(json.dumps({"schema": SCHEMA, "rows": rows,
                                    "processes": 12}))
        done = self.call("--out", self.out / "made", name)
        self.assertEqual(done.returncode, status, done.stderr)
        self.assert_plain(done.stdout)
        self.text = " ".join(done.stdout.split())
        doc = json.loads((self.out / "made/contended.json").read_text())
        return doc["paths"]

    def pairs(self, role):
        return {(p["fast"], p["slow"]): p["verdict"] for p in role["pairs"]}


class Combine(Case):
    def test_order_that_is_told(self):
        path, = self.combine(row("b", 1.5), row("a", 1.3))
        judged = path["roles"][0]
        self.assertEqual([d["design"] for d in judged["designs"]],
                         ["resv", "a", "b"])
        self.assertEqual(self.pairs(judged), {
            ("resv", "a"): "HOLDS", ("resv", "b"): "HOLDS",
            ("a", "b"): "HOLDS"})
        a = judged["designs"][1]
        self.assertEqual((a["ratio"]["lo"], a["ratio"]["hi"]), (1.29, 1.31))
        self.assertAlmostEqual(a["ns"], 130)
        self.assertAlmostEqual(a["p999"], 3 * 130)
        self.assertIn("a < b: HOLDS", self.text)
        self.assertIn("Each comparison in 12 processes; intervals over 12 "
                      "processes, level 99.4 %, at 3.00 GHz", self.text)

    def test_intervals_that_meet(self):
        path, = self.combine(row("a", 1.3), row("b", 1.4, half=0.1),
                             row("c", 1.32))
        self.assertEqual(self.pairs(path["roles"][0]), {
            ("resv", "a"): "HOLDS", ("resv", "b"): "HOLDS",
            ("resv", "c"): "HOLDS", ("a", "c"): "INCONCLUSIVE",
            ("a", "b"): "INCONCLUSIVE", ("c", "b"): "INCONCLUSIVE"})
        self.assertIn("resv < all below: HOLDS", self.text)
        self.assertIn("a < c, b: INCONCLUSIVE", self.text)
        self.assertIn("3 of 12 pairs hold, 9 are INCONCLUSIVE", self.text)

    def test_ties(self):
        path, = self.combine(row("a", 1.3), row("b", 1.3))
        self.assertEqual(self.pairs(path["roles"][0])[("a", "b")],
                         "INCONCLUSIVE")

    def test_base_is_told_by_the_interval(self):
        path, = self.combine(row("a", 1.005))
        self.assertEqual(self.pairs(path["roles"][0]),
                         {("resv", "a"): "INCONCLUSIVE"})

    def test_role_that_is_not_judged(self):
        """The sign test over its processes: of 12 nearly the 2nd from both ends."""
        a = [1.1 + i / 100 for i in range(12)]
        path, = self.combine(row("a", 1.2, a), row("b", 1.3, [1.5] * 12),
                             row("c", 1.4, [1.19] * 3 + [1.3] * 9))
        beside = path["roles"][1]
        self.assertFalse(beside["judged"])
        found = {d["design"]: d for d in beside["designs"]}
        for end, value in (("est", 1.155), ("lo", 1.113899),
                           ("hi", 1.196101)):
            self.assertAlmostEqual(found["a"]["ratio"][end], value, 6)
        self.assertAlmostEqual(found["a"]["ratio"]["level"], 0.99)
        self.assertEqual(found["a"]["ratio"]["units"], 12)
        self.assertEqual(self.pairs(beside)[("a", "b")], "HOLDS")
        self.assertEqual(self.pairs(beside)[("a", "c")], "INCONCLUSIVE")
        self.assertEqual(self.pairs(path["roles"][0])[("a", "c")], "HOLDS")

    def test_too_few_processes(self):
        path, = self.combine(row("a", 1.2, [1.1] * 6))
        self.assertEqual(path["roles"][1]["designs"], [])
        self.assertIn("a: no place: no interval over 6 processes", self.text)

    def test_process_without_a_value(self):
        rows = row("a", 1.2, [1.1] * 12)
        rows["thread_ns_by_process"]["new"][3][1] = None
        path, = self.combine(rows)
        self.assertEqual(path["roles"][1]["designs"][1]["ratio"]["units"], 11)

    def test_threads_alike(self):
        """One role for all; the slowest thread's latency, and fairness."""
        path, = self.combine(row("a", 1.3, roles=(), path="own_bo"))
        role, = path["roles"]
        self.assertEqual(role["designs"][1]["p50"], 200)
        self.assertEqual(path["fairness"], {"a": 0.8, "resv": 0.9})

    def test_equal_code(self):
        """It is counted where its interval is beside 1, and told."""
        over = {"lo": 1.01, "est": 1.02, "hi": 1.03}
        under = {"lo": 0.97, "est": 0.98, "hi": 0.99}
        path, = self.combine(row("a", 1.3, aa=over), row("b", 1.5, aa=under),
                             row("c", 1.5), row("d", 1.5, aa={}))
        self.assertEqual(path["equal"], {"held": 2, "of": 3})
        self.assertIn("2 of 3 would hold", self.text)

    def test_tally(self):
        """What a path counts beside its time."""
        path, = self.combine(*(row(d, 1.3, tally={
            "what": "skipped", "base": b, "new": 0.75})
            for d, b in (("a", 0.25), ("b", 0.5))))
        self.assertEqual(path["tally"], {
            "what": "skipped",
            "by_design": {"a": 0.75, "b": 0.75, "resv": 0.375}})
        self.assertIn("skipped per evict: a 0.750, b 0.750, resv 0.375",
                      self.text)

    def test_no_result_at_all(self):
        """Without a design that has a place the base has none either."""
        path, = self.combine(row("a", 1.3, verdict="NO RESULT",
                                 note="too few rounds"))
        role = path["roles"][0]
        self.assertEqual(role["designs"], [])
        self.assertEqual([d["design"] for d in role["missing"]], ["a"])
        self.assertIn("a: no place: too few rounds", self.text)

    def test_one_without_a_result(self):
        path, = self.combine(row("a", 1.3), row("b", 1.4,
                                                verdict="NO RESULT"))
        self.assertEqual([d["design"] for d in path["roles"][0]["designs"]],
                         ["resv", "a"])
        self.assertIn("b: no place: no result", self.text)

    def test_wrong_row(self):
        self.combine(row("a", 1.3, digest_ok=False, note="digests differ"),
                     status=1)
        self.assertIn("WRONG: a of evict_bind: digests differ", self.text)

    def test_pictures(self):
        self.combine(row("a", 1.3), row("some_design", 1.4))
        made = self.out / "made"
        self.assertGreater((made / "contended-evict_bind.png").stat().st_size,
                           1000)
        svg = (made / "contended-evict_bind.svg").read_text()
        for word in ("some_design", "E=4", "evict", "2 threads",
                     "over 12 processes", "99.4 %"):
            self.assertIn(word, svg)


class Usage(Case):
    def refuses(self, *args, says):
        self.refused(self.call("--out", self.out, *args), 2, says)

    def test_bad_input(self):
        bad = self.out / "bad.json"
        self.refuses("--processes", "6", says="from 7")
        self.refuses("--processes", "x", says="--processes")
        self.refuses("--budget", "0", says="--budget")
        self.refuses("--host", "nosuch", says="nosuch")
        self.refuses("--frob", says="--frob")
        self.refuses("/no/1.json", "/no/2.json", says="/no/2.json")
        self.refuses("/no/1.json", says="/no/1.json")
        for text in ("{", "[]", '{"schema": "other", "rows": []}',
                     '{"schema": "%s", "rows": []}' % SCHEMA):
            bad.write_text(text)
            self.refuses(bad, says="bad.json")
        self.refuses("--out", __file__ + "/x", says="test_contended")


class Measure(Case):
    def test_a_run(self):
        done = self.call("--budget", "0.1", "--out", self.out)
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
        rows = json.loads((self.out / "rows.json").read_text())["rows"]
        for row in rows:    # what each process's threads did stands once
            each = row["thread_ns_by_process"]["new"]
            self.assertLessEqual(len(each), row["processes"])


if __name__ == "__main__":
    unittest.main(verbosity=2)
