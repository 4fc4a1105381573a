# SPDX-License-Identifier: GPL-2.0 OR MIT
"""What env.json says of machine and build, in a line."""


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
