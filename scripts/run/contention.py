# SPDX-License-Identifier: GPL-2.0 OR MIT
"""Runs of the contended paths put together: does the order of designs repeat?"""
import math
import statistics

from scripts.common.text import known

BASE = "resv"
LATENCIES = ("p50", "p99", "p999", "max")


def role_names(row):
    """Roles, the judged one first; one for all where threads are alike."""
    return row.get("roles") or ["each thread"]


def thread_ns(thread):
    """ns per operation of one thread of one arm."""
    if known(thread.get("ops")) and known(thread.get("seconds")) and \
            thread["ops"] > 0:
        return 1e9 * thread["seconds"] / thread["ops"]
    return math.nan


def one_run(row, role):
    """A design's values of one role in one run; None without a result.

    Ratios are to the base in the same process. The judged role has the row's
    interval; another has one value, from what its threads did in all rounds.
    """
    if row["verdict"] == "NO RESULT":
        return None
    new = row["thread_rows"]["new"]
    base = row["thread_rows"]["base"]
    if role == 0:
        ratio = dict(row["ratio"])
        ns, base_ns = row["new_ns"], row["base_ns"]
    else:
        ns, base_ns = thread_ns(new[role]), thread_ns(base[role])
        est = ns / base_ns if base_ns else math.nan
        ratio = {"lo": est, "est": est, "hi": est}
    if not all(known(ratio[k]) for k in ("lo", "est", "hi")):
        return None
    # Where all threads have one role, the slowest one's quantiles count.
    alike = not row.get("roles")
    out = {"ratio": ratio, "ns": ns, "base_ns": base_ns}
    for arm, rows in (("", new), ("base_", base)):
        shown = rows if alike else [rows[role]]
        for k in LATENCIES:
            out[arm + k] = max((t[k] for t in shown if known(t.get(k))),
                               default=None)
    return out


def base_run(found):
    """The base in one run: its ratio to itself, its times beside the others."""
    out = {"ratio": {"lo": 1, "est": 1, "hi": 1},
           "ns": statistics.median(f["base_ns"] for f in found)}
    for k in LATENCIES:
        values = [f["base_" + k] for f in found if known(f["base_" + k])]
        out[k] = statistics.median(values) if values else None
    return out


def median_of(values):
    values = [v for v in values if known(v)]
    return statistics.median(values) if values else None


def design_of(name, values):
    """All runs of a design; without a result in each there is no place."""
    out = {"design": name, "runs": values}
    if any(v is None for v in values):
        out["missing"] = [i + 1 for i, v in enumerate(values) if v is None]
        return out
    out["ratio"] = {"est": statistics.median(v["ratio"]["est"]
                                             for v in values),
                    "lo": min(v["ratio"]["lo"] for v in values),
                    "hi": max(v["ratio"]["hi"] for v in values)}
    for k in ("ns",) + LATENCIES:
        out[k] = median_of([v[k] for v in values])
    out["max"] = max((v["max"] for v in values if known(v["max"])),
                     default=None)
    return out


def compare_pair(fast, slow, judged):
    """Do all runs say that one is faster than the other?"""
    a = [v["ratio"] for v in fast["runs"]]
    b = [v["ratio"] for v in slow["runs"]]
    out = {"fast": fast["design"], "slow": slow["design"]}
    agree = sum(x["est"] < y["est"] for x, y in zip(a, b))
    against = sum(x["est"] > y["est"] for x, y in zip(a, b))
    overlap = [i + 1 for i, (x, y) in enumerate(zip(a, b))
               if x["hi"] >= y["lo"]]
    out["agree"] = agree
    if against:
        out["verdict"], out["why"] = "INCONCLUSIVE", \
            "swaps in %d of %d runs" % (against, len(a))
    elif agree < len(a):
        out["verdict"], out["why"] = "INCONCLUSIVE", \
            "the same in %d of %d runs" % (len(a) - agree, len(a))
    elif judged and overlap:
        out["verdict"], out["why"] = "INCONCLUSIVE", \
            "intervals overlap in run %s" % ", ".join(map(str, overlap))
    elif not judged and max(x["hi"] for x in a) >= min(y["lo"] for y in b):
        out["verdict"], out["why"] = "INCONCLUSIVE", \
            "ranges over the runs overlap"
    else:
        out["verdict"], out["why"] = "HOLDS", "in all %d runs" % len(a)
    return out


