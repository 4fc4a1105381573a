#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0 OR MIT
"""How scripts/run/prices puts links together, on rows that are made up."""
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
from cases import ROOT, Case
from scripts.run.links import merge
from scripts.run.pricelist import text_of


def row(lo, est, hi, **more):
    """A row whose base takes 100 ns, so that ns are percent."""
    found = {"path": "insert", "base": "none", "new": "mutex",
             "base_host": "own", "new_host": "own", "params": {},
             "title": "t", "op": "o", "verdict": "SLOWER", "base_ns": 100,
             "new_ns": 100 + est, "aa": {"lo": 0.999, "hi": 1.002},
             "delta_ns": {"lo": lo, "est": est, "hi": hi},
             "ratio": {"lo": 1 + lo / 100, "est": 1 + est / 100,
                       "hi": 1 + hi / 100}}
    found.update(more)
    return found


class Merge(unittest.TestCase):
    def verdict(self, *words):
        return merge([row(2, 3, 4, verdict=w) for w in words],
                     len(words))["verdict"]

    def test_hull(self):
        found = merge([row(2, 3, 4), row(1, 5, 6), row(3, 4, 5)], 3)
        self.assertEqual(found["delta_ns"], {"lo": 1, "est": 4, "hi": 6})
        self.assertEqual(found["ratio"]["est"], 1.04)
        self.assertEqual(found["new_ns"], 104)
        self.assertEqual(found["base_ns"], 100)
        self.assertAlmostEqual(found["aa"], 0.002)
        self.assertEqual(found["each"], [3, 5, 4])

    def test_verdicts(self):
        for word in ("SLOWER", "FASTER", "SAME", "INCONCLUSIVE"):
            self.assertEqual(self.verdict(word, word, word), word)

    def test_what_one_link_denies_is_no_verdict(self):
        for word in ("SAME", "FASTER", "INCONCLUSIVE"):
            self.assertEqual(self.verdict("SLOWER", "SLOWER", word),
                             "INCONCLUSIVE")

    def test_a_link_without_a_result(self):
        found = merge([row(2, 3, 4), row(2, 3, 4, verdict="NO RESULT")], 2)
        self.assertEqual(found["verdict"], "NO RESULT")
        self.assertNotIn("delta_ns", found)
        found = merge([row(2, 3, 4)], 2)
        self.assertEqual(found["verdict"], "NO RESULT")


def document():
    return {"hosts": ["own", "ksrc"], "links": 2, "margin": 1, "seed": 1,
            "command": "make prices", "atomics": {},
            "rows": [merge([row(2, 3, 4, new=new, base_host=host,
                                new_host=host)] * 2, 2)
                     for host in ("own", "ksrc")
                     for new in ("explicit_free", "mutex")]}


class Usage(Case):
    def refuses(self, program, *args, says):
        done = subprocess.run([str(ROOT / "scripts" / program), *args],
                              capture_output=True, text=True, check=False)
        self.refused(done, 2, says, program=program.partition("/")[2])

    def test_prices(self):
        self.refuses("run/prices", "--links", "0", says="--links")
        self.refuses("run/prices", "--links", "x", says="--links")
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
        self.assertIn(b"explicit_free", found["prices.svg"])

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
        self.assertIn("explicit_free own", text)
        self.assertIn("no result", text)


if __name__ == "__main__":
    unittest.main(verbosity=2)
