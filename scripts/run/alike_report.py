# SPDX-License-Identifier: GPL-2.0 OR MIT
"""What make alike counts, and its table."""
import statistics

from scripts.common.machine import machine_text
from scripts.common.text import footer, number_text, say, text_of_lines
from scripts.run.coverage import half_widths, whole

OUTSIDE = 0.07      # of the intervals may be without 0
WIDER = 1.5         # times the width of a pair that differs

LINE = "%-30s %5s %7s %7s %9s %9s"


def same_paths(cases, base, new):
    """Paths on which both designs execute the same: their instructions."""
    found = {}
    for name, case in cases.items():
        _, scenario, path, rest = name.split("/", 3)
        variant = rest.split("?")[0]
        found.setdefault("%s/%s" % (scenario, path), {}) \
             .setdefault(variant, []).append(case)
    return {path: sum(f[0] for f in of[base][0]["functions"].values())
            for path, of in sorted(found.items())
            if base in of and new in of and len(of[base]) == 1 and
            all(a["functions"] == b["functions"]
                for a, b in zip(of[base], of[new]))}


def sums(rows):
    """Of comparisons: intervals, those without 0, words, median half-widths."""
    same = [r["same"] for r in rows]
    there = [r for r in same if whole(r["ratio"])]
    beside = half_widths([r["beside"] for r in rows if r["beside"]])
    words = {}
    for r in same:
        words[r["verdict"]] = words.get(r["verdict"], 0) + 1
    return {"runs": len(rows), "intervals": len(there),
            "outside": sum(not r["ratio"]["lo"] <= 1 <= r["ratio"]["hi"]
                           for r in there),
            "told": words.get("SLOWER", 0) + words.get("FASTER", 0),
            "words": words,
            "half": statistics.median(half_widths(there)) if there else None,
            "beside": statistics.median(beside) if beside else None}


def holds(all_):
    return bool(all_["intervals"]) and not all_["told"] and \
        all_["outside"] <= OUTSIDE * all_["intervals"] and \
        (all_["beside"] is None or all_["half"] <= WIDER * all_["beside"])


def line_of(name, s):
    return LINE % (name, s["runs"], s["told"], s["outside"], number_text(s["half"]),
                   number_text(s["beside"]))


def text_of(doc, env):
    rows, all_ = doc["rows"], sums(doc["rows"])
    lines = say("%s against %s, on the %d paths where both execute the same "
                "instructions; %d comparisons of %g s by %d links.%s" %
                (doc["base"], doc["new"], len(doc["paths"]), len(rows),
                 doc["budget"], len({r["link"] for r in rows}),
                 " Stopped before its end." if doc["partial"] else ""))
    lines += say("told: called SLOWER or FASTER. no 0: intervals without it. "
                 "half: median half-width, percent of the path; beside: that "
                 "of %s against %s, which differ." % (doc["base"], doc["beside"]))
    lines += ["", LINE % ("path", "runs", "told", "no 0", "half", "beside")]
    lines += [line_of(path, sums([r for r in rows if r["path"] == path]))
              for path in doc["paths"] if any(r["path"] == path for r in rows)]
    lines += [line_of("all", all_), "", "Words: " + ", ".join(
        "%d %s" % (n, w) for w, n in sorted(all_["words"].items()))]
    lines += ["Holds." if holds(all_) else "Does not hold.", "",
              "repro: " + doc["command"]]
    return text_of_lines(lines + footer(machine_text(env)))
