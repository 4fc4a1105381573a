#!/bin/bash
# SPDX-License-Identifier: GPL-2.0 OR MIT
# perf: context-switches:u is 0 for a program that sleeps, and users get the :u.
#
# Package: linux-perf, version 6.1.192-3 (Debian 12, amd64).
# Guess:   :u says whose instructions are counted; an event that is not about
#          instructions is the same with it, or refused.
# Seen:    the kernel raises it in kernel mode, so :u leaves all of it out: 0, no
#          <not supported>, status 0. Where perf_event_paranoid is 2, perf adds the
#          :u by itself for all but root.
# Hurt:    who measures as an ordinary user how often a lock puts its taker to
#          sleep, and reads: never. cpu-migrations are alike.
#
# Exit status: 0 as stated, 1 it changed, 77 cannot run here.
set -u

skip() {
	echo "perf-switches-user: $*" >&2
	exit 77
}

dir=$(mktemp -d) || exit 77
trap 'rm -rf "$dir"' EXIT
cd "$dir" || exit 77
package=linux-perf:amd64=6.1.192-3
apt-get -qq download "$package" 2>/dev/null || skip "$package cannot be had"
dpkg -x ./linux-perf_*.deb . || skip "$package cannot be unpacked"
version=$(usr/bin/perf --version) || skip "perf does not start (its libraries?)"
echo "version: $version"

LC_ALL=C usr/bin/perf stat -x, -o out -e context-switches -e context-switches:u \
	sh -c 'sleep 0.01; sleep 0.01' || skip "perf may not count here"
seen=$(awk -F, '/context-switches/ { printf " %s=%s", $3, $1 }' out)
echo "switches:$seen"
case $seen in
*not*) skip "perf may not count here" ;;
*" context-switches="[1-9]*) ;;
*) skip "needs root, or perf_event_paranoid of 1" ;;
esac
case $seen in
*" context-switches:u=0"*) ;;
*) exit 1 ;;
esac
