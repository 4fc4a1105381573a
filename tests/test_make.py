#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0 OR MIT
"""What make builds again, and what it says that it was built from."""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
import tree
from tree import ENV, ROOT


class Make(unittest.TestCase):
    def setUp(self):
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="test make."))
        self.addCleanup(shutil.rmtree, self.dir)
        tree.copy(self.dir)

    def call(self, *args):
        done = subprocess.run(args, cwd=self.dir, env=ENV, text=True,
                              capture_output=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def make(self, *args):
        return self.call("make", "INSTALL=no", *args)

    def test_other_flags_compile_again(self):
        obj = "build/plain/shared/own/all/core/lock/spinlock.o"
        self.assertIn(obj, self.make(obj))
        self.assertNotIn(obj, self.make(obj))
        self.assertIn(obj, self.make(obj, "KCFLAGS=-O1 -std=gnu11"))
        self.assertIn(obj, self.make(obj))

    def test_a_file_that_is_gone(self):
        extra = self.dir / "core/lib/extra.c"
        extra.write_text("int extra_symbol;\n", "ascii")
        obj = "build/plain/own/resv/set.o"
        self.make(obj)
        self.assertIn("extra_symbol", self.call("nm", obj))
        extra.unlink()
        self.make(obj)
        self.assertNotIn("extra_symbol", self.call("nm", obj))

    def refused(self, *args):
        """What the compiler, or make, says of what it does not make."""
        done = subprocess.run(["make", "INSTALL=no", *args], cwd=self.dir, env=ENV,
                              text=True, capture_output=True, check=False)
        self.assertNotEqual(done.returncode, 0, args)
        return done.stderr

    def headers(self, obj):
        """What of core/variants and of layouts an object was made from."""
        self.make(obj)
        text = (self.dir / obj).with_suffix(".d").read_text("utf-8")
        return set(re.findall(r"(?:core/variants|build/gen/layout)/\S+\.h\b", text))

    def test_shared_objects_know_no_design(self):
        shared = "build/plain/shared/own/"
        layout = shared + "gem_lock/core/drm/drm_gpuvm_bo.o"
        for obj in ("all/core/lock/mutex.o", "all/core/drm/drm_mm.o"):
            self.assertEqual(self.headers(shared + obj), set())
        self.assertEqual(self.headers(layout), {
            "core/variants/layout.h", "build/gen/layout/gem_lock.h"})
        for name, line in (("core/lock/mutex.c", "#include <variants/layout.h>"),
                           ("core/lock/mutex.c", "#if VARIANT_UNLOCKED\n#endif"),
                           ("core/lock/mutex.c", "const char *v = VARIANT_NAME;"),
                           ("core/drm/drm_gpuvm_bo.c", "int n = VARIANT_MAX_THREADS;"),
                           ("core/drm/drm_gpuvm_bo.c", "#if VARIANT_MAX_THREADS\n#endif"),
                           ("core/drm/drm_gpuvm_bo.c", "const char *w = VARIANT_REFUSED;"),
                           ("core/drm/drm_gpuvm_bo.c", "const char *v = VARIANT_NAME;")):
            path = self.dir / name
            text = path.read_text("utf-8")
            path.write_text(f"{text}\nextern int declared;\n{line}\n", "utf-8")
            obj = layout if "drm" in name else shared + "all/core/lock/mutex.o"
            self.assertIn(re.search(r"VARIANT_\w+", line + " VARIANT_HEADER")[0],
                          self.refused(obj), line)
            path.write_text(text, "utf-8")

    def test_designs_of_a_layout_share(self):
        plan = self.make("-n", "build/locklab")
        made = re.findall(r"-c -o (\S+) core/drm/drm_gpuvm\.c", plan)
        self.assertEqual({p.split("/")[-4] for p in made},
                         {"bare", "gem_lock", "gem_lock-immediate", "list_obj",
                          "unlocked"})
        self.assertEqual(len(made), 5)
        self.assertEqual(len(re.findall(r"-c -o \S+ core/lock/mutex\.c", plan)), 1)

    def test_layouts_are_plain(self):
        path = self.dir / "core/variants/gpuva.h"
        text = path.read_text("utf-8")
        obj = "build/plain/shared/own/gem_lock/core/drm/drm_gem.o"
        for old, new, word in (
                ("VARIANT_GEM_LOCK\t1", "VARIANT_GEM_LOCK\tYES", "once, as 0 or 1"),
                ("#define VARIANT_UNLOCKED", "#define VARIANT_UNLOCKED 0\n"
                 "#define VARIANT_UNLOCKED", "once, as 0 or 1"),
                ("#define VARIANT_GEM_LOCK", "# define VARIANT_GEM_LOCK",
                 "a line of its own"),
                ("#define VARIANT_GEM_LOCK\t1", "#if 0\n#define VARIANT_GEM_LOCK\t1\n"
                 "#endif", "a line of its own")):
            self.assertIn(old, text)
            path.write_text(text.replace(old, new), "utf-8")
            said = self.refused(obj)
            self.assertIn("locklab: core/variants/gpuva.h: define VARIANT_", said)
            self.assertIn(word, said)

    def test_words_reach_the_program_whole(self):
        words = self.make("-n", "-o", "build/locklab", "bench",
                          "SCENARIO=it's; a b", "VARIANTS=a,b")
        line = next(x for x in words.splitlines() if "locklab run" in x)
        said = self.call("bash", "-c", "run() { printf '%s\\n' \"$@\"; }; run " +
                         line.split("locklab run ", 1)[1])
        self.assertIn("it's; a b", said.splitlines())
        self.assertIn("a,b", said.splitlines())

    def test_only_the_tests_that_are_named(self):
        def run(text):
            return subprocess.run([ROOT / "tests/run", "--only", text,
                                   self.dir / "log", "true", "false"],
                                  text=True, capture_output=True, check=False)
        self.assertEqual(run("tru").returncode, 0)
        self.assertEqual(run("fals").returncode, 1)
        self.assertIn("1 passed, 1 failed", run("").stdout)
        self.assertEqual(run("none").returncode, 2)
        self.assertIn('"none"', run("none").stderr)

    def flags(self, machine, *args):
        """Compiler and flags on a machine; what make says when it refuses."""
        bin_ = self.dir / "bin"
        bin_.mkdir(exist_ok=True)
        (bin_ / "uname").write_text(f"#!/bin/sh\necho {machine}\n", "ascii")
        (bin_ / "uname").chmod(0o755)
        (self.dir / "print.mk").write_text(
            "include Makefile\nprint:\n\t@echo '$(B) $(CC) $(KCFLAGS)'\n",
            "ascii")
        done = subprocess.run(
            ["make", "-sf", "print.mk", "KSRC=", *args], cwd=self.dir, text=True,
            env={**ENV, "PATH": f"{bin_}:{ENV['PATH']}"}, check=False,
            capture_output=True)
        return done.stderr if done.returncode else done.stdout

    def test_arm64(self):
        self.assertNotIn("-march", self.flags("x86_64", "print"))
        # Of the machine that make runs on, which may have it or not.
        native = self.flags("aarch64", "print")
        self.assertRegex(native, r"^build gcc .* -march=armv8(\.1-a|"
                         r"-a -mno-outline-atomics)")
        for asked, is_ in (("lse", ".1-a"), ("llsc", "-a -mno-outline-atomics")):
            asked = f"ARM64={asked}"
            self.assertRegex(self.flags("aarch64", "print", asked),
                             rf"^build gcc .* -march=armv8{is_}\s*$")
            self.assertRegex(self.flags("x86_64", "print", asked),
                             rf"^build/arm64/\w+ aarch64-linux-gnu-gcc .*{is_} ")
            self.assertIn("this machine cannot",
                          self.flags("x86_64", asked, "bench"))
        self.assertIn("say lse or llsc",
                      self.flags("x86_64", "print", "ARM64=v9"))

    def dirty(self):
        text = self.call("env", "CC=gcc", "KCFLAGS=-O2", "scripts/build/gen-build")
        return "dirty = true" in text

    def test_new_sources_are_dirty(self):
        git = ("git", "-c", "user.name=t", "-c", "user.email=t@t")
        self.call("git", "init", "-q")
        self.call("git", "add", "-A")
        self.call(*git, "commit", "-q", "-m", "t")
        self.assertFalse(self.dirty())
        (self.dir / "results").mkdir()
        (self.dir / "results/x").touch()
        self.assertFalse(self.dirty())
        (self.dir / "core/variants/new.h").touch()
        self.assertTrue(self.dirty())


if __name__ == "__main__":
    unittest.main(verbosity=2)
