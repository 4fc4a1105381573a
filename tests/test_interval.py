#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0 OR MIT
"""The intervals of the sign test that scripts draw and print: exact ones, and those of
rows."""
import fractions
import math
import sys
import unittest

sys.dont_write_bytecode = True
from cases import ROOT, Case
from scripts.common.interval import (FEW_ALPHA, ROW_ALPHA, part_of, row_alpha,
                                     row_interval, sign_interval, sign_level,
                                     sign_rank)

# Tables of the sign test, 5 % on both sides together.
TABLE = {5: 0, 6: 1, 8: 1, 9: 2, 11: 2, 12: 3, 14: 3, 15: 4, 16: 4, 17: 5, 19: 5,
         20: 6, 23: 7, 24: 7, 25: 8, 30: 10, 40: 14, 50: 18, 100: 40}
ALPHAS = (0.05, 0.01, 0.05 / 122, 0.5, 1 / 16, 1)


def missed(n, k):
    """2 P(B < k), by definition."""
    return fractions.Fraction(2 * sum(math.comb(n, i) for i in range(k)), 2 ** n)


class Rank(Case):
    def test_table(self):
        self.assertEqual({n: sign_rank(n) for n in TABLE}, TABLE)

    def test_it_is_the_largest_that_holds(self):
        for alpha in ALPHAS:
            for n in range(400):
                k = sign_rank(n, alpha)
                self.assertLessEqual(missed(n, k), alpha, (n, alpha))
                if k < (n + 1) // 2:
                    self.assertGreater(missed(n, k + 1), alpha, (n, alpha))

    def test_what_is_just_met_counts(self):
        """2 P(B < 1) of 5 throws is 1/16 to the bit."""
        self.assertEqual(sign_rank(5, 1 / 16), 1)
        self.assertEqual(sign_rank(5, math.nextafter(1 / 16, 0)), 0)

    def test_another_library_says_the_same(self):
        from scipy.stats import binom
        for alpha in (0.05, 0.01, 0.05 / 122):
            for n in range(1, 400):
                k = sign_rank(n, alpha)
                self.assertLessEqual(2 * binom.cdf(k - 1, n, 0.5), alpha)
                self.assertGreater(2 * binom.cdf(k, n, 0.5), alpha)

    def test_many(self):
        """Larger than what a float can hold a power of."""
        k = sign_rank(2000)
        self.assertGreaterEqual(sign_level(2000, k), 0.95)
        self.assertLess(sign_level(2000, k + 1), 0.95)
        n = 100001
        self.assertLess(abs(sign_rank(n) - (n / 2 - 0.98 * math.sqrt(n))), 2)


class Interval(Case):
    def test_ends(self):
        for n in range(1, 60):
            found = sign_interval(list(reversed(range(n))))
            self.assertEqual(found["est"], (n - 1) / 2)
            if n < 6:
                self.assertNotIn("lo", found)
                continue
            self.assertEqual((found["lo"], found["hi"]),
                             (sign_rank(n) - 1, n - sign_rank(n)))

    def test_rows_have_this_one(self):
        """Scripts take the level of the rows' own intervals."""
        text = (ROOT / "lab/stats/stats.h").read_text()
        self.assertIn("#define LAB_ALPHA\t%g\n" % ROW_ALPHA, text)
        self.assertIn("#define LAB_FEW_ALPHA\t%g\n" % FEW_ALPHA, text)
        for n, k in ((6, 0), (7, 1), (8, 1), (12, 2), (16, 3), (18, 4)):
            self.assertEqual(sign_rank(n, row_alpha(n)), k)
        self.assertEqual(row_alpha(7), 1 / 64)

    def test_of_a_disturbed_row(self):
        """All that was found, as analysis.c has it; nothing of too few."""
        for n in (7, 12, 16, 55, 64, 100, 1000):
            found = row_interval(range(n), {"disturbed": True})
            self.assertEqual((found["lo"], found["hi"]), (0, n - 1))
        self.assertNotIn("lo", row_interval(range(6), {"disturbed": True}))

    def test_of_a_row(self):
        """Between two order statistics, where the level is that of all rows."""
        for n in range(7, 40):
            found, k = row_interval(range(n), {}), sign_rank(n, row_alpha(n))
            self.assertTrue(k - 1 <= found["lo"] < k)
            self.assertAlmostEqual(found["lo"], n - 1 - found["hi"])
            self.assertEqual(found["level"], 1 - row_alpha(n))
        self.assertEqual(part_of(16, 4, 1 - sign_level(16, 4)), 0)
        self.assertAlmostEqual(part_of(16, 3, 1 - sign_level(16, 4)), 1)
        self.assertNotIn("lo", row_interval(range(6), {}))
        held = (ROOT / "tests/test_stats.c").read_text()
        self.assertIn("%.6f" % row_interval(range(12), {})["lo"], held)

    def test_level(self):
        self.assertEqual(sign_interval(range(12), ROW_ALPHA),
                         {"est": 5.5, "lo": 1, "hi": 10,
                          "level": sign_level(12, 2)})
        self.assertEqual(sign_level(6, 1), 1 - 2 / 64)
        self.assertEqual(sign_level(8, 1), 1 - 2 / 256)
        self.assertEqual(sign_level(9, 2), 1 - 20 / 512)


if __name__ == "__main__":
    unittest.main(verbosity=2)
