# SPDX-License-Identifier: GPL-2.0 OR MIT
"""perf around locklab loop: what it can count here, and one counted run."""
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile

from scripts.common.program import LOCKLAB, Failed, fail

PARANOID = "/proc/sys/kernel/perf_event_paranoid"

# These happen in the kernel: without its side they read 0, whatever was.
IN_KERNEL = re.compile(r"(context-switches|cs|cpu-migrations|migrations):u")
# No region is without them: a 0 is a counter that does not count.
NEVER_ZERO = re.compile(r"(instructions|cycles|cpu-cycles|task-clock|cpu-clock)\b")
ALL_OF_IT = 99.9    # percent; less was multiplexed

UNSUPPORTED = "not supported"
UNCOUNTED = "not counted"


class Stop:
    """A first SIGINT or SIGTERM ends the run that is on and is remembered."""

    def __init__(self):
        self.signal = None
        self.child = None
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self.on_signal)

    def on_signal(self, number, _frame):
        self.signal = number
        signal.signal(number, signal.SIG_DFL)
        self.pass_on()

    def pass_on(self):
        if self.child and self.child.poll() is None:
            try:
                os.killpg(self.child.pid, signal.SIGINT)
            except ProcessLookupError:
                pass

    def call(self, command):
        """In a process group of its own: (status, stdout, stderr)."""
        with tempfile.TemporaryFile("w+") as out, \
                tempfile.TemporaryFile("w+") as err:
            try:
                self.child = subprocess.Popen(
                    command, stdin=subprocess.DEVNULL, stdout=out, stderr=err,
                    start_new_session=True)
            except OSError as error:
                raise Failed("%s: %s" % (command[0], error.strerror)) \
                    from error
            if self.signal:     # came before there was anyone to stop
                self.pass_on()
            status = self.child.wait()
            self.child = None
            out.seek(0)
            err.seek(0)
            return status, out.read(), err.read()


def need_perf():
    if not shutil.which("perf"):
        fail(77, "perf is not installed: scripts/setup/install-deps --perf "
             "installs it")


def forbidden():
    """Why an event is not permitted."""
    if os.geteuid() == 0:
        return "not permitted (container or seccomp)"
    try:
        level = pathlib.Path(PARANOID).read_text("ascii").strip()
    except OSError:
        return "not permitted"
    return "not permitted (kernel.perf_event_paranoid %s)" % level


def split_events(text):
    """At commas, but not in {groups} and not in pmu/terms/."""
    parts = [""]
    deep = within = False
    for c in text:
        if c in "{}":
            deep = c == "{"
        elif c == "/":
            within = not within
        if c == "," and not deep and not within:
            parts.append("")
        else:
            parts[-1] += c
    return parts


def first_line(text):
    for line in text.splitlines():
        line = line.strip().rstrip(":")
        if line and line != "Error":
            return line
    return "no word from it"


def word_for(said):
    """Why perf refused an event; None: it does not know its name."""
    if "tracefs" in said:
        return "no tracefs that can be read"
    if "event syntax error" in said:
        return None
    if re.search("Access to performance monitoring|ermission|not permitted",
                 said):
        return forbidden()
    if "No supported events" in said:
        return UNSUPPORTED
    return "perf: " + first_line(said)


def judge(event, value, running):
    """Why a value must not be shown, or None."""
    if IN_KERNEL.match(event):
        return forbidden() if os.geteuid() else \
            "happens in the kernel: ask without :u"
    if running < ALL_OF_IT:
        return "counted %.0f %% of the time: name fewer events" % running
    if value == 0 and NEVER_ZERO.match(event):
        return "reads 0: not believed"
    return None


