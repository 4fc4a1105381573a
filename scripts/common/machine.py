# SPDX-License-Identifier: GPL-2.0 OR MIT
"""What env.json says of machine and build, in a line, and rows of what they stand on."""
import json

from scripts.common.interval import level_percent
from scripts.common.program import call
from scripts.common.text import known


def environment(program, path, variant):
    """env.json's content, from a program that is asked for an empty region."""
    text = call(program, "loop", "--scenario", path, "--variant", variant, "--ops",
                "0", "--json").stdout
    return json.loads(text)["env"]


def commit_text(env):
    build = env.get("build", {})
    return "commit %s%s" % (str(build.get("commit", "none"))[:12],
                            "+dirty" if build.get("dirty") else "")


def threads_of(env):
    return env.get("cpu", {}).get("topology", {}).get("threads", "?")


def release_of(env):
    return env.get("kernel", {}).get("release", "?")


def machine_text(env):
    """The end of a report."""
    build = env.get("build", {})
    return "%s, %s threads, %s; Linux %s; %s; kernel tree %s; %s" % (
        env.get("cpu", {}).get("model", "?"), threads_of(env),
        env.get("hypervisor", "hypervisor not known"), release_of(env),
        build.get("compiler", "?"), build.get("ksrc") or "none",
        commit_text(env))


def span_of(values, text):
    """One value, or the least and the greatest, as they are printed."""
    ends = [text % v for v in (min(values), max(values))]
    return ends[0] if ends[0] == ends[1] else " to ".join(ends)


def basis_of(rows):
    """What the intervals of rows stand on: processes and level, at what GHz."""
    rows = [r for r in rows if known(r.get("level"))]
    parts = []
    if rows:
        units = {r["unit"] for r in rows}
        parts.append("intervals over %s %s" % (
            span_of([r["units"] for r in rows], "%d"),
            "processes" if units == {"process"} else
            "placements of one process" if units == {"placement"} else
            "spans of one process" if units == {"span"} else "units"))
        parts.append("level %s %%" % span_of(
            [level_percent(r["level"]) for r in rows], "%.1f"))
    ghz = [r["cycles"]["ghz"] for r in rows if r.get("cycles")]
    if ghz:
        parts.append("at %s GHz" % span_of(ghz, "%.2f"))
    return ", ".join(parts) or "no intervals"


def caption_of(env, samples, row):
    """The line below a picture."""
    parts = ["host " + str(row.get("host") or row.get("base_host")),
             commit_text(env),
             "%s x%s" % (env.get("cpu", {}).get("model", "CPU not known"),
                         threads_of(env))]
    if env.get("hypervisor", "none") != "none":
        parts.append(env["hypervisor"])
    parts.append("Linux " + str(release_of(env)))
    parts.append("seed %s" % samples.get("seed", "?"))
    if samples.get("partial"):
        parts.append("PARTIAL RUN")
    return "  |  ".join(parts)
