# SPDX-License-Identifier: GPL-2.0 OR MIT
"""The order of designs under contention, a panel for each role."""
from scripts.common.machine import basis_of, caption_of
from scripts.common.text import ns_text
from scripts.draw.picture import COLOURS, POINTS, Picture, quote, safe


def points_of(role):
    """From the top down; a name for each, with its doubt."""
    names = [d["design"] for d in role["designs"]]
    unsure = {p["fast"] for p in role["pairs"] if p["verdict"] != "HOLDS" and
              names.index(p["slow"]) == names.index(p["fast"]) + 1}
    n = len(role["designs"])
    return [(d["ratio"]["est"], n - i, d["ratio"]["lo"], d["ratio"]["hi"],
             '"%s ns, p99.9 %s%s"' % (
                 ns_text(d["ns"]), ns_text(d["p999"]),
                 " ?" if d["design"] in unsure else ""))
            for i, d in enumerate(role["designs"])]


def panel(pic, i, role, base, width):
    """A design a line, by its time over the base's."""
    points = points_of(role)
    low, high = min(p[2] for p in points), max(p[3] for p in points)
    log = low > 0 and high / low > 8
    pad = 0.06 * (high - low) + 0.01
    pic.data("role%d" % i, points)
    pic.name_rows([d["design"] for d in role["designs"]])
    pic.add("set grid x lc '#dddddd'",
            "set logscale x" if log else "unset logscale",
            "set xrange [%g:%g]" % (
                (low / 1.3, high * (high / low) ** 0.9) if log else
                (low - pad, high + 0.7 * (high - low) + pad)),
            "set lmargin at screen %g" % (0.115 + width * i),
            "set rmargin at screen %g" % (width * (i + 1) - 0.005),
            "set title %s font ',10' offset 0,-0.6 noenhanced" % quote(
                role["role"] + ("" if role["judged"] else ", beside it")),
            "set xlabel 'time over %s%s' font ',9'" % (
                base, " (log scale)" if log else ""),
            "set arrow 1 from 1, graph 0 to 1, graph 1 nohead lc '#888888'",
            "plot $role%d using 1:2:3:4 with xerrorbars pt %d ps 1.1 "
            "lw 1.5 lc '%s' notitle, $role%d using 4:2:5 with labels "
            "left offset 0.8,0 font ',8' noenhanced notitle" % (
                i, POINTS[i % 8], COLOURS[i % 8], i))
    pic.once()


def picture_of(path, base, doc, env):
    """A panel for each role."""
    roles = [r for r in path["roles"] if r["designs"]]
    if not roles:
        return None
    pic = Picture(
        "contended-%s" % safe(path["path"]),
        190 + 40 * max(len(r["designs"]) for r in roles),
        "%s/%s %s, %d threads" % (
            path["scenario"], path["path"],
            " ".join("%s=%s" % p for p in path["params"].items()),
            path["threads"]),
        "%s; time per %s over that of %s; ? = not told from the next" % (
            path["title"], path["op"], base),
        caption_of(env, doc, path), basis_of(path["basis"]))
    pic.begin()
    pic.between(84, 72)
    for i, role in enumerate(roles):
        panel(pic, i, role, base, 0.985 / len(roles))
    return pic