def read_counts(path):
    """What perf stat -j wrote: [{event, value, unit, running, word}]."""
    found = []
    try:
        text = path.read_text("utf-8")
    except OSError as error:
        raise Failed("perf left no counts: %s" % error.strerror) from error
    for line in text.splitlines():
        if not line.startswith("{"):
            continue
        try:
            o = json.loads(line)
            if "counter-value" not in o:    # a metric alone
                continue
            said, event = str(o["counter-value"]), o["event"]
            unit, running = o.get("unit", ""), float(o["pcnt-running"])
            value = None if said.startswith("<") else float(said)
        except (ValueError, KeyError) as error:
            raise Failed("%s: not what perf stat -j writes: %s" %
                         (path.name, line[:40])) from error
        word = said.strip("<>") if value is None else \
            judge(event, value, running)
        found.append({"event": event, "value": None if word else value,
                      "unit": unit, "running": running, "word": word})
    if not found:
        raise Failed("%s: perf wrote no counts" % path.name)
    return found


def probe(stop, event):
    """Why an event cannot be counted here, or None."""
    with tempfile.TemporaryDirectory(prefix="perf-stat.") as name:
        out = pathlib.Path(name, "counts")
        status, _, said = stop.call(["perf", "stat", "-j", "-o", str(out),
                                     "-e", event, "--", "true"])
        if stop.signal:
            return None
        if status:
            word = word_for(said)
            if word is None:
                fail(2, "EVENTS: perf does not know '%s': perf list shows "
                     "what there is" % event)
            return word
        words = [c["word"] for c in read_counts(out)]
    # What may be of this one run only is left for the real ones to find.
    passing = [w for w in words if not w or w.startswith(("counted", UNCOUNTED))]
    return words[0] if not passing else None


def sides(text, host):
    """host:variant, or variant."""
    first, colon, rest = text.partition(":")
    return (first, rest) if colon else (host, text)


def loop_command(a, side):
    """locklab loop of one variant, without what it shall do."""
    host, variant = side
    command = [LOCKLAB, "loop", "--scenario", a.scenario, "--host", host,
               "--variant", variant, "--seed", str(a.seed)]
    for param in a.param.split():
        command += ["--param", param]
    if a.threads is not None:
        command += ["--threads", str(a.threads)]
    return command + ["--json"]


def loop_alone(stop, a, side, amount):
    """What locklab loop says; it knows best what is wrong with a case."""
    status, out, said = stop.call(loop_command(a, side) + amount)
    if stop.signal:
        return None
    if status:
        line = first_line(said)
        fail(status if status in (2, 77) else 1,
             line.replace("locklab: loop: ", "", 1))
    return json.loads(out)


def counted(stop, perf, a, side, amount):
    """Run a loop under perf, which counts its region: what the loop says."""
    with tempfile.TemporaryDirectory(prefix="perf-loop.") as name:
        pipes = [os.path.join(name, n) for n in ("ctl", "ack")]
        for pipe in pipes:
            os.mkfifo(pipe, 0o600)
        control = ["--control", "fifo:" + ",".join(pipes)]
        status, out, said = stop.call(
            ["perf", *perf, "-D", "-1", *control, "--",
             *loop_command(a, side), *amount, *control])
    try:
        doc = json.loads(out)
    except ValueError:
        doc = None
    if stop.signal:
        return doc
    if status or not doc:
        word = next((line for line in said.splitlines()
                     if line.startswith("locklab: ")), None) or \
            word_for(said) or first_line(said)
        raise Failed("perf %s: exit status %d: %s" % (perf[0], status, word))
    return doc


def add_case_options(p):
    p.add_argument("--scenario", default="resv_vs_custom_lock/link")
    p.add_argument("--host", default="own")
    p.add_argument("--param", default="")
    p.add_argument("--threads", type=int)
    p.add_argument("--events")
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--seconds", type=float)


def check_case_options(a):
    if a.seed < 0:
        fail(2, "--seed %d: name a number from 0" % a.seed)
    if not 0 < a.seconds <= 3600:
        fail(2, "--seconds: name a number above 0, at most 3600")
    if a.events is not None and not all(split_events(a.events)):
        fail(2, "EVENTS: '%s': name events with commas between them" %
             a.events)
    if not os.access(LOCKLAB, os.X_OK):
        fail(2, "%s is not built: make perf-stat builds it" %
             os.path.relpath(LOCKLAB))
