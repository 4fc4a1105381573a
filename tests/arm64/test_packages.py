#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0 OR MIT
"""scripts/setup/arm64-packages, against an apt that is made up here."""
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

SCRIPT = str(pathlib.Path(__file__).resolve().parents[2] /
             "scripts/setup/arm64-packages")

# Writes down what it is asked, and with what configuration; downloads a file
# unless "away" is there.
APT_GET = """#!/bin/bash
echo "$*" >> {0}/asked
cp "$3" {0}/conf
[ -e {0}/away ] && echo "E: nobody answers" && exit 100
[ "$4" = download ] && echo "$5" > "$5_1.0_arm64.deb"
exit 0
"""

APT_CACHE = """#!/bin/bash
printf '%s\\n' "${@: -1}" "  Depends: linux-image-6.1.0-77-cloud-arm64"
"""

# Unpacks one file that says which packages it is of, unless "broken" is there.
DPKG_DEB = """#!/bin/bash
[ "$1" = -f ] && echo "libc6 (>= 2.36), libfoo1t64 (= 1.0), bar" && exit
mkdir -p "$3/usr" && cat "$2" >> "$3/usr/of"
[ -e {0}/broken ] && echo "dpkg-deb: unexpected end of file" >&2 && exit 2
exit 0
"""


class Packages(unittest.TestCase):
    def setUp(self):
        self.tmp = tempfile.mkdtemp(prefix="test_packages.")
        self.addCleanup(shutil.rmtree, self.tmp)
        self.dir = pathlib.Path(self.tmp, "dir")
        for name, text in (("apt-get", APT_GET), ("apt-cache", APT_CACHE),
                           ("dpkg-deb", DPKG_DEB)):
            path = pathlib.Path(self.tmp, name)
            path.write_text(text.replace("{0}", self.tmp), "ascii")
            path.chmod(0o755)

    def call(self, *args):
        path = self.tmp + ":" + os.environ["PATH"]
        return subprocess.run([SCRIPT, *args], text=True, check=False,
                              capture_output=True, env={"PATH": path})

    def asked(self):
        path = pathlib.Path(self.tmp, "asked")
        return path.read_text("ascii") if path.exists() else ""

    def there(self):
        return sorted(p.name for p in self.dir.iterdir()
                      if not p.name.startswith("."))

    def test_unpacked_once(self):
        done = self.call(str(self.dir), "libfoo-dev", "bar")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(self.there(), ["bar", "libfoo-dev"])
        self.assertEqual((self.dir / "bar/usr/of").read_text("ascii"), "bar\n")
        before = self.asked()
        self.assertEqual(self.call(str(self.dir), "bar").returncode, 0)
        self.assertEqual(self.asked(), before)

    def test_libraries_come_with_what_needs_just_them(self):
        self.call(str(self.dir), "libfoo-dev")
        of = (self.dir / "libfoo-dev/usr/of").read_text("ascii")
        self.assertEqual(sorted(of.split()), ["libfoo-dev", "libfoo1t64"])
        self.assertEqual(self.there(), ["libfoo-dev"])

    def test_nothing_is_the_host_s(self):
        self.call(str(self.dir), "bar")
        conf = pathlib.Path(self.tmp, "conf").read_text("ascii")
        self.assertIn('APT::Architecture "arm64"', conf)
        for name in ("State", "State::status", "Cache"):
            self.assertIn(f'Dir::{name} "{self.dir}/', conf)
        self.assertNotIn("Dir::Etc", conf)
        for line in self.asked().splitlines():
            self.assertIn(f"-c {self.dir}/", line)

    def test_newest_kernel_under_the_name_asked_for(self):
        name = "linux-image-cloud-arm64"
        self.assertEqual(self.call(str(self.dir), name).returncode, 0)
        self.assertEqual((self.dir / name / "usr/of").read_text("ascii"),
                         "linux-image-6.1.0-77-cloud-arm64\n")

    def test_no_network(self):
        pathlib.Path(self.tmp, "away").touch()
        done = self.call(str(self.dir), "bar")
        self.assertEqual(done.returncode, 77)
        self.assertEqual(done.stderr, "arm64-packages: bar: not fetched for "
                         "arm64: E: nobody answers\n")
        self.assertEqual(self.there(), [])

    def test_nothing_is_left_of_a_half(self):
        broken = pathlib.Path(self.tmp, "broken")
        broken.touch()
        done = self.call(str(self.dir), "bar")
        self.assertEqual(done.returncode, 1)
        self.assertEqual(done.stderr, "arm64-packages: bar: not unpacked: "
                         "dpkg-deb: unexpected end of file\n")
        self.assertEqual(self.there(), [])
        broken.unlink()
        self.assertEqual(self.call(str(self.dir), "bar").returncode, 0)
        self.assertEqual(self.there(), ["bar"])

    def test_bad_usage(self):
        self.assertEqual(self.call(str(self.dir)).returncode, 2)
        self.assertEqual(self.call().returncode, 2)


if __name__ == "__main__":
    unittest.main(verbosity=2)
