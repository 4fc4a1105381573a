#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0 OR MIT
"""What people type: locklab and scripts/draw/plot, with good and bad input.

usage: LOCKLAB=build/locklab test_cli.py [unittest options]

No test looks at a measured time to decide; the budgets are only long enough
for a few rounds. Where a test wants a result, the run has a clock of its own.
"""
import contextlib
import glob
import html
import json
import math
import os
import pathlib
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
import xml.etree.ElementTree

sys.dont_write_bytecode = True
import cases
from cases import LOCKLAB, ROOT, one_cpu, small_files
from figures import measured
import steady

PLOT = str(ROOT / "scripts/draw/plot")
COMPARE_PY = "/usr/share/benchmark/compare.py"
LINK = "resv_vs_custom_lock/link"
PNG_BYTES = 60000
HARNESS = 0.001

NAME = re.compile(r"\w+/\w+/\w+/\w+(\?\w+=\w+(&\w+=\w+)*)?$")
ROW_KEYS = """schema host scenario path params threads base new rounds dropped
    base_ns new_ns delta_ns ratio margin verdict detects aa digest_ok seed
    command""".split()


def call(*args, program=LOCKLAB, **more):
    return subprocess.run([program, *map(str, args)], text=True,
                          capture_output=True, stdin=subprocess.DEVNULL,
                          check=False, **more)


def stat_of(pid):
    """State and parent of a process; None: there is none."""
    try:
        text = pathlib.Path(f"/proc/{pid}/stat").read_text("utf-8", "replace")
    except (FileNotFoundError, ProcessLookupError):
        return None
    return text.rpartition(")")[2].split()[:2]


def child_of(program):
    """The process that measures for it, as soon as there is one."""
    while program.poll() is None:
        for pid in filter(str.isdigit, os.listdir("/proc")):
            found = stat_of(pid)
            if found and int(found[1]) == program.pid and measures(pid):
                return int(pid)
        time.sleep(0.02)
    raise AssertionError(f"no process measures: {program.communicate()}")


def measures(pid):
    try:
        words = pathlib.Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return b"measure-for-parent" in words.split(b"\0")


def gone(pid):
    """Ended, and maybe not yet waited for by who has adopted it."""
    found = stat_of(pid)
    return not found or found[0] == "Z"


def build_id():
    """The program's, as binutils read it."""
    notes = call("-n", LOCKLAB, program="readelf").stdout
    return re.search(r"Build ID: ([0-9a-f]{40})$", notes, re.M)[1]


BUILD_ID = build_id()


def load(path):
    with open(path, encoding="utf-8") as f:
        return json.load(f)


class Case(cases.Case):
    def setUp(self):
        self.out = tempfile.mkdtemp(prefix="test_cli.")
        self.addCleanup(shutil.rmtree, self.out)

    def run_lab(self, *args, **more):
        return call("run", "--out", self.out, *args, **more)

    def folder(self, host="own"):
        found = os.listdir(os.path.join(self.out, host))
        self.assertEqual(len(found), 1, found)
        self.assertFalse(found[0].startswith("."), found)
        return os.path.join(self.out, host, found[0])


class List(Case):
    def test_lines_and_json_agree(self):
        lines = call("list")
        self.assertEqual(lines.returncode, 0)
        names = lines.stdout.splitlines()
        self.assertGreater(len(names), 40)
        self.assertEqual(len(names), len(set(names)))
        for name in names:
            self.assertRegex(name, NAME)
        cases = json.loads(call("list", "--json").stdout)["cases"]
        self.assertEqual([c["name"] for c in cases], names)

    def test_no_none_with_two_threads(self):
        for name in call("list").stdout.splitlines():
            if "/none" in name:
                self.assertNotRegex(name, "threads=[2-9]")

    def test_help_and_unknown_command(self):
        self.assertEqual(call("help").returncode, 0)
        self.refused(call("frobnicate"), 2, "frobnicate", "compare")
        self.refused(call(), 2, "compare")


