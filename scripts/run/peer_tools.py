# SPDX-License-Identifier: GPL-2.0 OR MIT
"""The tools of make peers: how each is called, and what its user reads off it.

A row's lines are intervals in percent of the base: est, lo, hi, and differs, whether
the tool's own word is that the two are not the same. lo and hi are None where it
gave none.
"""
import json
import os
import pathlib
import re
import subprocess
import tempfile
import time

from scripts.common.program import ROOT, call, fail, last_line
from scripts.run.peer_stats import OURS, median_line, u_test_line

BUILT = pathlib.Path(os.environ.get("PEERS") or ROOT / "build/peers")
PYTHON = "/usr/bin/python3"     # Debian's, for which its scipy is
REPETITIONS = 20                # compare.py wants 9 or more
# What Google Benchmark makes of a minimal time: it aims 1.4 times as far, after
# shorter tries.
OVERSHOOT = 1.45
ALPHA = 0.05                    # compare.py's own, and of its intervals
HEADER = "make peers NANOBENCH=nanobench.h, of 4.6.0 or newer, or its folder"


def percent(ratio):
    return {k: None if ratio[k] is None else 100 * (ratio[k] - 1)
            for k in ("est", "lo", "hi")}


def timed(*command, also=()):
    """What it wrote, and how long it took."""
    begin = time.monotonic()
    done = call(*command, also=also)
    return done.stdout, time.monotonic() - begin


def locklab(_, link, pair, seconds, seed):
    path, base, new, _ = pair
    # 1: no result, which is a row as well
    text, wall = timed(str(BUILT / str(link) / "locklab"), "compare",
                       "--scenario", path, "--base", base, "--new", new,
                       "--exact", "no", "--counters", "none", "--budget",
                       "%gs" % seconds, "--seed", str(seed), "--json", "-",
                       also=(1,))
    try:
        row = json.loads(text)
    except ValueError:
        fail(1, "locklab compare --scenario %s left no row" % path)
    line = dict(percent(row["ratio"]),
                differs=row["verdict"] in ("SLOWER", "FASTER"))
    kept = {k: row[k] for k in ("verdict", "base_ns", "new_ns", "level",
                                "processes", "rounds", "dropped", "disturbed",
                                "note", "build_id")}
    return {"wall": wall, "lines": {OURS: line}, **kept}


def nanobench(_, link, pair, seconds, seed):
    path, base, new, _ = pair
    text, wall = timed(str(BUILT / str(link) / "nanobench"), path, base, new,
                       "%g" % seconds, str(seed))
    row = json.loads(text)
    line = dict(percent(row["ratio"]), differs=row["significant"])
    return {"wall": wall, "lines": {"nanobench": line},
            **{k: row[k] for k in ("version", "rounds", "base_ns", "new_ns")}}


def google_names(program, path):
    """Of each design, its benchmark with the parameters at their defaults, which
    come first."""
    text = call(program, "bench", "--benchmark_list_tests",
                "--benchmark_filter=^own/%s/" % re.escape(path)).stdout
    found = {}
    for name in text.splitlines():
        words = name.split("/")
        found.setdefault(words[3], name)
    return found


def google(a, link, pair, seconds, seed):
    """One process that interleaves the repetitions of both, and compare.py on
    what it left; compare.py's own time is not counted."""
    path, base, new, _ = pair
    program = str(BUILT / str(link) / "locklab")
    names = google_names(program, path)
    old, other = ("^%s$" % re.escape(names[v]) for v in (base, new))
    with tempfile.TemporaryDirectory(prefix="peers.") as folder:
        out, diff = folder + "/out.json", folder + "/diff.json"
        _, wall = timed(program, "bench",
                        "--benchmark_filter=%s|%s" % (old, other),
                        "--benchmark_enable_random_interleaving=true",
                        "--benchmark_repetitions=%d" % REPETITIONS,
                        "--benchmark_min_time=%.6f" %
                        (seconds / (2 * REPETITIONS * OVERSHOOT)),
                        "--benchmark_out_format=json", "--benchmark_out=" + out)
        call(PYTHON, a.compare_py, "--no-color", "-d", diff, "filters", out,
             names[base], names[new])
        diffs = json.loads(pathlib.Path(diff).read_text("utf-8"))
    return {"wall": wall, **google_lines(diffs, seed)}


def google_lines(diffs, seed):
    """What compare.py says: its U test of the repetitions, and their medians."""
    each = next(d for d in diffs if d["run_type"] == "iteration")
    median = next(d for d in diffs if d["aggregate_name"] == "median")
    olds = [m["real_time"] for m in each["measurements"]]
    news = [m["real_time_other"] for m in each["measurements"]]
    p = each["utest"].get("time_pvalue")
    if p is None:
        fail(1, "compare.py made no U test of %d repetitions" % len(olds))
    u = dict(u_test_line(olds, news, ALPHA), differs=p < ALPHA)
    m = median_line(olds, news, ALPHA, seed,
                    est=100 * median["measurements"][0]["time"])
    return {"p": p, "base_times": olds, "new_times": news,
            "lines": {"compare.py U": u, "compare.py med": m}}


# Called with the options, number of the link, pair, seconds and seed.
TOOLS = {OURS: locklab, "nanobench": nanobench, "google": google}


def check(a):
    """All that is wanted is there: known before anything is measured."""
    header = pathlib.Path(a.nanobench) if a.nanobench else None
    if not header:
        fail(2, "no nanobench.h, which is not in Debian: " + HEADER)
    if not (header / "nanobench.h").is_file() and not header.is_file():
        fail(2, "%s: no nanobench.h: %s" % (header, HEADER))
    if not os.access(a.compare_py, os.R_OK):
        fail(2, "%s is missing: install libbenchmark-tools or name "
             "COMPARE_PY=compare.py" % a.compare_py)
    done = subprocess.run([PYTHON, a.compare_py, "--help"], text=True,
                          capture_output=True, check=False)
    if done.returncode:
        fail(2, "%s: %s: install python3-scipy" %
             (a.compare_py, last_line(done.stderr)))
    for name in ("1/locklab", "1/nanobench", "2/locklab", "2/nanobench"):
        if not (BUILT / name).is_file():
            fail(2, "%s is not built: %s" % (BUILT / name, HEADER))


def package(name):
    """Version of a Debian package, or nothing."""
    try:
        done = subprocess.run(["dpkg-query", "-W", "-f", "${Version}", name],
                              text=True, capture_output=True, check=False)
    except OSError:
        return None
    return done.stdout or None


def versions(a):
    return {"libbenchmark-dev": package("libbenchmark-dev"),
            "compare.py": a.compare_py,
            "python3-scipy": package("python3-scipy")}
