// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "pmu/group.h"
#include "pmu/rdpmc.h"

#define PARANOID	"/proc/sys/kernel/perf_event_paranoid"

static int event_open(const struct perf_event_attr *attr, int leader)
{
	int fd = syscall(SYS_perf_event_open, attr, 0, -1, leader,
			 PERF_FLAG_FD_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

/* As @attr says, and for this thread alone. */
static int open_member(struct perf_event_attr attr, int leader, bool pinned)
{
	int fd;

	attr.size = sizeof(attr);
	attr.inherit = 0;
	attr.disabled = leader < 0;
	attr.pinned = leader < 0 && pinned;
	attr.read_format = PERF_FORMAT_GROUP | PERF_FORMAT_TOTAL_TIME_ENABLED |
			   PERF_FORMAT_TOTAL_TIME_RUNNING;
	lab_rdpmc_ask(&attr);
	fd = event_open(&attr, leader);
	if ((fd == -EINVAL || fd == -EOPNOTSUPP) && attr.config1) {
		attr.config1 = 0;
		fd = event_open(&attr, leader);
	}
	return fd;
}

static struct perf_event_mmap_page *map_page(int fd)
{
	void *page = mmap(NULL, sysconf(_SC_PAGESIZE), PROT_READ, MAP_SHARED,
			  fd, 0);

	return page == MAP_FAILED ? NULL : page;
}

static bool of_kernel(const struct perf_event_attr *attr)
{
	return attr->type == PERF_TYPE_SOFTWARE;
}

int lab_group_open(struct lab_group *g,
		   const struct perf_event_attr *const *attr, unsigned int nr)
{
	int fd = 0;

	memset(g, 0, sizeof(*g));
	while (g->nr < nr && fd >= 0) {
		fd = open_member(*attr[g->nr], g->nr ? g->fd[0] : -1,
				 !of_kernel(attr[0]));
		if (fd < 0)
			break;
		if (!of_kernel(attr[g->nr]))
			g->page[g->nr] = map_page(fd);
		g->fd[g->nr++] = fd;
	}
	if (fd >= 0 && ioctl(g->fd[0], PERF_EVENT_IOC_ENABLE,
			     PERF_IOC_FLAG_GROUP))
		fd = -errno;
	if (fd >= 0)
		return 0;
	if (g->nr && g->nr < nr)
		fd = -E2BIG;
	lab_group_close(g);
	return fd;
}

int lab_group_pass(struct lab_group *g, const struct lab_events *set,
		   unsigned int pass)
{
	const struct perf_event_attr *attr[LAB_GROUP_MAX];
	unsigned int nr = 0;

	for (unsigned int i = 0; i < set->nr; i++) {
		const struct lab_event *e = &set->event[i];

		if (e->status != LAB_COUNTED || e->pass != pass)
			continue;
		if (!nr && !e->software)
			attr[nr++] = &set->truth.attr;
		/* else the truth loop's own counter is what is wanted */
		if (e->slot || e->software)
			attr[nr++] = &e->attr;
	}
	return nr ? lab_group_open(g, attr, nr) : -ENOENT;
}

/* As the kernel lays it out: how many, two times, a value each. */
struct values {
	uint64_t nr, enabled, running, value[LAB_GROUP_MAX];
};

/* A pinned group that got no counters is in error: its file is at its end. */
static enum lab_status read_all(const struct lab_group *g, struct values *v)
{
	ssize_t n = read(g->fd[0], v, sizeof(*v));

	return n >= (ssize_t)(3 * sizeof(uint64_t)) && v->nr == g->nr ?
	       LAB_COUNTED : LAB_NEVER_SCHEDULED;
}

static bool read_direct(const struct lab_group *g, uint64_t *value)
{
	for (unsigned int i = 0; i < g->nr; i++)
		if (!g->page[i] || !lab_rdpmc(g->page[i], &value[i]))
			return false;
	return true;
}

enum lab_status lab_group_read(struct lab_group *g, struct lab_reading *r)
{
	enum lab_status status;
	struct values v;

	r->direct = read_direct(g, r->value);
	if (r->direct)
		return LAB_COUNTED;
	status = read_all(g, &v);
	if (status == LAB_COUNTED)
		memcpy(r->value, v.value, g->nr * sizeof(*v.value));
	return status;
}

enum lab_status lab_group_check(const struct lab_group *g)
{
	struct values v;
	enum lab_status status = read_all(g, &v);

	if (status != LAB_COUNTED)
		return status;
	if (!v.running)
		return LAB_NEVER_SCHEDULED;
	return v.running == v.enabled ? LAB_COUNTED : LAB_MULTIPLEXED;
}

void lab_group_close(struct lab_group *g)
{
	while (g->nr--) {
		if (g->page[g->nr])
			munmap(g->page[g->nr], sysconf(_SC_PAGESIZE));
		close(g->fd[g->nr]);
	}
	memset(g, 0, sizeof(*g));
}

/* Whether there are counters at all is asked with the commonest event. */
static bool has_pmu(void)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_HARDWARE,
		.config = PERF_COUNT_HW_CPU_CYCLES,
		.exclude_kernel = 1,
		.exclude_hv = 1,
	};
	int fd = open_member(attr, -1, false);

	if (fd >= 0)
		close(fd);
	return fd >= 0 || fd == -EBUSY || fd == -EMFILE || fd == -EACCES;
}

static enum lab_status forbidden(const struct perf_event_attr *attr, char *why)
{
	int needed = attr->exclude_kernel ? 2 : 1, level;
	FILE *f = fopen(PARANOID, "re");

	if (!f) {
		snprintf(why, LAB_EVENT_NAME, "this kernel is built without perf events");
		return LAB_NO_PERF;
	}
	if (fscanf(f, "%d", &level) != 1)
		level = -1;
	fclose(f);
	if (level <= needed)
		snprintf(why, LAB_EVENT_NAME, "sysctl kernel.perf_event_paranoid, which is %d, allows it: a container's seccomp filter or a security module does not",
			 level);
	else
		snprintf(why, LAB_EVENT_NAME, "sysctl kernel.perf_event_paranoid is %d: %d or less, or CAP_PERFMON, is needed",
			 level, needed);
	return LAB_NOT_PERMITTED;
}

enum lab_status lab_group_status(int err, const struct perf_event_attr *attr,
				 char *why)
{
	snprintf(why, LAB_EVENT_NAME, "perf_event_open: %s", strerror(-err));
	switch (-err) {
	case ENOSYS:
		snprintf(why, LAB_EVENT_NAME, "this kernel has no perf_event_open()");
		return LAB_NO_PERF;
	case EACCES:
	case EPERM:
		return forbidden(attr, why);
	case E2BIG:
	case EBUSY:
	case EMFILE:
	case ENFILE:
	case ENOMEM:
		return LAB_BUSY;
	}
	if (of_kernel(attr) || has_pmu()) {
		snprintf(why, LAB_EVENT_NAME, "this CPU or kernel does not count it");
		return LAB_UNKNOWN_EVENT;
	}
	snprintf(why, LAB_EVENT_NAME, "the CPU or the hypervisor offers no counters");
	return LAB_NO_PMU;
}
