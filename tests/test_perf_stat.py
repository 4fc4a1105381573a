#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0 OR MIT
"""scripts/run/perf-stat and perf-record, on a perf whose counters are known.

usage: LOCKLAB=build/locklab test_perf_stat.py [unittest options]
"""
import json
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

sys.dont_write_bytecode = True
import cases
from cases import COLUMNS, LOCKLAB, ROOT, small_files
from scripts.run import perftool
from scripts.run.perf_report import command_lines
from scripts.common.interval import sign_interval
from scripts.run.perf_session import orders

SCRIPT, RECORD = (str(ROOT / "scripts/run" / n) for n in ("perf-stat",
                                                      "perf-record"))
EMPTIES = 3


# A loop that is asked for a time does OPS operations instead and says that they
# took 50 ns each, so that no machine finds another number of them.
OPS = 20000
LOOP = """#!/usr/bin/python3 -IS
import json, os, subprocess, sys
args = sys.argv[1:]
if "--seconds" not in args:
    os.execv({0!r}, [{0!r}, *args])
at = args.index("--seconds")
args[at:at + 2] = ["--ops", "{1}"]
done = subprocess.run([{0!r}, *args], stdout=subprocess.PIPE)
if done.returncode:
    sys.exit(done.returncode)
loop = json.loads(done.stdout)
loop["ns"] = 50 * loop["thread_ops"][0]
print(json.dumps(loop))
"""


class Case(cases.Case):
    program = "perf-stat"

    def setUp(self):
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="test_perf."))
        self.addCleanup(shutil.rmtree, self.dir)
        (self.dir / "bin").mkdir()
        perf = self.dir / "bin/perf"
        shutil.copy(ROOT / "tests/fake_perf.py", perf)
        perf.chmod(0o755)
        loop = self.dir / "locklab"
        loop.write_text(LOOP.format(LOCKLAB, OPS), "ascii")
        loop.chmod(0o755)
        self.env = {**os.environ, "LOCKLAB": str(loop),
                    "FAKE_PERF": str(self.dir),
                    "PATH": "%s:%s" % (self.dir / "bin", os.environ["PATH"])}

    def events(self, what):
        (self.dir / "what.json").write_text(json.dumps(what))
        return ",".join(e for e in what if e)

    def command(self, *args, events, base="resv", new="gpuva", repeat=2):
        return [SCRIPT, "--base", base, "--new", new, "--events", events,
                "--repeat", str(repeat), "--seconds", "0.001", "--out",
                str(self.dir / "out"), *args]

    def call(self, *args, preexec_fn=None, **more):
        return subprocess.run(self.command(*args, **more), text=True, cwd=ROOT,
                              env=self.env, capture_output=True,
                              stdin=subprocess.DEVNULL, check=False,
                              preexec_fn=preexec_fn)

    def folder(self, end=""):
        found = list((self.dir / "out/perf").iterdir())
        self.assertEqual(len(found), 1, found)
        self.assertRegex(found[0].name, r"^\d{8}T\d{6}Z-\w+%s$" % end)
        return found[0]

    def doc(self, end=""):
        text = (self.folder(end) / "perf-stat.json").read_text("utf-8")
        return json.loads(text, parse_constant=self.fail)

    def rows(self, end=""):
        return {r["event"]: r for r in self.doc(end)["rows"]}


