# SPDX-License-Identifier: GPL-2.0 OR MIT
"""The table of make repeat."""
from scripts.common.machine import machine_text
from scripts.common.text import footer, number_text, say, text_of_lines
from scripts.run.coverage import misses_too_often, sd_percent

LINE = "%-22s %5s %6s %8s %7s %8s %8s"


def percent(part, whole):
    return "%.1f" % (100 * part / whole) if whole else "-"


def coverage_lines(doc):
    yield "%-24s %9s %9s %9s %9s" % ("intervals of", "printed", "miss, %",
                                     "pairs", "apart, %")
    for value, (all_, missed, pairs, apart) in doc["coverage"].items():
        yield "%-24s %9d %9s %9d %9s" % (value, all_, percent(missed, all_),
                                         pairs, percent(apart, pairs))


def kind_lines(doc):
    yield LINE % ("ratio, by kind of row", "rows", "miss,%", "apart,%", "base,%",
                  "half,%", "widest")
    for kind, k in doc["kinds"].items():
        all_, missed, pairs, apart = k["ratio"]
        yield LINE % (kind, k["rows"], percent(missed, all_),
                      percent(apart, pairs), percent(k["base"][1], k["base"][0]),
                      number_text(k["half_median"]),
                      number_text(k["half_most"]))


def base_lines(doc):
    base = doc["base"]
    if not base:
        return ["Cycles are not known."]
    return say("Base of %s: %.2f cycles on the average, standard deviation over "
               "the runs %s %%, at %.2f to %.2f GHz." %
               (base["row"], sum(base["cycles"]) / len(base["cycles"]),
                number_text(sd_percent(base["cycles"])), min(base["ghz"]),
                max(base["ghz"])))


def moved_lines(doc):
    """What was left out, and what would be said if it were not."""
    moved = doc.get("moved")
    if not moved:
        return []
    missed = ", ".join("%s of %s" % (percent(c[1], c[0]), value)
                       for value, c in moved["coverage"].items())
    rows = ", ".join("%d of run %d" % (n, i) for i, n in
                     enumerate(moved["rows"], 1) if n)
    lines = say("Another machine to rows of several threads, by that: %s. They are "
                "left out, but for what misses by run. With them there miss, %%: %s; "
                "contradicted:%s" %
                (rows, missed, "" if moved["contradictions"] else " none."))
    return lines + contradicted_lines(moved["contradictions"])


def contradicted_lines(found):
    return [line for c in found
            for line in say("%s: %s" % (c["row"], " ".join(c["words"])), first="  ",
                            then="    ")]


def verdict_lines(doc):
    often = misses_too_often(doc)
    if not often and not doc["contradictions"]:
        return ["Holds: 95 % of each kind of interval, and no word against another."]
    why = ["fewer than 95 %% of the intervals of %s hold" % v for v in often]
    if doc["contradictions"]:
        why.append("rows contradict themselves: %d" % len(doc["contradictions"]))
    return say("Does not hold: %s." % "; ".join(why))


def text_of(doc, env):
    lines = say("Does the next run say the same? %d runs of %d rows, each with "
                "another seed, %d of them linked in another order.%s" %
                (doc["runs"], doc["rows"], doc["links"],
                 " Stopped before its end." if doc["partial"] else ""))
    lines += say("miss: the interval does not hold its row's median over the "
                 "runs. apart: two runs' intervals of a row do not touch. half: "
                 "median half-width, percent of the path. base: of the base's "
                 "cycles, those that miss.")
    lines += ["", *coverage_lines(doc), "", *kind_lines(doc), ""]
    lines += base_lines(doc)
    lines += say("A run took %.0f to %.0f s, linking included." % (
        min(doc["seconds"]), max(doc["seconds"])))
    lines += say("Of each run's intervals miss, %%, in order: %s." % ", ".join(
        percent(missed, all_) for all_, missed in doc["by_run"]))
    if any(doc["handover_ns"]):
        lines += say("A line there and back between the CPUs of threads takes, ns, "
                     "in order: %s." % ", ".join(
                         "%.0f" % ns if ns else "-" for ns in doc["handover_ns"]))
    lines += moved_lines(doc)
    lines += ["", "Words of a row over the runs:"]
    lines += ["%5d  %s" % (n, words) for words, n in sorted(
        doc["words"].items(), key=lambda w: -w[1])]
    if doc["contradictions"]:
        lines += ["", "Contradicted:"]
        lines += contradicted_lines(doc["contradictions"])
    else:
        lines += ["No row has two of SLOWER, SAME and FASTER in two runs."]
    missed = [m for m in doc["missed_most"] if m[0]]
    if missed:
        lines += ["", "Intervals of a row that miss:"]
        for n, all_, name in missed:
            lines += say("%3d of %d  %s" % (n, all_, name), then="           ")
    lines += ["", *verdict_lines(doc)]
    lines += ["", "repro: " + doc["command"]]
    return text_of_lines(lines + footer(machine_text(env)))
