#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0 OR MIT
"""No file of lab/ names a scenario or a design.

What a scenario wants, what its headline says and which design is whose base stand in
bench/ and core/variants/. Names that are words of no other meaning may stand nowhere
in lab/, as a part of a word or in a comment either. Names that are ordinary words too
("none", "mutex") may not stand in a string, but for the strings below, which mean the
word, as often as they are listed. That both would be found is shown on planted lines.
Names of paths and parameters are ordinary words all: "link" and "n" are not looked for.
"""
import collections
import pathlib
import re
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent
STRING = re.compile(r"'(?:[^'\\\n]|\\.)+'|" r'"(?:[^"\\\n]|\\.)*"')
PASTED = re.compile(r'(?<!\\)"\s*\n?\s*"')

# Words of the language that are names here, too.
ORDINARY = {"none", "mutex", "spin", "guard", "immediate", "contention", "controls"}

# Where such a word in a string is the word: by file, the strings.
MEANT = {
    "cases/find.c": {					# no parameters; no one
        '" none"', '"variant \'%s\' is none of %.*s\'s; host %s has:"'},
    "pmu/events.c": {				# COUNTERS=none
        '"none"', '"no event is named: say none, basic, locks, coherence, '
        'software or events"'},
    "machine/env.c": ['"none"'] * 2,			# no PMU, no hypervisor
    "machine/cpu.c": {'"none"'},
    "machine/facts.h": {'"none"'},
    "exact/golden.c": ['"none"'] * 4,		# no count on one side
    "record/store.c": {'",\\"controls\\":["'},	# a list of samples.json
    "cmd/main.c": {'"                           E: none, basic, locks, coherence, '
                   'software, or\\n"'},
    "cmd/run.c": {
        '"  --counters E     what is counted, too: none, basic (default), locks,\\n"',
        '"plots:  none%s%s\\n"'},
}


def names():
    found = {p.stem for p in (ROOT / "bench").glob("*.c")}
    for folder in ("core/variants", "core/variants/mm"):
        found |= {p.stem for p in (ROOT / folder).glob("*.h")}
    return found - {"contract", "layout"}


def word(some):
    return re.compile(r"(?<![\w-])(%s)(?![\w-])" % "|".join(sorted(some)))


def part(some):
    """In whatever it stands, in whatever case."""
    return re.compile("|".join(sorted(some)), re.I)


def faults(name, text, known):
    """Lines of a file that name what they should not; what is meant, once each."""
    own, ordinary = part(known - ORDINARY), word(known & ORDINARY)
    meant = collections.Counter(MEANT.get(name, ()))
    for number, line in enumerate(text.split("\n"), 1):
        for found in own.findall(line):
            yield f"lab/{name}:{number}: names {found}"
        for string in STRING.findall(line):
            if not ordinary.search(string) or string[0] == "'":
                continue
            meant[string] -= 1
            if meant[string] < 0:
                yield f"lab/{name}:{number}: names a design or a scenario: {string}"
    for found in own.findall(PASTED.sub("", text)):
        if not own.search(text):
            yield f"lab/{name}: pastes {found}"


class Policy(unittest.TestCase):
    def setUp(self):
        self.known = names()
        self.lab = {str(p.relative_to(ROOT / "lab")): p.read_text("utf-8")
                    for p in (ROOT / "lab").rglob("*")
                    if p.suffix in (".c", ".cc", ".h")}

    def test_lab_names_none(self):
        self.assertGreater(len(self.known), 20)
        self.assertGreater(len(self.lab), 60)
        found = [f for name, text in sorted(self.lab.items())
                 for f in faults(name, text, self.known)]
        self.assertEqual(found, [])

    def test_what_is_meant_is_there(self):
        """An exception that nothing needs any more is one too many."""
        for name, strings in MEANT.items():
            for string in strings:
                self.assertIn(string, self.lab[name])

    def test_planted(self):
        for line, says in (
                ('\tif (!strcmp(c->scenario->name, "vm_bind"))', "names vm_bind"),
                ('\t{ "mm_insert", "*", 1 },', "names mm_insert"),
                ("/* as resv does */", "names resv"),
                ("static bool is_vm_bind(const struct lab_case *c)", "names vm_bind"),
                ("#define BREAK_EVEN 1", "names BREAK_EVEN"),
                ('\tstrcpy(s, "vm_" "bind");', "pastes vm_bind"),
                ('\tif (!strcmp(variant, "mutex"))', '"mutex"'),
                ('\treturn find_control(run, "controls");', '"controls"')):
            found = list(faults("run/plan.c", line, self.known))
            self.assertEqual(len(found), 1, line)
            self.assertIn(says, found[0])
        found = list(faults("pmu/events.c", 'x = "none";\ny = "none";\n',
                            self.known))
        self.assertEqual(len(found), 1, "one more than is meant")


if __name__ == "__main__":
    unittest.main(verbosity=2, argv=sys.argv[:1])
