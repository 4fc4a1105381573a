#!/bin/bash
# SPDX-License-Identifier: GPL-2.0 OR MIT
# glibc: locks are free until the first thread, and never again after it.
#
# Package: libc6, version 2.36-9+deb12u14, counted by valgrind 1:3.19.0-1 (Debian 12).
# Guess:   an uncontended mutex takes two locked instructions; where one thread is
#          spared them, it is so whenever there is but one.
# Seen:    1000 pairs of lock and unlock take none while the process has never made
#          a thread, and 2000 for the rest of its life once one was made, though it
#          was joined; of 1000 pairs of malloc and free, 2 and 4000.
# Hurt:    who benchmarks locks or allocation: what ran before in the process, a
#          thread long gone, decides what is measured.
#
# Exit status: 0 as stated, 1 it changed, 77 cannot run here.
set -u

skip() {
	echo "glibc-join: $*" >&2
	exit 77
}

dir=$(mktemp -d) || exit 77
trap 'rm -rf "$dir"' EXIT
cd "$dir" || exit 77
for package in libc6:amd64=2.36-9+deb12u14 valgrind:amd64=1:3.19.0-1; do
	apt-get -qq download "$package" 2>/dev/null || skip "$package cannot be had"
done
for deb in ./*.deb; do dpkg -x "$deb" . || skip "$deb cannot be unpacked"; done
export VALGRIND_LIB=$dir/usr/libexec/valgrind LD_BIND_NOW=1
libc=$dir/lib/x86_64-linux-gnu

cc -O1 -pthread -o pairs -x c - <<'EOF' || skip "no C compiler"
#include <pthread.h>
#include <stdlib.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

__attribute__((noipa)) void *keep(void *data)
{
	return data;
}

__attribute__((noinline)) void lock_pairs(void)
{
	for (int i = 0; i < 1000; i++) {
		pthread_mutex_lock(&mutex);
		pthread_mutex_unlock(&mutex);
	}
}

__attribute__((noinline)) void heap_pairs(void)
{
	for (int i = 0; i < 1000; i++)
		free(keep(malloc(5000)));
}

int main(int argc, char *argv[])
{
	pthread_t thread;

	if (argc > 1 && !pthread_create(&thread, NULL, keep, NULL))
		pthread_join(thread, NULL);
	lock_pairs();
	heap_pairs();
	return 0;
}
EOF

seen=
for run in "lock_pairs" "heap_pairs" "lock_pairs joined" "heap_pairs joined"; do
	# shellcheck disable=SC2086 # the second word is the program's argument
	"$dir/usr/bin/valgrind.bin" -q --tool=callgrind --collect-bus=yes \
		--toggle-collect="${run% *}" --callgrind-out-file=counts \
		"$libc/ld-linux-x86-64.so.2" --library-path "$libc" ./pairs ${run#*_pairs} ||
		skip "it does not run"
	seen="$seen $(awk '/^totals:/ { print $3 + 0 }' counts)"
done
echo "version: $("$libc/libc.so.6" | head -n 1)"
echo "locked instructions, mutex and heap, fresh and after a join:$seen"
[ "$seen" = " 0 2 2000 4000" ]
