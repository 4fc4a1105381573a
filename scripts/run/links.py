# SPDX-License-Identifier: GPL-2.0 OR MIT
"""build/locklab with its sets linked in another order."""
from scripts.common.program import call


def link(order):
    """0: in the usual one."""
    call("make", "--no-print-directory", "INSTALL=no", "build/locklab",
         *(["SHUFFLE=%d" % order] if order else []))
