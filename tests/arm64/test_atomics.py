#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0 OR MIT
"""Each path executes on arm64 what is stated of it, ordering by ordering.

usage: test_atomics.py lse|llsc FOLDER PROGRAM [DESIGN...]

The programs are those of scripts/run/atomics, and so is what is stated. They run under
user emulation, an instruction at a time, and the atomics and barriers that a path
executes are put into its letters: A, R, X, F. On x86 these can only be counted.

FOLDER also holds what must be caught: weak/, built without any ordering, and
outline/, where libgcc chooses at run time. FOLDER/locklab does not ask libgcc.
"""
import collections
import os
import pathlib
import re
import subprocess
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from scripts.run.stated import FAMILIES, STATED

TOOLS = "aarch64-linux-gnu-"
CPU = {"lse": "neoverse-n1", "llsc": "cortex-a53"}

LSE = re.compile(r"(cas|swp|(?:ld|st)(?:add|clr|set|eor))(a?)(l?)[bh]?$")
LOAD = re.compile(r"ld(a?)xr[bh]?$")
STORE = re.compile(r"st(l?)xr[bh]?$")
LETTER = {("", ""): "X", ("a", ""): "A", ("", "l"): "R", ("a", "l"): "F"}
# A barrier so soon behind a releasing pair belongs to it.
NEAR = 4

# What returns nothing needs no load, where there is such an instruction.
STORES = {"atomic_add": "stadd", "set_bit": "stset", "clear_bit": "stclr"}
# Stated to be ordered, with the ordering in a barrier of its own.
BARRIERS = {"smp_mb"}


def tool(name, *args):
    return subprocess.run([TOOLS + name, *args], capture_output=True,
                          text=True, check=True).stdout


class Program:
    """Instructions and probes of a program by address."""

    def __init__(self, path):
        self.path, self.insns, self.probes = path, {}, {}
        for line in tool("objdump", "-d", "--no-show-raw-insn",
                         path).splitlines():
            head = re.match(r"([0-9a-f]+) <probe_(\w+)>:", line)
            if head:
                self.probes[int(head[1], 16)] = head[2]
            word = re.match(r"\s+([0-9a-f]+):\s+(\S+)\s*(\S*)", line)
            if word:
                self.insns[int(word[1], 16)] = (
                    " ".join(word.groups()[1:])
                    if word[2] in ("dmb", "dsb") else word[2])

    def executed(self, flavour):
        """Addresses in the order in which they are executed."""
        first, last = min(self.insns), max(self.insns) + 4
        env = {**os.environ, "QEMU_SINGLESTEP": "1",
               "QEMU_ONE_INSN_PER_TB": "1"}
        with subprocess.Popen(
                ["qemu-aarch64", "-L", "/usr/aarch64-linux-gnu", "-cpu",
                 CPU[flavour], "-d", "exec,nochain",
                 "-dfilter", f"{first:#x}+{last - first:#x}", self.path],
                env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE, text=True) as run:
            said = []
            for line in run.stderr:
                if line.startswith("Trace "):
                    yield int(line.split("/")[1], 16)
                else:
                    said.append(line)
        if run.returncode:
            sys.exit(f"{self.path}: exit status {run.returncode}: "
                     f"{''.join(said)}")

    def paths(self, flavour):
        """probe: {the atomics and barriers of one call: calls}"""
        found = {name: collections.Counter() for name in self.probes.values()}
        probe, back, insns, before = None, None, [], None
        for at in self.executed(flavour):
            if probe and at == back:
                found[probe][tuple(insns)] += 1
                probe = None
            if not probe and at in self.probes:
                probe, back, insns = self.probes[at], before + 4, []
            if probe:
                insns.append(self.insns[at])
            before = at
        return found


def letters(insns):
    """The orderings that these instructions are, "?" for one that is none."""
    said, load, pair_at = [], None, -NEAR - 1
    for at, insn in enumerate(insns):
        one, first, second = LSE.match(insn), LOAD.match(insn), STORE.match(insn)
        if one:
            said.append(LETTER[one[2], one[3]])
        elif first:
            load = first[1]
        elif second:
            # The compiler's own full ordering: nothing of the kernel's is that.
            said.append("?" if load is None or (load and second[1])
                        else LETTER[load, second[1]])
            load, pair_at = None, at
        elif insn == "dmb ish":
            if at - pair_at <= NEAR and said[-1] == "R":
                said[-1] = "F"
            else:
                said.append("F")
    return said


def atomics(insns):
    return [i for i in insns if LSE.match(i) or LOAD.match(i) or
            STORE.match(i) or i.startswith(("dmb", "dsb"))]


def differs(name, stated, calls, flavour):
    """Why a path is not what is stated of it, or None."""
    other = LOAD if flavour == "lse" else LSE
    if not calls and stated:
        return "is not called"
    for insns in calls:
        said, shown = letters(insns), ", ".join(atomics(insns))
        if sorted(said) != sorted(stated.split()):
            return (f"stated {stated or 'none'}, executed "
                    f"{' '.join(said) or 'none'}: {shown}")
        if any(other.match(i) for i in insns):
            return f"is of the other flavour: {shown}"
        if flavour == "lse" and STORES.get(name, insns[0]) not in insns:
            return f"has no {STORES[name]}: {shown}"
    return None


def check(program, stated, flavour):
    """{path: why} of those that differ."""
    found = Program(program).paths(flavour)
    why = {name: differs(name, what, found.get(name, {}), flavour)
           for name, what in stated.items()}
    return {name: text for name, text in why.items() if text}


def stated_of(program):
    """path: its letters, of a program; None when nothing is stated."""
    kind, name, test = re.search(r"(mm/)?(\w+)/tests/(\w+)$", program).groups()
    if test == "atomics":
        return {name: stated for name, _, stated in STATED}
    calls, of_designs = FAMILIES[(kind or "") + test]
    return dict(zip(calls, of_designs[name])) if name in of_designs else None


def asks_libgcc(program):
    return sorted(set(re.findall(r"__aarch64_(?:cas|swp|ld)\w+",
                                 tool("nm", program))))


def unseen(flavour, folder):
    """What should have been caught and was not."""
    stated = {name: what for name, _, what in STATED}
    weak = check(f"{folder}/weak/own/resv/tests/atomics", stated, flavour)
    ordered = {name for name, what in stated.items()
               if set(what.split()) - {"X"}} - BARRIERS
    if ordered != set(weak):
        yield ("built without orderings: differ "
               f"{sorted(weak)}, not {sorted(ordered)}")
    if not asks_libgcc(f"{folder}/outline/own/resv/tests/atomics"):
        yield "built to ask libgcc: does not"


def main():
    flavour, folder, *programs = sys.argv[1:]
    wrong = [f"locklab: calls {name}"
             for name in asks_libgcc(f"{folder}/locklab")]
    paths = 0
    for program in programs:
        stated = stated_of(program)
        if stated is None:
            print(f"{program}: nothing is stated of it")
            continue
        paths += len(stated)
        wrong += [f"{program}: calls {n}" for n in asks_libgcc(program)]
        wrong += [f"{program}: {name}: {why}" for name, why
                  in check(program, stated, flavour).items()]
    wrong += unseen(flavour, folder)
    print("\n".join(wrong) or f"{paths} paths of {len(programs)} programs "
          "execute what is stated")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
