# SPDX-License-Identifier: GPL-2.0 OR MIT
"""Compile snippets against the linked headers of a kernel tree."""

import os
import re
import shlex
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))

# A mistyped call must fail to compile, as it does in the kernel's own build.
STRICT = ["-Werror=" + w for w in (
    "implicit-function-declaration", "implicit-int", "int-conversion",
    "incompatible-pointer-types", "return-type")]


def die(text):
    """One line for the user; exit 2."""
    print("locklab: " + text, file=sys.stderr)
    sys.exit(2)


def put(path, text):
    """Write text to path, only when it differs."""
    try:
        with open(path, encoding="utf-8") as f:
            if f.read() == text:
                return
    except FileNotFoundError:
        pass
    os.makedirs(os.path.dirname(path), exist_ok=True)
    new = f"{path}.{os.getpid()}.new"
    with open(new, "w", encoding="utf-8") as f:
        f.write(text)
    os.replace(new, path)


class Tree:
    """A kernel tree that links has linked into a folder."""

    def __init__(self, out, log):
        self.out = out
        self.dir = ""
        self.cc = shlex.split(os.environ.get("CC") or "gcc")
        try:
            with open(os.path.join(out, "stamp"), encoding="utf-8") as f:
                self.dir = f.readline().split(None, 1)[1].strip()
        except OSError as e:
            die(f"{out}: {e.strerror}: run kernel/ksrc/links first")
        self.log = open(os.path.join(out, log), "w", encoding="utf-8")
        self.log.write(f"tree {self.dir}\n")

    def fail(self, text):
        """One line that names the tree and the log; exit 2."""
        self.log.flush()
        die(f"KSRC={self.dir}: {text}; see {self.log.name}")

    def flags(self):
        """The flags that every file of the ksrc host is compiled with."""
        inc = [os.path.join(self.out, "include")]
        inc += [os.path.join(ROOT, d) for d in
                ("core/include", "core", "bench")]
        return (["-std=gnu11", "-fms-extensions", "-O1", "-ffreestanding",
                 "-fno-strict-aliasing", "-fwrapv", "-Wall",
                 "-Wno-unused", "-Wno-error", "-DLAB_HOST_KSRC=1"] +
                STRICT + ["-I" + d for d in inc] +
                ["-include", os.path.join(ROOT, "kernel/ksrc/base.h")])

    def run(self, what, argv, code=None):
        """Run the compiler; returns (did it succeed, what it printed)."""
        p = subprocess.run(
            self.cc + argv, input=code, text=True, check=False,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            env=dict(os.environ, LC_ALL="C"))
        self.log.write(f"\n== {what}: {'ok' if p.returncode == 0 else 'no'}\n"
                       f"{shlex.join(self.cc + argv)}\n{code or ''}"
                       f"{p.stdout}")
        return p.returncode == 0, p.stdout

    def snippet(self, what, code, extra=()):
        """Can this code be compiled? Returns (bool, first error or '')."""
        ok, text = self.run(what, self.flags() + list(extra) +
                            ["-fsyntax-only", "-x", "c", "-"], code)
        return ok, "" if ok else first_error(text)


def first_error(text):
    """The first error line of a compiler, without its place."""
    m = re.search(r"(?:fatal )?error: (.*)", text)
    return m.group(1).strip() if m else (text.strip().splitlines() or
                                         ["no output"])[-1]


def missing_header(text):
    """The header that a failed compile did not find, or None."""
    m = re.search(r"fatal error: '?([^':]+?)'?(?::| file not found)", text)
    return m.group(1) if m else None
