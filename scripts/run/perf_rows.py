# SPDX-License-Identifier: GPL-2.0 OR MIT
"""Values per operation of what perf counted, and their intervals."""
import statistics

from scripts.common.interval import sign_interval

TO_NS = {"msec": 1e6, "ns": 1, "nsec": 1, "usec": 1e3, "sec": 1e9}


def per_op(run, i, ops):
    """An event's value for one operation, time in ns."""
    c = run["counts"][i]
    return c["value"] * TO_NS.get(c["unit"], 1) / ops


def row_of(event, unit, pairs, empty):
    """pairs: values per operation; empty: of empty regions, likewise."""
    return {"event": event, "unit": unit,
            "base": sign_interval([p[0] for p in pairs]),
            "new": sign_interval([p[1] for p in pairs]),
            "delta": sign_interval([p[1] - p[0] for p in pairs]),
            "empty": max(empty, default=None)}


def worst_word(found):
    """Why one of several counts of an event cannot be believed."""
    return next((c["word"] for c in found if c["word"]), None)


def rows_of(session):
    """The rows of what was counted, and words for what was not."""
    pairs, words = session.pairs(), {}
    if not pairs:
        return [], words
    ops = pairs[0][0]["loop"]["ops"]
    rows = [row_of("time", "ns", [[r["loop"]["ns"] / r["loop"]["ops"]
                                   for r in p] for p in pairs],
                   [e["loop"]["ns"] / ops for e in session.empty
                    if not e["partial"]])]
    for i, first in enumerate(pairs[0][0]["counts"]):
        word = worst_word([r["counts"][i] for p in pairs for r in p])
        if word:
            words[first["event"]] = word
            continue
        empty = [per_op(e, i, ops) for e in session.empty
                 if not e["partial"] and e["counts"][i]["value"] is not None]
        rows.append(row_of(
            first["event"], "ns" if first["unit"] in TO_NS else first["unit"],
            [[per_op(r, i, r["loop"]["ops"]) for r in p] for p in pairs],
            empty))
    return rows, words


def cpu_share(pairs):
    """task-clock over the CPU time that the process saw: all threads' is 1."""
    shares = []
    for r in (r for p in pairs for r in p):
        for c in r["counts"]:
            if c["event"].startswith("task-clock") and c["value"] is not None:
                shares.append(c["value"] * TO_NS.get(c["unit"], 1) /
                              r["loop"]["cpu_ns"])
    return statistics.median(shares) if shares else None
