# SPDX-License-Identifier: GPL-2.0 OR MIT
"""From what hold of the resv a lock of its own is faster for a bind: rows of
resv_vs_custom_lock/contended, by the submit's hold time."""
from scripts.common.machine import basis_of, caption_of
from scripts.common.text import compact, known, say
from scripts.draw.picture import COLOURS, POINTS, Picture, quote
from scripts.draw.processes import time_of

SCENARIO, PATH = "resv_vs_custom_lock", "contended"
NO_HOLD = 100       # ns, where hold=0 stands on a log scale
QUANTILES = ("p50", "p99", "p999")


def contended_rows(rows):
    """Those in which nothing but the hold differs: of the commonest gap."""
    found = [r for r in rows if (r.get("scenario"), r.get("path")) ==
             (SCENARIO, PATH) and known((r.get("params") or {}).get("hold"))]
    gaps = [r["params"].get("gap") for r in found]
    gap = max(gaps, key=gaps.count, default=None)
    return sorted((r for r in found if r["params"].get("gap") == gap),
                  key=lambda r: r["params"]["hold"])


def tails(row, arm):
    """Latency quantiles of the role that is judged."""
    threads = (row.get("thread_rows") or {}).get(("base", "new")[arm]) or [{}]
    return [threads[0].get(q) for q in QUANTILES]


def by_design(rows):
    """{design: [(hold, time, tails, verdict)]}; the base of each hold once."""
    found = {}
    for row in rows:
        hold = row["params"]["hold"]
        for arm, name, word in ((0, row["base"], "base"),
                                (1, row["new"], row.get("verdict", "?"))):
            points = found.setdefault(name, [])
            if arm or not any(p[0] == hold for p in points):
                points.append((hold, time_of(row, arm), tails(row, arm),
                               word))
    return found


def wins_from(points):
    """From what hold on the design is FASTER, in words."""
    known_to = len(points)
    while known_to and points[known_to - 1][3] in ("INCONCLUSIVE",
                                                   "NO RESULT"):
        known_to -= 1
    beyond = "".join("; %s at %d ns" % (p[3], p[0]) for p in points[known_to:])
    if not known_to:
        return "no hold has a verdict" + beyond
    return wins_among(points[:known_to]) + beyond


def wins_among(points):
    """The same, where the longest hold has a verdict."""
    first = len(points)
    while first and points[first - 1][3] == "FASTER":
        first -= 1
    if first == len(points):
        fast = ["%d" % p[0] for p in points if p[3] == "FASTER"]
        return "not up to a hold of %d ns: %s there%s" % (
            points[-1][0], points[-1][3],
            ", FASTER at " + ", ".join(fast) if fast else "")
    if not first:
        return "FASTER from the smallest measured hold on, %d ns" % \
            points[0][0]
    shown = [p[0] for p in points[:first] if p[3] in ("SLOWER", "SAME")]
    if not shown:
        return "FASTER from a hold of %d ns on; below: %s" % (
            points[first][0], ", ".join("%s at %d" % (p[3], p[0])
                                        for p in points[:first]))
    return "FASTER from a hold between %d and %d ns on" % (shown[-1],
                                                           points[first][0])


ROW = "%-6s %-11s %6s %-16s %6s %6s %6s %s"


def number(x):
    return compact(x) if known(x) else "-"


def contended_lines(rows):
    """The part of break-even.txt on contention."""
    if not rows:
        return ["", "Contention: the run has no rows of %s/%s." %
                (SCENARIO, PATH)]
    found, base = by_design(rows), rows[0]["base"]
    lines = ["", "A bind while another thread submits, gap=%s ns" %
             rows[0]["params"].get("gap")]
    lines += say("hold: ns that each submit keeps the resv. ns of a list "
                 "call with the %s; latency quantiles in ns over all rounds, to "
                 "6 %%. Verdicts against %s." % (basis_of(rows), base),
                 then="")
    lines.append(ROW % ("hold", "design", "ns", "interval", "p50", "p99",
                        "p99.9", "verdict"))
    for hold in sorted({p[0] for points in found.values() for p in points}):
        for name, points in found.items():
            for _, time, tail, word in (p for p in points if p[0] == hold):
                span = "no interval" if not time or not known(time["lo"]) \
                    else "[%s %s]" % (compact(time["lo"]),
                                      compact(time["hi"]))
                lines.append(ROW % (
                    hold, name[:11], number(time and time["est"]), span,
                    *map(number, tail), {"INCONCLUSIVE": "INCON",
                                         "NO RESULT": "NONE"}.get(word,
                                                                  word)))
    for name, points in found.items():
        if name != base:
            lines += say("%s against %s: %s." % (name, base,
                                                 wins_from(points)))
    return lines


def contended_picture(rows, env, samples):
    """Bind time against hold, both on log scales, a curve a design."""
    found = {name: [(max(hold, NO_HOLD), t["est"],
                     t["est"] if t["lo"] is None else t["lo"],
                     t["est"] if t["hi"] is None else t["hi"])
                    for hold, t, _, _ in points if t and t["est"] > 0]
             for name, points in by_design(rows).items()}
    found = {name: points for name, points in found.items() if points}
    if not found:
        return None
    pic = Picture("break-even-contended", 440,
                  "%s/%s: a bind while another thread submits" % (SCENARIO,
                                                                  PATH),
                  "ns of a list call with its interval against the submit's "
                  "hold; gap=%s ns, 2 threads" % rows[0]["params"].get("gap"),
                  caption_of(env, samples, rows[0]), basis_of(rows))
    pic.begin()
    holds = sorted({p[0] for points in found.values() for p in points})
    plots = []
    for i, (name, points) in enumerate(found.items()):
        pic.data("c%d" % i, points)
        plots.append("$c{0} using 1:2:3:4 with yerrorlines pt {1} ps 1.3 lw "
                     "1.4 lc '{2}' title {3}".format(
                         i, POINTS[i % 8], COLOURS[i % 8], quote(name)))
    pic.between(78, 72)
    pic.add("set lmargin at screen 0.09", "set rmargin at screen 0.97",
            "set grid lc '#dddddd'", "set ytics nomirror",
            "set logscale xy", "set mxtics 1",
            "set xrange [%g:%g]" % (holds[0] / 1.5, holds[-1] * 1.5),
            "set xtics (%s)" % ", ".join('"%g" %g' % (
                0 if h == NO_HOLD else h, h) for h in holds),
            "set xlabel 'hold: ns that a submit keeps the resv (log scale)' "
            "font ',9'", "set ylabel 'ns of a list call (log scale)' "
            "font ',9' offset 1",
            "set key at screen 0.97,%g right top horizontal noenhanced "
            "font ',9'" % pic.down(54), "plot " + ", ".join(plots))
    return pic
