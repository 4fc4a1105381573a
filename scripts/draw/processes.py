# SPDX-License-Identifier: GPL-2.0 OR MIT
"""What each process of a row found: lab/timing/analysis.h tells how it is made of
rounds and placements, and why the process is what an interval stands on."""
import itertools
import math
import statistics

from scripts.common.interval import row_interval
from scripts.common.text import known

SIBLING = 7         # enum lab_drop: rounds of a shared core, which were made up for
BASE, NEW, AA = range(3)
NEAR = 2.5          # lab_centre() of lab/stats/stats.c
OPEN = 0.06         # of a step: lab/timing/analysis.c


def nr_arms(row):
    return len(row.get("arms") or ("base", "new"))


def before(arms, order, a, b):
    """Did arm a run before arm b? Orders are numbered as lab/stats/rounds.c does."""
    arm = list(itertools.permutations(range(arms)))[order]
    return arm.index(a) < arm.index(b)


def placements(row):
    """Of each placement: its process, ns of a cycle or None, and its rounds."""
    samples, places = row.get("samples") or [], row.get("places") or {}
    first = places.get("first_round") or []
    for i, (start, end) in enumerate(zip(first, first[1:] + [len(samples)])):
        cycle = [c for c in places["cycle_ns"][i] if known(c)]
        yield places["process"][i], \
            sum(cycle) / 2 if len(cycle) == 2 else None, samples[start:end]


def stands(rounds, arms):
    """Whether a placement's kept rounds stand for it."""
    kept = sum(not s[1] for s in rounds)
    lost = sum(s[1] not in (0, SIBLING) for s in rounds)
    return kept >= max(lost, math.factorial(arms))


def clock_step(row):
    """ns of an operation that two epochs differ by at least, where they do; 0 by a
    fine clock."""
    return (row.get("clock_step_ns") or 0) / (row.get("ops_per_epoch") or 1)


def centre(found, step):
    """The middle of values that are known in steps, as lab_centre()."""
    middle = statistics.median(found)
    near = [x for x in found if step and abs(x - middle) <= NEAR * step]
    return sum(near) / len(near) if near else middle


def left_open(row, ratio):
    """What the clock leaves open of a logarithm of a ratio, to either side."""
    epoch = row.get("epoch_ns")
    step = (row.get("clock_step_ns") or 0) / epoch if epoch else 0
    return OPEN * step * max(1, 1 / ratio)


def log_ratio(row, rounds, arm):
    """Of one placement; None where an order is missing."""
    arms, after, ns = nr_arms(row), {True: [], False: []}, []
    for s in rounds:
        if not s[1] and known(s[2 + arm]):
            after[before(arms, s[0], arm, BASE)].append(
                math.log(s[2 + arm] / s[2]))
            ns += s[2], s[2 + arm]
    if not after[True] or not after[False]:
        return None
    step = clock_step(row) / min(ns)
    return sum(centre(x, step) for x in after.values()) / 2


def values(row, arm):
    """Of each process: the base's time and an arm's ratio to it.

    The ratio is the median over placements, whose own are beside it. Times are at
    the row's cycle; where most placements do not know theirs, as they were measured.
    """
    arms, found = nr_arms(row), {}
    cycles = [cycle for _, cycle, _ in placements(row)]
    paced = [c for c in cycles if c]
    whole = statistics.median(paced) if 2 * len(paced) > len(cycles) else None
    for i, (process, cycle, rounds) in enumerate(placements(row)):
        r = log_ratio(row, rounds, arm) if stands(rounds, arms) else None
        if r is None:
            continue
        key = process if row.get("unit", "process") == "process" else i
        base = centre([s[2] for s in rounds if not s[1]], clock_step(row))
        if whole:
            base *= whole / (cycle or whole)
        found.setdefault(key, []).append((base, r))
    return [{"process": p, "base": statistics.median(b for b, _ in x),
             "ratio": math.exp(statistics.median(r for _, r in x)),
             "ratios": [math.exp(r) for _, r in x]} for p, x in found.items()]


def times(row, arm):
    """Of each process, ns of base or new."""
    return [v["base"] * (v["ratio"] if arm else 1) for v in values(row, NEW)]


def time_of(row, arm):
    """ns of base or new, with an interval over processes where there is one."""
    name = ("base", "new")[arm]
    ns, cycles = row.get(name + "_ns"), row.get("cycles")
    if not known(ns):
        return None
    if cycles:
        span = {k: cycles[name][k] / cycles["ghz"] for k in ("lo", "hi")
                if known(cycles[name].get(k))}
    else:
        found = times(row, arm)
        span = row_interval(found, row, OPEN * clock_step(row)) if found else {}
    if "lo" not in span or "hi" not in span:
        return {"est": ns, "lo": None, "hi": None}
    return {"est": ns, "lo": min(span["lo"], ns), "hi": max(span["hi"], ns)}
