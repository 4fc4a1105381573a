# SPDX-License-Identifier: GPL-2.0 OR MIT
"""The same rows of several runs: does what one printed hold in the others?"""
import itertools
import json
import statistics

from scripts.common.text import known

# What a row prints an interval of: name, how to find it.
VALUES = {
    "ratio": lambda row: row["ratio"],
    "delta, cycles": lambda row: (row.get("cycles") or {}).get("delta"),
    "base, cycles": lambda row: (row.get("cycles") or {}).get("base"),
}
# A row's words that no other run may contradict.
AGAINST = {"SLOWER": {"SAME", "FASTER"}, "FASTER": {"SAME", "SLOWER"},
           "SAME": {"SLOWER", "FASTER"}}


MOVED = 1.5         # LAB_FARTHER of lab/timing/gate.h, which is of placements
HEADLINE = ("resv_vs_custom_lock", "link", "resv", "gpuva")


def key_of(row):
    return (row["base_host"], row["new_host"], row["scenario"], row["path"],
            row["base"], row["new"], json.dumps(row["params"], sort_keys=True),
            row["threads"])


def name_of(row):
    params = " ".join("%s=%s" % p for p in sorted(row["params"].items()))
    return "%s/%s %s %s" % (row["scenario"], row["path"], row["new"], params)


def kind_of(row):
    """What is told apart in the table."""
    if row["scenario"] == "controls":
        return "controls"
    if row.get("defaults") and HEADLINE == tuple(
            row[k] for k in ("scenario", "path", "base", "new")):
        return "headline"
    if row["threads"] > 1:
        return "threads"
    if row["params"].get("temp") == "cold":
        return "cold"
    return row["scenario"]


def by_row(runs):
    """Each row's appearances in the runs."""
    found = {}
    for run in runs:
        for row in run:
            found.setdefault(key_of(row), []).append(row)
    return [rows for rows in found.values() if len(rows) > 1]


def whole(interval):
    return bool(interval) and all(known(interval.get(k))
                                  for k in ("est", "lo", "hi"))


def intervals(rows, value):
    return [i for i in map(VALUES[value], rows) if whole(i)]


def middle_of(found):
    """The median over the runs; None of fewer than two."""
    return statistics.median(i["est"] for i in found) if len(found) > 1 else None


def misses(interval, middle):
    return not interval["lo"] <= middle <= interval["hi"]


def coverage(rows, value):
    """(intervals, those that miss the rows' median, pairs, those apart)."""
    found = intervals(rows, value)
    middle = middle_of(found)
    if middle is None:
        return 0, 0, 0, 0
    missed = sum(misses(i, middle) for i in found)
    pairs = list(itertools.combinations(found, 2))
    apart = sum(a["lo"] > b["hi"] or b["lo"] > a["hi"] for a, b in pairs)
    return len(found), missed, len(pairs), apart


def contradicts(rows):
    words = {r["verdict"] for r in rows}
    return any(words & AGAINST.get(w, set()) for w in words)


def combinations(groups):
    """How many rows have which words over the runs: {"SAME, SLOWER": 3}."""
    found = {}
    for rows in groups:
        words = ", ".join(sorted({r["verdict"] for r in rows}))
        found[words] = found.get(words, 0) + 1
    return found


def half_widths(rows):
    """Percent of the path, of each row that has an interval."""
    return [50 * (r["ratio"]["hi"] - r["ratio"]["lo"]) for r in rows
            if whole(r["ratio"])]


def sd_percent(values):
    return 100 * statistics.stdev(values) / statistics.fmean(values) \
        if len(values) > 1 else None


def by_run(runs):
    """[intervals of all kinds, those that miss their row's median] of each run: a
    machine that became another one meanwhile shows."""
    groups = by_row(runs)
    found = [[0, 0] for _ in runs]
    for value, find in VALUES.items():
        middle = {key_of(rows[0]): middle_of(intervals(rows, value))
                  for rows in groups}
        for count, run in zip(found, runs):
            for row in run:
                halfway = middle.get(key_of(row))
                if halfway is not None and whole(find(row)):
                    count[0] += 1
                    count[1] += misses(find(row), halfway)
    return found


