# SPDX-License-Identifier: GPL-2.0 OR MIT
"""The text of perf-stat."""
import re
import statistics

from scripts.common.interval import level_percent
from scripts.common.machine import machine_text
from scripts.common.text import COLUMNS, footer, known, say, text_of_lines

RARE = 0.01             # an event that is told for a million operations
ROW = "%-19s %7s %5s %7s %5s %8s %s"


def number(x, signed=False):
    digits = 0 if abs(x) >= 1000 else 1 if abs(x) >= 100 else \
        2 if abs(x) >= 1 else 3
    text = "%.*f" % (digits, x)
    if float(text) == 0:
        return "0"
    return "+" + text if signed and x > 0 else text


def half_width(span):
    """+-, in percent of the estimate."""
    if "lo" not in span:
        return "-"
    if not span["est"]:
        return "0" if span["lo"] == span["hi"] else "-"
    part = 50 * (span["hi"] - span["lo"]) / abs(span["est"])
    return "%.1f%%" % part if part < 99.95 else ">99%"


def row_lines(row):
    base, new, delta = row["base"], row["new"], row["delta"]
    rare = 0 < max(abs(base["est"]), abs(new["est"]), abs(delta["est"])) < RARE
    scale = 1e6 if rare else 1
    name = " ".join(filter(None, (row["event"], row["unit"]))) + \
        (" /M" if rare else "")
    interval = "[%s %s]" % tuple(number(scale * delta[k], True)
                                 for k in ("lo", "hi")) \
        if "lo" in delta else "-"
    if len(name) > 19:
        yield name
        name = ""
    line = ROW % (name, number(scale * base["est"]), half_width(base),
                  number(scale * new["est"]), half_width(new),
                  number(scale * delta["est"], True), interval)
    if len(line) <= COLUMNS:
        yield line
        return
    yield line[:-len(interval)].rstrip()
    yield interval.rjust(COLUMNS)


def word_lines(words):
    by_word = {}
    for event, word in words.items():
        by_word.setdefault(word, []).append(event)
    for word, events in by_word.items():
        yield from say("%s: %s" % (", ".join(events), word))


def doubt_lines(doc):
    """Deltas that the region itself could be."""
    small = [r["event"] for r in doc["rows"] if known(r["empty"]) and
             r["delta"]["est"] and abs(r["delta"]["est"]) <= r["empty"]]
    if small:
        yield from say("Not beyond what an empty region reads, so no "
                       "difference is shown: %s." % ", ".join(small), then="")
    if doc["rows"] and "lo" not in doc["rows"][0]["delta"]:
        yield from say("%d pairs are too few for an interval: REPEAT=6 or "
                       "more." % doc["pairs"], then="")


def region_lines(doc):
    """What the region costs that has nothing in it."""
    read = [" ".join(filter(None, (r["event"], number(r["empty"] * 1e6),
                                   r["unit"])))
            for r in doc["rows"] if known(r["empty"])]
    if read:
        yield from say("An empty region reads at most, per million ops: %s." %
                       ", ".join(read), then="")
    waits = [d["loop"]["control"][k] / 1e3
             for d in doc["runs"] + doc["empty_runs"] if not d["partial"]
             for k in ("enable_ns", "disable_ns")]
    if waits:
        yield from say("perf acknowledged in %s us, at most %s us." % (
            number(statistics.median(waits)), number(max(waits))), then="")
    share = doc["task_clock_share"]
    if share:
        yield from say("task-clock is %.3f of the CPU time that the process "
                       "saw of all its threads." % share, then="")


def side_name(side):
    return "%s/%s" % side


def head_lines(doc, loop):
    case = loop["case"]
    title = "perf stat: %s/%s: %s" % (case["scenario"], case["path"],
                                      loop["title"])
    yield from say(title)
    yield "=" * COLUMNS
    level = doc["rows"][0]["delta"].get("level")
    yield from say(
        "%s against %s; %s; threads %d%s. %d pairs of runs, the sides in "
        "turn, %d ops a run, after a warm-up; only the region is counted. "
        "Medians; delta of pairs%s; +-: half an interval. /M: for a million "
        "ops." % (
            side_name(doc["new"]), side_name(doc["base"]),
            " ".join("%s=%s" % p for p in case["params"].items()) or
            "no parameters", case["threads"],
            ", oversubscribed" if loop["oversubscribed"] else "",
            doc["pairs"], loop["ops"],
            ", exact interval of the sign test" if level else ""), then="")
    if loop["roles"]:
        yield from say("Operations are thread 0's; what the others do "
                       "meanwhile is counted, too.", then="")
    elif case["threads"] > 1:
        yield from say("Threads go on until all are done: ops are all that "
                       "were done.", then="")
    if loop["prepared"]:
        yield from say("What the path prepares before each of its %d calls "
                       "is counted, too." % loop["calls"], then="")
    yield ""
    yield ROW % (("per " + loop["op"])[:19], doc["base"][1][:7], "+-",
                 doc["new"][1][:7], "+-", "delta",
                 "%.1f%% CI" % level_percent(level) if level else "")
    yield "-" * COLUMNS


def command_lines(lead, command):
    """Cut so that a shell takes it as it is; a long word anywhere."""
    line = lead
    for word in re.findall(r"(?:[^ ']|'[^']*')+", command):
        if len(line) + len(word) > COLUMNS - 2 and line.strip():
            yield line + "\\"
            line = "    "
        while len(line) + len(word) > COLUMNS - 2 and "'" not in word:
            cut = COLUMNS - 2 - len(line)
            yield line + word[:cut] + "\\"
            line, word = "", word[cut:]
        line += word + " "
    yield line.rstrip()


def text_of(doc, env):
    whole = [r for r in doc["runs"] if not r["partial"]]
    lines = []
    if doc["rows"]:
        lines += head_lines(doc, whole[0]["loop"])
        for row in doc["rows"]:
            lines += row_lines(row)
    lines += word_lines(doc["words"])
    lines.append("")
    lines += doubt_lines(doc)
    lines += region_lines(doc)
    if doc["partial"]:
        lines += say("PARTIAL: %s; %d of %d pairs are whole." % (
            doc["why"], doc["pairs"], doc["repeat"]))
    lines += footer(machine_text(env))
    lines += command_lines("repro: ", doc["command"])
    return text_of_lines(lines)