class Compare(Case):
    def compare(self, *args, scenario=LINK, base="resv", new="gpuva", **more):
        return call("compare", "--exact", "no", "--scenario", scenario,
                    "--base", base, "--new", new, "--budget", "0.3s", *args, **more)

    def test_json(self):
        done = self.compare("--json", "-", "--param", "n=16", "--seed", 3)
        row = json.loads(done.stdout)
        for key in ROW_KEYS:
            self.assertIn(key, row)
        for key in ("delta_ns", "ratio", "aa"):
            for part in ("est", "lo", "hi"):
                self.assertIn(part, row[key])
        self.assertIn("verdict", row["aa"])
        self.assertEqual(row["build_id"], BUILD_ID)
        self.assertEqual(row["params"]["n"], 16)
        self.assertEqual(row["seed"], 3)
        self.assertTrue(row["digest_ok"])
        self.assertLessEqual(row["harness_share"], HARNESS)
        self.assertIn("A/A", done.stderr)
        self.assert_plain(done.stderr)

    def test_exact(self):
        """Counts stand in the table and in JSON, or the reason why not."""
        done = self.compare("--exact", "yes", "--json", "-")
        row = json.loads(done.stdout)
        for side in ("base", "new"):
            counts = row["counts"][side]
            if "why" in counts:
                self.assertIn("not counted: " + counts["why"], done.stderr)
            else:
                self.assertGreater(counts["instructions"], 0)
                self.assertIn("atomics/op", done.stderr)
        self.assert_plain(done.stderr)
        self.refused(self.compare("--exact", "maybe"), 2, "--exact")
        done = self.compare("--exact", "yes", "--json", "-",
                            env={**os.environ, "PATH": self.out})
        self.assertEqual(json.loads(done.stdout)["counts"]["base"]["why"],
                         "no valgrind: install it")

    def test_expect(self):
        for word in ("SAME", "SLOWER", "FASTER", "INCONCLUSIVE"):
            done = self.compare("--json", "-", "--expect", word)
            found = json.loads(done.stdout)["verdict"]
            self.assertEqual(done.returncode, 0 if found == word else 1)

    def test_command_of_a_row_makes_it_again(self):
        row = json.loads(self.compare("--json", "-", "--param",
                                      "ctx=1").stdout)
        words = row["command"].split()
        self.assertEqual(words[1], "compare")
        again = json.loads(call(*words[1:], "--json", "-").stdout)
        for key in ("host", "scenario", "path", "params", "threads", "base",
                    "new", "seed", "margin", "command"):
            self.assertEqual(again[key], row[key], key)

    def test_two_threads_have_skew_and_overlap(self):
        if len(os.sched_getaffinity(0)) < 2:
            self.skipTest("one CPU only")
        done = self.compare("--json", "-", scenario="vm_bo_lock/obtain",
                            *("--threads", "2"))
        row = json.loads(done.stdout)
        self.assertEqual(row["threads"], 2)
        if row["rounds"]:
            self.assertGreaterEqual(row["skew_ns"], 0)
            self.assertTrue(0 < row["overlap"] <= 1)

    def assert_oversubscribed(self, done, threads):
        row = json.loads(done.stdout)
        self.assertEqual(row["threads"], threads)
        self.assertIs(row["oversubscribed"], True)
        self.assertGreater(row["rounds"], 0)
        self.assertEqual(row["dropped_why"]["preempted"], 0)
        self.assertEqual(row["dropped_why"]["overlap"], 0)
        self.assertIn("threads oversubscribed", done.stderr)
        self.assert_plain(re.sub("locklab: .*", "", done.stderr))

    def test_more_threads_than_cpus(self):
        if len(os.sched_getaffinity(0)) >= 8:
            self.skipTest("no path takes more threads than there are CPUs")
        self.assert_oversubscribed(self.compare("--json", "-", "--threads", 8,
                                         scenario="contention/shared_bo"), 8)

    def test_threads_of_one_cpu(self):
        self.assert_oversubscribed(
            self.compare("--json", "-", "--threads", 2,
                         scenario="contention/evict_bind",
                         preexec_fn=one_cpu), 2)
        row = json.loads(self.compare("--json", "-").stdout)
        self.assertIs(row["oversubscribed"], False)

    def test_tally(self):
        """On one CPU a bind is put off with its resv held: at each tick in about
        every other one, of which there are dozens in a second."""
        done = self.compare("--json", "-", "--budget", "1s", "--threads", 2,
                            new="immediate", preexec_fn=one_cpu,
                            scenario="contention/shrinker_bind")
        tally = json.loads(done.stdout)["tally"]
        self.assertEqual(tally["what"], "skipped")
        self.assertGreater(tally["base"], 0)    # binds hold resvs
        self.assertEqual(tally["new"], 0)       # these hold none
        self.assertIn("skipped per op of thread 1", done.stderr)

    def test_same_variant_is_a_second_copy(self):
        row = json.loads(self.compare("--json", "-", new="resv").stdout)
        self.assertEqual((row["base"], row["new"]), ("resv", "resv"))

    def test_bad_names(self):
        self.refused(self.compare(scenario="nosuch"), 2, "nosuch",
                     "resv_vs_custom_lock", "vm_bo_lock")
        self.refused(self.compare(scenario="vm_bo_lock/nosuch"), 2, "nosuch",
                     "obtain_new")
        self.refused(self.compare(new="nosuch"), 2, "nosuch", "arc_mutex")
        self.refused(self.compare("--host", "nosuch"), 2, "nosuch", "own")
        self.refused(self.compare("--param", "n=17"), 2, "n=17", "1000")
        self.refused(self.compare("--param", "zz=1"), 2, "zz", "ctx")
        self.refused(self.compare("--frob"), 2, "--frob")
        self.refused(self.compare("--budget", "soon"), 2, "soon")

    def test_none_is_for_one_thread(self):
        self.refused(self.compare("--threads", 2, new="none",
                                  scenario="vm_bo_lock/obtain"), 2, "none")

    def test_one_cpu(self):
        self.refused(self.compare(scenario="resv_vs_custom_lock/contended",
                                  preexec_fn=one_cpu), 77, "CPU")

    def test_full_disk(self):
        done = self.compare("--json", "/dev/full")
        self.assertEqual(done.returncode, 1)
        self.assertIn("No space left", done.stderr)

    def test_json_outlives_a_closed_pipe(self):
        read, write = os.pipe()
        os.close(read)
        path = self.out + "/row.json"
        with os.fdopen(write, "wb") as pipe:
            subprocess.run([LOCKLAB, "compare", "--scenario", LINK, "--base",
                            "resv", "--new", "gpuva", "--budget", "0.1s",
                            "--json", path], stdout=pipe, check=False,
                           stderr=subprocess.DEVNULL)
        self.assertIn("verdict", load(path))

    @contextlib.contextmanager
    def measuring(self, path):
        """compare and its process, which has hours to do."""
        with subprocess.Popen([LOCKLAB, "compare", "--scenario", LINK, "--base",
                               "resv", "--new", "gpuva", "--budget", "40000",
                               "--exact", "no", "--json", path], text=True,
                              stdout=subprocess.PIPE, start_new_session=True,
                              stderr=subprocess.PIPE) as lab:
            yield lab, child_of(lab)

    def test_stopped(self):
        """What is measured so far is a row; the process is gone, too."""
        path = self.out + "/row.json"
        for sig in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            for whom in (os.kill, os.killpg):
                with self.subTest(sig=sig, whom=whom.__name__), \
                        self.measuring(path) as (lab, child):
                    whom(lab.pid, sig)
                    printed, errors = lab.communicate()
                    self.assertEqual(lab.returncode, 128 + sig, errors)
                    self.assertEqual(errors, "")
                    row = load(path)
                    self.assertIs(row["partial"], True)
                    self.assertIn("partial: stopped after" if row["rounds"]
                                  else "NO RESULT", printed)
                    self.assertTrue(gone(child))

    def test_process_that_ends_by_itself(self):
        path = self.out + "/row.json"
        with self.measuring(path) as (lab, child):
            os.kill(child, signal.SIGKILL)
            printed, errors = lab.communicate()
        self.assertEqual(lab.returncode, 1)
        self.assertEqual(errors, "locklab: compare: the process that measured "
                         "it was ended by signal 9 (Killed)\n")
        self.assertEqual(printed, "")

    def test_process_ends_with_its_parent(self):
        with self.measuring(self.out + "/row.json") as (lab, child):
            lab.kill()
            lab.communicate()
            while not gone(child):
                time.sleep(0.02)

    def test_processes(self):
        for number in ("0", "-1", "1001", "x"):
            self.refused(self.compare("--processes", number), 2,
                         f"bad number of processes '{number}'", "1 to 1000")
        row = json.loads(self.compare("--json", "-", "--processes", 3).stdout)
        # one more may be started where some found the core shared
        self.assertIn(row["processes"], range(1, 5))

    def test_unwritable_json(self):
        self.refused(self.compare("--json", self.out + "/no/file"), 2,
                     "/no/file")