class Counts(Case):
    def test_per_operation(self):
        """27 more an operation, and an empty region of 3000."""
        done = self.call(repeat=6, events=self.events(
            {"instructions:u": 50, "cycles:k": 0.001, "task-clock": "msec",
             "a-very-long-name-of-an-event:u": 1e5, "page-faults": 0}))
        self.assertEqual(done.returncode, 0, done.stderr)
        rows, doc = self.rows(), self.doc()
        ops = doc["runs"][0]["loop"]["ops"]
        self.assertEqual(ops, OPS)
        for event, base in (("instructions:u", 50), ("task-clock", 20),
                            ("a-very-long-name-of-an-event:u", 1e5)):
            row = rows[event]
            self.assertAlmostEqual(row["base"]["est"], base + 3000 / ops, 3)
            for k in ("est", "lo", "hi"):
                self.assertAlmostEqual(row["delta"][k], 27, 3)
            self.assertAlmostEqual(row["empty"], 3000 / ops, 3)
        self.assertEqual(rows["task-clock"]["unit"], "ns")
        self.assertEqual(rows["page-faults"]["delta"]["est"], 0)
        self.assertEqual((doc["partial"], doc["pairs"]), (False, 6))
        self.assertIn("time", rows)
        self.check_text(done.stdout, ops)
        self.check_runs(doc, ops)

    def check_text(self, text, ops):
        self.assert_plain(text.rpartition("result: ")[0])
        self.assertEqual((self.folder() / "perf-stat.txt").read_text(),
                         text.rpartition("result: ")[0])
        for words in (r"instructions:u +50\.\d+ +0\.0% +77\.\d+ +0\.0% +"
                      r"\+27\.00 \[\+27\.00 \+27\.00\]",
                      r"An empty region reads at most, per million ops:",
                      r"6 pairs of runs", r"perf acknowledged in"):
            self.assertRegex(" ".join(text.split()), words)
        self.assertIn("%d ops" % ops, " ".join(text.split()))

    def check_runs(self, doc, ops):
        """Both sides the same, in turn, in an order of the seed's."""
        self.assertEqual({r["loop"]["ops"] for r in doc["runs"]}, {ops})
        first = [r["arm"] for r in doc["runs"][::2]]
        self.assertEqual(sum(first), 3)
        for a, b in zip(doc["runs"][::2], doc["runs"][1::2]):
            self.assertEqual((a["pair"], a["arm"] + b["arm"]), (b["pair"], 1))
        for run in doc["runs"] + doc["empty_runs"]:
            text = (self.folder() / run["file"]).read_text()
            self.assertEqual(len(re.findall('"counter-value"', text)), 5)
        said = (self.dir / "runs").read_text().split()[1::2]
        self.assertEqual(said, ["0"] * EMPTIES + [str(ops)] * 12)
        env = json.loads((self.folder() / "env.json").read_text())
        self.assertIn("cpu", env)

    def test_within_the_region(self):
        """A delta that an empty region could be is said to be none."""
        # a machine that is busy may add the time
        words = re.compile("Not beyond what an empty region reads, so no "
                           "difference is shown: (time, )?cycles:u[.]")
        for more in (-0.001, 27):
            shutil.rmtree(self.dir / "out", ignore_errors=True)
            done = self.call(events=self.events({"cycles:u": 5,
                                                 "": {"more": more}}))
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertAlmostEqual(self.rows()["cycles:u"]["delta"]["est"],
                                   more, 5)
            said = words.search(" ".join(done.stdout.split()))
            self.assertEqual(bool(said), abs(more) < 1, done.stdout)

    def test_few_pairs_have_no_interval(self):
        done = self.call(repeat=2, events=self.events({"cycles:u": 5}))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertNotIn("lo", self.rows()["cycles:u"]["delta"])
        self.assertIn("2 pairs are too few for an interval", done.stdout)

    def test_what_cannot_be_shown_has_a_word(self):
        done = self.call(events=self.events({
            "task-clock": "msec", "none:u": "<not supported>",
            "late:u": "<not counted>", "shared:u": [10, 44.0],
            "cycles:u": 0, "secret:k": "denied", "away": "odd",
            "context-switches:u": 0}))
        self.assertEqual(done.returncode, 0, done.stderr)
        words = self.doc()["words"]
        self.assertEqual(set(self.rows()), {"time", "task-clock"})
        for event, word in (
                ("none:u", "not supported"), ("late:u", "not counted"),
                ("shared:u", "counted 44 % of the time"),
                ("cycles:u", "reads 0"), ("secret:k", "not permitted"),
                ("away", "perf: The counters are on holiday."),
                ("context-switches:u", "happens in the kernel"
                 if os.geteuid() == 0 else "not permitted")):
            self.assertIn(word, words[event], event)
            self.assertRegex(done.stdout, re.escape(event) + "[:,]")
        for run in self.doc()["runs"]:
            for c in run["counts"]:
                self.assertEqual(c["value"] is None, c["word"] is not None)

    def test_nothing_can_be_counted(self):
        for what, word in (("denied", "not permitted"),
                           ("<not supported>", "not supported")):
            done = self.call(events=self.events({"cycles:u": what}))
            self.assert_said(done, 77, "cycles:u", word)
            self.assertFalse((self.dir / "out").exists())
        done = self.call(events=self.events({"cycles:u": [5, 10.0]}))
        self.assertEqual(done.returncode, 77)
        self.assertIn("cycles:u: counted 10 %", done.stderr)

    def test_paranoid_is_named(self):
        level = pathlib.Path(perftool.PARANOID)
        user, os.geteuid = os.geteuid, lambda: 1000
        try:
            self.assertEqual(
                perftool.forbidden(), "not permitted (kernel."
                "perf_event_paranoid %s)" % level.read_text().strip()
                if level.exists() else "not permitted")
        finally:
            os.geteuid = user

    def test_threads_and_roles_are_said(self):
        done = self.call("--scenario", "resv_vs_custom_lock/contended",
                         "--threads", "2", events=self.events({"cycles:u": 5}))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("threads 2", done.stdout)
        self.assertIn("Operations are thread 0's", done.stdout)

    def test_repro_makes_it_again(self):
        done = self.call("--param", "n=16 ctx=1",
                         events=self.events({"cycles:u": 5}))
        self.assertEqual(done.returncode, 0, done.stderr)
        words = shlex.split(self.doc()["command"])
        self.assertEqual(words[:2], ["make", "perf-stat"])
        for word in ("BASE=own:resv", "NEW=own:gpuva", "PARAM=n=16 ctx=1",
                     "REPEAT=2", "EVENTS=cycles:u"):
            self.assertIn(word, words)
        made = subprocess.run(["make", "-n", "-o", "build/locklab",
                               "INSTALL=no", *words[1:]], cwd=ROOT, text=True,
                              capture_output=True, check=True, env={
                                  k: v for k, v in os.environ.items()
                                  if not k.startswith("MAKE")}).stdout
        made = made[made.index("scripts/run/perf-stat"):].replace("\\\n", " ")
        args = shlex.split(made.splitlines()[0])
        self.assertEqual(args[args.index("--param") + 1], "n=16 ctx=1")
        self.assertEqual(args[args.index("--repeat") + 1], "2")


