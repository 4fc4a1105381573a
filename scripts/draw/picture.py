# SPDX-License-Identifier: GPL-2.0 OR MIT
"""What the programs that draw have in common: a run's folder, gnuplot."""
import os
import pathlib
import re
import shutil
import subprocess

from scripts.common.files import load, write
from scripts.common.program import fail, last_line
from scripts.common.text import text_of_lines

WIDTH = 880
# A point type says which variant or arm it is; colour only repeats it.
POINTS = [6, 7, 4, 9, 12, 2, 1, 3]
COLOURS = ["#0072b2", "#d55e00", "#009e73", "#7f3c8d", "#555555", "#a6761d",
           "#000000", "#e7298a"]


def load_run(folder, name="samples.json"):
    """What a run left: its rows with what goes with them, and env.json."""
    advice = "give the folder of a run"
    env = os.path.join(folder, "env.json")
    return load(os.path.join(folder, name), advice), \
        load(env, advice) if os.path.exists(env) else {}


def quote(text):
    """A gnuplot string in single quotes, without its markup."""
    return "'" + str(text).replace("'", "''") + "'"


def safe(text):
    return re.sub(r"[^A-Za-z0-9_.-]+", "_", text)


class Picture:
    """One gnuplot script, run once for PNG and once for SVG."""

    def __init__(self, name, height, title, subtitle, caption, basis=""):
        self.name = name
        self.height = height
        self.lines = []
        self.title = title
        self.subtitle = subtitle
        self.caption = caption
        self.basis = basis      # what its intervals stand on

    def add(self, *lines):
        self.lines.extend(lines)

    def up(self, pixels):
        """A height above the lower edge, as a part of the screen."""
        return pixels / self.height

    def down(self, pixels):
        """A depth below the upper edge, as a part of the screen."""
        return 1 - pixels / self.height

    def between(self, top, bottom):
        """Plots leave so many pixels above and below."""
        self.add("set tmargin at screen %g" % self.down(top),
                 "set bmargin at screen %g" % self.up(bottom))

    def at(self, left, right, bottom, top):
        """The next plot's edges, as parts of the screen."""
        self.add("set lmargin at screen %g; set rmargin at screen %g; "
                 "set bmargin at screen %g; set tmargin at screen %g" %
                 (left, right, bottom, top))

    def name_rows(self, labels):
        """From the top down: of n rows the i-th stands at height n - i."""
        n = len(labels)
        self.add("set yrange [0.4:%g]" % (n + 0.6),
                 "set ytics nomirror scale 0 noenhanced (%s)" % ", ".join(
                     "%s %d" % (quote(text), n - i)
                     for i, text in enumerate(labels)))

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
                (902, self.caption, self.up(11), 8),
                (903, self.basis, self.up(24), 8)):
            self.add("set label %d %s at screen 0.012,%g left noenhanced "
                     "font ',%d'" % (tag, quote(text), y, size))

    def once(self):
        """The labels of the whole picture are drawn with the first plot."""
        self.add("unset label 900", "unset label 901", "unset label 902",
                 "unset label 903")

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


def have_gnuplot():
    return shutil.which("gnuplot") is not None


def need_gnuplot():
    if not have_gnuplot():
        fail(77, "no gnuplot: scripts/setup/install-deps installs it")


def draw(folder, pictures):
    """Both files of each picture; what is None is left out."""
    scripts = [s for p in pictures if p for s in p.scripts(folder)]
    done = subprocess.run(["gnuplot", "-"], input="\n".join(scripts),
                          text=True, capture_output=True, check=False)
    if done.returncode:
        fail(1, "gnuplot: " + last_line(done.stderr))


def write_text(folder, name, lines):
    """A text file of a result folder; and printed."""
    text = text_of_lines(lines).encode("ascii", "replace").decode()
    try:
        write(pathlib.Path(folder, name), text)
    except OSError as error:
        fail(2, "%s: %s: name a folder that can be written" %
             (os.path.join(folder, name), error.strerror))
    print(text, end="")
