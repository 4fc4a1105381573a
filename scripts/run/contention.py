# SPDX-License-Identifier: GPL-2.0 OR MIT
"""Rows of the contended paths put together: which order of designs is told?"""
import math
import statistics

from scripts.common.interval import row_interval
from scripts.common.text import known

BASE = "resv"
LATENCIES = ("p50", "p99", "p999", "max")
ENDS = ("est", "lo", "hi")


def role_names(row):
    """Roles, the judged one first; one for all where threads are alike."""
    return row.get("roles") or ["each thread"]


def quotients(row, role):
    """New over base of one role, a value for each process."""
    by = row.get("thread_ns_by_process") or {"base": [], "new": []}
    pairs = [(b[role], n[role]) for b, n in zip(by["base"], by["new"])]
    return [n / b for b, n in pairs if known(b) and known(n) and b > 0]


def thread_ns(thread):
    """ns per operation of one thread of one arm, over all processes."""
    if known(thread.get("ops")) and known(thread.get("seconds")) and \
            thread["ops"] > 0:
        return 1e9 * thread["seconds"] / thread["ops"]
    return math.nan


def ratio_of(row, role):
    """Of a role to the base beside it: the row's, or one over processes."""
    if role == 0:
        return {**row["ratio"], "level": row.get("level"),
                "units": row.get("units")}
    values = quotients(row, role)
    found = row_interval(values, row) if values else {}
    return {**found, "units": len(values)}


def why_missing(row, ratio):
    """Why a design has no place among the others; None: it has one."""
    if row["verdict"] == "NO RESULT":
        return row.get("note") or "no result"
    if not all(known(ratio.get(k)) for k in ENDS):
        return "no interval over %d processes" % ratio["units"]
    return None


def latencies(row, arm, role):
    """Where all threads have one role, the slowest one's quantiles count."""
    rows = row["thread_rows"][arm]
    shown = rows if not row.get("roles") else [rows[role]]
    return {k: max((t[k] for t in shown if known(t.get(k))), default=None)
            for k in LATENCIES}


def design_of(row, role):
    """A design in one role: its ratio to the base and its own times."""
    ratio = ratio_of(row, role)
    out = {"design": row["new"], "verdict": row["verdict"]}
    why = why_missing(row, ratio)
    if why:
        return {**out, "missing": why}
    ns, base_ns = (row["new_ns"], row["base_ns"]) if role == 0 else \
        (thread_ns(row["thread_rows"][arm][role]) for arm in ("new", "base"))
    return {**out, "ratio": ratio, "ns": ns, "base_ns": base_ns,
            **latencies(row, "new", role)}


def median_of(values):
    values = [v for v in values if known(v)]
    return statistics.median(values) if values else None


def base_of(rows, placed, role):
    """The base: its ratio to itself, its times beside the others."""
    tails = [latencies(row, "base", role) for row in rows]
    return {"design": BASE, "verdict": "base",
            "ratio": {"est": 1, "lo": 1, "hi": 1},
            "ns": median_of([d["base_ns"] for d in placed]),
            **{k: median_of([t[k] for t in tails]) for k in LATENCIES[:-1]},
            "max": max((t["max"] for t in tails if known(t["max"])),
                       default=None)}


def apart(fast, slow):
    """Are the intervals of two designs apart?"""
    return fast["ratio"]["hi"] < slow["ratio"]["lo"]


def pairs_of(placed):
    """Each two of them."""
    return [{"fast": fast["design"], "slow": slow["design"],
             "verdict": "HOLDS" if apart(fast, slow) else "INCONCLUSIVE"}
            for i, fast in enumerate(placed) for slow in placed[i + 1:]]


def combine_role(name, rows, role):
    """One role of one path: the designs in order, and what is known of it."""
    table = [design_of(row, role) for row in rows]
    placed = [t for t in table if "ratio" in t]
    if placed:
        placed.append(base_of([r for r, t in zip(rows, table) if "ratio" in t],
                              placed, role))
    placed.sort(key=lambda t: t["ratio"]["est"])
    return {"role": name, "judged": role == 0, "designs": placed,
            "missing": [t for t in table if "missing" in t],
            "pairs": pairs_of(placed)}


def equal_code(rows):
    """How often the rule of HOLDS is met by the base and its second copy."""
    twins = [row.get("aa") or {} for row in rows]
    twins = [t for t in twins if known(t.get("lo")) and known(t.get("hi"))]
    return {"held": sum(t["lo"] > 1 or t["hi"] < 1 for t in twins),
            "of": len(twins)}


def by_design(rows, key):
    """What rows say of their design; of the base the median."""
    out = {row["new"]: (row.get(key) or {}).get("new") for row in rows}
    out[BASE] = median_of([(row.get(key) or {}).get("base") for row in rows])
    return out


def tally_of(rows):
    """What the path counts beside its time, for each design and the base."""
    what = [row["tally"]["what"] for row in rows if row.get("tally")]
    return {"what": what[0], "by_design": by_design(rows, "tally")} \
        if what else None


def combine(rows):
    """All paths."""
    by_path = {}
    for row in rows:
        by_path.setdefault((row["scenario"], row["path"]), []).append(row)
    return [{"scenario": scenario, "path": path,
             **{k: each[0][k] for k in ("title", "op", "params", "threads",
                                        "host")},
             "fairness": by_design(each, "fairness"), "tally": tally_of(each),
             "equal": equal_code(each),
             # What the intervals of the judged role stand on.
             "basis": [{k: row.get(k) for k in ("level", "units", "unit",
                                                "cycles")} for row in each],
             "roles": [combine_role(name, each, i) for i, name in
                       enumerate(role_names(each[0]))]}
            for (scenario, path), each in by_path.items()]


def wrong_rows(rows):
    """What no honest run has."""
    return ["%s of %s: %s" % (row["new"], row["path"],
                              row.get("note") or "it warned or leaked")
            for row in rows
            if not row["digest_ok"] or row["warnings"] or row["leaks"]]
