#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0 OR MIT
"""scripts/setup/install-deps, against a package system that is made up here."""
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent
SCRIPT = str(ROOT / "scripts/setup/install-deps")

# Knows the packages that the file "there" lists.
DPKG = """#!/bin/bash
shift 3
for p; do grep -qx "$p" {0}/there && printf '%s:installed ' "$p"; done
"""

# Writes down what it is asked; installs unless "broken" is there; without
# lists it installs nothing until it has been asked to update.
APT = """#!/bin/bash
echo "$*" >> {0}/asked
[ "$1" = update ] && touch {0}/lists && exit 0
[ -e {0}/broken ] && echo "E: no network" && exit 100
[ -e {0}/lists ] || exit 100
shift 3
printf '%s\\n' "$@" >> {0}/there
"""

ID = """#!/bin/bash
cat {0}/uid
"""


class Deps(unittest.TestCase):
    def setUp(self):
        self.dir = tempfile.mkdtemp(prefix="test_deps.")
        self.addCleanup(shutil.rmtree, self.dir)
        for name, text in (("dpkg-query", DPKG), ("apt-get", APT),
                           ("id", ID)):
            path = pathlib.Path(self.dir, name)
            path.write_text(text.replace("{0}", self.dir), "ascii")
            path.chmod(0o755)
        self.write("uid", "0")
        self.write("there", "")
        self.write("lists", "")

    def write(self, name, text):
        pathlib.Path(self.dir, name).write_text(text, "ascii")

    def asked(self):
        path = pathlib.Path(self.dir, "asked")
        return path.read_text("ascii").splitlines() if path.exists() else []

    def call(self, *args, **env):
        path = self.dir + ":" + os.environ["PATH"]
        return subprocess.run([SCRIPT, *args], text=True, check=False,
                              capture_output=True,
                              env={"PATH": path, **env})

    def listed(self, *args):
        return self.call("--list", *args).stdout.split()

    def test_nothing_missing(self):
        self.write("there", "\n".join(self.listed("--check", "--ksrc")) + "\n")
        done = self.call("--check", "--ksrc")
        self.assertEqual((done.returncode, done.stdout, done.stderr),
                         (0, "", ""))
        self.assertEqual(self.asked(), [])

    def test_installs_what_is_missing_only(self):
        packages = self.listed()
        self.write("there", "\n".join(packages[2:]) + "\n")
        done = self.call()
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("missing: " + " ".join(packages[:2]), done.stderr)
        self.assertEqual(self.asked(), [
            "install -y --no-install-recommends " + " ".join(packages[:2])])
        self.assertEqual(self.call().stderr, "")

    def test_fresh_image_without_lists(self):
        os.remove(os.path.join(self.dir, "lists"))
        self.assertEqual(self.call().returncode, 0)
        self.assertEqual([line.split()[0] for line in self.asked()],
                         ["install", "update", "install"])

    def test_not_allowed(self):
        for uid, env in (("1000", {}), ("0", {"INSTALL": "no"})):
            self.write("uid", uid)
            done = self.call(**env)
            self.assertEqual(done.returncode, 77)
            self.assertIn("apt-get install -y --no-install-recommends gcc",
                          done.stderr.splitlines()[-1])
            self.assertEqual(self.asked(), [])

    def test_apt_fails(self):
        self.write("broken", "")
        done = self.call()
        self.assertEqual(done.returncode, 1)
        self.assertIn("E: no network", done.stderr)
        self.assertIn("run as root: apt-get install", done.stderr)

    def test_kernel_tree_only_when_asked(self):
        self.assertFalse([p for p in self.listed("--check")
                          if p.startswith("linux-source")])
        self.assertIn("linux-source-6.12", self.listed("--ksrc"))
        self.assertNotIn("libcmocka-dev", self.listed())
        self.assertNotIn("linux-perf", self.listed("--check"))
        self.assertIn("linux-perf", self.listed("--perf"))

    def test_bad_usage(self):
        self.assertEqual(self.call("--frob").returncode, 2)


if __name__ == "__main__":
    unittest.main(verbosity=2)
