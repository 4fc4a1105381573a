#!/bin/bash
# SPDX-License-Identifier: GPL-2.0 OR MIT
# QEMU: arm64's store-exclusive succeeds although another CPU wrote the word.
#
# Package: qemu-user, version 1:7.2+dfsg-7+deb12u18+b3, and binutils-aarch64-linux-gnu
#          2.40-2 for the program (Debian 12, amd64).
# Guess:   ldaxr; another process stores 5, then the old 0 again; stlxr fails, for
#          the architecture's monitor watches the place, not the value.
# Seen:    it succeeds (status 0): TCG compares the value, as a cmpxchg would.
# Hurt:    who tests lock-free code for arm64 under QEMU on x86: what is safe by
#          exclusives alone (a stack without tags) shows ABA there that no Arm CPU
#          has, and loops that should try again are not tried.
#
# Exit status: 0 as stated, 1 it changed, 77 cannot run here.
set -u

skip() {
	echo "qemu-exclusive: $*" >&2
	exit 77
}

dir=$(mktemp -d) || exit 77
trap 'rm -rf "$dir"' EXIT
cd "$dir" || exit 77
for package in qemu-user:amd64='1:7.2+dfsg-7+deb12u18+b3' liburing2:amd64=2.3-3 \
	libcapstone4:amd64=4.0.2-5 binutils-aarch64-linux-gnu:amd64=2.40-2; do
	apt-get -qq download "$package" 2>/dev/null || skip "$package cannot be had"
done
for deb in ./*.deb; do dpkg -x "$deb" . || skip "$deb cannot be unpacked"; done
export LD_LIBRARY_PATH=$dir/usr/lib/x86_64-linux-gnu
version=$(usr/bin/qemu-aarch64 --version) || skip "QEMU does not start (libglib2.0-0?)"
echo "version: $(head -n 1 <<<"$version")"

# A page shared by a parent and its child: the word at 0, whose turn it is at 512.
usr/bin/aarch64-linux-gnu-as -o exclusive.o - <<'EOF' || skip "as does not run"
	.globl _start
_start:	mov x0, 0
	mov x1, 4096
	mov x2, 3		// PROT_READ | PROT_WRITE
	mov x3, 0x21		// MAP_SHARED | MAP_ANONYMOUS
	mov x4, -1
	mov x5, 0
	mov x8, 222		// mmap
	svc 0
	mov x19, x0
	add x20, x19, 512
	mov x0, 17		// SIGCHLD
	mov x1, 0
	mov x2, 0
	mov x3, 0
	mov x4, 0
	mov x8, 220		// clone
	svc 0
	mov w3, 1
	mov w4, 2
	mov w5, 5
	cbz x0, child
	ldaxr w1, [x19]
	stlr w3, [x20]
1:	ldar w1, [x20]
	cmp w1, 2
	b.ne 1b
	stlxr w0, w5, [x19]
	b exit
child:	ldar w1, [x20]
	cbz w1, child
	stlr w5, [x19]
	stlr wzr, [x19]
	stlr w4, [x20]
	mov w0, 0
exit:	mov x8, 93
	svc 0
EOF
usr/bin/aarch64-linux-gnu-ld -o exclusive exclusive.o || skip "ld does not run"
timeout 60 usr/bin/qemu-aarch64 ./exclusive
status=$?
echo "status of the store-exclusive: $status"
[ $status = 0 ]
