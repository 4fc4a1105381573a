# SPDX-License-Identifier: GPL-2.0 OR MIT
"""Pictures of a path: times and differences, and how rounds differ."""
import statistics

from scripts.common.interval import sign_interval
from scripts.common.machine import caption_of
from scripts.common.text import known
from scripts.draw.picture import COLOURS, Picture, quote, safe
from scripts.draw.rows import (arm_names, arm_values, is_fidelity, kept_rounds,
                               params_text, whole_interval)


CURVE_POINTS = 240
LEAST = 8           # rounds; from fewer nothing is told
HOST_MARGIN = 10    # percent that two hosts may differ without a word


def differences(row, arm):
    """Paired differences of an arm from the base, percent of the base."""
    kept = [s for s in kept_rounds(row.get("samples", []), arm) if known(s[2])]
    if len(kept) < LEAST:
        return []
    base = statistics.median(s[2] for s in kept)
    return sorted(100 * (s[2 + arm] - s[2]) / base for s in kept) \
        if base > 0 else []


def path_points(rows):
    """Points of both panels, from the top down, and the rows' labels."""
    base, new, delta, labels = [], [], [], []
    many = len({row.get("threads") for row in rows}) > 1
    for i, row in enumerate(rows):
        y = len(rows) - i
        names = arm_names(row)
        words = [params_text(row),
                 "threads=%s" % row.get("threads") if many else "", names[1],
                 "oversubscribed" if row.get("oversubscribed") else ""]
        if is_fidelity(row):
            words = [row["path"]] + words
        labels.append("  ".join(w for w in words if w))
        for out, arm, ns, shift in ((base, 0, row["base_ns"], 0.15),
                                    (new, 1, row["new_ns"], -0.15)):
            values = arm_values(row, arm)
            span = sign_interval(values) if len(values) >= LEAST else {}
            out.append((ns, y + shift, min(span.get("lo", ns), ns),
                        max(span.get("hi", ns), ns)))
        d = row.get("delta_ns") or {}
        ns = "%+.2f ns " % d["est"] if known(d.get("est")) else ""
        r = row["ratio"]
        if is_fidelity(row):    # as the report: how far the first is
            delta.append((100 * (1 / r["est"] - 1), y, 100 * (1 / r["hi"] - 1),
                          100 * (1 / r["lo"] - 1), '"%.3f"' % (1 / r["est"])))
            continue
        delta.append(tuple(100 * (r[k] - 1) if k else y
                           for k in ("est", "", "lo", "hi")) +
                     ('"%s%s"' % (ns, row.get("verdict", "")),))
    return base, new, delta, labels


def times_panel(pic, base, new, labels, name):
    """ns/op of both, a row each."""
    pic.data("base", base)
    pic.data("new", new)
    span = [v for point in base + new for v in point[2:4]]
    log = min(span) > 0 and max(span) / min(span) > 8
    pic.name_rows(labels)
    pic.add("set grid x lc '#dddddd'",
            "set lmargin at screen %g" % min(
                0.46, 0.03 + 0.0082 * max(map(len, labels))),
            "set rmargin at screen 0.585",
            "set key at screen 0.585,%g right top horizontal noenhanced "
            "font ',9'" % pic.down(58),
            "set xlabel 'ns/op%s' font ',9'" % (" (log scale)" if log else ""),
            "set logscale x" if log else
            "set offsets graph 0.04, graph 0.04, 0, 0",
            "plot $base using 1:2:3:4 with xerrorbars pt 6 ps 1.1 lw 1.3 "
            "lc '%s' title %s, "
            "$new using 1:2:3:4 with xerrorbars pt 7 ps 1.0 lw 1.3 "
            "lc '%s' title 'new'" % (COLOURS[0], quote("base: " + name),
                                     COLOURS[1]))
    pic.once()


def difference_panel(pic, delta, margin, what):
    """In percent, beside the margin."""
    pic.data("delta", delta)
    edge = [v for point in delta for v in point[2:4]] + [-margin, margin]
    low, high = min(edge), max(edge)
    pic.add("unset logscale", "set offsets 0,0,0,0", "unset ytics",
            "set border 1", "set lmargin at screen 0.625",
            "set rmargin at screen 0.985",
            "set key at screen 0.985,%g" % pic.down(58),
            "set xlabel '%s; grey band: +-%g %%'" % (what, margin),
            "set xrange [%g:%g]" % (low - 0.06 * (high - low),
                                    high + 0.65 * (high - low)),
            "set object 1 rectangle from %g, graph 0 to %g, graph 1 "
            "fc '#dddddd' fs solid noborder behind" % (-margin, margin),
            "set arrow 1 from 0, graph 0 to 0, graph 1 nohead lw 1 "
            "lc '#888888'",
            "plot $delta using 1:2:3:4 with xerrorbars pt 5 ps 0.8 lw 1.6 "
            "lc '#000000' title 'difference', "
            "$delta using 4:2:5 with labels left offset 0.7,0 font ',8' "
            "noenhanced notitle")