class Run(Case):
    def test_whole(self):
        done = self.run_lab("--scenario", LINK, "--variants", "resv,gpuva",
                            "--budget", "5s", "--seed", 11, "--exact", "no",
                            env=steady.environment())
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assert_plain("\n".join(line for line in done.stdout.splitlines()
                                    if self.out not in line))
        folder = self.folder()
        self.assertNotIn("partial", folder)
        self.assertIn(folder + "/report.txt", done.stdout)
        samples = load(folder + "/samples.json")
        self.assertFalse(samples["partial"])
        self.check_rows(samples)
        self.check_env(load(folder + "/env.json"))
        self.check_build_id(folder, load(folder + "/env.json"), samples)
        self.check_report(folder, done.stdout, samples)
        self.check_gbench(folder)
        self.check_plots(folder)

    def check_rows(self, samples):
        names = {row["path"] for row in samples["controls"]}
        self.assertLessEqual({"empty", "mutex", "ww_mutex", "ww_mutex_ctx",
                              "spinlock", "kref", "list"}, names)
        cases = [tuple(row["params"].items()) for row in samples["rows"]]
        self.assertEqual(len(cases), len(set(cases)))
        self.assertIn({"ctx": 0, "n": 1, "temp": "warm"},
                      [row["params"] for row in samples["rows"]])
        self.assertIn({"ctx": 1, "n": 1, "temp": "warm"},
                      [row["params"] for row in samples["rows"]])
        for row in samples["controls"] + samples["rows"]:
            self.check_rounds(row)
        for row in samples["rows"]:
            self.assertEqual((row["base"], row["new"]), ("resv", "gpuva"))
            self.assertEqual(row["seed"], 11)
            kept = [s for s in row["samples"] if s[1] == 0]
            self.assertEqual(len(kept), row["rounds"])
            self.assertEqual(len(row["samples"]),
                             row["rounds"] + row["dropped"])

    def check_rounds(self, row):
        """[order, drop, ns of each arm, ns of a probe]; placements are told by
        columns, process by process."""
        arms = row["arms"]
        self.assertEqual(arms, ["base", "new", "aa"][:len(arms)])
        for order, drop, *ns, probe in row["samples"]:
            self.assertIn(order, range(math.factorial(len(arms))))
            self.assertGreaterEqual(drop, 0)
            self.assertEqual(len(ns), len(arms))
            self.assertGreater(min(ns), 0)
            self.assertGreater(probe, 0)
        places = row["places"]
        self.assertEqual({len(column) for column in places.values()},
                         {row["placements"]})
        first, process = places["first_round"], places["process"]
        self.assertEqual(first[0], 0)
        self.assertEqual(first, sorted(set(first)))
        self.assertLess(first[-1], len(row["samples"]))
        self.assertEqual(process, sorted(process))
        self.assertEqual(len(set(process)), row["processes"])

    def check_build_id(self, folder, env, samples):
        """Every record names the program that made it."""
        self.assertEqual(env["build"]["id"], BUILD_ID)
        self.assertEqual(samples["build_id"], BUILD_ID)
        self.assertEqual(load(folder + "/gbench.json")["context"]["build_id"],
                         BUILD_ID)
        self.assertIn("Build id: " + BUILD_ID + "\n", pathlib.Path(
            folder, "report.txt").read_text("ascii"))

    def check_env(self, env):
        for key in ("cpu", "kernel", "memory", "build", "pmu", "locks",
                    "absent", "seed", "end"):
            self.assertIn(key, env)
        for path, why in env["absent"].items():
            self.assertTrue(why)
            group, _, key = path.partition(".")
            if isinstance(env.get(group), dict):
                self.assertNotIn(key, env[group])

    def check_report(self, folder, printed, samples):
        text = pathlib.Path(folder, "report.txt").read_text("ascii")
        self.assert_plain(text)
        for word in ("Environment", "Controls", "A/A arms", "Harness",
                     "Rounds", "Memory", "Not measured", "mutex lock+unlock",
                     "repro:", "Question of resv_vs_custom_lock"):
            self.assertIn(word, text)
        head = text.split("Made by:")[0]
        self.assertTrue(printed.startswith(head))
        row = next(r for r in samples["rows"] if r["params"] ==
                   {"ctx": 0, "n": 1, "temp": "warm"})
        if row["verdict"] == "NO RESULT":
            self.assertIn("NO RESULT", head)
        else:
            self.assertIn("%+.2f" % row["delta_ns"]["est"], head)
            self.assertIn(row["verdict"], head)
            self.assertIn("A mutex pair alone", head)

    def check_gbench(self, folder):
        path = folder + "/gbench.json"
        found = load(path)["benchmarks"]
        self.assertTrue(found)
        for b in found:
            self.assertTrue(b["name"].endswith("/threads:1"))
            self.assertTrue(b["real_time"] > 0)
        if not os.path.exists(COMPARE_PY):
            return
        for args in (("benchmarks", path, path),
                     ("benchmarksfiltered", path, "/resv/", path, "/gpuva/")):
            done = call(COMPARE_PY, "--no-color", *args,
                        program="/usr/bin/python3")
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn("U Test", done.stdout)
            self.assertIn("own/" + LINK, done.stdout)

    def check_plots(self, folder):
        if not shutil.which("gnuplot"):
            return
        done = call(folder, program=PLOT)
        self.assertEqual(done.returncode, 0, done.stderr)
        for name in ("path-resv_vs_custom_lock-link",
                     "spread-resv_vs_custom_lock-link"):
            png = pathlib.Path(folder, name + ".png").read_bytes()
            self.assertTrue(png.startswith(b"\x89PNG"))
            self.assertLess(len(png), PNG_BYTES)
            svg = pathlib.Path(folder, name + ".svg").read_text("utf-8")
            xml.etree.ElementTree.fromstring(svg)
            for word in (LINK, "host own", "commit", "seed 11"):
                self.assertIn(word, svg)

    def test_program_draws_in_the_folder(self):
        done = self.run_lab("--scenario", "controls*", "--budget", "0.5s",
                            "--plot", "/bin/ls")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("samples.json", done.stdout)
        self.assertIn("No headline", done.stdout)

    def test_interrupt_keeps_rows(self):
        for sig in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(sig=sig):
                self.interrupt(sig)

    def wait_for(self, program, what):
        """However long it takes: a hang is tests/run's."""
        while program.poll() is None and not what():
            time.sleep(0.02)

    def interrupt(self, sig):
        with subprocess.Popen([LOCKLAB, "run", "--out", self.out, "--budget",
                               "200"], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True) as lab:
            self.wait_for(lab, lambda: sum(
                pathlib.Path(f).read_text("ascii").count(
                    '"schema":"locklab-row') for f in glob.glob(
                        self.out + "/own/.*/samples.json")) > 1)
            lab.send_signal(sig)
            printed, errors = lab.communicate()
        self.assertEqual(lab.returncode, 128 + sig, errors)
        self.assertIn("stopped", errors)
        self.assertIn("PARTIAL RUN", printed)
        folder = self.folder()
        self.assertTrue(folder.endswith("-partial"))
        samples = load(folder + "/samples.json")
        self.assertTrue(samples["partial"])
        self.assertGreater(len(samples["controls"]), 1)
        self.assertIn("PARTIAL RUN",
                      pathlib.Path(folder, "report.txt").read_text("ascii"))
        shutil.rmtree(folder)

    def test_interrupt_while_drawing(self):
        slow = pathlib.Path(self.out, "slow")
        slow.write_text("#!/bin/sh\ntouch $1/begun\nexec sleep 100000\n",
                        "ascii")
        slow.chmod(0o755)
        with subprocess.Popen([LOCKLAB, "run", "--out", self.out, "--budget",
                               "0.5", "--scenario", "vm_bo_lock/obtain",
                               "--plot", slow], stdout=subprocess.DEVNULL,
                              stderr=subprocess.PIPE, text=True,
                              start_new_session=True) as lab:
            self.wait_for(lab, lambda: glob.glob(self.out + "/own/.*/begun"))
            os.killpg(lab.pid, signal.SIGINT)
            errors = lab.communicate()[1]
        self.assertEqual(lab.returncode, 130, errors)
        self.assertIn("stopped while it was drawn", errors)
        folder = self.folder()
        self.assertFalse(folder.endswith("-partial"))
        self.assertFalse(load(folder + "/samples.json")["partial"])

    def test_bad_names(self):
        self.refused(self.run_lab("--scenario", "nosuch*"), 2, "nosuch",
                     "resv_vs_custom_lock/link")
        self.refused(self.run_lab("--variants", "resv,nosuch"), 2, "nosuch",
                     "gpuva_coarse")
        self.refused(self.run_lab("--host", "nosuch"), 2, "nosuch", "own")
        self.refused(self.run_lab("--budget", "0"), 2, "budget")
        self.refused(self.run_lab("--margin", "x"), 2, "margin")
        self.refused(self.run_lab("--seed", "-1"), 2, "seed")
        self.refused(self.run_lab("--out"), 2, "--out")
        self.refused(self.run_lab("more"), 2, "more")
        self.assertEqual(os.listdir(self.out), [])

    def test_threads(self):
        self.refused(self.run_lab("--threads", "0"), 2, "'0'")
        self.refused(self.run_lab("--threads", "9"), 2, "9 threads")
        if len(os.sched_getaffinity(0)) >= 4:
            self.skipTest("four threads have a CPU each")
        done = self.run_lab("--scenario", "contention/shared_bo", "--threads",
                            4, "--variants", "resv,gpuva", "--budget", "2")
        self.assertEqual(done.returncode, 0, done.stderr)
        report = (pathlib.Path(self.folder()) / "report.txt").read_text()
        self.assertIn("threads=4  gpuva oversubscribed", report)
        self.assertIn("THREADS=4", report)
        self.assertRegex(report, "rows are oversubscribed")
        self.assert_plain(report)
        rows = load(os.path.join(self.folder(), "samples.json"))["rows"]
        self.assertTrue(all(r["oversubscribed"] for r in rows
                            if r["scenario"] == "contention"))

    def contention_rows(self, *args):
        out = tempfile.mkdtemp(dir=self.out)
        done = call("run", "--out", out, "--budget", 1, "--exact", "no", *args)
        self.assertEqual(done.returncode, 0, done.stderr)
        rows = load(glob.glob(out + "/own/*/samples.json")[0])["rows"]
        return [(r["path"], r["new"]) for r in rows
                if r["scenario"] == "contention"]

    def test_contention_is_whole_where_it_is_named(self):
        if len(os.sched_getaffinity(0)) < 2:
            self.skipTest("one CPU only")
        few = [(path, new) for path in ("shared_bo", "evict_bind")
               for new in ("gpuva", "immediate")]
        self.assertCountEqual(self.contention_rows(), few)
        rows = self.contention_rows("--scenario", "contention")
        self.assertEqual({path for path, _ in rows},
                         {"shared_bo", "own_bo", "evict_bind",
                          "shrinker_bind", "run_job"})
        self.assertGreater(rows.count(("evict_bind", "gpuva")), 4)
        self.assertEqual(rows.count(("evict_bind", "gpuva_coarse")), 1)
        self.assertNotIn("none", {new for _, new in rows})

    def test_families(self):
        self.refused(call("compare", "--scenario", "mm_insert/insert",
                          "--base", "none", "--new", "gpuva"), 2,
                     "'gpuva' is none of mm_insert's", "explicit_free")
        self.refused(call("compare", "--scenario", LINK, "--base", "resv",
                          "--new", "spin"), 2, "'spin' is none of")
        self.refused(self.run_lab("--against", "nosuch"), 2, "nosuch", "own")

    def test_allocator(self):
        done = self.run_lab("--scenario", "mm_insert/[dv]*", "--variants",
                            "resv,mutex,explicit_free,gpuva", "--budget", "5s",
                            "--exact", "no")
        self.assertEqual(done.returncode, 0, done.stderr)
        rows = load(self.folder() + "/samples.json")["rows"]
        self.assertEqual({(r["path"], r["base"]) for r in rows},
                         {("drop", "mutex"), ("vs_mutex", "mutex"),
                          ("vs_resv", "resv"), ("vs_arc", "resv")})
        self.assertNotIn("gpuva", {r["new"] for r in rows})

    def test_none_is_for_one_thread(self):
        self.refused(self.run_lab("--scenario", "*/contended", "--variants",
                                  "resv,none"), 2, "none")
        self.refused(self.run_lab("--scenario", "*/contended", "--variants",
                                  "none"), 2, "none", "2 threads")

    def test_commands_can_be_pasted(self):
        out = self.out + "/it's a b"
        done = call("run", "--out", out, "--scenario", "vm_bo_lock/obtai[n]",
                    "--variants", "resv,arc_mutex", "--budget", "1s")
        self.assertEqual(done.returncode, 0, done.stderr)
        folder = glob.glob(out + "/own/*")[0]
        row = load(folder + "/samples.json")["rows"][0]
        text = pathlib.Path(folder, "report.txt").read_text("ascii")
        text = text.replace("\\\n", "")
        found = {}
        for lead in ("Made by: ", "repro: ", "one row: "):
            line = next(x for x in text.splitlines() if x.startswith(lead))
            found[lead] = shlex.split(line[len(lead):])
        self.assertEqual(found["Made by: "][1:], [
            "run", "--out", out, "--scenario", "vm_bo_lock/obtai[n]",
            "--variants", "resv,arc_mutex", "--budget", "1s"])
        self.assertIn("VARIANTS=resv,arc_mutex", found["repro: "])
        self.assertEqual(found["one row: "], row["command"].split())

    def test_what_takes_longer_is_said(self):
        """Before the first row; and what is not counted takes no time."""
        for more, said in (((), True), (("--exact", "no"), False)):
            done = self.run_lab("--scenario", "vm_bo_lock/obtain", "--budget",
                                "0.5s", *more)
            self.assertEqual(done.returncode, 0, done.stderr)
            found = re.search(r"counting the instructions of \d+ cases will take "
                              r"some \d+ s more", done.stderr)
            self.assertEqual(bool(found), said, done.stderr)

    def test_no_pictures_are_not_announced(self):
        done = self.run_lab("--scenario", "controls/empty", "--budget", "0.5s",
                            "--plot", PLOT)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("plots:  none", done.stdout)

    def test_one_cpu(self):
        self.refused(self.run_lab("--scenario", "*/contended",
                                  preexec_fn=one_cpu), 77, "2 CPUs")
        self.assertEqual(os.listdir(self.out), [])

    def test_unwritable(self):
        path = os.path.join(self.out, "file")
        pathlib.Path(path).touch()
        self.refused(call("run", "--out", path), 2, path)
        self.refused(call("run", "--out", "/proc/nosuch"), 2, "/proc/nosuch")

    def full(self, done):
        self.assertEqual(done.returncode, 1, done.stderr)
        errors = [line for line in done.stderr.splitlines()
                  if not re.match(r"locklab: \d+ of \d+ done", line)]
        self.assertEqual(len(errors), 1, done.stderr)
        self.assertIn("rows are kept there, marked partial", errors[0])
        folder = self.folder()
        self.assertTrue(folder.endswith("-partial"))
        samples = load(folder + "/samples.json")
        self.assertTrue(samples["partial"])
        return samples

    def test_full_disk(self):
        samples = self.full(self.run_lab("--scenario", LINK, "--budget", "40s",
                                         "--exact", "no",
                                         preexec_fn=small_files(24000),
                                         restore_signals=False))
        self.assertGreater(len(samples["controls"]), 0)

    def test_full_tmpfs(self):
        mounted = call("-t", "tmpfs", "-o", "size=64k", "tmpfs", self.out,
                       program="/bin/mount")
        if mounted.returncode:
            self.skipTest("needs root to mount a small tmpfs")
        try:
            self.full(self.run_lab("--scenario", LINK, "--budget", "60s",
                                   "--exact", "no"))
        finally:
            call(self.out, program="/bin/umount")


