#!/bin/bash
# SPDX-License-Identifier: GPL-2.0 OR MIT
# cmocka: a program of 256 failing tests exits with 0.
#
# Package: libcmocka-dev, version 1.1.5-2.1 (Debian 12, amd64).
# Guess:   main() that returns cmocka_run_group_tests(), as is usual, exits non-zero
#          when a test failed.
# Seen:    the function returns how many failed, and of main()'s value a process has
#          but eight bits left: 255 failures are status 255, 256 are 0.
# Hurt:    who makes tests from a table: what breaks all rows at once, 256 of them or
#          512, is what passes. "!= 0" or "!!" in main() helps.
#
# Exit status: 0 as stated, 1 it changed, 77 cannot run here.
set -u

skip() {
	echo "cmocka-256: $*" >&2
	exit 77
}

dir=$(mktemp -d) || exit 77
trap 'rm -rf "$dir"' EXIT
cd "$dir" || exit 77
for package in libcmocka-dev libcmocka0; do
	apt-get -qq download "$package:amd64=1.1.5-2.1" 2>/dev/null ||
		skip "$package 1.1.5-2.1 cannot be had"
done
for deb in ./*.deb; do dpkg -x "$deb" . || skip "$deb cannot be unpacked"; done
export LD_LIBRARY_PATH=$dir/usr/lib/x86_64-linux-gnu

for n in 255 256; do
	cc -DN=$n -Iusr/include -o tests$n -x c - -x none \
		"$LD_LIBRARY_PATH/libcmocka.so.0" <<'EOF' || skip "no C compiler"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static void fails(void **state)
{
	(void)state;
	fail();
}

int main(void)
{
	struct CMUnitTest tests[N];

	for (int i = 0; i < N; i++)
		tests[i] = (struct CMUnitTest)cmocka_unit_test(fails);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
EOF
done

echo "version: 1.1.5-2.1"
seen=
for n in 255 256; do
	./tests$n >log 2>&1
	status=$?
	grep -q "$n FAILED TEST" log || skip "the tests do not run"
	seen="$seen $status"
done
echo "status of 255 failing tests and of 256:$seen"
[ "$seen" = " 255 0" ]
