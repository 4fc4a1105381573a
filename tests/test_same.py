#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0 OR MIT
"""The same commit is the same program: two clones in two folders, one built by one
job in the C locale, the other by eight in a locale that sorts otherwise, its objects
asked for in reverse, and shuffled where make can. The harness is built without
optimisation, to be short.
"""
import hashlib
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
import tree  # noqa: E402 pylint: disable=wrong-import-position

FLAGS = ["INSTALL=no", "VARIANTS_ALL=resv mm/none",
         "LABCFLAGS=-std=gnu11 -O0 -g -fno-pie", "LABCXXFLAGS=-std=c++17 -O0 -g -fno-pie"]


def call(where, *command, **env):
    done = subprocess.run(command, cwd=where, text=True, capture_output=True,
                          check=False, env={**tree.ENV, **env})
    if done.returncode:
        sys.exit(f"{where}: {' '.join(map(str, command))}: exit status "
                 f"{done.returncode}\n{done.stdout[-2000:]}{done.stderr[-4000:]}")
    return done.stdout


def commit(where):
    git = ("git", "-c", "user.name=t", "-c", "user.email=t@t")
    call(where, "git", "init", "-q")
    call(where, "git", "add", "-A")
    call(where, *git, "commit", "-q", "-m", "t")


def locale_of(where):
    """A locale of words, in which '_' comes before '.' and '-', and that it does."""
    call(where, "localedef", "-i", "en_US", "-f", "UTF-8", where / "en_US.UTF-8")
    locale = {"LOCPATH": str(where), "LC_ALL": "en_US.UTF-8"}
    names = ["a.h", "a_b.h"]
    for name in names:
        (where / name).touch()
    sort = call(where, "sh", "-c", "ls a*.h", **locale).split()
    if sort != names[::-1]:
        sys.exit(f"en_US.UTF-8 sorts as C does: {sort}")
    return locale


def objects(folder):
    return sorted((str(p.relative_to(folder)) for p in folder.glob("build/**/*.o")),
                  reverse=True)


def shuffled():
    said = subprocess.run(["make", "--help"], capture_output=True, text=True,
                          check=True).stdout
    return ["--shuffle=reverse"] if "--shuffle" in said else []


def main():
    with tempfile.TemporaryDirectory(prefix="test_same.") as name:
        top = pathlib.Path(name).resolve()
        one, two = top / "one", top / "two, with a longer name"
        one.mkdir()
        tree.copy(one)
        commit(one)
        call(top, "git", "clone", "-q", one, two)
        (top / "link").symlink_to(two)
        call(one, "make", "-j1", *FLAGS, "build/locklab", LC_ALL="C")
        # As a shell in a folder behind a link calls it.
        call(top / "link", "make", "-j8", *shuffled(), *FLAGS, *objects(one),
             "build/locklab", PWD=str(top / "link"), **locale_of(top))
        sums = [hashlib.sha256((d / "build/locklab").read_bytes()).hexdigest()
                for d in (one, two)]
        if sums[0] != sums[1]:
            kept = tree.ROOT / "build/check/same"
            shutil.rmtree(kept, ignore_errors=True)
            shutil.copytree(one / "build", kept / "one")
            shutil.copytree(two / "build", kept / "two")
            sys.exit(f"one commit, two programs: {kept}")
        if os.fsencode(top) in (one / "build/locklab").read_bytes():
            sys.exit("the program names the folder that it was built in")
        print(f"two clones, one program: {sums[0]}")


main()
