# SPDX-License-Identifier: GPL-2.0 OR MIT
"""The median with the interval of the sign test, exact, and that of rows, as
lab/stats/stats.c has it."""
import fractions
import functools
import math
import statistics

ALPHA = 0.05
ROW_ALPHA = 0.01        # LAB_ALPHA of lab/stats/stats.h: of a row's intervals
FEW_ALPHA = 0.02        # LAB_FEW_ALPHA


@functools.lru_cache(maxsize=None)
def sign_rank(n, alpha=ALPHA):
    """The largest k with 2 P(B < k) <= alpha, of B heads in n fair throws.

    0 where there is none. In whole numbers, for P is near alpha for some n.
    """
    most = math.floor(fractions.Fraction(alpha) * 2 ** n)
    # Invariant: tails are the throws with B < k or B > n - k, ways those with
    # B = k. From the middle down, for k is never far from it.
    k = (n + 1) // 2
    ways = math.comb(n, k)
    tails = 2 ** n - (0 if n % 2 else ways)
    while k and tails > most:
        ways = ways * k // (n - k + 1)
        k -= 1
        tails -= 2 * ways
    return k


def missed(n, k):
    """The probability that the k-th values from both ends do not hold the median."""
    return sum(math.comb(n, i) for i in range(k)) / 2 ** (n - 1)


def sign_level(n, k):
    """The probability that they do."""
    return 1 - missed(n, k)


def level_percent(level):
    """As the reports of C have it: no interval of some processes is sure."""
    return min(100 * level, 99.9)


def sign_interval(values, alpha=ALPHA):
    """Median, and the order statistics around it where there are enough."""
    v = sorted(values)
    found = {"est": statistics.median(v)}
    k = sign_rank(len(v), alpha)
    if k:
        found.update(lo=v[k - 1], hi=v[-k], level=sign_level(len(v), k))
    return found


def part_of(n, k, alpha):
    """How far from the k-th value to the next one an end of that level lies, by
    Hettmansperger and Sheather (1986)."""
    if not k or 2 * k >= n:
        return 0
    part = (alpha - missed(n, k)) / (missed(n, k + 1) - missed(n, k))
    return (n - k) * part / (k + (n - 2 * k) * part)


def row_alpha(n):
    """What a row's interval of n values may miss, as lab_alpha()."""
    return min(FEW_ALPHA, max(ROW_ALPHA, 2 / 2 ** n))


def row_interval(values, row, left_open=0):
    """Of values of a row's processes, as lab/timing/analysis.c has it: its ends are
    interpolated; where states of the core are mixed, it goes from the least to the
    greatest. It is wider by what is left open."""
    v = sorted(values)
    alpha = row_alpha(len(v))
    if row.get("disturbed"):
        alpha = min(alpha, 2 / 2 ** len(v))
    found = {"est": statistics.median(v)}
    k = sign_rank(len(v), alpha)
    part = part_of(len(v), k, alpha)
    if k:
        found.update(lo=v[k - 1] - left_open, hi=v[-k] + left_open,
                     level=1 - alpha)
    if part:
        found["lo"] += part * (v[k] - v[k - 1])
        found["hi"] -= part * (v[-k] - v[-k - 1])
    return found