class Wrong(Case):
    def test_bad_input(self):
        good = self.events({"cycles:u": 5, "foo": "unknown"})
        self.assert_said(self.call(events=good), 2, "'foo'", "perf list")
        self.assert_said(self.call(events="a,,b"), 2, "a,,b")
        good = "cycles:u"
        self.assert_said(self.call(events=good, new="nosuch"), 2, "nosuch",
                         "gpuva")
        self.assert_said(self.call(events=good, base=""), 2, "BASE")
        self.assert_said(self.call(events=good, new=""), 2, "NEW")
        self.assert_said(self.call(events=good, repeat=0), 2, "REPEAT=0")
        self.assert_said(self.call(events=good, repeat="x"), 2, "'x'")
        for option, value in (("--seconds", "0"), ("--seed", "-1"),
                              ("--scenario", "nosuch"), ("--param", "n=17"),
                              ("--threads", "0"), ("--host", "nosuch"),
                              ("--frob", "1"), ("--out", "/dev/null")):
            self.assert_said(self.call(option, value, events=good), 2)

    def test_no_perf(self):
        self.env["PATH"] = str(self.dir)
        self.assert_said(self.call(events="cycles:u"), 77, "install-deps")
        done = subprocess.run([RECORD, "--variant", "resv"], text=True,
                              env=self.env, capture_output=True, check=False)
        self.assert_said(done, 77, "install-deps", program="perf-record")

    def assert_kept(self, done, pairs, word):
        self.assert_said(done, 1, word, "%d whole pairs" % pairs)
        doc = self.doc("-partial")
        self.assertEqual((doc["partial"], doc["pairs"]), (True, pairs))
        self.assertIn("PARTIAL", done.stdout)
        self.assert_plain(done.stdout.rpartition("result: ")[0])

    def test_perf_fails_midway(self):
        done = self.call(repeat=4, events=self.events(
            {"cycles:u": 5, "": {"die": EMPTIES + 5}}))
        self.assert_kept(done, 2, "exit status 1")
        self.assertAlmostEqual(
            self.rows("-partial")["cycles:u"]["delta"]["est"], 27, 3)

    def test_perf_fails_at_once(self):
        done = self.call(events=self.events({"cycles:u": 5,
                                             "": {"die": 1}}))
        self.assert_kept(done, 0, "exit status 1")

    def test_perf_does_not_acknowledge(self):
        done = self.call(events=self.events({"cycles:u": 5,
                                             "": {"ack": "no\n"}}))
        self.assert_kept(done, 0, "did not acknowledge")

    def test_full_disk(self):
        """perf's own files are small and are kept."""
        done = self.call(events=self.events({"cycles:u": 5}), repeat=7,
                         preexec_fn=small_files(12000))
        self.assert_said(done, 1, "File too large", "perf's counts are kept")
        kept = done.stderr.split(" are kept in ")[1].strip()
        self.assertEqual(len(list((ROOT / kept).iterdir())), EMPTIES + 2 * 7)

    def test_stopped(self):
        """In the second run of the third pair: two pairs are kept."""
        for number in (signal.SIGINT, signal.SIGTERM):
            shutil.rmtree(self.dir / "out", ignore_errors=True)
            for name in ("runs", "holding"):
                (self.dir / name).unlink(missing_ok=True)
            events = self.events({"cycles:u": 5, "": {"hold": EMPTIES + 6}})
            run = subprocess.Popen(self.command(events=events, repeat=4),
                                   text=True, env=self.env,
                                   stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE)
            while run.poll() is None and not (self.dir / "holding").exists():
                time.sleep(0.01)
            run.send_signal(number)
            out, err = run.communicate()
            self.assertEqual(run.returncode, 128 + number, err)
            self.assertIn("2 whole pairs are kept", err)
            self.assertEqual(err.count("\n"), 1, err)
            doc = self.doc("-partial")
            self.assertEqual((doc["why"], doc["pairs"]), ("stopped", 2))
            for run in doc["runs"][:5]:
                text = (self.folder("-partial") / run["file"]).read_text()
                self.assertIn("cycles:u", text)
            self.assertIn("PARTIAL", out)


