# SPDX-License-Identifier: GPL-2.0 OR MIT
"""Throughput and tail latency of each role of a path."""
import re

from scripts.common.machine import caption_of, span_of
from scripts.common.text import known
from scripts.draw.picture import COLOURS, POINTS, Picture, quote, safe
from scripts.draw.rows import arm_names, is_fidelity, params_text


def roles_of(rows):
    for row in rows:
        if row.get("roles"):
            return row["roles"]
    return []


def collect_roles(rows):
    """{variant: {case: thread rows}}, the base once for each case."""
    found = {}
    for row in rows:
        if is_fidelity(row):
            continue
        case = params_text(row)
        names = arm_names(row)
        for name, arm in ((names[0], "base"), (names[1], "new")):
            threads = (row.get("thread_rows") or {}).get(arm)
            if threads:
                found.setdefault(name, {}).setdefault(case, threads)
    return found


def role_points(found, cases, role):
    """Throughput and latency points of a role, one list per variant."""
    rate, tail = [], []
    for i, by_case in enumerate(found.values()):
        shift = 0.7 * ((i + 0.5) / len(found) - 0.5)
        rate.append([])
        tail.append([])
        for x, case in enumerate(cases, 1):
            threads = by_case.get(case, [])
            if role >= len(threads):
                continue
            t = threads[role]
            if known(t.get("ops")) and known(t.get("seconds")) and \
                    t["seconds"] > 0:
                rate[-1].append((x + shift, t["ops"] / t["seconds"] / 1e6))
            if all(known(t.get(k)) and t[k] > 0
                   for k in ("p50", "p99", "p999")):
                tail[-1].append((x + shift, t["p50"], t["p99"], t["p999"]))
    return rate, tail


def rate_marks(data, point, colour):
    return ["$%s using 1:2 with points pt %d ps 1.3 lw 1.5 lc '%s'" %
            (data, point, colour)]


def tail_marks(data, point, colour):
    return ["$%s using 1:2 with points pt %d ps 1.2 lw 1.5 lc '%s'" %
            (data, point, colour),
            "$%s using 1:2:(0):($3-$2) with vectors nohead lw 2 lc '%s'" %
            (data, colour),
            "$%s using 1:3 with points pt 1 ps 0.7 lw 2 lc '%s'" %
            (data, colour),
            "$%s using 1:4 with points pt 2 ps 0.7 lw 1.3 lc '%s'" %
            (data, colour)]


def log_range(series):
    """A range with room above and below all of the values."""
    values = [v for points in series for p in points for v in p[1:]]
    return min(values) / 1.6, max(values) * 1.6


def roles_panel(pic, name, series, variants, marks, place):
    """One panel; @place is left, right, bottom, top of the screen."""
    plots = []
    for i, points in enumerate(series):
        if not points:
            continue
        data = "%s%d" % (name, i)
        pic.data(data, points)
        drawn = marks(data, POINTS[i % 8], COLOURS[i % 8])
        plots.append(drawn[0] + " title " + quote(variants[i]))
        plots.extend(text + " notitle" for text in drawn[1:])
    pic.at(*place)
    pic.add("plot " + ", ".join(plots) if plots else
            "unset logscale; set yrange [0:1]; "
            "plot 2 with lines title 'not measured'")
    pic.once()
    pic.add("unset key")


def case_tics(cases):
    """One tic a case, its parameters below each other, thousands as k."""
    return "set xtics (%s) font ',8'" % ", ".join(
        '"%s" %d' % (re.sub(r"000\b", "k", c).replace(" ", "\\n") or "default", i)
        for i, c in enumerate(cases, 1))


def processes_text(rows):
    found = [r["processes"] for r in rows if known(r.get("processes"))]
    return span_of(found, "%d") if found else "its"


def roles_picture(key, rows, env, samples):
    """Throughput above, latency below, a column for each role."""
    roles = roles_of(rows)
    found = collect_roles(rows)
    if not roles or not found:
        return None
    cases = list(dict.fromkeys(map(params_text, rows)))
    pic = Picture("roles-%s-%s" % tuple(map(safe, key)), 600,
                  "%s/%s: %s" % (*key, rows[0].get("title", "")),
                  "above: throughput; below: latency: symbol = median, bar up "
                  "to + = p99, x = p99.9; over all of %s processes" %
                  processes_text(rows), caption_of(env, samples, rows[0]))
    pic.begin()
    pic.add("set grid y lc '#dddddd'", "set ytics nomirror",
            "set ylabel font ',9'", "set title font ',10' offset 0,-0.6",
            "set xrange [0.5:%g]" % (len(cases) + 0.5), case_tics(cases),
            "set key at screen 0.985,%g right top horizontal noenhanced "
            "font ',9'" % pic.down(58))
    width = 0.985 / len(roles)
    pic.add("set ylabel offset 1")
    for r, role in enumerate(roles):
        rate, tail = role_points(found, cases, r)
        left, right = 0.075 + width * r, 0.005 + width * (r + 1)
        pic.add("unset logscale", "set yrange [0:*]",
                "set title %s noenhanced" % quote(role + ": throughput"),
                "set ylabel '%s'" % ("" if r else "million op/s"))
        roles_panel(pic, "rate%d_" % r, rate, list(found), rate_marks,
                    (left, right, pic.up(350), pic.down(114)))
        if any(tail):
            pic.add("set yrange [%g:%g]" % log_range(tail), "set logscale y",
                    "set format y '%.0s%c'")
        pic.add("set title %s noenhanced" % quote(role + ": latency"),
                "set ylabel '%s'" % ("" if r else "ns (log scale)"))
        roles_panel(pic, "tail%d_" % r, tail, list(found), tail_marks,
                    (left, right, pic.up(66), pic.up(280)))
        pic.add("set format y")
    return pic
