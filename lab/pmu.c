// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <errno.h>
#include <linux/perf_event.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "pmu.h"

#define TRUTH_LOOPS	100000

static int open_instructions(void)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_HARDWARE,
		.size = sizeof(attr),
		.config = PERF_COUNT_HW_INSTRUCTIONS,
		.disabled = 1,
		.exclude_kernel = 1,
		.exclude_hv = 1,
	};

	return syscall(SYS_perf_event_open, &attr, 0, -1, -1, 0);
}

static const char *word_for(int error)
{
	switch (error) {
	case ENOENT:
		return "the kernel offers no such event here";
	case EACCES:
	case EPERM:
		return "not permitted (perf_event_paranoid)";
	case ENODEV:
	case EOPNOTSUPP:
		return "the CPU or hypervisor offers no counters";
	case EMFILE:
		return "out of file descriptors";
	case EBUSY:
		return "another user holds the counters";
	default:
		return strerror(error);
	}
}

bool lab_pmu_probe(char *why, size_t size)
{
	uint64_t count = 0;
	ssize_t got;
	int fd, i;

	fd = open_instructions();
	if (fd < 0) {
		snprintf(why, size, "perf_event_open: %s", word_for(errno));
		return false;
	}
	ioctl(fd, PERF_EVENT_IOC_RESET, 0);
	ioctl(fd, PERF_EVENT_IOC_ENABLE, 0);
	for (i = 0; i < TRUTH_LOOPS; i++)
		__asm__ __volatile__("" : "+r"(i));
	ioctl(fd, PERF_EVENT_IOC_DISABLE, 0);
	got = read(fd, &count, sizeof(count));
	close(fd);
	if (got == sizeof(count) && count >= TRUTH_LOOPS)
		return true;
	snprintf(why, size, "the counter opens but does not count");
	return false;
}