class Parts(unittest.TestCase):
    def test_a_cut_command_is_the_command(self):
        for command in ("make a", "make X='k=1 l=2' " + "A=%s " % ("b," * 99) +
                        "C=d", "make " + "word " * 40):
            text = "\n".join(command_lines("repro: ", command))
            for line in text.splitlines():
                self.assertLessEqual(len(line), COLUMNS)
            self.assertEqual(shlex.split(text.replace("\\\n", "")),
                             shlex.split("repro: " + command))

    def test_events_are_split_at_commas_of_their_own(self):
        self.assertEqual(
            perftool.split_events("a:u,{b,c}:k,cpu/event=1,umask=2/u,d"),
            ["a:u", "{b,c}:k", "cpu/event=1,umask=2/u", "d"])

    def test_interval_is_that_of_the_sign_test(self):
        from scipy.stats import binom
        for n in range(1, 60):
            found = sign_interval(list(range(n)))
            self.assertEqual(found["est"], (n - 1) / 2)
            if 2 * 0.5 ** n > 0.05:
                self.assertNotIn("lo", found)
                continue
            rank = found["lo"] + 1
            self.assertEqual(found["hi"], n - rank)
            self.assertLessEqual(2 * binom.cdf(rank - 1, n, 0.5), 0.05)
            self.assertGreater(2 * binom.cdf(rank, n, 0.5), 0.05)
            self.assertAlmostEqual(found["level"],
                                   1 - 2 * binom.cdf(rank - 1, n, 0.5))

    def test_order_is_balanced_and_the_seeds(self):
        self.assertEqual(orders(12, 3), orders(12, 3))
        self.assertEqual({sum(orders(12, s)) for s in range(9)}, {6})
        self.assertGreater(len({tuple(orders(12, s)) for s in range(9)}), 1)


if __name__ == "__main__":
    unittest.main(verbosity=2)
