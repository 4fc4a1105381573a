#!/bin/bash
# SPDX-License-Identifier: GPL-2.0 OR MIT
# callgrind: one "rep stosb" of n bytes is n + 1 instructions.
#
# Package: valgrind, version 1:3.19.0-1 (Debian 12, amd64).
# Guess:   one instruction whatever the length, as a processor retires it and as
#          perf's instructions:u counts it.
# Seen:    each byte is an instruction, and the end is one more: 4096 bytes are
#          4095 more than one byte is.
# Hurt:    who holds callgrind's Ir against perf's, or ranks two ways to clear a
#          page by Ir: the kernel's clear_page() by rep stosb looks 4096 long.
#
# Exit status: 0 as stated, 1 it changed, 77 cannot run here.
set -u

skip() {
	echo "callgrind-rep: $*" >&2
	exit 77
}

dir=$(mktemp -d) || exit 77
trap 'rm -rf "$dir"' EXIT
cd "$dir" || exit 77
package=valgrind:amd64=1:3.19.0-1
apt-get -qq download "$package" 2>/dev/null || skip "$package cannot be had"
dpkg -x ./valgrind_*.deb . || skip "$package cannot be unpacked"
export VALGRIND_LIB=$dir/usr/libexec/valgrind
valgrind=$dir/usr/bin/valgrind.bin

cc -O1 -o clears -x c - <<'EOF' || skip "no C compiler for x86"
#include <stdlib.h>

static char bytes[4096];

__attribute__((noinline)) void clear(unsigned long n)
{
	void *at = bytes;

	__asm__ volatile("rep stosb" : "+D"(at), "+c"(n) : "a"(0) : "memory");
}

int main(int argc, char **argv)
{
	(void)argc;
	clear(strtoul(argv[1], NULL, 10));
	return 0;
}
EOF

instructions() {
	"$valgrind" -q --tool=callgrind --toggle-collect=clear \
		--callgrind-out-file=counts ./clears "$1" || return
	sed -n 's/^totals: //p' counts
}

version=$("$valgrind" --version) || skip "it does not start"
echo "version: $version"
one=$(instructions 1) || skip "the program does not run under it"
page=$(instructions 4096) || skip "the program does not run under it"
echo "instructions for 1 byte: $one, for 4096: $page"
[ $((page - one)) = 4095 ]
