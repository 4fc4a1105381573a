#!/usr/bin/python3 -IS
# SPDX-License-Identifier: GPL-2.0 OR MIT
"""A perf whose counters are known: `perf stat -j` with a control pipe, as far as
scripts/run/perf-stat uses it.

$FAKE_PERF names a folder. what.json there says what each event does:
  a number: for an operation of resv; any other variant's has "more", 27. 3000
            more when it was switched on, but for a 0
  "msec"    likewise, as a time in ms with a unit
  a word    stands in place of the value
  [n, p]    n for an operation, counted p % of the time
  "denied", "unknown", "odd"  as perf refuses an event
and under "" what befalls: {"more": x}, {"ack": text}, {"die": run}, {"hold": run}. A line of
the file "runs" is a run.
"""
import json
import os
import pathlib
import select
import signal
import subprocess
import sys

FOLDER = pathlib.Path(os.environ["FAKE_PERF"])
WHAT = json.loads((FOLDER / "what.json").read_text())
BEFALLS = WHAT.get("", {})
MORE, REGION = BEFALLS.get("more", 27), 3000
SAYS = {
    "denied": (255, "Error:\nAccess to performance monitoring and "
               "observability operations is limited.\nConsider adjusting\n"),
    "unknown": (129, "event syntax error: 'x'\n \\___ parser error\n"),
    "odd": (1, "Error:\nThe counters are on holiday.\nAsk again\n"),
}


def option(args, name):
    return args[args.index(name) + 1] if name in args else None


def value_of(event, ops, variant):
    what = WHAT.get(event, 1)
    if isinstance(what, list):
        return value_of_number(what[0], ops, variant), "", what[1]
    if what == "msec":
        return value_of_number(20, ops, variant) / 1e6, "msec", 100
    if isinstance(what, str):
        return what, "", 100
    return value_of_number(what, ops, variant), "", 100


def value_of_number(each, ops, variant):
    if not each:
        return 0
    return (each + (0 if variant == "resv" else MORE)) * ops + REGION


def line(event, ops, variant):
    value, unit, running = value_of(event, ops, variant)
    shown = value if isinstance(value, str) else "%f" % value
    return json.dumps({"counter-value": shown, "unit": unit, "event": event,
                       "event-runtime": 1, "pcnt-running": running,
                       "metric-value": 0.0, "metric-unit": ""})


def serve(args, command):
    """Count the region of a loop; its exit status."""
    pipes = option(args, "--control")[len("fifo:"):].split(",")
    ctl, ack = (open(p, "r+b", buffering=0) for p in pipes)
    with open(FOLDER / "runs", "a", encoding="ascii") as f:
        f.write(option(command, "--variant") + " " + option(command, "--ops")
                + "\n")
    run = len((FOLDER / "runs").read_text().splitlines())
    if run == BEFALLS.get("die"):
        return 1
    loop = subprocess.Popen(command)
    if run == BEFALLS.get("hold"):
        (FOLDER / "holding").touch()
        while True:
            signal.pause()
    wanted = [b"enable\n", b"disable\n"]
    text = b""
    while loop.poll() is None:
        if not select.select([ctl], [], [], 0.01)[0]:
            continue
        text += ctl.read(1)
        if text.endswith(b"\n"):
            if not wanted or text != wanted.pop(0):
                sys.exit("fake perf: %r" % text)
            ack.write(BEFALLS.get("ack", "ack\n\0").encode())
            text = b""
    if wanted and not loop.returncode:
        sys.exit("fake perf: never told to %r" % wanted)
    return loop.returncode


def main():
    args, command = sys.argv[1:], []
    if "--" in args:
        at = args.index("--")
        args, command = args[:at], args[at + 1:]
    events = option(args, "-e").split(",")
    for event in events:
        if str(WHAT.get(event)) in SAYS:
            status, text = SAYS[WHAT[event]]
            sys.stderr.write(text)
            return status
    status = serve(args, command) if "-D" in args else 0
    ops = int(option(command, "--ops") or 1)
    with open(option(args, "-o"), "w", encoding="ascii") as f:
        f.write("# started on some day\n\n")
        for event in events:
            f.write(line(event, ops, option(command, "--variant") or "resv")
                    + "\n")
        f.write('{"metric-value": 1.0, "metric-unit": "of nothing"}\n')
    return status


sys.exit(main())
