# SPDX-License-Identifier: GPL-2.0 OR MIT
"""Copies of this tree that tests build in."""
import os
import pathlib
import re
import shutil
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent
# A make above this one must not tell the copy what to do, by flags or variables.
SAID = re.findall(r"(?:^| )(\w+)=", os.environ.get("MAKEFLAGS", ""))
ENV = {k: v for k, v in os.environ.items()
       if not k.startswith("MAKE") and k not in SAID}


def copy(to):
    """What git has of the tree or would take, as it is now; no results."""
    files = subprocess.run(["git", "ls-files", "-zco", "--exclude-standard"],
                           cwd=ROOT, check=True, capture_output=True,
                           text=True).stdout.split("\0")
    for name in filter(None, files):
        if (ROOT / name).is_file() and not name.startswith("results/"):
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, to / name)
