#!/bin/bash
# SPDX-License-Identifier: GPL-2.0 OR MIT
# Google Benchmark: to find the benchmarks that a filter means is quadratic in all.
#
# Package: libbenchmark-dev, version 1.7.1-1 (Debian 12, amd64).
# Guess:   each name is held against the filter once: twice as many names, twice the
#          work, and 12000 names are a matter of milliseconds.
# Seen:    each family makes room for just itself, so that all that were found before
#          it are copied again. Bytes that --benchmark_list_tests asks for: 212 MB
#          for 1000 families, 849 MB for 2000, 3394 MB for 4000. With 12114 names a
#          list took 33 s.
# Hurt:    who registers a case for each of many parameters by RegisterBenchmark() and
#          lists them all, or runs them by a filter that matches many.
#
# Exit status: 0 as stated, 1 it changed, 77 cannot run here.
set -u

skip() {
	echo "gbench-names: $*" >&2
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

g++ -O1 -Iusr/include -o names -x c++ - -x none \
	"$LD_LIBRARY_PATH/libbenchmark.so.1.7.1" <<'EOF' || skip "no C++ compiler"
#include <benchmark/benchmark.h>
#include <cstdio>
#include <cstdlib>
#include <string>

static unsigned long asked;

void *operator new(std::size_t size)
{
	asked += size;
	return std::malloc(size);
}

void operator delete(void *p) noexcept
{
	std::free(p);
}

static void nothing(benchmark::State &)
{
}

int main(int argc, char **argv)
{
	for (int i = std::atoi(argv[--argc]); i > 0; i--)
		benchmark::RegisterBenchmark(("n" + std::to_string(i)).c_str(), nothing);
	benchmark::Initialize(&argc, argv);
	asked = 0;
	benchmark::RunSpecifiedBenchmarks();
	std::fprintf(stderr, "%lu\n", asked);
	return 0;
}
EOF

seen=()
for nr in 1000 2000 4000; do
	./names --benchmark_list_tests $nr >list 2>bytes || skip "it does not run"
	[ "$(wc -l <list)" = $nr ] || skip "it does not list $nr names"
	seen+=("$(tail -n 1 bytes)")
done
echo "version: 1.7.1-1"
echo "bytes asked for, by 1000, 2000 and 4000 names: ${seen[*]}"
[ "${seen[1]}" -gt $((3 * seen[0])) ] && [ "${seen[2]}" -gt $((3 * seen[1])) ]
