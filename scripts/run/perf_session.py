# SPDX-License-Identifier: GPL-2.0 OR MIT
"""Counted runs of two sides, in turn, and empty ones."""
import random

from scripts.common.program import progress
from scripts.run.perftool import counted, read_counts

EMPTIES = 3


def orders(repeat, seed):
    """Of each pair, whether the new side goes first: half of them, shuffled."""
    first = [i % 2 for i in range(repeat)]
    random.Random(seed).shuffle(first)
    return first


class Session:
    """All runs of both sides, and what they left."""

    def __init__(self, a, stop, folder, events):
        self.a, self.stop, self.folder, self.events = a, stop, folder, events
        self.runs, self.empty = [], []
        self.why = None

    def run(self, name, side, ops):
        """One counted run, or None when it was stopped."""
        out = self.folder / "runs" / (name + ".json")
        loop = counted(self.stop,
                       ["stat", "-j", "-o", str(out), "-e",
                        ",".join(self.events)], self.a, side,
                       ["--ops", str(ops)])
        if self.stop.signal:
            return {"file": "runs/" + out.name, "partial": True}
        del loop["env"]     # env.json has it
        return {"file": "runs/" + out.name, "partial": False, "loop": loop,
                "counts": read_counts(out)}

    def keep(self, where, name, side, ops, **more):
        """Whether there is more to do."""
        found = self.run(name, side, ops)
        where.append({**found, **more})
        progress("perf-stat: %d of %d runs  " % (
            len(self.runs) + len(self.empty), 2 * self.a.repeat + EMPTIES))
        return not self.stop.signal

    def measure(self, ops):
        both = (self.a.base, self.a.new)
        for i in range(EMPTIES):
            if not self.keep(self.empty, "empty-%d" % (i + 1), both[i % 2], 0):
                return
        for pair, swapped in enumerate(orders(self.a.repeat, self.a.seed)):
            for arm in ((1, 0) if swapped else (0, 1)):
                if not self.keep(self.runs, "%02d-%s" % (
                        pair + 1, ("base", "new")[arm]), both[arm], ops,
                        arm=arm, pair=pair):
                    return

    def pairs(self):
        """(base, new) of each pair that is whole."""
        by_pair = {}
        for r in self.runs:
            if not r["partial"]:
                by_pair.setdefault(r["pair"], {})[r["arm"]] = r
        return [(p[0], p[1]) for p in by_pair.values() if len(p) == 2]