class Plot(Case):
    """scripts/draw/plot with less than a whole run."""

    def setUp(self):
        super().setUp()
        if not shutil.which("gnuplot"):
            self.skipTest("no gnuplot")

    def samples(self, rows, **more):
        with open(self.out + "/samples.json", "w", encoding="ascii") as f:
            json.dump({"seed": 1, "controls": [], "rows": rows, **more}, f)

    @staticmethod
    def row(**more):
        interval = {"est": 1.1, "lo": 1.05, "hi": 1.2}
        return {"host": "own", "base_host": "own", "new_host": "own",
                "scenario": "it's", "path": "a_b", "title": "x_{1} & 'y'",
                "op": "op", "params": {"n": 1}, "base": "resv", "new": "w",
                "base_ns": 10, "new_ns": 11, "delta_ns": interval,
                "ratio": interval, "margin": 1, "verdict": "SLOWER",
                "aa": {"est": 1, "lo": 0.99, "hi": 1.01}, "level": 0.9937,
                "units": 12, "unit": "process", "processes": 12,
                "cycles": None, **measured(
                    [[(10 + i % 3, 11 + i % 4, 10 + i % 5)]
                     for i in range(12)], ("base", "new", "aa")), **more}

    def pictures(self):
        return sorted(p.name for p in pathlib.Path(self.out).glob("*.png"))

    def draw(self):
        done = call(self.out, program=PLOT)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stderr

    def test_no_rows(self):
        self.samples([])
        self.assertIn("no rows", self.draw())
        self.assertEqual(self.pictures(), [])

    def test_partial_without_env(self):
        self.samples([self.row()], partial=True)
        self.assertEqual(self.draw(), "")
        self.assertEqual(self.pictures(), ["path-it_s-a_b.png",
                                           "spread-it_s-a_b.png"])
        svg = pathlib.Path(self.out, "path-it_s-a_b.svg").read_text("utf-8")
        xml.etree.ElementTree.fromstring(svg)
        self.assertIn("PARTIAL RUN", svg)
        self.assertIn("intervals over 12 processes, level 99.4 %", svg)
        svg = pathlib.Path(self.out, "spread-it_s-a_b.svg").read_text("utf-8")
        for word in ("w - resv, 12 processes", "A/A: resv' - resv, 12"):
            self.assertIn(word, html.unescape(svg))

    def test_nothing_to_show(self):
        nothing = {"est": None, "lo": None, "hi": None}
        self.samples([self.row(base_ns=None, new_ns=None, ratio=nothing,
                               samples=[], verdict="NO RESULT")])
        self.assertEqual(self.draw().count("left out"), 2)
        self.assertEqual(self.pictures(), [])

    def test_roles(self):
        thread = {"ops": 1000, "seconds": 1e-3, "p50": 10, "p99": 20,
                  "p999": 40, "max": 100}
        none = dict.fromkeys(thread, None)
        self.samples([self.row(roles=["a", "b"], thread_rows={
            "base": [thread, none], "new": [thread, thread]})])
        self.draw()
        self.assertIn("roles-it_s-a_b.png", self.pictures())

    def test_bad_folder(self):
        self.refused(call(self.out + "/nosuch", program=PLOT), 2, "nosuch")