def pairs_of(placed, judged):
    """Neighbours, and what is no neighbour but swaps."""
    out = []
    for i, fast in enumerate(placed):
        for j in range(i + 1, len(placed)):
            pair = compare_pair(fast, placed[j], judged)
            if j == i + 1 or pair["why"].startswith("swaps"):
                out.append(pair)
    return out


def combine_role(name, runs, role):
    """One role of one path: the designs in order, and what is known of it.

    runs: of each run the path's rows by design.
    """
    designs = list(dict.fromkeys(d for rows in runs for d in rows))
    found = {d: [one_run(rows[d], role) if d in rows else None
                 for rows in runs] for d in designs}
    whole = [[v[i] for v in found.values() if v[i]] for i in range(len(runs))]
    table = [design_of(d, values) for d, values in found.items()]
    if any(whole):
        table.append(design_of(BASE, [base_run(v) if v else None
                                      for v in whole]))
    placed = sorted((t for t in table if "ratio" in t),
                    key=lambda t: t["ratio"]["est"])
    return {"role": name, "judged": role == 0, "designs": placed,
            "missing": [t for t in table if "ratio" not in t],
            "pairs": pairs_of(placed, role == 0)}


def equal_code(each):
    """How often the rule of HOLDS is met by the base and its second copy.

    each: of each run a path's rows by design; every row has its A/A.
    """
    held = found = 0
    for design in each[0]:
        twins = [(rows.get(design) or {}).get("aa") or {} for rows in each]
        if all(known(t.get("lo")) and known(t.get("hi")) for t in twins):
            found += 1
            held += all(t["lo"] > 1 for t in twins) or \
                all(t["hi"] < 1 for t in twins)
    return {"held": held, "of": found}


def by_design(each, key):
    """Medians over the runs of what rows say of their design and the base."""
    out = {d: median_of([(r[d].get(key) or {}).get("new")
                         for r in each if d in r])
           for r in each for d in r}
    out[BASE] = median_of([(row.get(key) or {}).get("base")
                           for r in each for row in r.values()])
    return out


def tally_of(each):
    """What the path counts beside its time, for each design and the base."""
    what = [row["tally"]["what"] for r in each for row in r.values()
            if row.get("tally")]
    return {"what": what[0], "by_design": by_design(each, "tally")} \
        if what else None


def combine(runs):
    """All paths of all runs."""
    out, by_path = [], {}
    for i, rows in enumerate(runs):
        for row in rows:
            key = (row["scenario"], row["path"])
            by_path.setdefault(key, [{} for _ in runs])[i][row["new"]] = row
    for (scenario, path), each in by_path.items():
        first = next(iter(next(r for r in each if r).values()))
        out.append({"scenario": scenario, "path": path,
                    "title": first["title"], "op": first["op"],
                    "params": first["params"], "threads": first["threads"],
                    "host": first["host"],
                    "fairness": by_design(each, "fairness"),
                    "tally": tally_of(each), "equal": equal_code(each),
                    "roles": [combine_role(name, each, i) for i, name in
                              enumerate(role_names(first))]})
    return out


def wrong_rows(runs):
    """What no honest run has."""
    return ["run %d: %s of %s: %s" % (i + 1, row["new"], row["path"],
                                      row.get("note") or "it warned or leaked")
            for i, rows in enumerate(runs) for row in rows
            if not row["digest_ok"] or row["warnings"] or row["leaks"]]
