#!/bin/bash
# SPDX-License-Identifier: GPL-2.0 OR MIT
# Google Benchmark: the time of an iteration is divided by the number of threads.
#
# Package: libbenchmark-dev, version 1.7.1-1 (Debian 12, amd64).
# Guess:   four threads whose every iteration takes 1 s are reported as 1 s, real
#          time, an iteration: so long does one take.
# Seen:    0.25 s, and four times the iterations asked for. It is the inverse of
#          the throughput of all threads, under the heading Time.
# Hurt:    who reads a contended lock's price from ->Threads(n): a lock that makes n
#          threads wait in turn, each n times as long, reads as unchanged.
#
# Exit status: 0 as stated, 1 it changed, 77 cannot run here.
set -u

skip() {
	echo "gbench-threads: $*" >&2
	exit 77
}

dir=$(mktemp -d) || exit 77
trap 'rm -rf "$dir"' EXIT
cd "$dir" || exit 77
for package in libbenchmark-dev libbenchmark1debian; do
	apt-get -qq download "$package:amd64=1.7.1-1" 2>/dev/null ||
		skip "$package 1.7.1-1 cannot be had"
done
for deb in ./*.deb; do dpkg -x "$deb" . || skip "$deb cannot be unpacked"; done
export LD_LIBRARY_PATH=$dir/usr/lib/x86_64-linux-gnu

# Each iteration is said to have taken 1 s: no clock and no load is in the result.
g++ -O1 -Iusr/include -o bench -x c++ - -x none \
	"$LD_LIBRARY_PATH/libbenchmark.so.1.7.1" <<'EOF' || skip "no C++ compiler"
#include <benchmark/benchmark.h>

static void second(benchmark::State &state)
{
	for (auto _ : state)
		state.SetIterationTime(1.0);
}
BENCHMARK(second)->Iterations(8)->UseManualTime()->Threads(1)->Threads(4);
BENCHMARK_MAIN();
EOF

./bench --benchmark_format=csv >rows 2>log || skip "it does not run"
echo "version: 1.7.1-1"
grep '^"second' rows | cut -d, -f1-3,5
seen=$(awk -F, '/^"second/ { printf " %.0f ns in %d", $3, $2 }' rows)
[ "$seen" = " 1000000000 ns in 8 250000000 ns in 32" ]
