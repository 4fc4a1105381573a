# SPDX-License-Identifier: GPL-2.0 OR MIT
"""Where the price of a lock falls below a share of its path: cells, lines of
cells, and the length at which a line crosses the margin."""
import math
import statistics

from scripts.common.text import known
from scripts.draw.rows import whole_interval

UNDER, OVER, UNDECIDED, NONE = "UNDER", "OVER", "INCONCLUSIVE", "NO RESULT"
CROSSES = "CROSSES"     # of a surface: over it here, under it there
LETTER = {UNDER: "u", OVER: "O", UNDECIDED: "?", NONE: "x"}
ENDS = ("est", "lo", "hi")
LEAST = 0.01    # share of the margin below which a value is no longer told


class Cell:
    """One row: n items of some work each, and what the lock adds."""

    def __init__(self, row, unit):
        self.n = row["params"]["n"]
        self.work = row["params"]["work"]
        self.base_ns = row["base_ns"]
        self.margin = row["margin"]
        scale = self.n if unit == "hold" else 1
        self.length = scale * row["base_ns"]
        self.cost = {k: scale * row["delta_ns"][k] for k in ENDS}
        self.percent = {k: 100 * (row["ratio"][k] - 1) for k in ENDS}
        self.doubtful = is_doubtful(row.get("aa") or {})
        self.state = state_of(self.percent, row["verdict"], self.doubtful,
                              self.margin)


def is_doubtful(aa):
    """Equal code reads apart, by what may be more than the margin."""
    return not whole_interval(aa) or aa.get("verdict") != "SAME" and \
        not aa["lo"] <= 1 <= aa["hi"]


def state_of(percent, verdict, doubtful, margin):
    """On the whole interval; A/A must bear it, as it must the row's verdict.

    Under the margin is also what is below it by an unclear length: such a row is
    INCONCLUSIVE.
    """
    if percent["hi"] < margin and (not doubtful or
                                   verdict in ("SAME", "FASTER")):
        return UNDER
    if percent["lo"] > margin and verdict == "SLOWER":
        return OVER
    return UNDECIDED


def is_whole(row):
    params = row.get("params") or {}
    return row.get("verdict") != NONE and known(row.get("base_ns")) and \
        row["base_ns"] > 0 and known(row.get("margin")) and \
        all(known(params.get(k)) for k in ("n", "work")) and \
        all(whole_interval(row.get(k)) for k in ("delta_ns", "ratio"))


class Surface:
    """All cells of one design, and what is told from them.

    unit is what the lock is taken for once: an item or a hold of n of them.
    """

    def __init__(self, rows, unit):
        self.unit = unit
        self.margin = rows[0].get("margin", 1)
        self.cells = [Cell(r, unit) for r in rows if is_whole(r)]
        self.rows = rows
        self.planned = len(rows)
        params = [r.get("params") or {} for r in rows]
        self.ns = sorted({p["n"] for p in params if known(p.get("n"))})
        self.works = sorted({p["work"] for p in params
                             if known(p.get("work"))})

    def at(self, n, work):
        for c in self.cells:
            if (c.n, c.work) == (n, work):
                return c
        return None

    def state(self, n, work):
        cell = self.at(n, work)
        return cell.state if cell else NONE

    def item_ns(self, work):
        """What an item of so much work takes: median over n."""
        found = [c.base_ns for c in self.cells if c.work == work]
        return statistics.median(found) if found else None

    def price(self):
        """ns that the lock adds to a unit, where the least is beside it."""
        cells = [c for c in self.cells if c.n == self.ns[0]]
        if not cells:
            return None
        return {"est": statistics.median(c.cost["est"] for c in cells),
                "lo": min(c.cost["lo"] for c in cells),
                "hi": max(c.cost["hi"] for c in cells)}

    def lines(self):
        """Cells along which the unit becomes longer, shortest first.

        Where the longest has no result, nothing is known of how a line ends.
        """
        lines = [[self.at(n, w) for w in self.works] for n in self.ns]
        if self.unit == "hold":
            lines += [[self.at(n, w) for n in self.ns] for w in self.works]
        for line in lines:
            if not line[-1]:
                continue
            line = sorted(filter(None, line), key=lambda c: c.length)
            if len(line) > 1:
                yield line

    def threshold(self):
        """The length from which the lock is below the margin.

        Median over the lines that are shown to cross it, and the hull of their
        intervals; None where no line is.
        """
        lines = list(self.lines())
        found = [crossings(line, self.margin) for line in lines
                 if line[-1].state == UNDER and
                 any(c.state == OVER for c in line)]
        found = [f for f in found if f]
        if not found:
            return None
        return {"est": statistics.median(f["est"] for f in found),
                "lo": min(f["lo"] for f in found),
                "hi": max(f["hi"] for f in found), "lines": len(found),
                "of_lines": len(lines)}

    def beyond(self, length):
        """The states of all cells that are longer."""
        return [c.state for c in self.cells if c.length > length]

    def verdict(self):
        """A word on the whole surface."""
        states = {c.state for c in self.cells}
        if not self.cells:
            return NONE
        if self.threshold():
            return CROSSES
        return states.pop() if len(states) == 1 else UNDECIDED


def crossing(points, margin):
    """Where (length, percent) falls below the margin for good.

    Straight in logarithms between two cells; the first length where it never
    is above, None where it ends above.
    """
    above = [i for i, (_, y) in enumerate(points) if y >= margin]
    if not above:
        return points[0][0]
    k = above[-1]
    if k == len(points) - 1:
        return None
    (x0, y0), (x1, y1) = points[k:k + 2]
    y1 = max(y1, LEAST * margin)
    part = math.log(y0 / margin) / math.log(y0 / y1)
    return x0 * (x1 / x0) ** part


def crossings(line, margin):
    """Of the estimates and of both ends of the intervals; None if open."""
    found = {k: crossing([(c.length, c.percent[k]) for c in line], margin)
             for k in ENDS}
    return None if None in found.values() else found


def contour(surface):
    """Segments of the margin's contour between the centres of cells.

    Coordinates are positions in surface.works and surface.ns.
    """
    def height(i, j):
        cell = surface.at(surface.ns[j], surface.works[i])
        if not cell:
            return None
        least = LEAST * surface.margin
        return math.log(max(cell.percent["est"], least) / surface.margin)

    segments = []
    for i in range(len(surface.works) - 1):
        for j in range(len(surface.ns) - 1):
            corner = [(i, j), (i + 1, j), (i + 1, j + 1), (i, j + 1)]
            z = [height(*c) for c in corner]
            if None in z:
                continue
            cut = []
            for a in range(4):
                b = (a + 1) % 4
                if (z[a] < 0) != (z[b] < 0):
                    part = z[a] / (z[a] - z[b])
                    cut.append(tuple(p + part * (q - p) for p, q in
                                     zip(corner[a], corner[b])))
            segments += list(zip(cut[::2], cut[1::2]))
    return segments
