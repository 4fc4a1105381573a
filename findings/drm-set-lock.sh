#!/bin/bash
# SPDX-License-Identifier: GPL-2.0 OR MIT
# Linux: drm_gem_gpuva_set_lock() takes the "else" behind it, under lockdep only.
#
# Package: linux-headers-6.12.117+deb12-common, version 6.12.117-1~deb12u1 (Debian 12).
# Guess:   a call like any other: if (own) drm_gem_gpuva_set_lock(obj, lock); else
#          fallback(); runs fallback() when own is false.
# Seen:    so it is in a stock kernel, where the macro is an empty statement. With
#          CONFIG_LOCKDEP it is an "if" without braces: the else becomes its own, and
#          with own false nothing runs.
# Hurt:    a driver with both ways of locking: what is debugged with lockdep on is
#          another program than what is shipped. -Wdangling-else warns, under
#          lockdep only; braces are the remedy.
#
# Exit status: 0 as stated, 1 it changed, 77 cannot run here.
set -u

skip() {
	echo "drm-set-lock: $*" >&2
	exit 77
}

dir=$(mktemp -d) || exit 77
trap 'rm -rf "$dir"' EXIT
cd "$dir" || exit 77
package=linux-headers-6.12.117+deb12-common=6.12.117-1~deb12u1
apt-get -qq download "$package" 2>/dev/null || skip "$package cannot be had"
dpkg --fsys-tarfile ./*.deb | tar -xO --wildcards '*/include/drm/drm_gem.h' >drm_gem.h ||
	skip "$package cannot be unpacked"
echo "version: ${package#*=}"

# Both definitions as they stand, with the condition that chooses one.
sed -n '/^#ifdef CONFIG_LOCKDEP/,/^#endif/p' drm_gem.h >macro.h
grep -q 'define drm_gem_gpuva_set_lock' macro.h || skip "the macro is not there"
cat >driver.c <<'EOF'
#include <stdio.h>

#define WARN(condition, ...) (condition)
#include "macro.h"

struct map { int class; };
struct lock { struct map dep_map; };
struct object { struct { struct map *lock_dep_map; } gpuva; };

int main(void)
{
	for (int own = 0; own < 2; own++) {
		struct object object = {}, *obj = &object;
		struct lock lock = {}, *mine = &lock;
		const char *ran = "nothing";

		(void)obj, (void)mine;
		if (own)
			drm_gem_gpuva_set_lock(obj, mine);
		else
			ran = "fallback";
		printf(" own=%d:%s", own, ran);
	}
	return 0;
}
EOF
cc -w -o stock driver.c || skip "no C compiler"
cc -w -DCONFIG_LOCKDEP -o lockdep driver.c || skip "the macro needs more"
stock=$(./stock) lockdep=$(./lockdep)
echo "stock:$stock"
echo "lockdep:$lockdep"
[ "$stock" = " own=0:fallback own=1:nothing" ] &&
	[ "$lockdep" = " own=0:nothing own=1:nothing" ]
