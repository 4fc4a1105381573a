# SPDX-License-Identifier: GPL-2.0 OR MIT
"""Pictures of a path: times and differences, and how processes differ."""
import math

from scripts.common.machine import basis_of, caption_of
from scripts.common.text import known
from scripts.draw.picture import COLOURS, Picture, quote, safe
from scripts.draw.processes import AA, NEW, nr_arms, time_of, values
from scripts.draw.rows import (arm_names, is_fidelity, params_text,
                               whole_interval)


HOST_MARGIN = 10    # percent that two hosts may differ without a word


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
        for out, arm, shift in ((base, 0, 0.15), (new, 1, -0.15)):
            t = time_of(row, arm)
            out.append((t["est"], y + shift, *(
                t["est"] if t[k] is None else t[k] for k in ("lo", "hi"))))
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


def step_of(low, high):
    """Between tics of a narrow panel: 1, 2 or 5 of some power, at most five tics."""
    least = (high - low) / 4 or 1
    power = 10 ** math.floor(math.log10(least))
    return next(s * power for s in (1, 2, 5, 10) if s * power >= least)


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
            "set offsets graph 0.04, graph 0.04, 0, 0; set xtics %g" %
            step_of(min(span), max(span)),
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
            "set xtics autofreq",
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
                  "ns per %s, and the difference; bars: intervals over "
                  "processes, the rows' own" %
                  ("operation" if hosts else first.get("op", "operation")),
                  caption_of(env, samples, first) +
                  ("  |  %d rows without a result" % missing
                   if missing else ""), basis_of(rows))
    pic.begin()
    pic.between(84, 72)
    times_panel(pic, base, new, labels, arm_names(first)[0])
    difference_panel(
        pic, delta, HOST_MARGIN if hosts else first.get("margin", 1),
        "%s over %s - 1, %%" % (first["base_host"], first["new_host"])
        if hosts else "new - base, % of base; margin")
    return pic


def spread_points(found, shift):
    """A process: its difference in percent, and those of its placements."""
    return [(100 * (v["ratio"] - 1), v["process"] + 1 + shift,
             100 * (min(v["ratios"]) - 1), 100 * (max(v["ratios"]) - 1))
            for v in found]


def spread_row(rows):
    """The first row with processes to show, and what these found."""
    for row in rows:
        new = values(row, NEW)
        twin = values(row, AA) if nr_arms(row) == 3 else []
        if new and (twin or row["base"] == row["new"]):
            return row, new, twin
    return None


def spread_band(pic, i, span, colour):
    """The row's interval, down through all processes."""
    if not whole_interval(span):
        return
    lo, hi = (100 * (span[k] - 1) for k in ("lo", "hi"))
    pic.add("set object %d rectangle from %g, graph 0 to %g, graph 1 fc '%s' "
            "fs transparent solid 0.18 noborder behind" % (i + 2, lo, hi,
                                                           colour))


def spread_picture(key, rows, env, samples):
    """How far apart base and new are in each process, and how A/A is."""
    found = spread_row(rows)
    if not found:
        return None
    row, new, twin = found
    base, name = arm_names(row)
    shown = [(name + " - " + base, spread_points(new, 0.12), row["ratio"])]
    if twin:
        shown.append(("A/A: %s' - %s" % (base, base),
                      spread_points(twin, -0.12), row.get("aa")))
    margin = row.get("margin", 1)
    ends = [e for _, points, _ in shown for p in points for e in p[2:4]]
    low, high = min(ends + [-margin]), max(ends + [margin])
    pad = 0.05 * (high - low)
    last = int(max(v["process"] for v in new + twin)) + 1
    pic = Picture("spread-%s-%s" % tuple(map(safe, key)), 190 + 18 * last,
                  "%s/%s %s: differences by process" %
                  (*key, params_text(row)),
                  "point: a process, median over its placements; line: its "
                  "placements; coloured band: the row's interval",
                  caption_of(env, samples, row), basis_of([row]))
    pic.begin()
    plots = []
    for i, (title, points, span) in enumerate(shown):
        pic.data("spread%d" % i, points)
        spread_band(pic, i, span, COLOURS[1 - i])
        plots.append("$spread%d using 1:2:3:4 with xerrorbars pt %d ps 1.1 lw "
                     "%g lc '%s' title %s" %
                     (i, (5, 6)[i], 1.6 - 0.4 * i, COLOURS[1 - i],
                      quote("%s, %d processes" % (title, len(points)))))
    pic.between(92, 74)
    pic.add("set lmargin at screen 0.075", "set rmargin at screen 0.97",
            "set grid x lc '#dddddd'", "set ytics 1 nomirror",
            "set key at screen 0.97,%g right top horizontal noenhanced "
            "font ',9'" % pic.down(58),
            "set xrange [%g:%g]" % (low - pad, high + pad),
            "set yrange [%g:0.4]" % (last + 0.6),
            "set xlabel font ',9'", "set ylabel font ',9'",
            "set xlabel 'difference, %% of the base (%.2f ns/%s); grey band: "
            "margin +-%g %%'" % (row.get("base_ns") or float("nan"),
                                 row.get("op", "op"), margin),
            "set ylabel 'process'",
            "set object 1 rectangle from %g, graph 0 to %g, graph 1 "
            "fc '#e8e8e8' fs solid noborder behind" % (-margin, margin),
            "set arrow 1 from 0, graph 0 to 0, graph 1 nohead lc '#888888'",
            "plot " + ", ".join(plots))
    return pic
