#!/bin/bash
# SPDX-License-Identifier: GPL-2.0 OR MIT
# gcc: on arm64 a seq_cst __atomic RMW is weaker code than its __sync twin.
#
# Package: cpp-12-aarch64-linux-gnu, version 12.2.0-14cross1 (Debian 12, amd64; it
#          holds the compiler proper, cc1).
# Guess:   __sync_fetch_and_add() and __atomic_fetch_add(..., __ATOMIC_SEQ_CST) are
#          the same code, a full barrier, as they are on x86.
# Seen:    with LSE (armv8.1-a) they are the same ldaddal. Without it only __sync
#          ends in "dmb ish"; __atomic is ldaxr and stlxr, and a later access may
#          pass its store. Outlined (the default) they call two functions of
#          libgcc, ..._sync and ..._acq_rel.
# Hurt:    who models the kernel's fully ordered atomics with seq_cst ones, or
#          follows the advice to replace __sync: right on x86 and with LSE.
#
# Exit status: 0 as stated, 1 it changed, 77 cannot run here.
set -u

skip() {
	echo "gcc-sync-arm64: $*" >&2
	exit 77
}

dir=$(mktemp -d) || exit 77
trap 'rm -rf "$dir"' EXIT
cd "$dir" || exit 77
package=cpp-12-aarch64-linux-gnu:amd64=12.2.0-14cross1
apt-get -qq download "$package" 2>/dev/null || skip "$package cannot be had"
dpkg -x ./*.deb . || skip "$package cannot be unpacked"
cc1=usr/lib/gcc-cross/aarch64-linux-gnu/12/cc1

echo 'int f(int *p) { return __sync_fetch_and_add(p, 1); }' >sync.c
echo 'int f(int *p) { return __atomic_fetch_add(p, 1, __ATOMIC_SEQ_CST); }' >atomic.c

version=$($cc1 -version </dev/null 2>&1) || skip "cc1 does not run (libisl, libmpc?)"
echo "version: $(head -n 1 <<<"$version")"

# code FLAG FILE: what orders memory in it, in a line
code() {
	$cc1 -quiet -O2 "$1" "$2" -o out.s || return
	awk '$1 ~ /^(ld[a-z]*xr|st[a-z]*xr|ldadd[a-z]*)$/ { printf "%s ", $1 }
		$1 == "dmb" || $1 == "bl" { printf "%s %s ", $1, $2 }' out.s
}

seen=$(for flag in -mno-outline-atomics -march=armv8.1-a -moutline-atomics; do
	echo "$flag: $(code $flag sync.c)| $(code $flag atomic.c)."
done)
echo "$seen"
[ "$seen" = "-mno-outline-atomics: ldxr stlxr dmb ish | ldaxr stlxr .
-march=armv8.1-a: ldaddal | ldaddal .
-moutline-atomics: bl __aarch64_ldadd4_sync | bl __aarch64_ldadd4_acq_rel ." ]
