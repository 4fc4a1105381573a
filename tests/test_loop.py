#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0 OR MIT
"""locklab loop: what it runs and says, and how it talks to perf.

usage: LOCKLAB=build/locklab test_loop.py [unittest options]

The test is the perf at the other end of the pipes.
"""
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
from cases import LOCKLAB, Case, one_cpu

LINK = "resv_vs_custom_lock/link"
OBTAIN = "vm_bo_lock/obtain"


def command(*args, scenario=LINK, variant="resv"):
    return [LOCKLAB, "loop", "--scenario", scenario, "--variant", variant,
            *map(str, args)]


def call(*args, **more):
    case = {k: more.pop(k) for k in ("scenario", "variant") if k in more}
    return subprocess.run(command(*args, **case), text=True,
                          capture_output=True, stdin=subprocess.DEVNULL,
                          check=False, **more)


class Loop(Case):
    program = "loop"

    def json(self, *args, **more):
        done = call(*args, "--json", **more)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def test_operations_are_those_asked_for(self):
        for variant in ("resv", "gpuva"):
            for ops in (0, 1, 63, 64, 1000, 12345):
                doc = self.json("--ops", ops, variant=variant)
                self.assertEqual(doc["thread_ops"], [ops])
                self.assertEqual(doc["ops"], ops)
                self.assertEqual(doc["case"]["variant"], variant)
                self.assertFalse(doc["partial"])
        self.assertEqual(doc["op"], "link+unlink")
        self.assertIn("commit", doc["env"]["build"])
        self.assertRegex(doc["env"]["build"]["id"], r"^[0-9a-f]{40}$")
        self.assertNotIn("control", doc)

    def test_whole_granules(self):
        doc = self.json("--ops", 1, "--param", "n=1000")
        self.assertEqual(doc["ops"], 1000)

    def test_two_threads_do_at_least_what_was_asked_for(self):
        doc = self.json("--ops", 5000, "--threads", 2, scenario=OBTAIN)
        self.assertEqual(len(doc["thread_ops"]), 2)
        self.assertGreaterEqual(min(doc["thread_ops"]), 5000)
        self.assertEqual(doc["ops"], sum(doc["thread_ops"]))
        self.assertFalse(doc["roles"])

    def test_with_roles_thread_0_is_counted(self):
        doc = self.json("--ops", 500, "--threads", 2,
                        scenario="resv_vs_custom_lock/contended")
        self.assertTrue(doc["roles"])
        self.assertEqual(doc["ops"], doc["thread_ops"][0])
        self.assertEqual(doc["ops"], 500)
        self.assertGreater(doc["thread_ops"][1], 0)

    def test_seconds(self):
        doc = self.json("--seconds", "0.01")
        self.assertGreater(doc["ops"], 0)
        self.assertGreaterEqual(doc["ns"], 10000000)
        doc = self.json("--seconds", "1e-9")
        self.assertGreater(doc["ops"], 0)

    def test_a_line_for_people(self):
        done = call("--ops", 1000)
        self.assertEqual(done.returncode, 0)
        self.assertRegex(" ".join(done.stdout.split()),
                         r"^own/resv_vs_custom_lock/link/resv\S* 1000 ops "
                         r"\(link\+unlink\) in \S+ ms, \S+ ns each$")
        self.assertIn("nothing was run", " ".join(
            call("--ops", 0).stdout.split()))

    def test_bad_input(self):
        self.refused(call("--ops", "many"), 2, "many")
        self.refused(call("--ops", "-1"), 2, "-1")
        self.refused(call("--seconds", "0"), 2, "'0'")
        self.refused(call("--seconds", "1e9"), 2, "1e9")
        self.refused(call("--threads", "0"), 2, "'0'")
        self.refused(call("--seed", "x"), 2, "'x'")
        self.refused(call("--frob"), 2, "--frob")
        self.refused(call("--json", "more"), 2, "more")
        self.refused(call(variant="nosuch"), 2, "nosuch", "gpuva")
        self.refused(call(scenario="nosuch"), 2, "nosuch")
        self.refused(call(variant="per_vm_bo"), 2, "per_vm_bo")
        self.refused(call("--param", "n=17"), 2, "n=17")
        self.refused(subprocess.run([LOCKLAB, "loop"], text=True, check=False,
                                    capture_output=True), 2, "--scenario")

    def test_one_cpu(self):
        self.refused(call(scenario="resv_vs_custom_lock/contended",
                          preexec_fn=one_cpu), 77, "CPU")

    def test_full_disk(self):
        with open("/dev/full", "w", encoding="ascii") as full:
            done = subprocess.run(command("--ops", 1), stdout=full, text=True,
                                  stderr=subprocess.PIPE, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("No space left", done.stderr)


class Control(unittest.TestCase):
    def setUp(self):
        self.dir = tempfile.mkdtemp(prefix="test_loop.")
        self.addCleanup(shutil.rmtree, self.dir)
        self.pipes = [os.path.join(self.dir, n) for n in ("ctl", "ack")]
        for pipe in self.pipes:
            os.mkfifo(pipe)
        self.words = ["--control", "fifo:" + ",".join(self.pipes)]

    def start(self, *args):
        """A loop, and both pipes as perf opens them."""
        self.ctl, self.ack = (open(p, "r+b", buffering=0) for p in self.pipes)
        self.addCleanup(self.ctl.close)
        self.addCleanup(self.ack.close)
        loop = subprocess.Popen(command(*args, "--json", *self.words),
                                text=True, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE)
        self.addCleanup(loop.communicate)
        self.addCleanup(loop.kill)
        return loop

    def line(self):
        text = b""
        while not text.endswith(b"\n"):
            text += self.ctl.read(1)
        return text

    def serve(self, answer):
        loop = self.start("--ops", 1000)
        for said in (b"enable\n", b"disable\n"):
            self.assertEqual(self.line(), said)
            self.ack.write(answer)
        return loop.communicate()[0], loop.returncode

    def test_acknowledged(self):
        for answer in (b"ack\n", b"ack\n\0"):
            text, status = self.serve(answer)
            self.assertEqual(status, 0)
            doc = json.loads(text)
            self.assertEqual(doc["ops"], 1000)
            self.assertGreater(doc["control"]["enable_ns"], 0)
            self.assertGreater(doc["control"]["disable_ns"], 0)

    def test_not_acknowledged(self):
        loop = self.start("--ops", 1000)
        self.line()
        self.ack.write(b"what?\n")
        out, err = loop.communicate()
        self.assertEqual((loop.returncode, out), (1, ""))
        self.assertIn("did not acknowledge", err)

    def test_perf_goes_away(self):
        loop = self.start("--ops", 1000)
        self.line()
        self.ctl.close()
        self.ack.close()
        out, err = loop.communicate()
        self.assertEqual((loop.returncode, out), (1, ""))
        self.assertIn("perf is gone", err)

    def test_no_perf(self):
        done = call(*self.words)
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn("no perf has it open", done.stderr)
        for text in ("fd:3,4", "fifo:", "fifo:a", "fifo:a,", "fifo:,b"):
            done = call("--control", text)
            self.assertEqual(done.returncode, 2)
            self.assertIn("bad control", done.stderr)
        done = call("--control", "fifo:%s/no,%s/no" % (self.dir, self.dir))
        self.assertEqual(done.returncode, 2)
        self.assertIn("No such file", done.stderr)

    def test_stopped(self):
        """Between the commands, so that what was counted is told."""
        loop = self.start("--seconds", 3600)
        self.assertEqual(self.line(), b"enable\n")
        self.ack.write(b"ack\n")
        loop.send_signal(signal.SIGINT)
        self.assertEqual(self.line(), b"disable\n")
        self.ack.write(b"ack\n")
        doc = json.loads(loop.communicate()[0])
        self.assertEqual(loop.returncode, 130)
        self.assertTrue(doc["partial"])


if __name__ == "__main__":
    unittest.main(verbosity=2)
