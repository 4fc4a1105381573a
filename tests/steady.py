# SPDX-License-Identifier: GPL-2.0 OR MIT
"""A machine that nobody else wants, for a run of locklab: steady_clock.c."""
import os
import pathlib

ROOT = pathlib.Path(__file__).resolve().parent.parent
CLOCK = pathlib.Path(os.environ.get("LOCKLAB", ROOT / "build/locklab")) \
    .resolve().with_name("tests") / "steady_clock.so"


def environment():
    """What is measured there comes out, whatever else the machine does."""
    if not CLOCK.exists():
        raise FileNotFoundError(f"{CLOCK}: make check builds it")
    return {**{k: v for k, v in os.environ.items()
               if not k.startswith("MAKE")}, "LD_PRELOAD": str(CLOCK)}
