#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0 OR MIT
"""Programs and modules of scripts/ are what docs/structure.md says of them, and
leave nothing behind. That each fault would be found is shown on one that is
planted."""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
from cases import ROOT

# Room: what it may import.
MAY = {"common": {"common"}, "draw": {"common", "draw"},
       "run": {"common", "draw", "run"}, "build": set(), "setup": set()}
IMPORT = re.compile(r"^\s*(?:from|import) scripts\.(\w+)", re.M)
OTHER_WAYS = re.compile(r"\bSourceFileLoader\b|\bexec_module\b")
QUIET = "sys.dont_write_bytecode = True\n"


def is_python(path, text):
    return path.suffix == ".py" or text.startswith("#!/usr/bin/python3")


def faults(scripts):
    for path in sorted(p for p in scripts.glob("*/*") if p.is_file()):
        text = path.read_text("utf-8")
        name, room = path.relative_to(scripts), path.parent.name
        if room not in MAY:
            yield f"{name}: docs/structure.md has no room {room}/"
            continue
        if not is_python(path, text):
            continue
        program = text.startswith("#!")
        if program != os.access(path, os.X_OK) or \
                program == (path.suffix == ".py"):
            yield f"{name}: a program has no suffix, a module ends in .py"
        found = IMPORT.search(text)
        if program and found and QUIET not in text[:found.start()]:
            yield f"{name}: leaves bytecode"
        for other in sorted(set(IMPORT.findall(text)) - MAY[room]):
            yield f"{name}: {room}/ does not stand above {other}/"
        if OTHER_WAYS.search(text):
            yield f"{name}: loads a file that is no module"


class Rooms(unittest.TestCase):
    def planted(self, name, text):
        """The faults of a copy in which a file begins otherwise."""
        with tempfile.TemporaryDirectory() as folder:
            scripts = pathlib.Path(folder, "scripts")
            shutil.copytree(ROOT / "scripts", scripts)
            path = scripts / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(text + "\n" + (path.read_text("utf-8")
                                           if path.exists() else ""), "utf-8")
            return "\n".join(faults(scripts))

    def test_scripts(self):
        self.assertEqual(list(faults(ROOT / "scripts")), [])

    def test_every_room_is_told(self):
        page = (ROOT / "docs/structure.md").read_text("utf-8")
        table = page.partition("## The rooms of scripts/")[2].partition("\n## ")[0]
        rooms = {p.name for p in (ROOT / "scripts").iterdir() if p.is_dir()}
        self.assertEqual(set(re.findall(r"^\| `(\w+)/`", table, re.M)), rooms)
        self.assertEqual(set(MAY), rooms)

    def test_faults_are_caught(self):
        for name, text, said in (
                ("common/text.py", "import scripts.draw.rows", "stand above draw/"),
                ("draw/rows.py", "from scripts.run.choice import x",
                 "stand above run/"),
                ("build/keep.py", "from scripts.common.text import x",
                 "stand above common/"),
                ("run/aa", "#!/usr/bin/python3\nimport scripts.common.text",
                 "run/aa: leaves bytecode"),
                ("draw/rows.py", "#!/usr/bin/python3", "a program has no suffix"),
                ("run/new", "#!/usr/bin/python3", "a program has no suffix"),
                ("attic/x", "", "no room attic/"),
                ("run/aa", "#!/usr/bin/python3\nimportlib.machinery.SourceFileLoader",
                 "loads a file that is no module")):
            self.assertIn(said, self.planted(name, text), name)

    def test_no_test_loads_a_program(self):
        for path in (ROOT / "tests").rglob("*"):
            if path.is_file() and path.name != pathlib.Path(__file__).name:
                self.assertIsNone(OTHER_WAYS.search(
                    path.read_text("utf-8", "replace")), path)

    def test_programs_leave_nothing(self):
        """Called by their path from elsewhere, each tells of itself."""
        programs = [p for room in ("run", "draw") for p in
                    sorted((ROOT / "scripts" / room).iterdir())
                    if p.is_file() and not p.suffix]
        self.assertGreater(len(programs), 8)
        with tempfile.TemporaryDirectory() as folder:
            copy = pathlib.Path(folder, "a[1] b")
            shutil.copytree(ROOT / "scripts", copy / "scripts",
                            ignore=shutil.ignore_patterns("__pycache__"))
            for program in programs:
                done = subprocess.run(
                    [str(copy / program.relative_to(ROOT)), "--help"],
                    cwd=folder, text=True, capture_output=True, check=False,
                    env={k: v for k, v in os.environ.items()
                         if k != "PYTHONDONTWRITEBYTECODE"})
                self.assertEqual((done.returncode, done.stderr), (0, ""),
                                 program)
                self.assertIn("usage: " + program.name, done.stdout)
            self.assertEqual(list(copy.rglob("__pycache__")), [])


if __name__ == "__main__":
    unittest.main(verbosity=2)
