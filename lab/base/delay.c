// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cpus.h"
#include "base/delay.h"

/* The file speaks of the thread that opened it, and is closed when that ends. */
static pthread_key_t file_key;
static pthread_once_t file_once = PTHREAD_ONCE_INIT;

static void close_file(void *fd)
{
	close((int)(long)fd - 1);
}

static void make_key(void)
{
	pthread_key_create(&file_key, close_file);
}

static int file_of_thread(void)
{
	static __thread int fd = -2;

	if (fd != -2)
		return fd;
	pthread_once(&file_once, make_key);
	fd = open("/proc/thread-self/schedstat", O_RDONLY | O_CLOEXEC);
	if (fd >= 0)
		pthread_setspecific(file_key, (void *)(long)(fd + 1));
	return fd;
}

uint64_t lab_run_delay(void)
{
	int fd = file_of_thread();
	char text[96], *rest;
	ssize_t n;

	if (fd < 0)
		return 0;
	n = pread(fd, text, sizeof(text) - 1, 0);
	if (n <= 0)
		return 0;
	text[n] = '\0';
	/* ns on a CPU, ns waiting for one, turns */
	strtoull(text, &rest, 10);
	return strtoull(rest, NULL, 10);
}

/* "cpu3 user nice system ..."; the eighth number is what was stolen. */
static bool add_line(const char *line, struct lab_steal *s)
{
	unsigned long long v[8];

	if (sscanf(line, "%*s %llu %llu %llu %llu %llu %llu %llu %llu", &v[0],
		   &v[1], &v[2], &v[3], &v[4], &v[5], &v[6], &v[7]) != 8)
		return false;
	for (unsigned int i = 0; i < 8; i++)
		s->all += v[i];
	s->stolen += v[7];
	return true;
}

/* Whether a line's first word is that of a CPU that the threads run on. */
static bool is_wanted(const char *line, unsigned int threads)
{
	unsigned int nr = lab_cpus_allowed();
	char *end;
	long cpu;

	if (!threads)
		return !strncmp(line, "cpu ", 4);
	if (strncmp(line, "cpu", 3) || line[3] == ' ')
		return false;
	cpu = strtol(line + 3, &end, 10);
	for (unsigned int t = 0; t < threads && t < nr; t++)
		if (cpu == lab_cpu_nth(t))
			return true;
	return false;
}

bool lab_steal_now(unsigned int threads, struct lab_steal *s)
{
	FILE *f = fopen("/proc/stat", "re");
	bool known = false;
	char line[512];

	*s = (struct lab_steal) { 0 };
	if (!f)
		return false;
	while (fgets(line, sizeof(line), f) && !strncmp(line, "cpu", 3))
		if (is_wanted(line, threads))
			known |= add_line(line, s);
	fclose(f);
	return known;
}
