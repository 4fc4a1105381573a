# SPDX-License-Identifier: GPL-2.0 OR MIT
"""The text of the price list of the range allocator's designs."""
import math
import statistics

from scripts.common.machine import basis_of, machine_text
from scripts.common.text import COLUMNS, footer, known, say, text_of_lines

ROW = "%-13s %-4s %5s %6s %6s %6s %-13s %s"
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
    yield ROW % ("design", "host", "atom", "none", "new", "delta", "interval",
                 "verdict")
    for host in hosts:
        for name in p.designs(host):
            yield design_line(p, host, name)


def short(value, most):
    """With a digit behind the point where it is less than most."""
    return "%+.*f" % (abs(value) < most, value)


def design_line(p, host, name):
    """New is base and difference as they are printed."""
    r = p.row(host, "insert", "none", name)
    if r["verdict"] == "NO RESULT":
        return "%-13s %-4s no result" % (name, host)
    d, base = r["delta_ns"], round(r["base_ns"], 1)
    word = {"INCONCLUSIVE": "INCON"}.get(r["verdict"], r["verdict"])
    return ROW % (name, host, p.atomics(host, name), "%.1f" % base,
                  "%.1f" % (base + round(d["est"], 1)), "%+.1f" % d["est"],
                  "[%s %s]" % (short(d["lo"], 99.95), short(d["hi"], 99.95)),
                  "%s %s%%" % (word, short(100 * (r["ratio"]["est"] - 1), 9.95)))


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


def aa_text(found):
    """What the base against its second copy reads, over all rows."""
    off = [100 * max(abs(a["lo"] - 1), abs(a["hi"] - 1)) for a in found]
    return "A/A: SAME in %d of %d rows; the intervals stay within %.2f %% of " \
        "zero, in half of the rows within %.2f %%." % (
            sum(a.get("verdict") == "SAME" for a in found), len(found),
            max(off, default=math.nan),
            statistics.median(off) if off else math.nan)


def text_of(doc, env):
    p, hosts, lines = Prices(doc), doc["hosts"], []
    lines += say("The price list of drm_mm: insert+remove, best fit, 1000 "
                 "nodes and as many holes, resv held")
    lines.append("=" * COLUMNS)
    lines += say(
        "Against none (a lock's price). atom: atomics counted in insert + "
        "remove, none's: %s. ns of this machine: new is none + delta; %s; "
        "verdict of each row at %g %%, INCON: INCONCLUSIVE." %
        (", ".join(p.atomics(h, "none") for h in hosts),
         basis_of(doc["rows"]), doc["margin"]), then="")
    lines.append("")
    lines += table(p, hosts)
    lines += findings(p, hosts)
    lines.append("")
    lines += say(aa_text([r["aa"] for r in doc["rows"] if r.get("aa") and
                          known(r["aa"].get("lo"))]), then="")
    lines += footer(machine_text(env))
    lines += say("repro: " + doc["command"], then="    ")
    return text_of_lines(lines)
