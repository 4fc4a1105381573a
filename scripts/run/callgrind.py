# SPDX-License-Identifier: GPL-2.0 OR MIT
"""Programs that print how often they call what is counted, under callgrind."""
import os
import re
import shutil
import subprocess
import tempfile

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


def strip(program, folder):
    """A copy without line numbers, which would split functions by file."""
    plain = os.path.join(folder, os.path.basename(program))
    done = subprocess.run(["objcopy", "--strip-debug", program, plain],
                          capture_output=True, text=True, check=False)
    if done.returncode:
        fail(1, f"{program}: {done.stderr.strip()}")
    return plain


def annotated(out, event):
    """An event in each probe with all that it calls."""
    command = ["callgrind_annotate", "--inclusive=yes", "--threshold=100",
               f"--show={event}", "--sort=Ir", "--auto=no", out]
    text = subprocess.run(command, capture_output=True, text=True,
                          check=True).stdout
    found = {}
    for line in text.split("\n"):
        match = re.match(r"\s*(\.|[\d,]+)(?: \([^)]*\))?\s.*:probe_(\w+)", line)
        if match:
            number = match.group(1).replace(",", "").replace(".", "0")
            found[match.group(2)] = int(number)
    return found


def probes(program, *events):
    """probe: an event of one call, as Ge for locked instructions; of more events
    one such table each"""
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, "callgrind.out")
        calls = callgrind(program, out, ["--collect-bus=yes",
                                         "--toggle-collect=probe_*"],
                          [strip(program, folder)])
        found = [{probe: n / calls for probe, n in annotated(out, e).items()}
                 for e in events]
    return found[0] if len(found) == 1 else found