class Tree(Case):
    def test_no_kernel_tree(self):
        done = call("-C", ROOT, "INSTALL=no", "B=" + self.out + "/build",
                    "KSRC=" + self.out, "ksrc", program="make",
                    env={k: v for k, v in os.environ.items()
                         if k not in ("MAKEFLAGS", "MAKELEVEL")})
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("locklab: KSRC=" + self.out, done.stderr)
        self.assertIn("drm_gpuvm.c", done.stderr)


class Bench(Case):
    def names(self, what):
        done = call("bench", "--benchmark_list_tests", "--benchmark_filter=" + what)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout.splitlines()

    def test_list(self):
        names = self.names("own/resv_vs_custom_lock/")
        self.assertGreater(len(names), 40)
        for name in names:
            self.assertRegex(name, r"^own/resv_vs_custom_lock/\w+/\w+(/\w+:\w+)*"
                             r"/threads:\d+/manual_time$")
        others = self.names("-^(ksrc|own/([^r]|resv_vs_custom_lock/link/))")
        self.assertEqual(others, [n for n in names if "/link/" not in n])
        one = [n for n in names if "threads:1/" in n][0]
        self.assertEqual(self.names("^%s$" % re.escape(one)), [one])

    def test_json_with_repetitions(self):
        done = call("bench", "--benchmark_filter=^own/" + LINK +
                    "/resv/ctx:0/n:1/temp:warm/", "--benchmark_format=json",
                    "--benchmark_min_time=0.01", "--benchmark_repetitions=3")
        self.assertEqual(done.returncode, 0, done.stderr)
        found = [b for b in json.loads(done.stdout)["benchmarks"]
                 if b["run_type"] == "iteration"]
        self.assertEqual(len(found), 3)
        for b in found:
            self.assertTrue(math.isfinite(b["real_time"]))
            self.assertGreater(b["ops/s"], 0)

    def test_bad_flags(self):
        self.refused(call("bench", "--frob"), 2, "--frob")
        self.refused(call("bench", "--benchmark_format=xml"), 2, "value")
        for what in ("nosuch", "(", "-"):
            done = call("bench", "--benchmark_filter=" + what, preexec_fn=one_cpu)
            self.assertEqual(done.returncode, 2, done.stderr)
        self.assertEqual(call("bench", "--help").returncode, 0)

    def test_one_cpu(self):
        done = call("bench", "--benchmark_filter=contended", preexec_fn=one_cpu)
        self.assertEqual(done.returncode, 77)
        self.assertIn("CPUs", done.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
