#!/bin/bash
# SPDX-License-Identifier: GPL-2.0 OR MIT
# perf: in a locale of decimal commas, what perf stat -j writes is no JSON.
#
# Package: linux-perf, version 6.1.192-3; the locale is made by libc-bin and locales
#          2.36-9+deb12u14 (Debian 12, amd64).
# Guess:   output for machines (-j, -x) has decimal points in every locale, or commas
#          within quotes only.
# Seen:    under de_DE.UTF-8 -j writes "pcnt-running" : 100,00 without quotes, which no
#          parser takes; -x, has two columns more than under C.
# Hurt:    who runs perf from a script on a desktop set to German or French, and
#          finds it right on the server. LC_ALL=C before perf is the remedy.
#
# Exit status: 0 as stated, 1 it changed, 77 cannot run here.
set -u

skip() {
	echo "perf-comma: $*" >&2
	exit 77
}

dir=$(mktemp -d) || exit 77
trap 'rm -rf "$dir"' EXIT
cd "$dir" || exit 77
for package in linux-perf:amd64=6.1.192-3 libc-bin:amd64=2.36-9+deb12u14 \
	locales=2.36-9+deb12u14; do
	apt-get -qq download "$package" 2>/dev/null || skip "$package cannot be had"
done
for deb in ./*.deb; do dpkg -x "$deb" . || skip "$deb cannot be unpacked"; done
I18NPATH=usr/share/i18n usr/bin/localedef -i de_DE -f UTF-8 ./de_DE.UTF-8 ||
	skip "the locale cannot be made"
export LOCPATH=$dir
version=$(usr/bin/perf --version) || skip "perf does not start (its libraries?)"
echo "version: $version"

# stat LOCALE ARG...: what perf writes about a command that does nothing
stat() {
	LC_ALL=$1 usr/bin/perf stat "${@:2}" -e task-clock:u -o out true ||
		skip "perf may not count here"
	grep task-clock out
}

parses() {
	python3 -c 'import json, sys; json.load(sys.stdin)' 2>/dev/null
}

json=$(stat C -j) && csv=$(stat C -x,) || exit 77
json_de=$(stat de_DE.UTF-8 -j) && csv_de=$(stat de_DE.UTF-8 -x,) || exit 77
commas=${csv//[^,]/} commas_de=${csv_de//[^,]/}
echo "$json_de"
echo "$csv_de"
echo "commas of -x, under C: ${#commas}, under de_DE.UTF-8: ${#commas_de}"
parses <<<"$json" || skip "no JSON under C either"
! parses <<<"$json_de" && [ ${#commas_de} -gt ${#commas} ]
