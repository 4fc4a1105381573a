# SPDX-License-Identifier: GPL-2.0 OR MIT
"""What each design of the range allocator costs."""
from scripts.common.machine import basis_of, caption_of
from scripts.draw.picture import COLOURS, Picture, quote
from scripts.draw.rows import whole_interval



def price_points(rows, designs, hosts):
    """Points of each host from the top down, and their words."""
    found = {h: [] for h in hosts}
    for i, design in enumerate(designs):
        for h, host in enumerate(hosts):
            for row in rows:
                if row["base_host"] == row["new_host"] == host and \
                        row["path"] == "insert" and row["new"] == design and \
                        whole_interval(row.get("delta_ns")):
                    d = row["delta_ns"]
                    words = "%+.1f ns, %+.1f %%, %s" % (
                        d["est"], 100 * (row["ratio"]["est"] - 1),
                        row["verdict"])
                    found[host].append((d["est"], len(designs) - i -
                                        0.22 * (2 * h - 1), d["lo"], d["hi"],
                                        '"%s"' % words))
    return found


def labels_of(doc, designs):
    """With the atomics that were counted, of whatever host."""
    for design in designs:
        n = next((doc["atomics"][h][design] for h in doc["hosts"]
                  if design in doc["atomics"].get(h, {})), None)
        yield design + ("  (%g atomics)" % (n["insert"] + n["remove"])
                        if n else "")


def axis(pic, points):
    """Room for the words on the right; a line at 0."""
    low = min(0, min(p[2] for p in points))
    high = max(p[3] for p in points)
    pic.add("set grid x lc '#dddddd'",
            "set xrange [%g:%g]" % (low - 0.04 * (high - low),
                                    high + 0.45 * (high - low)),
            "set xlabel 'ns added to insert+remove' font ',9'",
            "set arrow 1 from 0, graph 0 to 0, graph 1 nohead lc '#888888'")


def prices_picture(doc, env):
    """A design a line: what it adds to none, with the row's interval."""
    hosts = doc["hosts"]
    designs = list(dict.fromkeys(
        r["new"] for r in doc["rows"] if r["path"] == "insert" and
        r["base"] == "none" and r["base_host"] == r["new_host"]))
    found = price_points(doc["rows"], designs, hosts)
    every = [p for points in found.values() for p in points]
    if not every:
        return None
    pic = Picture("prices", 150 + 46 * len(designs),
                  "drm_mm: what each locking design adds to insert+remove",
                  "ns against none (1 atomic); best fit, 1000 nodes and as "
                  "many holes, resv held; bars: the rows' intervals",
                  caption_of(env, doc, {"host": ",".join(hosts)}),
                  basis_of(doc["rows"]))
    pic.begin()
    pic.between(84, 74)
    pic.name_rows(list(labels_of(doc, designs)))
    axis(pic, every)
    pic.add("set lmargin at screen 0.21", "set rmargin at screen 0.97",
            "set key at screen 0.97,%g right top horizontal noenhanced "
            "font ',9'" % pic.down(58))
    plots = []
    for h, host in enumerate(hosts):
        if not found[host]:
            continue
        pic.data("host%d" % h, found[host])
        plots.append("$host%d using 1:2:3:4 with xerrorbars pt %d ps 1.2 lw "
                     "1.5 lc '%s' title %s" % (h, (7, 6)[h % 2],
                                               COLOURS[h % 8], quote(host)))
        plots.append("$host%d using 4:2:5 with labels left offset 0.8,0 "
                     "font ',8' noenhanced notitle" % h)
    pic.add("plot " + ", ".join(plots))
    return pic
