# SPDX-License-Identifier: GPL-2.0 OR MIT
"""ns against the number of nodes, where two hosts are compared on several."""
from scripts.common.machine import basis_of, caption_of
from scripts.common.text import known
from scripts.draw.picture import COLOURS, POINTS, Picture, quote, safe


CURVE_OF = "nodes"  # the parameter that curves are drawn against


def curves_of(rows):
    """{panel: {line: {host: [(x, ns), ...]}}} of rows between two hosts.

    Of the parameters beside x the one with the fewest values is the panel, the
    others are the line.
    """
    rows = [r for r in rows if CURVE_OF in (r.get("params") or {}) and
            known(r.get("base_ns")) and known(r.get("new_ns"))]
    values = {}
    for row in rows:
        for name, value in row["params"].items():
            values.setdefault(name, set()).add(value)
    values.pop(CURVE_OF, None)
    few = min(values, key=lambda name: len(values[name]), default="") \
        if len(values) > 1 else ""
    panels = {}
    for row in rows:
        words = {k: "%s=%s" % (k, v) for k, v in row["params"].items()}
        x, panel = row["params"][CURVE_OF], words.pop(few, "")
        del words[CURVE_OF]
        line = panels.setdefault(panel, {}).setdefault(
            " ".join(words.values()) or row["base"], {})
        for host, ns in ((row["base_host"], row["base_ns"]),
                         (row["new_host"], row["new_ns"])):
            line.setdefault(host, []).append((float(x), ns))
    return panels


def curve_panel(pic, index, lines, place):
    """One panel: a line for each mode and host; the second's marks are small."""
    plots = []
    for i, (name, hosts) in enumerate(lines.items()):
        for h, (host, points) in enumerate(hosts.items()):
            data = "curve%d_%d_%d" % (index, i, h)
            pic.data(data, sorted(points))
            plots.append("$%s with linespoints pt %d ps %g lw %g lc '%s' "
                         "title %s" % (
                             data, POINTS[i % 8], 0.7 if h else 1.6,
                             1 if h else 1.6, COLOURS[i % 8],
                             quote("%s, %s" % (name, host))))
    pic.at(*place)
    pic.add("plot " + ", ".join(plots))
    pic.once()


def curve_picture(key, rows, env, samples):
    """ns against nodes, both on log scales, a panel for each way to fill."""
    panels = curves_of(rows)
    values = [p for lines in panels.values() for hosts in lines.values()
              for points in hosts.values() for p in points]
    if len({x for x, _ in values}) < 3:
        return None
    first = rows[0]
    pic = Picture("curve-%s-%s" % (safe(key[0]), safe(first["path"])), 520,
                  "%s/%s: %s" % (key[0], first["path"], first.get("title", "")),
                  "ns per %s against %s, medians; variant %s; large marks "
                  "%s, small ones %s" % (first.get("op", "operation"), CURVE_OF,
                                 first["base"], first["base_host"],
                                 first["new_host"]),
                  caption_of(env, samples, first), basis_of(rows))
    pic.begin()
    low, high = min(y for _, y in values), max(y for _, y in values)
    pic.add("set grid lc '#dddddd'", "set ytics nomirror", "set logscale xy",
            "set xrange [%g:%g]" % (min(x for x, _ in values) / 1.6,
                                    max(x for x, _ in values) * 1.6),
            "set yrange [%g:%g]" % (low / 1.2, high * 1.3),
            "set xlabel '%s' font ',9'" % CURVE_OF, "set mxtics 1",
            "set xtics (%s)" % ", ".join(
                "'%s' %g" % (("%.0e" % x).replace("e+0", "e")
                             if x >= 1e5 else "%g" % x, x)
                for x in sorted({x for x, _ in values})),
            "set ylabel 'ns (log scale)' font ',9' offset 1",
            "set title font ',10' offset 0,-0.6",
            "set key inside left top vertical maxrows 12 noenhanced "
            "font ',8' samplen 2.5")
    width = 0.985 / len(panels)
    for i, (panel, lines) in enumerate(panels.items()):
        pic.add("set title %s noenhanced" % quote(panel))
        curve_panel(pic, i, lines, (0.075 + width * i, 0.003 + width * (i + 1),
                                    pic.up(72), pic.down(76)))
        pic.add("unset key", "unset ylabel")
    return pic
