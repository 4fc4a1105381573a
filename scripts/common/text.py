# SPDX-License-Identifier: GPL-2.0 OR MIT
"""Text of at most COLUMNS columns, and numbers in it."""
import math
import textwrap

COLUMNS = 72
GLOSSARY = "A line for each word used here: docs/glossary.md"


def known(x):
    return isinstance(x, (int, float)) and math.isfinite(x)


def say(text, first="", then="  "):
    """A paragraph, as lines."""
    return textwrap.wrap(text, COLUMNS, initial_indent=first,
                         subsequent_indent=then, break_on_hyphens=False)


def sentence_of(text):
    """With a capital; str.capitalize() would make GHz ghz."""
    return text[:1].upper() + text[1:]


def footer(machine):
    """The end of a report: on what it was measured, and where words are told."""
    return say(machine, then="") + [GLOSSARY]


def text_of_lines(lines):
    return "\n".join(line.rstrip() for line in lines) + "\n"


def compact(x):
    """Three figures at most, no exponent."""
    return "%.0f" % x if abs(x) >= 100 else "%.1f" % x if abs(x) >= 10 \
        else "%.2f" % x


def length_text(ns):
    return "%s ns" % compact(ns) if ns < 1000 else "%s us" % compact(ns / 1e3)


def span_text(span, text):
    """An estimate with its interval."""
    return "%s [%s %s]" % tuple(text(span[k]) for k in ("est", "lo", "hi"))


def number_text(x):
    """Three decimals, where it is known."""
    return "%.3f" % x if known(x) else "-"


def ns_text(x):
    """Three digits at least; in thousands where they would be many."""
    if not known(x):
        return "-"
    if abs(x) >= 1e6:
        return "%.0fk" % (x / 1e3)
    return "%.0f" % x if abs(x) >= 1000 else "%.1f" % x
