#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0 OR MIT
"""What scripts/run/prices tells, of rows that are made up, and a run.

usage: LOCKLAB=build/locklab test_prices.py [unittest options]
"""
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
from cases import ROOT, Case
from figures import cycles_of
from scripts.run.pricelist import text_of


def row(lo, est, hi, **more):
    """A row whose base takes 100 ns, so that ns are percent."""
    found = {"path": "insert", "base": "none", "new": "mutex",
             "base_host": "own", "new_host": "own", "params": {},
             "title": "t", "op": "o", "verdict": "SLOWER", "base_ns": 100,
             "new_ns": 100 + est, "level": 0.9937, "units": 12,
             "unit": "process", "processes": 12, "cycles": None,
             "aa": {"lo": 0.999, "est": 1, "hi": 1.002, "verdict": "SAME"},
             "delta_ns": {"lo": lo, "est": est, "hi": hi},
             "ratio": {"lo": 1 + lo / 100, "est": 1 + est / 100,
                       "hi": 1 + hi / 100}}
    found["cycles"] = cycles_of(found)
    found.update(more)
    return found


def document(**more):
    return {"hosts": ["own", "ksrc"], "processes": 12, "margin": 1, "seed": 1,
            "command": "make prices", "atomics": {},
            "rows": [row(2, 3, 4, new=new, base_host=host, new_host=host,
                         **more)
                     for host in ("own", "ksrc")
                     for new in ("explicit_free", "mutex")]}


class Usage(Case):
    def refuses(self, program, *args, says):
        done = subprocess.run([str(ROOT / "scripts" / program), *args],
                              capture_output=True, text=True, check=False)
        self.refused(done, 2, says, program=program.partition("/")[2])

    def test_prices(self):
        self.refuses("run/prices", "--processes", "6", says="from 7")
        self.refuses("run/prices", "--processes", "x", says="--processes")
        self.refuses("run/prices", "--margin", "nan", says="--margin")
        self.refuses("run/prices", "--hosts", "nosuch", says="nosuch")
        self.refuses("run/prices", "--atomics", "/no/file", says="/no/file")
        self.refuses("run/prices", "--out", __file__ + "/x", says="test_prices")
        self.refuses("run/prices", "more", says="more")

    def test_growth(self):
        self.refuses("run/growth", says="usage")
        self.refuses("run/growth", "nosuch", says="nosuch")
        self.refuses("run/growth", "/no/own/mm/none/tests/mm_growth",
                     says="/no/own")


class Picture(unittest.TestCase):
    def draw(self, name, doc):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder)
            (path / name).write_text(json.dumps(doc))
            done = subprocess.run([str(ROOT / "scripts/draw/plot"), folder],
                                  capture_output=True, text=True, check=False)
            self.assertEqual(done.returncode, 0, done.stderr)
            return {p.name: p.read_bytes() for p in path.glob("*.[ps][nv]g")}

    def test_prices(self):
        found = self.draw("prices.json", document())
        self.assertEqual(set(found), {"prices.png", "prices.svg"})
        for word in (b"explicit_free", b"over 12 processes", b"99.4 %",
                     b"3.00 GHz"):
            self.assertIn(word, found["prices.svg"])

    def test_curves(self):
        """A picture for each path that has three sizes or more."""
        rows = [row(2, 3, 4, path=path, new="none", scenario="mm_insert",
                    new_host="ksrc", margin=1, samples=[],
                    params={"mode": mode, "nodes": nodes, "fill": fill})
                for path, sizes in (("insert", (10, 1000, 100000)),
                                    ("scan", (10, 1000)),
                                    ("reserve", (10, 1000, 100000)))
                for nodes in sizes for mode in ("best", "low")
                for fill in ("frag", "packed")]
        found = self.draw("samples.json", {"rows": rows, "seed": 1})
        self.assertEqual({n for n in found if n.startswith("curve")},
                         {f"curve-mm_insert-{p}.{k}" for p in
                          ("insert", "reserve") for k in ("png", "svg")})


class Text(Case):
    def test_columns(self):
        text = text_of(document(), {})
        self.assert_plain(text)
        flat = " ".join(text.split())
        self.assertIn("explicit_free own - 100.0 103.0 +3.0 [+2.0 +4.0] "
                      "SLOWER +3.0%", flat)
        self.assertIn("no result", text)
        self.assertIn("intervals over 12 processes, level 99.4 %, at 3.00 GHz",
                      flat)
        self.assertIn("A/A: SAME in 4 of 4 rows", flat)

    def test_wide(self):
        """Numbers that want more room have no digit behind the point."""
        doc = document()
        doc["rows"][:2] = [row(14.84, 29.91, 42.8, new="explicit_free"),
                           row(-100.06, 99.96, 310, new="mutex")]
        text = text_of(doc, {})
        self.assert_plain(text)
        self.assertIn(" [+14.8 +42.8] SLOWER +30%\n", text)
        self.assertIn(" [-100 +310] ", text)

    def test_new_is_base_and_delta(self):
        """As they are printed, whatever each is rounded to."""
        for base, est in ((177.24, 4.24), (174.86, -2.46), (1000.05, 0.05)):
            text = text_of(document(base_ns=base, new_ns=base + est,
                                    delta_ns={"lo": est - 1, "est": est,
                                              "hi": est + 1}), {})
            line = next(l for l in text.splitlines()
                        if l.startswith("mutex "))
            none, new, delta = map(float, line.split()[3:6])
            self.assertAlmostEqual(new, none + delta, places=6)

    def test_no_result(self):
        rows = document(verdict="NO RESULT", level=None, cycles=None,
                        aa={"lo": None, "est": None, "hi": None})
        text = text_of(rows, {})
        self.assert_plain(text)
        self.assertIn("mutex         own  no result", text)
        self.assertIn("no intervals", text)


class Measure(Case):
    """A run of a moment: what it found are locklab's own rows."""

    def test_run(self):
        with tempfile.TemporaryDirectory() as out:
            done = subprocess.run(
                [str(ROOT / "scripts/run/prices"), "--budget", "0.5", "--out",
                 out], capture_output=True, text=True, check=False)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assert_plain(done.stdout)
            doc = json.loads(pathlib.Path(out, "prices.json").read_text())
            self.assertFalse(doc["partial"])
            self.assertEqual(doc["schema"], "locklab-prices/2")
            found = json.loads(next(pathlib.Path(out).glob(
                "runs/own/*/*/samples.json")).read_text())["rows"]
            for mine, theirs in zip(doc["rows"], found, strict=True):
                for k in ("base_ns", "delta_ns", "ratio", "verdict", "level"):
                    self.assertEqual(mine[k], theirs[k])


if __name__ == "__main__":
    unittest.main(verbosity=2)
