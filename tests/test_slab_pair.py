#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0 OR MIT
"""A kzalloc() and its kfree() take about what the kernel's take.

usage: test_slab_pair.py ATOMICS

ATOMICS is tests/atomics.c. Debian's 6.12.117 takes 232 instructions for a vm_bo of 88
bytes and 225 for a VA of 120, with init_on_alloc; ours are to be within a quarter of
that, and none of them locked. Counted by callgrind, so no run differs from another.
Exit status: 0, 1, or 77 without valgrind.
"""
import pathlib
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from scripts.run.callgrind import need_valgrind, probes

# Bytes: the kernel's instructions.
KERNEL = {88: 232, 120: 225}


def pairs(instructions, locked):
    """Bytes, instructions and locked ones of each pair."""
    for size in KERNEL:
        probe = f"kzalloc_{size}"
        yield size, instructions[probe] - instructions["nothing"], locked[probe]


def faults(instructions, locked):
    """What is wrong with a pair of each size, in a line each."""
    for size, taken, atomics in pairs(instructions, locked):
        low, high = KERNEL[size] * 3 / 4, KERNEL[size] * 5 / 4
        if not low <= taken <= high:
            yield f"{size} bytes: {taken:g} is not in {low:g} to {high:g}"
        if atomics:
            yield f"{size} bytes: {atomics:g} locked instructions"


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    need_valgrind()
    instructions, locked = probes(sys.argv[1], "Ir", "Ge")
    for size, taken, atomics in pairs(instructions, locked):
        print(f"{size} bytes: {taken:g} instructions, {atomics:g} locked; "
              f"the kernel {KERNEL[size]}")
    found = list(faults(instructions, locked))
    # What it has to tell: too short, too long, locked.
    wrong = {"nothing": 1, "kzalloc_88": 100, "kzalloc_120": 1000}
    if len(list(faults(wrong, {"kzalloc_88": 1, "kzalloc_120": 0}))) != 3:
        found.append("wrong counts were not caught")
    if found:
        sys.exit("\n".join(found))


main()
