#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0 OR MIT
"""What docs/claims.md names is there: claims, tests, cases, targets, files."""
import json
import os
import pathlib
import re
import subprocess
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent
LOCKLAB = os.environ.get("LOCKLAB", str(ROOT / "build/locklab"))
CLAIMS = 46


class Claims(unittest.TestCase):
    def setUp(self):
        self.text = (ROOT / "docs/claims.md").read_text("utf-8")

    def test_each_claim_once(self):
        found = re.findall(r"^\| C(\d+) \|", self.text, re.M)
        self.assertEqual([int(n) for n in found], list(range(1, CLAIMS + 1)))
        for row in re.findall(r"^\| C.*", self.text, re.M):
            cells = [c.strip() for c in row.strip("|").split("|")]
            self.assertEqual(len(cells), 4, row)
            self.assertTrue(all(cells), row)

    def test_tests(self):
        calls = re.findall(r"`check (\w+)`((?:(?:: |, )`\w+`)*)", self.text)
        self.assertTrue(calls)
        for name, inside in calls:
            files = list(ROOT.glob(f"tests/*{name}*"))
            self.assertTrue(files, name)
            source = "".join(f.read_text("utf-8") for f in files)
            for test in re.findall(r"`(\w+)`", inside):
                self.assertTrue(re.search(rf"\b(test_)?{test}\(void\)",
                                          source), f"{name}: {test}")

    def test_cases(self):
        listed = json.loads(subprocess.run(
            [LOCKLAB, "list", "--json"], check=True, text=True,
            capture_output=True).stdout)["cases"]
        have = set()
        for c in listed:
            path = "%s/%s" % (c["scenario"], c["path"])
            if c["host"] == "own":
                have.add((path, c["variant"]))
                have.update((path, c["variant"], name, str(value))
                            for name, value in c["params"].items())
        calls = re.findall(r"`compare (\S+) --base (\w+) --new (\w+)"
                           r"((?: --param \w+=\w+)*)`", self.text)
        self.assertEqual(len(calls), len(re.findall(r"`compare [a-z]",
                                                    self.text)))
        for path, base, new, params in calls:
            for variant in (base, new):
                self.assertIn((path, variant), have)
                for param in re.findall(r"--param (\w+)=(\w+)", params):
                    self.assertIn((path, variant, *param), have)

    def test_targets_and_files(self):
        rules = (ROOT / "Makefile").read_text() + \
            (ROOT / "tests/rules.mk").read_text()
        for target in set(re.findall(r"`make ([a-z-]+)", self.text)):
            self.assertRegex(rules, rf"(?m)^{target}:")
        for path in re.findall(r"`((?:docs|results)/[^`*]+)`", self.text):
            self.assertTrue((ROOT / path).exists(), path)


if __name__ == "__main__":
    unittest.main(verbosity=2)
