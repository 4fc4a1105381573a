# SPDX-License-Identifier: GPL-2.0 OR MIT
"""What every program here does: usage, failures in one line, other programs."""
import argparse
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
LOCKLAB = os.environ.get("LOCKLAB") or str(ROOT / "build/locklab")


class Failed(Exception):
    """Something went wrong; what it says is for people."""


def fail(status, text):
    program = os.path.basename(sys.argv[0])
    print("locklab: %s: %s" % (program, text), file=sys.stderr)
    sys.exit(status)


def main_of(body):
    """What a program does, with its own failures in one line."""
    try:
        sys.exit(body())
    except Failed as error:
        fail(1, str(error))
    except OSError as error:
        fail(1, "%s: %s" % (error.filename or "output", error.strerror))


def usage_of(doc):
    """The second paragraph of a program's text, as one line."""
    return " ".join(doc.split("\n\n")[1].split())


def options(doc):
    """A parser whose help is the program's text, and an error one line."""
    p = argparse.ArgumentParser()
    p.format_help = lambda: doc.strip() + "\n"
    p.error = lambda text: fail(2, text)
    return p


def arguments(doc, most=None):
    """The words of a program that has no options; its text where that is asked."""
    words = sys.argv[1:]
    if words in (["-h"], ["--help"]):
        print(doc.strip())
        sys.exit(0)
    if not words or words[0].startswith("-") or len(words) > (most or len(words)):
        fail(2, usage_of(doc))
    return words


def last_line(text, otherwise="failed"):
    return (text.strip() or otherwise).splitlines()[-1]


def call(*command, also=(), same=(77,)):
    """Run a command whose failure is ours.

    also: exit statuses beside 0 that are no failure; same: those that become
    our own, where others become 1.
    """
    done = subprocess.run(command, stdin=subprocess.DEVNULL, text=True,
                          capture_output=True, check=False)
    if done.returncode and done.returncode not in also:
        fail(done.returncode if done.returncode in same else 1, "%s: %s" % (
            " ".join(command), last_line(done.stderr)))
    return done


def progress(text, end=""):
    """One line that is written over, where a person looks on."""
    if sys.stderr.isatty():
        print("\r" + text, end=end, file=sys.stderr)