def path_picture(key, rows, env, samples):
    """Left: ns/op of base and new. Right: the difference in percent."""
    planned = len(rows)
    rows = [r for r in rows if known(r.get("base_ns")) and
            known(r.get("new_ns")) and whole_interval(r.get("ratio"))]
    if not rows:
        return None
    missing, first = planned - len(rows), rows[0]
    hosts = is_fidelity(first)
    base, new, delta, labels = path_points(rows)
    pic = Picture("path-%s-%s" % tuple(map(safe, key)), 170 + 30 * len(rows),
                  "%s/%s" % key + ("" if hosts else
                                   ": " + first.get("title", "")),
                  "ns per %s: medians with their 95 %% intervals; difference: "
                  "median of the paired ratio with the row's interval" %
                  ("operation" if hosts else first.get("op", "operation")),
                  caption_of(env, samples, first) +
                  ("  |  %d rows without a result" % missing
                   if missing else ""))
    pic.begin()
    pic.between(84, 72)
    times_panel(pic, base, new, labels, arm_names(first)[0])
    difference_panel(
        pic, delta, HOST_MARGIN if hosts else first.get("margin", 1),
        "%s over %s - 1, %%" % (first["base_host"], first["new_host"])
        if hosts else "new - base, % of base; margin")
    return pic


def ecdf(values, low, high):
    """At most CURVE_POINTS steps of the distribution inside a range."""
    n = len(values)
    step = max(1, n // CURVE_POINTS)
    return [(v, 100 * (i + 1) / n) for i, v in enumerate(values)
            if low <= v <= high and (i % step == 0 or i == n - 1)]


def spread_picture(key, rows, env, samples):
    """How far apart the two arms of single rounds are."""
    for row in rows:
        new, twin = differences(row, 1), differences(row, 2)
        if new and (twin or row["base"] == row["new"]):
            break
    else:
        return None
    base, name = arm_names(row)
    shown = [(name + " - " + base, new)]
    if twin:
        shown.append(("A/A: %s' - %s" % (base, base), twin))
    cut = [v[int(q * (len(v) - 1))] for _, v in shown for q in (.01, .99)]
    margin = row.get("margin", 1)
    low, high = min(cut + [-margin]), max(cut + [margin])
    pad = 0.05 * (high - low)
    pic = Picture("spread-%s-%s" % tuple(map(safe, key)), 420,
                  "%s/%s %s: differences of single rounds" %
                  (*key, params_text(row)),
                  "share of rounds at or below a difference; a curve through "
                  "(0, 50 %) is no difference; outer 1 % cut",
                  caption_of(env, samples, row))
    pic.begin()
    plots = []
    for i, (title, values) in enumerate(shown):
        pic.data("curve%d" % i, ecdf(values, low - pad, high + pad))
        plots.append("$curve%d with linespoints lw %g dt %d pt %d ps 1.3 "
                     "pointinterval 24 lc '%s' title %s" %
                     (i, 2 - i, i + 1, (5, 6)[i], COLOURS[1 - i],
                      quote("%s (median %+.2f %%, %d rounds)" %
                            (title, statistics.median(values),
                             len(values)))))
    pic.between(92, 72)
    pic.add("set lmargin at screen 0.075", "set rmargin at screen 0.97",
            "set grid lc '#dddddd'", "set ytics nomirror",
            "set key at screen 0.97,%g right top horizontal noenhanced "
            "font ',9'" % pic.down(58),
            "set xrange [%g:%g]" % (low - pad, high + pad),
            "set yrange [0:100]",
            "set xlabel font ',9'", "set ylabel font ',9'",
            "set xlabel 'difference, %% of the base (%.2f ns/%s); grey band: "
            "margin +-%g %%'" % (row.get("base_ns") or float("nan"),
                                 row.get("op", "op"), margin),
            "set ylabel '% of rounds'",
            "set object 1 rectangle from %g, graph 0 to %g, graph 1 "
            "fc '#e8e8e8' fs solid noborder behind" % (-margin, margin),
            "set arrow 1 from 0, graph 0 to 0, graph 1 nohead lc '#888888'",
            "plot " + ", ".join(plots))
    return pic
