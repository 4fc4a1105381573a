# SPDX-License-Identifier: GPL-2.0 OR MIT
"""What rows of samples.json say."""
from scripts.common.text import known


def whole_interval(x):
    return isinstance(x, dict) and all(known(x.get(k))
                                       for k in ("est", "lo", "hi"))


def params_text(row):
    return " ".join("%s=%s" % p for p in row.get("params", {}).items())


def is_fidelity(row):
    return row.get("base_host") != row.get("new_host")


def arm_names(row):
    """Names of base and new, with the host where it tells them apart."""
    base, new = row["base"], row["new"]
    if is_fidelity(row):
        return "%s:%s" % (row["base_host"], base), \
            "%s:%s" % (row["new_host"], new)
    return base, new + ("'" if new == base else "")
