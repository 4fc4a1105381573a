# SPDX-License-Identifier: GPL-2.0 OR MIT
"""The table of make peers."""
from scripts.common.machine import machine_text
from scripts.common.text import footer, known, say, text_of_lines
from scripts.run.peer_stats import NARROWER, OURS, WANTED, pair_holds

LINE = "  %-14s %8s %7s %7s %7s %6s %6s %6s"
TOLD = ("truth: median of a line's own estimates over its processes, percent of "
        "the base. holds: intervals that hold it; pooled: that hold the median "
        "of all tools' estimates. half: median half-width, percent of the base. "
        "times: the least factor by which a line's intervals have to be "
        "stretched around their estimates so that %g %% hold; wide: half, then. "
        "differ: how many call the two different.")
LINES = ("locklab: locklab compare, its interval and verdict (a margin of 1 %). "
         "nanobench: its compare(), the interval of 95 % that it prints. "
         "compare.py: Google Benchmark's, of repetitions of both that one "
         "process interleaves at random. It prints no interval. U: the one "
         "that its U test at 5 % implies, and its word. med: the ratio of "
         "medians that it prints, with the bootstrap's 95 %.")


def number(x, text="%.3f"):
    """Four figures where there are many."""
    if not known(x):
        return "-"
    return "%.1f" % x if abs(x) >= 100 else text % x


def line_text(name, s):
    if not s:
        return "  %-14s no estimate" % name
    return LINE % (name, number(s["truth"], "%+.3f"),
                   "%d/%d" % (s["covers"], s["n"]),
                   s["covers_pooled"], number(s["half"]),
                   number(s["widened_by"], "%.2f"), number(s["widened"], "%.2f"),
                   s["differs"])


def pair_lines(pair):
    yield "%s %s -> %s%s" % (pair["path"], pair["base"], pair["new"],
                             ", equal code" if pair["equal"] else "")
    for name, s in pair["lines"].items():
        yield line_text(name, s)
    for name, s in pair["lines"].items():
        if s and s["none"]:
            yield "    %s: %d of %d gave no interval, which holds nothing" % (
                name, s["none"], s["n"])
    near = pair["narrowest"]
    yield "    narrowest peer, widened: %s" % (
        "%.1f times ours (%s)%s" % (near["times"], near["peer"],
                                     "" if pair_holds(pair) else ": NOT HELD")
        if near else "-")


def sum_lines(doc, found):
    pairs = found["pairs"]
    ours = [p["lines"].get(OURS) for p in pairs]
    n = sum(s["n"] for s in ours if s)
    if n:
        held = sum(s["covers"] for s in ours if s)
        yield from say("Of our intervals %d of %d hold, %.1f %%; wanted of each "
                       "pair: %g %%, and %d times narrower than the narrowest "
                       "peer's that holds as often: held by %d of %d pairs." %
                       (held, n, 100 * held / n, 100 * WANTED, NARROWER,
                        sum(map(pair_holds, pairs)), len(pairs)))
    if found["alarms"]:
        for words, what in (("Equal code called different", "differs"),
                            ("Its intervals without 0", "without_0")):
            yield from say(words + ": " + ", ".join(
                "%s %d of %d" % (name, a[what], a["n"])
                for name, a in found["alarms"].items()) + ".")
    yield from say("Seconds of a row by the wall clock, median and most: " +
                   ", ".join("%s %.2f, %.2f" % (tool, w["median"], w["most"])
                             for tool, w in found["wall"].items()) +
                   "; asked for %g." % doc["seconds"])


def versions_text(doc):
    nano = sorted({r["version"] for r in doc["rows"] if r.get("version")})
    known_ = {"nanobench": ", ".join(nano), **doc.get("versions", {})}
    return "; ".join("%s %s" % v for v in known_.items() if v[1])


def text_of(doc, found):
    processes = len({r["process"] for r in doc["rows"]})
    lines = say("Do intervals hold in the next process? Each tool in %d fresh "
                "processes, in turn, on %d links.%s" %
                (processes, doc["links"],
                 " Stopped before its end." if doc["partial"] else ""))
    lines += say(TOLD % (100 * WANTED)) + say(LINES)
    lines += ["", LINE % ("", "truth,%", "holds", "pooled", "half,%", "times",
                          "wide,%", "differ")]
    for pair in found["pairs"]:
        lines += [*pair_lines(pair), ""]
    lines += sum_lines(doc, found)
    lines += ["", "repro: " + doc["command"]]
    lines += say("versions: " + versions_text(doc))
    return text_of_lines(lines + footer(machine_text(doc["env"])))
