#!/bin/bash
# SPDX-License-Identifier: GPL-2.0 OR MIT
# QEMU: in user emulation of arm64, /proc/cpuinfo is that of the x86 host.
#
# Package: qemu-user, version 1:7.2+dfsg-7+deb12u18+b3, and binutils-aarch64-linux-gnu
#          2.40-2 for the program (Debian 12, amd64).
# Guess:   it is made up for the emulated CPU, as /proc/self/maps and the
#          auxiliary vector (HWCAP) are: "CPU implementer", "Features".
# Seen:    the host's own text, "vendor_id" and x86's "flags", also with
#          -cpu cortex-a53.
# Hurt:    who finds out by it what an emulated CPU has (LSE is "atomics" among the
#          Features), or records it with results: an x86 model beside arm64 code.
#
# Exit status: 0 as stated, 1 it changed, 77 cannot run here.
set -u

skip() {
	echo "qemu-cpuinfo: $*" >&2
	exit 77
}

dir=$(mktemp -d) || exit 77
trap 'rm -rf "$dir"' EXIT
cd "$dir" || exit 77
grep -q '^vendor_id' /proc/cpuinfo || skip "not an x86 host"
for package in qemu-user:amd64='1:7.2+dfsg-7+deb12u18+b3' liburing2:amd64=2.3-3 \
	libcapstone4:amd64=4.0.2-5 binutils-aarch64-linux-gnu:amd64=2.40-2; do
	apt-get -qq download "$package" 2>/dev/null || skip "$package cannot be had"
done
for deb in ./*.deb; do dpkg -x "$deb" . || skip "$deb cannot be unpacked"; done
export LD_LIBRARY_PATH=$dir/usr/lib/x86_64-linux-gnu
version=$(usr/bin/qemu-aarch64 --version) || skip "QEMU does not start (libglib2.0-0?)"
echo "version: $(head -n 1 <<<"$version")"

# The first 4000 bytes of the file, as the emulated program reads them.
usr/bin/aarch64-linux-gnu-as -o show.o - <<'EOF' || skip "as does not run"
	.globl _start
_start:	mov x0, -100		// AT_FDCWD
	adr x1, name
	mov x2, 0
	mov x8, 56		// openat
	svc 0
	sub sp, sp, 4000
	mov x1, sp
	mov x2, 4000
	mov x8, 63		// read
	svc 0
	mov x2, x0
	mov x0, 1
	mov x1, sp
	mov x8, 64		// write
	svc 0
	mov x0, 0
	mov x8, 93		// exit
	svc 0
name:	.asciz "/proc/cpuinfo"
EOF
usr/bin/aarch64-linux-gnu-ld -o show show.o || skip "ld does not run"
usr/bin/qemu-aarch64 -cpu cortex-a53 ./show >text || skip "the program does not run"
for word in vendor_id 'CPU implementer'; do
	echo "lines with \"$word\": $(grep -c "^$word" text)"
done
grep -q '^vendor_id' text && ! grep -q '^CPU implementer' text
