# SPDX-License-Identifier: GPL-2.0 OR MIT
"""The text of the price list of the range allocator's designs."""
import math
import statistics

from scripts.common.machine import machine_text
from scripts.common.text import COLUMNS, footer, known, say, text_of_lines

ROW = "%-13s %-4s %7s %7s %7s %-15s %s"
FINDINGS = [
    ("Without a held resv: a mutex instead (mutex against resv)",
     "vs_resv", "resv", "mutex"),
    ("An always-free mutex inside the held resv (resv_mutex against resv)",
     "vs_resv", "resv", "resv_mutex"),
    ("Arc, lock part (mutex against none)", "insert", "none", "mutex"),
    ("Arc, reference part (arc_mutex against mutex)",
     "vs_mutex", "mutex", "arc_mutex"),
    ("Handing nodes back instead (explicit_free against mutex)",
     "vs_mutex", "mutex", "explicit_free"),
    ("Proof at run time (guard against mutex)", "vs_mutex", "mutex", "guard"),
]
DROPS = [("drop", "mutex", "arc_mutex"), ("drop", "mutex", "explicit_free"),
         ("vs_arc", "arc_mutex", "explicit_free")]


class Prices:
    """What was found, by name."""

    def __init__(self, doc):
        self.doc = doc

    def row(self, host, path, base, new, **params):
        for r in self.doc["rows"]:
            if (r["base_host"], r["new_host"], r["path"], r["base"],
                    r["new"]) == (host, host, path, base, new) and \
                    all(r["params"].get(k) == v for k, v in params.items()):
                return r
        return {"verdict": "NO RESULT"}

    def designs(self, host):
        return [r["new"] for r in self.doc["rows"]
                if r["path"] == "insert" and r["base"] == "none" and
                r["base_host"] == r["new_host"] == host]

    def atomics(self, host, design):
        n = self.doc["atomics"].get(host, {}).get(design)
        return "%g+%g" % (n["insert"], n["remove"]) if n else "-"


def price(row):
    """+5.28 ns [+4.31 +6.02], +2.8 %: SLOWER"""
    if row["verdict"] == "NO RESULT":
        return "no result"
    d = row["delta_ns"]
    return "%+.2f ns [%+.2f %+.2f], %+.1f %%, %s" % (
        d["est"], d["lo"], d["hi"], 100 * (row["ratio"]["est"] - 1),
        row["verdict"])


def table(p, hosts):
    yield ROW % ("design", "host", "ns", "atomics", "delta", "hull", "verdict")
    for host in hosts:
        names = p.designs(host)
        base = [p.row(host, "insert", "none", n) for n in names]
        base = [r["base_ns"] for r in base if "base_ns" in r]
        if base:
            yield ROW % ("none", host, "%.1f" % statistics.median(base),
                         p.atomics(host, "none"), "", "", "")
        for n in names:
            yield design_line(p, host, n)


def design_line(p, host, name):
    r = p.row(host, "insert", "none", name)
    if r["verdict"] == "NO RESULT":
        return "%-13s %-4s no result in every link" % (name, host)
    d = r["delta_ns"]
    word = {"INCONCLUSIVE": "INCONCL"}.get(r["verdict"], r["verdict"])
    return ROW % (name, host, "%.1f" % r["new_ns"], p.atomics(host, name),
                  "%+.1f" % d["est"], "[%+.1f %+.1f]" % (d["lo"], d["hi"]),
                  "%s %+.1f%%" % (word, 100 * (r["ratio"]["est"] - 1)))


def findings(p, hosts):
    for text, path, base, new in FINDINGS:
        yield ""
        yield from say(text + ", per insert+remove:")
        for host in hosts:
            yield from say("%-5s %s" % (
                host, price(p.row(host, path, base, new))), "  ")
    for batch in (1, 16, 1000):
        yield ""
        yield from say("Dropping a batch of %d, per node:" % batch)
        for host in hosts:
            for path, base, new in DROPS:
                row = p.row(host, path, base, new, batch=batch)
                yield from say("%-5s %s against %s: %s" % (
                    host, new, base, price(row)), "  ", "      ")


def text_of(doc, env):
    p, hosts, lines = Prices(doc), doc["hosts"], []
    lines += say("The price list of drm_mm: insert+remove, best fit, 1000 "
                 "nodes and as many holes, resv held")
    lines.append("=" * COLUMNS)
    lines += say(
        "Against none (a lock's price). atomics: counted in insert + "
        "remove. Of %d links of the program, each with its sets in another "
        "order: the median of the ns; delta and percentage of the link with "
        "the median delta; hull of the %d intervals; a verdict at %g %% is "
        "one that every link came to by itself. ns are of this machine." %
        (doc["links"], doc["links"], doc["margin"]), then="")
    lines.append("")
    lines += table(p, hosts)
    lines += findings(p, hosts)
    lines.append("")
    aa = [r["aa"] for r in doc["rows"] if known(r.get("aa"))]
    lines += say(
        "A/A: the intervals of %d rows in %d links stay within %.2f %% of "
        "zero; half of the rows within %.2f %%." %
        (len(aa), doc["links"], 100 * max(aa, default=math.nan),
         100 * (statistics.median(aa) if aa else math.nan)), then="")
    lines += footer(machine_text(env))
    lines += say("repro: " + doc["command"], then="    ")
    return text_of_lines(lines)
