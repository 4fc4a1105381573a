# SPDX-License-Identifier: GPL-2.0 OR MIT
"""The text of what contention.py has put together."""
from scripts.common.machine import basis_of, machine_text
from scripts.common.text import (COLUMNS, footer, known, ns_text, say,
                                 text_of_lines)
from scripts.run.contention import BASE, LATENCIES

ROW = "%-12s %7s %6s %-13s %6s %7s %7s %7s"


def short(ratio):
    return "%.3f" % ratio if ratio < 10 else "%.1f" % ratio


def role_lines(path, role):
    yield ""
    if len(path["roles"]) > 1:
        yield from say(role["role"] + (
            ", which is judged" if role["judged"] else ", beside it"))
    yield ROW % ("design", "ns", "ratio", "interval", "p50", "p99",
                 "p99.9", "max")
    for d in role["designs"]:
        r = d["ratio"]
        yield ROW % (d["design"][:12], ns_text(d["ns"]), short(r["est"]),
                     "[%s %s]" % (short(r["lo"]), short(r["hi"])),
                     *(ns_text(d[k]) for k in LATENCIES))
    for d in role["missing"]:
        yield from say("%s: no place: %s" % (d["design"], d["missing"]), "",
                       "    ")
    yield from pair_lines(role["pairs"])


def pair_lines(pairs):
    """Of each design, which slower ones it is told from and which not."""
    for fast in dict.fromkeys(p["fast"] for p in pairs):
        mine = [p for p in pairs if p["fast"] == fast]
        for word in ("HOLDS", "INCONCLUSIVE"):
            names = [p["slow"] for p in mine if p["verdict"] == word]
            if names:
                yield from say("%s < %s: %s" % (
                    fast, ", ".join(names) if len(names) < len(mine) or
                    len(names) < 3 else "all below", word), "  ", "      ")


def path_lines(path):
    title = "%s/%s: %s" % (path["scenario"], path["path"], path["title"])
    yield ""
    yield from say(title)
    yield "-" * min(COLUMNS, len(title))
    yield from say("%s; %d threads, ns per %s" % (
        " ".join("%s=%s" % p for p in path["params"].items()) or "no parameters",
        path["threads"], path["op"]))
    for role in path["roles"]:
        yield from role_lines(path, role)
    if path["tally"]:
        yield ""
        yield from say("%s per %s: " % (
            path["tally"]["what"], path["roles"][-1]["role"]) + ", ".join(
                "%s %.3f" % p for p in path["tally"]["by_design"].items()
                if known(p[1])))
    fair = [(d, f) for d, f in path["fairness"].items() if known(f)]
    if fair:
        yield ""
        yield from say("Slowest thread / fastest: " + ", ".join(
            "%s %.3f" % p for p in fair))


def count_pairs(doc):
    pairs = [p for path in doc["paths"] for role in path["roles"]
             for p in role["pairs"]]
    return sum(p["verdict"] == "HOLDS" for p in pairs), len(pairs)


def text_of(doc, env):
    lines = []
    lines += say("Contention: which order of the designs is told?")
    lines.append("=" * COLUMNS)
    lines += say(
        "Each comparison in %s processes; %s. ns: of a role over all its "
        "processes; ratio: to %s in the same processes, with its interval; "
        "latencies over all processes. A < B HOLDS when the intervals of the "
        "two are apart; else INCONCLUSIVE: they overlap." % (
            doc["processes"], basis_of([b for path in doc["paths"]
                                        for b in path["basis"]]), BASE),
        then="")
    holds, pairs = count_pairs(doc)
    lines += say("%d of %d pairs hold, %d are INCONCLUSIVE." %
                 (holds, pairs, pairs - holds), then="")
    equal = [sum(path["equal"][k] for path in doc["paths"])
             for k in ("held", "of")]
    lines += say(
        "Equal code for comparison: %s against its second copy, in the "
        "processes of each design: %d of %d would hold." %
        (BASE, *equal), then="")
    for path in doc["paths"]:
        lines += path_lines(path)
    for text in doc["wrong"]:
        lines.append("")
        lines += say("WRONG: " + text)
    lines.append("")
    lines += footer(machine_text(env))
    lines += say("repro: " + doc["command"], then="    ")
    return text_of_lines(lines)
