#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0 OR MIT
"""The rooms of lab/ stand on each other as docs/structure.md draws them.

A file includes headers of its own room and of rooms on lower floors; so no
include runs up, none runs sideways, and there is no circle between rooms. Within a
room no two headers need each other. That each of these would be found is shown on
a copy in which it is planted. What a file declares itself, with extern, is not seen.
"""
import collections
import pathlib
import re
import shutil
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent
INCLUDE = re.compile(r"^[ \t]*#[ \t]*(include\w*)\b[ \t]*(.*)$", re.M)
NAMED = re.compile(r'(["<])([^">]+)[">]\s*(?:/[*/].*)?$')
# What every floor may know beside lab/: the contract with scenarios, and the
# count of the core's warnings.
OUTSIDE = {"bench.h", "host.h"}
SUFFIXES = {".c", ".cc", ".h"}


def floors(page):
    """{room: floor}, 0 the lowest; a line of the drawing is a floor."""
    drawn = re.search(r"^```floors\n(.*?)^```$", page, re.S | re.M)
    lines = [re.findall(r"\b(\w+)/", x) for x in drawn[1].splitlines()]
    lines = [x for x in lines if x]
    return {room: len(lines) - 1 - i
            for i, rooms in enumerate(lines) for room in rooms}


def includes(text):
    """(header, what is wrong with the line) of each; one of them is None."""
    for directive, rest in INCLUDE.findall(text):
        found = NAMED.match(rest)
        if directive != "include" or not found:
            yield None, f"#{directive} {rest}: write #include and the file's name"
        elif ".." in found[2].split("/"):
            yield None, f"{found[2]}: write the room's name"
        else:
            yield found.groups(), None


def wrong_arrow(here, there, floor):
    """What is wrong with an include between two rooms; None: nothing."""
    if there not in floor:
        return f"{there}/ stands on no floor"
    if here != there and floor[there] >= floor[here]:
        return (f"{here}/ (floor {floor[here]}) does not stand above "
                f"{there}/ (floor {floor[there]})")
    return None


def circle(needs):
    """A path through the headers that ends where it began; or None."""
    done, path = set(), []

    def visit(node):
        if node in path:
            return path[path.index(node):] + [node]
        if node in done:
            return None
        path.append(node)
        for other in sorted(needs[node]):
            found = visit(other)
            if found:
                return found
        done.add(path.pop())
        return None

    return next(filter(None, map(visit, sorted(needs))), None)


def faults_of(name, text, lab, floor):
    """Of one file: its faults, and the headers of lab/ that it includes."""
    here, found, headers = name.split("/")[0], [], set()
    for named, wrong in includes(text):
        if wrong:
            found.append(f"{name}: {wrong}")
            continue
        quote, header = named
        own = (lab / header).is_file()
        if header in OUTSIDE or (quote == "<" and not own and
                                 header.split("/")[0] not in floor):
            continue
        if not own:
            found.append(f"{name}: {header} is not a file of lab/")
            continue
        wrong = wrong_arrow(here, header.split("/")[0], floor)
        if wrong:
            found.append(f"{name}: includes {header}: {wrong}")
        headers.add(header)
    return found, headers


def faults(lab, floor):
    needs = collections.defaultdict(set)
    for path in sorted(p for p in lab.rglob("*") if p.is_file()):
        name = path.relative_to(lab).as_posix()
        if name.split("/")[0] not in floor:
            yield f"{name}: docs/structure.md draws no such room"
        elif path.suffix not in SUFFIXES or name.count("/") != 1:
            yield f"{name}: no .c, .cc or .h of a room"
        else:
            found, headers = faults_of(name, path.read_text("utf-8"), lab, floor)
            yield from found
            if path.suffix == ".h":
                needs[name] = headers
    found = circle(needs)
    if found:
        yield "headers in a circle: " + " -> ".join(found)


class Floors(unittest.TestCase):
    def setUp(self):
        self.floor = floors((ROOT / "docs/structure.md").read_text("utf-8"))

    def planted(self, name, line):
        """The faults of a copy in which a file has one more line."""
        with tempfile.TemporaryDirectory() as folder:
            lab = pathlib.Path(folder, "lab")
            shutil.copytree(ROOT / "lab", lab)
            path = lab / name
            old = path.read_text("utf-8") if path.exists() else ""
            path.parent.mkdir(exist_ok=True)
            path.write_text(f"{line}\n{old}", "utf-8")
            return "\n".join(faults(lab, self.floor))

    def test_lab(self):
        self.assertEqual(list(faults(ROOT / "lab", self.floor)), [])

    def test_every_room_is_there(self):
        rooms = {p.parent.name for p in (ROOT / "lab").glob("*/*.[ch]")}
        rooms |= {p.parent.name for p in (ROOT / "lab").glob("*/*.cc")}
        self.assertEqual(set(self.floor), rooms)

    def test_up_is_caught(self):
        said = self.planted("base/text.c", '#include "report/table.h"')
        self.assertIn("base/text.c: includes report/table.h", said)

    def test_sideways_is_caught(self):
        said = self.planted("exact/map.c", '#include "record/rowjson.h"')
        self.assertIn("does not stand above", said)

    def test_circle_is_caught(self):
        said = self.planted("timing/drop.h", '#include "timing/row.h"')
        self.assertIn("headers in a circle: timing/", said)

    def test_strangers_are_caught(self):
        self.assertIn("is not a file of lab/",
                      self.planted("base/text.c", '#include "linux/list.h"'))
        self.assertIn("draws no such room", self.planted("attic/x.c", ""))
        self.assertIn("no .c, .cc or .h", self.planted("base/x.inc", ""))

    def test_ways_around_are_caught(self):
        up = "includes report/table.h"
        for line, says in (("#include <report/table.h>", up),
                           ('# include "report/table.h" /* x */', up),
                           ('#include "base/../report/table.h"', "room's name"),
                           ("#include TABLE_H", "the file's name"),
                           ('#include_next "report/table.h"', "the file's name"),
                           ("#include <cases/nothing.h>", "not a file of lab/")):
            self.assertIn(says, self.planted("base/text.c", line), line)


if __name__ == "__main__":
    unittest.main(verbosity=2, argv=sys.argv[:1])
