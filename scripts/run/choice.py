# SPDX-License-Identifier: GPL-2.0 OR MIT
"""Options of what measures many comparisons."""
import math
import pathlib

from scripts.common.interval import row_alpha, sign_rank
from scripts.common.program import fail

MOST = 1000     # processes
LEAST = next(n for n in range(1, MOST) if sign_rank(n, row_alpha(n)))


def add_choice(p, budget):
    p.add_argument("--budget", type=float, default=budget)
    p.add_argument("--processes", type=int, default=16)
    p.add_argument("--margin", type=float, default=1)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--out", type=pathlib.Path)


def check_choice(a, hosts):
    if a.seed < 0:
        fail(2, "--seed %d: name a number from 0" % a.seed)
    if not 0 < a.budget < math.inf or not 0 < a.margin < 100:
        fail(2, "--budget and --margin want numbers above 0, --margin one "
             "below 100")
    if not LEAST <= a.processes <= MOST:
        fail(2, "--processes %d: name a number from %d, the fewest that give "
             "an interval, to %d" % (a.processes, LEAST, MOST))
    for host in hosts:
        if host not in ("own", "ksrc"):
            fail(2, "%s: unknown host; there are own and ksrc" % host)
