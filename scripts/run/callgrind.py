# SPDX-License-Identifier: GPL-2.0 OR MIT
"""Programs that print how often they call what is counted, under callgrind."""
import re
import shutil
import subprocess

from scripts.common.program import fail


def need_valgrind():
    for program in ("valgrind", "callgrind_annotate"):
        if not shutil.which(program):
            fail(77, "no valgrind: install it")


def callgrind(what, out, options, command):
    """Count between the program's marks, into a file: the calls that it did."""
    done = subprocess.run(
        ["valgrind", "--tool=callgrind", "--collect-atstart=no",
         "--callgrind-out-file=" + out, *options, *command],
        capture_output=True, text=True, check=False)
    calls = re.search(r"^calls (\d+)$", done.stderr, re.M)
    if done.returncode or not calls:
        fail(1, "%s: did not run under callgrind:\n%s" % (
            what, done.stderr.strip()))
    return int(calls[1])
