#!/bin/bash
# SPDX-License-Identifier: GPL-2.0 OR MIT
# callgrind: a forked child's file holds its parent's counts, too.
#
# Package: valgrind, version 1:3.19.0-1 (Debian 12, amd64).
# Guess:   the file of a child (--callgrind-out-file=NAME.%p) begins at 0 at the fork.
# Seen:    it begins with all that the parent had counted by then: a child that does
#          nothing reads as many million instructions as the parent that worked.
# Hurt:    who sums the files of a program that forks, or takes a child's file for
#          what the child did. callgrind_control --zero, or a toggle on a function
#          that only the child calls, gives what was meant.
#
# Exit status: 0 as stated, 1 it changed, 77 cannot run here.
set -u

skip() {
	echo "callgrind-fork: $*" >&2
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

cc -O1 -o forks -x c - <<'EOF' || skip "no C compiler"
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
	for (volatile int i = 0; i < 1000000; i++)
		;
	pid_t child = fork();

	if (child > 0)
		return waitpid(child, NULL, 0) != child;
	return child < 0;
}
EOF

version=$("$valgrind" --version) || skip "it does not start"
echo "version: $version"
"$valgrind" -q --tool=callgrind --callgrind-out-file=counts.%p ./forks ||
	skip "the program does not run under it"
mapfile -t totals < <(sed -n 's/^totals: //p' counts.*)
[ ${#totals[@]} = 2 ] || skip "${#totals[@]} files, not one a process"
echo "instructions of parent and child: ${totals[*]}"
[ "${totals[0]}" -gt 3000000 ] && [ "${totals[1]}" -gt 3000000 ]
