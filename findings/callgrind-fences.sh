#!/bin/bash
# SPDX-License-Identifier: GPL-2.0 OR MIT
# callgrind: --collect-bus sees a full barrier or not, by how it is spelled.
#
# Package: valgrind, version 1:3.19.0-1 (Debian 12, amd64).
# Guess:   the event of the bus (Ge) is for what orders memory at the price of a
#          locked instruction: "mfence" is one.
# Seen:    only locked instructions are. Per 1000: "mfence" 0, "lock addl $0" (the
#          kernel's smp_mb()) 1000, xchg with memory, whose lock is implied, 1000, a
#          locked cmpxchg that fails 1000.
# Hurt:    who compares two builds by Ge: the same barrier is 1 in one and 0 in the
#          other (the kernel's mb() and smp_mb(); a compiler's seq_cst fence).
#
# Exit status: 0 as stated, 1 it changed, 77 cannot run here.
set -u

skip() {
	echo "callgrind-fences: $*" >&2
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

cc -O1 -o fences -x c - <<'EOF' || skip "no C compiler for x86"
static unsigned int word;

#define THOUSAND(name, text)						\
__attribute__((noinline)) void name(void)				\
{									\
	unsigned int a = 5, c = 7;					\
									\
	for (int i = 0; i < 1000; i++)					\
		__asm__ volatile(text : "+m"(word), "+a"(a), "+c"(c)	\
				 : : "memory", "cc");			\
}
THOUSAND(mfence, "mfence")
THOUSAND(lock_addl, "lock addl $0, -4(%%rsp)")
THOUSAND(cmpxchg, "lock cmpxchgl %2, %0\n\tmovl $5, %1")
THOUSAND(xchg, "xchgl %2, %0")

int main(void)
{
	mfence();
	lock_addl();
	cmpxchg();
	xchg();
	return 0;
}
EOF

version=$("$valgrind" --version) || skip "it does not start"
echo "version: $version"
seen=
for name in mfence lock_addl cmpxchg xchg; do
	"$valgrind" -q --tool=callgrind --collect-bus=yes --toggle-collect=$name \
		--callgrind-out-file=counts ./fences || skip "it does not run"
	seen="$seen $name=$(awk '/^totals:/ { print $3 + 0 }' counts)"
done
echo "bus events:$seen"
[ "$seen" = " mfence=0 lock_addl=1000 cmpxchg=1000 xchg=1000" ]
