# SPDX-License-Identifier: GPL-2.0 OR MIT
"""The same rows of several links of the program, as one."""
import json
import statistics

from scripts.common.text import known


def key_of(row):
    return (row["base_host"], row["new_host"], row["path"], row["base"],
            row["new"], json.dumps(row["params"], sort_keys=True))


def hull(intervals, middle):
    """The estimate of one link, the outermost ends of all."""
    return {"est": intervals[middle]["est"],
            "lo": min(i["lo"] for i in intervals),
            "hi": max(i["hi"] for i in intervals)}


def verdict(words):
    """What every link says, if all say the same."""
    return words[0] if len(set(words)) == 1 else "INCONCLUSIVE"


def merge(rows, links):
    """The rows of one comparison in all links as one."""
    whole = [r for r in rows if r["verdict"] != "NO RESULT" and
             all(known(r["ratio"][k]) for k in ("est", "lo", "hi"))]
    first = rows[0]
    out = {k: first[k] for k in ("path", "base", "new", "base_host",
                                 "new_host", "params", "title", "op")}
    out["links"] = len(whole)
    if len(whole) < links:
        out["verdict"] = "NO RESULT"
        return out
    out["base_ns"] = statistics.median(r["base_ns"] for r in whole)
    out["new_ns"] = statistics.median(r["new_ns"] for r in whole)
    # Both of the same link, so that one can be told from the other.
    deltas = [r["delta_ns"]["est"] for r in whole]
    middle = deltas.index(statistics.median_low(deltas))
    out["delta_ns"] = hull([r["delta_ns"] for r in whole], middle)
    out["ratio"] = hull([r["ratio"] for r in whole], middle)
    out["each"] = deltas
    out["aa"] = max((abs(r["aa"][k] - 1) for r in whole if r.get("aa")
                     for k in ("lo", "hi") if known(r["aa"].get(k))),
                    default=None)
    out["verdicts"] = [r["verdict"] for r in whole]
    out["verdict"] = verdict(out["verdicts"])
    return out
