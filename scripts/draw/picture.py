# SPDX-License-Identifier: GPL-2.0 OR MIT
"""What the scripts that draw have in common: result files, gnuplot, text."""
import json
import math
import os
import re
import shutil
import statistics
import subprocess
import sys
import textwrap

WIDTH = 880
COLUMNS = 72
# A point type says which variant or arm it is; colour only repeats it.
POINTS = [6, 7, 4, 9, 12, 2, 1, 3]
COLOURS = ["#0072b2", "#d55e00", "#009e73", "#7f3c8d", "#555555", "#a6761d",
           "#000000", "#e7298a"]


def fail(status, text):
    program = os.path.basename(sys.argv[0])
    print("locklab: %s: %s" % (program, text), file=sys.stderr)
    sys.exit(status)


def load(folder, name):
    path = os.path.join(folder, name)
    try:
        with open(path, encoding="utf-8") as f:
            return json.load(f)
    except (OSError, ValueError) as error:
        fail(2, "%s: %s: give the folder of a run" % (path, error))


def known(x):
    return isinstance(x, (int, float)) and math.isfinite(x)


def whole_interval(x):
    return isinstance(x, dict) and all(known(x.get(k))
                                       for k in ("est", "lo", "hi"))


def quote(text):
    """A gnuplot string in single quotes, without its markup."""
    return "'" + str(text).replace("'", "''") + "'"


def safe(text):
    return re.sub(r"[^A-Za-z0-9_.-]+", "_", text)


def params_text(row):
    return " ".join("%s=%s" % p for p in row.get("params", {}).items())


def median_interval(values):
    """The median with the order statistics that hold it at 95 %."""
    v = sorted(values)
    n = len(v)
    k = max(0, int(math.floor(n / 2 - 0.98 * math.sqrt(n))))
    mid = (v[(n - 1) // 2] + v[n // 2]) / 2
    return mid, v[k], v[n - 1 - k]


def arm_values(row, arm):
    return [s[2 + arm] for s in row.get("samples", [])
            if not s[1] and len(s) > 2 + arm and known(s[2 + arm])]


def is_fidelity(row):
    return row.get("base_host") != row.get("new_host")


def placement_values(row, arm):
    """An arm's median in each placement, over the rounds that were kept."""
    samples, first = row.get("samples") or [], row.get("first_rounds") or []
    found = []
    for start, end in zip(first, first[1:] + [len(samples)]):
        kept = [s[2 + arm] for s in samples[start:end] if not s[1] and
                len(s) > 2 + arm and known(s[2 + arm])]
        if kept:
            found.append(statistics.median(kept))
    return found


class Picture:
    """One gnuplot script, run once for PNG and once for SVG."""

    def __init__(self, name, height, title, subtitle, caption):
        self.name = name
        self.height = height
        self.lines = []
        self.title = title
        self.subtitle = subtitle
        self.caption = caption

    def add(self, *lines):
        self.lines.extend(lines)

    def up(self, pixels):
        """A height above the lower edge, as a part of the screen."""
        return pixels / self.height

    def down(self, pixels):
        """A depth below the upper edge, as a part of the screen."""
        return 1 - pixels / self.height

    def data(self, name, rows):
        self.add("$%s << EOD" % name)
        self.add(*(" ".join(str(c) for c in r) for r in rows))
        self.add("EOD")

    def begin(self):
        self.add("set multiplot", "set tics font ',9'", "set xtics nomirror",
                 "set border 3")
        for tag, text, y, size in (
                (900, self.title, self.down(18), 13),
                (901, self.subtitle, self.down(40), 9),
                (902, self.caption, self.up(11), 8)):
            self.add("set label %d %s at screen 0.012,%g left noenhanced "
                     "font ',%d'" % (tag, quote(text), y, size))

    def once(self):
        """The labels of the whole picture are drawn with the first plot."""
        self.add("unset label 900", "unset label 901", "unset label 902")

    def scripts(self, folder):
        size = (WIDTH, self.height)
        for kind, terminal in (
                ("png", "png noenhanced size %d,%d font 'DejaVuSans,9'"),
                ("svg", "svg noenhanced size %d,%d dynamic font 'Sans,11' "
                        "background '#ffffff'")):
            out = os.path.join(folder, self.name + "." + kind)
            yield "\n".join(["reset session",
                             "set terminal " + terminal % size,
                             "set output " + quote(out)] + self.lines +
                            ["unset multiplot", "unset output", ""])


def caption_of(env, samples, row):
    build = env.get("build", {})
    cpu = env.get("cpu", {})
    parts = ["host " + str(row.get("host") or row.get("base_host")),
             "commit " + str(build.get("commit", "none"))[:12] +
             ("+dirty" if build.get("dirty") else ""),
             "%s x%s" % (cpu.get("model", "CPU not known"),
                         cpu.get("topology", {}).get("threads", "?"))]
    if env.get("hypervisor", "none") != "none":
        parts.append(env["hypervisor"])
    parts.append("Linux " + str(env.get("kernel", {}).get("release", "?")))
    parts.append("seed %s" % samples.get("seed", "?"))
    if samples.get("partial"):
        parts.append("PARTIAL RUN")
    return "  |  ".join(parts)


def need_gnuplot():
    if not shutil.which("gnuplot"):
        fail(77, "no gnuplot: scripts/setup/install-deps installs it")


def gnuplot(scripts):
    """Run what Picture.scripts() made."""
    done = subprocess.run(["gnuplot", "-"], input="\n".join(scripts),
                          text=True, capture_output=True, check=False)
    if done.returncode:
        fail(1, "gnuplot: " + (done.stderr.strip().splitlines() or
                               ["failed"])[-1])


def write_text(folder, name, lines):
    """A text file of a result folder, whole or not at all; and printed."""
    path = os.path.join(folder, name)
    text = "\n".join(line.rstrip() for line in lines) + "\n"
    try:
        with open(path + ".new", "w", encoding="ascii",
                  errors="replace") as f:
            f.write(text)
        os.replace(path + ".new", path)
    except OSError as error:
        fail(2, "%s: %s: name a folder that can be written" %
             (path, error.strerror))
    print(text, end="")


def say(text, first="", then="  "):
    """A paragraph of at most COLUMNS columns, as lines."""
    return textwrap.wrap(text, COLUMNS, initial_indent=first,
                         subsequent_indent=then, break_on_hyphens=False)


def compact(x):
    """Three figures at most, no exponent."""
    return "%.0f" % x if abs(x) >= 100 else "%.1f" % x if abs(x) >= 10 \
        else "%.2f" % x


def length_text(ns):
    return "%s ns" % compact(ns) if ns < 1000 else "%s us" % compact(ns / 1e3)


def span_text(span, text):
    """An estimate with its interval."""
    return "%s [%s %s]" % tuple(text(span[k]) for k in ("est", "lo", "hi"))
