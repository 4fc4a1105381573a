#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0 OR MIT
"""The rooms of lab/ stand on each other as docs/structure.md draws them.

A file includes headers of its own room and of rooms on lower floors; so no
include runs up, none runs sideways, and there is no circle between rooms. Within a
room no two headers need each other. That each of these would be found is shown on
a copy in which it is planted.
"""
import collections
import pathlib
import re
import shutil
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent
INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"', re.M)
# What every floor may know beside lab/: the contract with scenarios, and the
# count of the core's warnings.
OUTSIDE = {"bench.h", "host.h"}


def floors(page):
    """{room: floor}, 0 the lowest; a line of the drawing is a floor."""
    drawn = re.search(r"^```floors\n(.*?)^```$", page, re.S | re.M)
    lines = [re.findall(r"\b(\w+)/", x) for x in drawn[1].splitlines()]
    lines = [x for x in lines if x]
    return {room: len(lines) - 1 - i
            for i, rooms in enumerate(lines) for room in rooms}


def sources(lab):
    return sorted(p for p in lab.rglob("*") if p.suffix in (".c", ".cc", ".h"))


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


def faults(lab, floor):
    needs = collections.defaultdict(set)
    for path in sources(lab):
        name = str(path.relative_to(lab))
        here = path.relative_to(lab).parts[0]
        if here not in floor:
            yield f"{name}: docs/structure.md draws no room {here}/"
            continue
        for header in INCLUDE.findall(path.read_text("utf-8")):
            if header in OUTSIDE:
                continue
            if not (lab / header).is_file():
                yield f"{name}: {header} is not a file of lab/"
                continue
            wrong = wrong_arrow(here, header.split("/")[0], floor)
            if wrong:
                yield f"{name}: includes {header}: {wrong}"
            if path.suffix == ".h":
                needs[name].add(header)
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
        rooms = {p.name for p in (ROOT / "lab").iterdir() if p.is_dir()}
        self.assertEqual(set(self.floor), rooms)
        self.assertEqual([p for p in (ROOT / "lab").iterdir() if p.is_file()], [])

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
        self.assertIn("draws no room attic/",
                      self.planted("attic/x.c", ""))


if __name__ == "__main__":
    unittest.main(verbosity=2, argv=sys.argv[:1])
