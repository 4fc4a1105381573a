#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0 OR MIT
"""How scripts/prices puts links together, on rows that are made up."""
import importlib.machinery
import importlib.util
import pathlib
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent


def load():
    """The script as a module; its main() is not run."""
    loader = importlib.machinery.SourceFileLoader(
        "prices", str(ROOT / "scripts/prices"))
    spec = importlib.util.spec_from_loader("prices", loader)
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


prices = load()


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
    def verdict(self, *spans):
        return prices.merge([row(*s) for s in spans], len(spans),
                            1)["verdict"]

    def test_hull(self):
        found = prices.merge([row(2, 3, 4), row(1, 5, 6), row(3, 4, 5)], 3, 1)
        self.assertEqual(found["delta_ns"], {"lo": 1, "est": 4, "hi": 6})
        self.assertAlmostEqual(found["aa"], 0.002)
        self.assertEqual(found["each"], [3, 5, 4])

    def test_verdicts(self):
        self.assertEqual(self.verdict((2, 3, 4), (1, 2, 3)), "SLOWER")
        self.assertEqual(self.verdict((-4, -3, -2), (-3, -2, -1)), "FASTER")
        self.assertEqual(self.verdict((-.5, 0, .5), (.2, .5, .9)), "SAME")

    def test_what_one_link_denies_is_no_verdict(self):
        self.assertEqual(self.verdict((2, 3, 4), (-2, -1, .5)),
                         "INCONCLUSIVE")
        self.assertEqual(self.verdict((-.5, 0, .5), (-.5, 0, 1.5)),
                         "INCONCLUSIVE")

    def test_a_link_without_a_result(self):
        found = prices.merge([row(2, 3, 4), row(2, 3, 4, verdict="NO RESULT")],
                             2, 1)
        self.assertEqual(found["verdict"], "NO RESULT")
        self.assertNotIn("delta_ns", found)
        found = prices.merge([row(2, 3, 4)], 2, 1)
        self.assertEqual(found["verdict"], "NO RESULT")


class Text(unittest.TestCase):
    def test_columns(self):
        doc = {"hosts": ["own", "ksrc"], "links": 2, "margin": 1,
               "command": "make prices", "atomics": {},
               "rows": [prices.merge([row(2, 3, 4, new=new, base_host=host,
                                          new_host=host)] * 2, 2, 1)
                        for host in ("own", "ksrc")
                        for new in ("explicit_free", "mutex")]}
        text = prices.text_of(doc, {})
        self.assertTrue(text.isascii())
        self.assertLessEqual(max(map(len, text.splitlines())), 72)
        self.assertIn("explicit_free own", text)
        self.assertIn("no result", text)


if __name__ == "__main__":
    unittest.main(verbosity=2)
