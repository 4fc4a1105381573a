#!/bin/bash
# SPDX-License-Identifier: GPL-2.0 OR MIT
# Google Benchmark: a filter that matches nothing empties the last run's file.
#
# Package: libbenchmark-dev, version 1.7.1-1 (Debian 12, amd64).
# Guess:   --benchmark_out=FILE is left alone, or becomes JSON without rows; the
#          status says that nothing ran.
# Seen:    FILE is cut to 0 bytes, which is no JSON, and the status is 0. The only
#          word, "Failed to match any benchmarks", is on stderr.
# Hurt:    who renames a benchmark and keeps its filter in a script: the baseline is
#          gone, and the job is green.
#
# Exit status: 0 as stated, 1 it changed, 77 cannot run here.
set -u

skip() {
	echo "gbench-no-match: $*" >&2
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

g++ -O1 -Iusr/include -o bench -x c++ - -x none \
	"$LD_LIBRARY_PATH/libbenchmark.so.1.7.1" <<'EOF' || skip "no C++ compiler"
#include <benchmark/benchmark.h>

static void nothing(benchmark::State &state)
{
	for (auto _ : state)
		;
}
BENCHMARK(nothing)->Iterations(1);
BENCHMARK_MAIN();
EOF

./bench --benchmark_out=kept.json >log 2>&1 || skip "it does not run"
before=$(stat -c %s kept.json)
./bench --benchmark_out=kept.json --benchmark_filter=no_such_name >log 2>&1
status=$?
after=$(stat -c %s kept.json)
echo "version: 1.7.1-1"
echo "kept.json: $before bytes, then $after; status $status; $(tail -n 1 log)"
[ "$before" -gt 0 ] && [ "$after" = 0 ] && [ $status = 0 ]
