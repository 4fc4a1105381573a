# SPDX-License-Identifier: GPL-2.0 OR MIT
"""Intervals of repetitions, and whether intervals hold in other processes."""
import math
import random
import statistics

from scripts.common.text import known

WANTED = 0.95       # of all intervals
NARROWER = 5        # times, ours
OURS = "locklab"
ORDER = (OURS, "nanobench", "google")       # of the table
# Of a tool with two lines, that one's estimates are pooled with the others'.
POOLED = (OURS, "nanobench", "compare.py med")
DRAWS = 2000


def u_test_line(olds, news, alpha):
    """Hodges and Lehmann's estimate, and the factors that scipy's two-sided
    Mann-Whitney U test at alpha, normal with correction for continuity, cannot
    tell from new over old: the interval that belongs to that test."""
    n, m = len(olds), len(news)
    ratios = sorted(b / a for a in olds for b in news)
    z = statistics.NormalDist().inv_cdf(1 - alpha / 2)
    # Accepted where at least k of the ratios are below a factor, and above it.
    k = math.ceil(n * m / 2 - 0.5 - z * math.sqrt(n * m * (n + m + 1) / 12))
    est = math.exp(statistics.median(map(math.log, ratios)))
    lo, hi = (ratios[k - 1], ratios[-k]) if k > 0 else (None, None)
    return {name: None if x is None else 100 * (x - 1)
            for name, x in (("est", est), ("lo", lo), ("hi", hi))}


def median_line(olds, news, alpha, seed, est):
    """The ratio of the medians, est, with the bootstrap's percentiles: both sides'
    repetitions drawn anew. differs: its interval is without 0."""
    rng = random.Random(seed)
    found = sorted(
        100 * (statistics.median(rng.choices(news, k=len(news))) /
               statistics.median(rng.choices(olds, k=len(olds))) - 1)
        for _ in range(DRAWS))
    cut = int(DRAWS * alpha / 2)
    lo, hi = min(est, found[cut]), max(est, found[-cut - 1])
    return {"est": est, "lo": lo, "hi": hi, "differs": not lo <= 0 <= hi}


def whole(line):
    return all(known(line[k]) for k in ("est", "lo", "hi"))


def covers(line, truth):
    """One that is not there holds nothing."""
    return whole(line) and line["lo"] <= truth <= line["hi"]


def factor(line, truth):
    """By what an interval has to be stretched around its estimate to hold."""
    if covers(line, truth):
        return 0
    if not whole(line):
        return math.inf
    far = truth - line["est"]
    side = line["hi" if far > 0 else "lo"] - line["est"]
    return far / side if side else math.inf


def widening(lines, truth):
    """The least factor from 1 on with which as many hold as are wanted."""
    factors = sorted(factor(line, truth) for line in lines)
    # 1e-9: 0.95 * 40 is 38, whatever its last digit
    return max(1, factors[math.ceil(WANTED * len(factors) - 1e-9) - 1])


def half_width(lines):
    """Median over the intervals that are there."""
    halves = [(line["hi"] - line["lo"]) / 2 for line in lines if whole(line)]
    return statistics.median(halves) if halves else None


def line_summary(lines, pooled):
    """What the table says of a tool's intervals of a pair."""
    ests = [line["est"] for line in lines if known(line["est"])]
    if not ests:
        return None
    truth, half = statistics.median(ests), half_width(lines)
    k = widening(lines, truth)
    return {"truth": truth, "n": len(lines),
            "none": sum(not whole(line) for line in lines),
            "covers": sum(covers(line, truth) for line in lines),
            "covers_pooled": sum(covers(line, pooled) for line in lines),
            "half": half,
            "differs": sum(line["differs"] for line in lines),
            "without_0": sum(whole(line) and not covers(line, 0)
                             for line in lines),
            # No number of times holds them all, as JSON has no infinity.
            "widened_by": k if half is not None and math.isfinite(k) else None,
            "widened": k * half if half is not None and math.isfinite(k)
            else None}


def narrowest(lines):
    """The peer whose widened intervals are narrowest, and how many times as wide as
    ours they are."""
    widths = {name: s["widened"] for name, s in lines.items()
              if s and name != OURS and known(s["widened"])}
    ours = lines.get(OURS)
    if not widths or not ours or not ours["widened"]:
        return None
    name = min(widths, key=widths.get)
    return {"peer": name, "times": widths[name] / ours["widened"]}


def pair_summary(rows):
    """Of each line, and the narrowest peer's."""
    lines = {}
    for row in sorted(rows, key=lambda r: ORDER.index(r["tool"])):
        for name, line in row["lines"].items():
            lines.setdefault(name, []).append(line)
    ests = [line["est"] for name in POOLED for line in lines.get(name, ())
            if known(line["est"])]
    pooled = statistics.median(ests) if ests else math.nan
    found = {name: line_summary(of, pooled) for name, of in lines.items()}
    return {"pooled": pooled if ests else None, "lines": found,
            "narrowest": narrowest(found)}


def wall(rows):
    """Median and most seconds of each tool."""
    seconds = {}
    for row in sorted(rows, key=lambda r: ORDER.index(r["tool"])):
        seconds.setdefault(row["tool"], []).append(row["wall"])
    return {tool: {"median": statistics.median(s), "most": max(s)}
            for tool, s in seconds.items()}


def summary(doc):
    pairs = []
    for number, (path, base, new, equal) in enumerate(doc["pairs"]):
        rows = [r for r in doc["rows"] if r["pair"] == number]
        if rows:
            pairs.append({"path": path, "base": base, "new": new,
                          "equal": equal, **pair_summary(rows)})
    alarms = {}
    for pair in pairs:
        for name, s in pair["lines"].items():
            if s and pair["equal"]:
                a = alarms.setdefault(name, {"differs": 0, "without_0": 0, "n": 0})
                for what in a:
                    a[what] += s[what]
    return {"pairs": pairs, "alarms": alarms, "wall": wall(doc["rows"])}


def pair_holds(pair):
    ours = pair["lines"].get(OURS)
    return bool(ours and ours["covers"] >= WANTED * ours["n"] - 1e-9 and
                pair["narrowest"] and pair["narrowest"]["times"] >= NARROWER)


def holds(found):
    """In each pair ours hold often enough and are as much narrower as is asked."""
    return bool(found["pairs"]) and all(map(pair_holds, found["pairs"]))
