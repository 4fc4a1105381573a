# SPDX-License-Identifier: GPL-2.0 OR MIT
"""What rows of samples.json say."""
import statistics

from scripts.common.text import known


def whole_interval(x):
    return isinstance(x, dict) and all(known(x.get(k))
                                       for k in ("est", "lo", "hi"))


def params_text(row):
    return " ".join("%s=%s" % p for p in row.get("params", {}).items())


def is_fidelity(row):
    return row.get("base_host") != row.get("new_host")


def kept_rounds(samples, arm):
    """Rounds that were not dropped and have a value of the arm."""
    return [s for s in samples if not s[1] and len(s) > 2 + arm and
            known(s[2 + arm])]


def arm_values(row, arm):
    return [s[2 + arm] for s in kept_rounds(row.get("samples", []), arm)]


def placement_values(row, arm):
    """An arm's median in each placement, over the rounds that were kept."""
    samples, first = row.get("samples") or [], row.get("first_rounds") or []
    found = []
    for start, end in zip(first, first[1:] + [len(samples)]):
        kept = [s[2 + arm] for s in kept_rounds(samples[start:end], arm)]
        if kept:
            found.append(statistics.median(kept))
    return found


def arm_names(row):
    """Names of base and new, with the host where it tells them apart."""
    base, new = row["base"], row["new"]
    if is_fidelity(row):
        return "%s:%s" % (row["base_host"], base), \
            "%s:%s" % (row["new_host"], new)
    return base, new + ("'" if new == base else "")
