#!/bin/bash
# SPDX-License-Identifier: GPL-2.0 OR MIT
# libpfm4: the full name of a raw event lacks its code.
#
# Package: libpfm4, version 4.13.0-1 (Debian 12, amd64); read through python3's ctypes.
# Guess:   the full name that pfm_get_os_event_encoding() returns says which event
#          it is; given back, it means the same.
# Seen:    r1c2 and r3c4 have one name, "perf_raw:::u=1:k=0..."; given back, it is
#          "event not found". The encoding (config) is right.
# Hurt:    who keeps full names beside counts to know later what was counted, or
#          tells events apart by them.
#
# Exit status: 0 as stated, 1 it changed, 77 cannot run here.
set -u

skip() {
	echo "libpfm4-raw: $*" >&2
	exit 77
}

dir=$(mktemp -d) || exit 77
trap 'rm -rf "$dir"' EXIT
cd "$dir" || exit 77
package=libpfm4:amd64=4.13.0-1
apt-get -qq download "$package" 2>/dev/null || skip "$package cannot be had"
dpkg -x ./libpfm4_*.deb . || skip "$package cannot be unpacked"
echo "version: 4.13.0-1"

python3 - "$dir/usr/lib/x86_64-linux-gnu/libpfm.so.4" <<'EOF'
import ctypes
import sys

EXTENDED, USER, SKIP = 2, 8, 77		# PFM_OS_PERF_EVENT_EXT, PFM_PLM3


class Arg(ctypes.Structure):		# pfm_perf_encode_arg_t
    _fields_ = [("attr", ctypes.c_void_p),
                ("name", ctypes.POINTER(ctypes.c_char_p)),
                ("size", ctypes.c_size_t), ("idx", ctypes.c_int),
                ("cpu", ctypes.c_int), ("flags", ctypes.c_int)]


try:
    pfm = ctypes.CDLL(sys.argv[1])
except OSError:
    sys.exit(SKIP)
pfm.pfm_strerror.restype = ctypes.c_char_p
if pfm.pfm_initialize():
    sys.exit(SKIP)


def encode(event):
    """The error, the full name, and config of perf_event_attr, its second word."""
    attr = (ctypes.c_uint64 * 16)(112 << 32)
    name = ctypes.c_char_p()
    arg = Arg(ctypes.addressof(attr), ctypes.pointer(name), ctypes.sizeof(Arg))
    error = pfm.pfm_get_os_event_encoding(event, USER, EXTENDED, ctypes.byref(arg))
    return pfm.pfm_strerror(error).decode(), name.value, attr[1]


one, other = encode(b"r1c2"), encode(b"r3c4")
if one[1] is None or other[1] is None:
    sys.exit(SKIP)			# a kernel without perf events
back = encode(one[1])
for what, got in (("r1c2", one), ("r3c4", other), ("the first name", back)):
    print("%s: %s, %s, config 0x%x" % (what, got[0], (got[1] or b"no name").decode(), got[2]))
sys.exit(not (one[1] == other[1] and (one[2], other[2]) == (0x1c2, 0x3c4) and
              back[0] == "event not found"))
EOF