def handovers(runs):
    """ns of a line's way between threads' CPUs in each run, the middle of its rows':
    where it changes the machine did."""
    found = [[row["handover_ns"] for row in run if known(row.get("handover_ns"))]
             for run in runs]
    return [statistics.median_low(ns) if ns else None for ns in found]


def moved_of(rows):
    """Those of a row's appearances whose CPUs were much farther apart than in more
    than half of them, or nearer: to threads that is another machine. None where no such
    half is."""
    told = [row for row in rows
            if row["threads"] > 1 and known(row.get("handover_ns"))]
    if not told:
        return []
    middle = statistics.median_low(row["handover_ns"] for row in told)
    far = [row for row in told if max(row["handover_ns"] / middle,
                                      middle / row["handover_ns"]) > MOVED]
    return far if 2 * len(far) < len(told) else []


def settled(runs):
    """The runs without what was measured on another machine."""
    moved = {id(row) for rows in by_row(runs) for row in moved_of(rows)}
    return [[row for row in run if id(row) not in moved] for run in runs]


def sums(groups, value):
    """coverage() of many rows, added up."""
    counts = [coverage(rows, value) for rows in groups]
    return [sum(c) for c in zip(*counts)] if counts else [0, 0, 0, 0]


def with_moved(runs, kept):
    """What would be counted if nothing were left out; None where nothing is."""
    left_out = [len(a) - len(b) for a, b in zip(runs, kept)]
    if not any(left_out):
        return None
    groups = by_row(runs)
    return {"rows": left_out, "coverage": {v: sums(groups, v) for v in VALUES},
            "contradictions": contradictions(groups)}


def contradictions(groups):
    return [{"row": name_of(rows[0]), "words": [r["verdict"] for r in rows]}
            for rows in groups if contradicts(rows)]


def summary(runs):
    """All that the table says, as JSON."""
    kept = settled(runs)
    groups = by_row(kept)
    kinds = {}
    for rows in groups:
        kinds.setdefault(kind_of(rows[0]), []).append(rows)
    out = {"rows": len(groups), "runs": len(runs), "coverage": {}, "kinds": {}}
    for value in VALUES:
        out["coverage"][value] = sums(groups, value)
    for kind, mine in sorted(kinds.items()):
        widths = [w for rows in mine for w in half_widths(rows)]
        out["kinds"][kind] = {
            "rows": len(mine), "ratio": sums(mine, "ratio"),
            "base": sums(mine, "base, cycles"),
            "half_median": statistics.median(widths) if widths else None,
            "half_most": max(widths) if widths else None}
    out["contradictions"] = contradictions(groups)
    out["words"] = combinations(groups)
    out["missed_most"] = sorted(
        ((sum(coverage(rows, v)[1] for v in VALUES),
          sum(coverage(rows, v)[0] for v in VALUES), name_of(rows[0]))
         for rows in groups), reverse=True)[:8]
    out["by_run"] = by_run(runs)
    out["handover_ns"] = handovers(runs)
    out["moved"] = with_moved(runs, kept)
    out["base"] = base_of(groups)
    return out


def base_of(groups):
    """The base's cycles in the runs, of the headline; else of the row with the
    narrowest interval."""
    def width(rows):
        widths = half_widths(rows)
        return statistics.median(widths) if widths else float("inf")
    paced = [rows for rows in groups
             if all(whole(VALUES["base, cycles"](r)) for r in rows)]
    if not paced:
        return None
    rows = min(paced, key=lambda g: (kind_of(g[0]) != "headline", width(g)))
    return {"row": name_of(rows[0]),
            "cycles": [r["cycles"]["base"]["est"] for r in rows],
            "ghz": [r["cycles"]["ghz"] for r in rows]}


def misses_too_often(found):
    """The values of whose intervals fewer than 95 % hold, or of which there are none."""
    return [value for value, (all_, missed, _, _) in found["coverage"].items()
            if not all_ or missed > 0.05 * all_]


def holds(found):
    """At least 95 % of all intervals of each kind, of which there are some, and no
    word against another."""
    return not found["contradictions"] and not misses_too_often(found)
