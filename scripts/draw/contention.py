# SPDX-License-Identifier: GPL-2.0 OR MIT
"""The order of designs under contention, a panel for each role."""
from scripts.common.machine import caption_of
from scripts.common.text import ns_text
from scripts.draw.picture import COLOURS, POINTS, Picture, quote, safe

BASE = "resv"


def picture_of(path, doc, env):
    """A panel for each role: a design a line, by its time over the base's."""
    roles = [r for r in path["roles"] if r["designs"]]
    if not roles:
        return None
    most = max(len(r["designs"]) for r in roles)
    pic = Picture(
        "contended-%s" % safe(path["path"]), 190 + 40 * most,
        "%s/%s %s, %d threads" % (
            path["scenario"], path["path"],
            " ".join("%s=%s" % p for p in path["params"].items()),
            path["threads"]),
        "%s; time per %s over that of %s, median and hull of %d runs; ? = "
        "order with the next INCONCLUSIVE" % (path["title"], path["op"], BASE,
                                              doc["runs"]),
        caption_of(env, doc, path))
    pic.begin()
    width = 0.985 / len(roles)
    for i, role in enumerate(roles):
        unsure = {p["fast"] for p in role["pairs"]
                  if p["verdict"] != "HOLDS"}
        n = len(role["designs"])
        data = [(d["ratio"]["est"], n - y, d["ratio"]["lo"], d["ratio"]["hi"],
                 '"%s ns, p99.9 %s%s"' % (ns_text(d["ns"]), ns_text(d["p999"]),
                                          " ?" if d["design"] in unsure
                                          else ""))
                for y, d in enumerate(role["designs"])]
        low = min(d[2] for d in data)
        high = max(d[3] for d in data)
        log = low > 0 and high / low > 8
        pad = 0.06 * (high - low) + 0.01
        pic.data("role%d" % i, data)
        pic.add("set grid x lc '#dddddd'",
                "set logscale x" if log else "unset logscale",
                "set xrange [%g:%g]" % (
                    (low / 1.3, high * (high / low) ** 0.9) if log else
                    (low - pad, high + 0.7 * (high - low) + pad)),
                "set yrange [0.4:%g]" % (n + 0.6),
                "set ytics nomirror scale 0 noenhanced (%s)" % ", ".join(
                    "%s %d" % (quote(d["design"]), n - y)
                    for y, d in enumerate(role["designs"])),
                "set tmargin at screen %g" % pic.down(84),
                "set bmargin at screen %g" % pic.up(72),
                "set lmargin at screen %g" % (0.115 + width * i),
                "set rmargin at screen %g" % (width * (i + 1) - 0.005),
                "set title %s font ',10' offset 0,-0.6 noenhanced" %
                quote(role["role"] + ("" if role["judged"] else
                                           ", beside it")),
                "set xlabel 'time over %s%s' font ',9'" % (
                    BASE, " (log scale)" if log else ""),
                "set arrow 1 from 1, graph 0 to 1, graph 1 nohead "
                "lc '#888888'",
                "plot $role%d using 1:2:3:4 with xerrorbars pt %d ps 1.1 "
                "lw 1.5 lc '%s' notitle, $role%d using 4:2:5 with labels "
                "left offset 0.8,0 font ',8' noenhanced notitle" % (
                    i, POINTS[i % 8], COLOURS[i % 8], i))
        pic.once()
    return pic
