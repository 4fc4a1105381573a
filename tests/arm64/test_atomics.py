#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0 OR MIT
"""The atomics of arm64 are those that the kernel emits.

usage: test_atomics.py lse|llsc FOLDER

FOLDER holds objects built with those flags. Each primitive is disassembled and its
atomic instructions and barriers are held against what is stated; a call of
libgcc's choice at run time is nowhere. A word that cannot be right is caught: the
objects of the one flavour are not those of the other.
"""
import pathlib
import re
import subprocess
import sys

OBJDUMP = "aarch64-linux-gnu-objdump"
ATOMIC = re.compile(r"^(ld(add|clr|set|eor)\w*|st(add|clr|set)\w*|swp\w*|"
                    r"cas\w*|ld(a?)xr\w*|st(l?)xr\w*|dmb)$")

# Function of core/lock or tests/atomics.c, and its instructions in order of
# first appearance, spelled without width; the fast path's and, where the
# function has one in line, the slow path's.
STATED = {
    "lse": {
        "mutex_lock": {"casa"},
        "mutex_unlock": {"casl"},
        "probe_kref": {"ldadd|stadd", "ldaddl", "dmb ishld|"},
        "probe_llist_del_all": {"swpal"},
        "probe_smp_mb": {"dmb ish"},
    },
    "llsc": {
        "mutex_lock": {"ldaxr", "stxr"},
        "mutex_unlock": {"ldxr", "stlxr"},
        "probe_kref": {"ldxr", "stxr", "stlxr", "dmb ish|dmb ishld|"},
        "probe_llist_del_all": {"ldxr", "stlxr", "dmb ish"},
        "probe_smp_mb": {"dmb ish"},
    },
}
OBJECTS = {"mutex": "core/lock/mutex.o", "probe": "tests/atomics.o"}


def functions(path):
    """name: the atomic instructions in it"""
    text = subprocess.run([OBJDUMP, "-d", "--no-show-raw-insn", path],
                          capture_output=True, text=True, check=True).stdout
    found, name = {}, None
    for line in text.splitlines():
        head = re.match(r"[0-9a-f]+ <(\w+)>:", line)
        if head:
            name = head.group(1)
            found[name] = set()
        word = re.match(r"\s+[0-9a-f]+:\s+([a-z0-9.]+)\s*(\S*)", line)
        if word and name and ATOMIC.match(word.group(1)):
            insn = word.group(1)
            found[name].add(insn + " " + word.group(2) if insn == "dmb"
                            else insn)
    return found, "__aarch64_" in text


def differs(stated, found):
    """Every stated one is there (of several, one), and no other."""
    allowed = set()
    for words in stated:
        some = [w for w in words.split("|")]
        allowed |= set(some)
        if "" not in some and not found & set(some):
            return f"lacks {words}"
    return f"has {sorted(found - allowed)}" if found - allowed else None


def check(flavour, folder):
    wrong = []
    for function, stated in STATED[flavour].items():
        found, outline = functions(pathlib.Path(
            folder, OBJECTS[function.split("_")[0]]))
        why = differs(stated, found[function])
        if outline:
            why = "calls libgcc's atomics"
        if why:
            wrong.append(f"{function}: {why}: {sorted(found[function])}")
    return wrong


def main():
    flavour, folder = sys.argv[1:]
    wrong = check(flavour, folder)
    other = check("lse" if flavour == "llsc" else "llsc", folder)
    print("\n".join(wrong))
    if not other:
        print("objects of the other flavour would pass, too")
    sys.exit(bool(wrong) or not other)


if __name__ == "__main__":
    main()
