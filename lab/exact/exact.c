// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/stop.h"
#include "exact/callgrind.h"
#include "exact/exact.h"

#define REGION		"lab_exact_region"
#define REGIONS		3	/* of a case */

/* The process under valgrind, while it works through the cases. */
struct child {
	const struct lab_case *cases;
	size_t nr, done;
	struct lab_exact *out;
	const char *folder;
	pid_t pid;
	FILE *from;
	lab_exact_tick_fn *tick;
	void *arg;
};

static void __attribute__((format(printf, 2, 3)))
not_counted(struct lab_exact *e, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(e->why, sizeof(e->why), fmt, ap);
	va_end(ap);
}

/* Standard input of the child; a file, since a pipe holds too few names. */
static int write_names(const struct child *c)
{
	char name[LAB_CASE_NAME];
	FILE *f = tmpfile();
	int fd;

	if (!f)
		return -errno;
	for (size_t i = 0; i < c->nr; i++)
		fprintf(f, "%s\n", lab_case_format(&c->cases[i], name));
	fd = fflush(f) || ferror(f) ? -EIO : dup(fileno(f));
	fclose(f);
	if (fd >= 0)
		lseek(fd, 0, SEEK_SET);
	return fd;
}

static int spawn(struct child *c, int in, int out)
{
	static char *const env[] = { "LC_ALL=C", "LD_BIND_NOW=1", NULL };
	char self[4096], file[4200];
	char *const args[] = {
		"valgrind", "-q", "--vgdb=no", "--tool=callgrind",
		"--collect-bus=yes", "--collect-atstart=no",
		"--toggle-collect=" REGION, "--dump-after=" REGION,
		"--combine-dumps=yes", "--compress-strings=no",
		"--compress-pos=no", file, self, "counts", "--child", NULL
	};
	posix_spawn_file_actions_t fa;
	posix_spawnattr_t attr;
	ssize_t n;
	int err;

	n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	if (n < 0)
		return -errno;
	self[n] = '\0';
	snprintf(file, sizeof(file), "--callgrind-out-file=%s/%%p",
		 c->folder);
	posix_spawn_file_actions_init(&fa);
	posix_spawn_file_actions_adddup2(&fa, in, STDIN_FILENO);
	posix_spawn_file_actions_adddup2(&fa, out, STDOUT_FILENO);
	posix_spawn_file_actions_addopen(&fa, STDERR_FILENO, "/dev/null",
					 O_WRONLY, 0);
	/* a group of its own: it is stopped as a whole, and by us */
	posix_spawnattr_init(&attr);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETPGROUP);
	err = posix_spawnp(&c->pid, "valgrind", &fa, &attr, args, env);
	posix_spawnattr_destroy(&attr);
	posix_spawn_file_actions_destroy(&fa);
	return -err;
}

static int start(struct child *c)
{
	int names = write_names(c), ends[2], err;

	if (names < 0)
		return names;
	if (pipe2(ends, O_CLOEXEC)) {
		err = -errno;
		close(names);
		return err;
	}
	err = spawn(c, names, ends[1]);
	close(names);
	close(ends[1]);
	c->from = err ? NULL : fdopen(ends[0], "r");
	if (!c->from)
		close(ends[0]);
	return err ?: c->from ? 0 : -ENOMEM;
}

static struct lab_exact_fn *add_function(struct lab_exact *e, const char *prefix,
					 const char *symbol)
{
	size_t len = strlen(prefix), i;
	bool own = !strncmp(symbol, prefix, len);
	struct lab_exact_fn *fn;

	symbol += own ? len : 0;
	for (i = 0; i < e->nr; i++)
		if (e->fn[i].own == own &&
		    !strncmp(e->fn[i].name, symbol, LAB_EXACT_NAME - 1))
			return &e->fn[i];
	fn = realloc(e->fn, (e->nr + 1) * sizeof(*fn));
	if (!fn)
		return NULL;
	e->fn = fn;
	fn += e->nr++;
	memset(fn, 0, sizeof(*fn));
	snprintf(fn->name, sizeof(fn->name), "%s", symbol);
	fn->own = own;
	return fn;
}

/* Adds @weight times a part's functions; the region's own is the harness's. */
static int add_part(struct lab_exact *e, const char *prefix,
		    const struct lab_cg_part *p, double weight)
{
	for (size_t i = 0; i < p->nr; i++) {
		struct lab_exact_fn *fn;

		if (!strcmp(p->fn[i].name, REGION))
			continue;
		fn = add_function(e, prefix, p->fn[i].name);
		if (!fn)
			return -ENOMEM;
		fn->ir += weight * p->fn[i].ir;
		fn->ge += weight * p->fn[i].ge;
		e->ir += weight * p->fn[i].ir;
		e->ge += weight * p->fn[i].ge;
	}
	return 0;
}

static int by_name(const void *a, const void *b)
{
	const struct lab_exact_fn *x = a, *y = b;

	return strcmp(x->name, y->name) ?: x->own - y->own;
}

static bool same_parts(const struct lab_cg_part *a, const struct lab_cg_part *b)
{
	if (a->nr != b->nr || a->ir != b->ir || a->ge != b->ge)
		return false;
	for (size_t i = 0; i < a->nr; i++)
		if (strcmp(a->fn[i].name, b->fn[i].name) ||
		    a->fn[i].ir != b->fn[i].ir || a->fn[i].ge != b->fn[i].ge)
			return false;
	return true;
}

/*
 * Two regions alike that took the same, and a third of twice as many: its surplus
 * is that of the operations alone. Else the mean of all.
 */
static int evaluate(struct lab_exact *e, const struct lab_case *c,
		    const struct lab_cg_part *p)
{
	const char *prefix = c->set->prefix;
	unsigned long n = e->ops;
	bool twice = p[2].ir > p[0].ir + p[0].ir / 2;
	int ret;

	e->alone = c->cfg.threads > 1;
	e->steady = twice && same_parts(&p[0], &p[1]);
	if (e->steady) {
		e->ops = n;
		ret = add_part(e, prefix, &p[2], 1.0 / n) ?:
		      add_part(e, prefix, &p[0], -1.0 / n);
	} else {
		e->ops = (twice ? 4 : 3) * n;
		ret = add_part(e, prefix, &p[0], 1.0 / e->ops) ?:
		      add_part(e, prefix, &p[1], 1.0 / e->ops) ?:
		      add_part(e, prefix, &p[2], 1.0 / e->ops);
	}
	if (e->nr)
		qsort(e->fn, e->nr, sizeof(*e->fn), by_name);
	return ret;
}

static int read_regions(FILE *f, struct lab_cg_part *p)
{
	for (int i = 0; i < REGIONS; i++) {
		int ret = lab_cg_read(f, &p[i]);

		if (ret != 1 || !strstr(p[i].trigger, REGION))
			return ret < 0 ? ret : -EBADMSG;
	}
	return 0;
}

/* What the process of a case has left. */
static void read_results(struct child *c, struct lab_exact *e, int pid)
{
	struct lab_cg_part p[REGIONS] = { 0 };
	char file[4200];
	int ret;
	FILE *f;

	snprintf(file, sizeof(file), "%s/%d", c->folder, pid);
	f = fopen(file, "re");
	ret = f ? read_regions(f, p) : -errno;
	if (!ret)
		ret = evaluate(e, &c->cases[c->done], p);
	if (ret)
		not_counted(e, "callgrind's output: %s", strerror(-ret));
	for (int r = 0; r < REGIONS; r++)
		lab_cg_free(&p[r]);
	if (f)
		fclose(f);
	unlink(file);
}

/* The next line; -EINTR when asked to stop, 0 at the end. */
static int next_line(struct child *c, char *line, size_t size)
{
	struct pollfd p = { .fd = fileno(c->from), .events = POLLIN };

	while (!lab_stop_asked())
		if (poll(&p, 1, 100) > 0)
			return fgets(line, size, c->from) != NULL;
	return -EINTR;
}

static int follow(struct child *c)
{
	char line[LAB_CASE_ERROR + 8];
	int ret = 1, pid;

	while (c->done < c->nr) {
		struct lab_exact *e = &c->out[c->done];

		ret = next_line(c, line, sizeof(line));
		if (ret <= 0)
			break;
		line[strcspn(line, "\n")] = '\0';
		if (sscanf(line, "ok %lu %d", &e->ops, &pid) == 2)
			read_results(c, e, pid);
		else
			not_counted(e, "%.100s", line);
		c->done++;
		if (c->tick)
			c->tick(c->arg, c->done);
	}
	return ret < 0 ? ret : 0;
}

static void name_rest(const struct child *c, const char *why)
{
	for (size_t i = c->done; i < c->nr; i++)
		not_counted(&c->out[i], "%s", why);
}

/* Works through the cases; -EINTR when stopped, -errno when it cannot begin. */
static int run_child(struct child *c)
{
	char why[64];
	int ret, status = 0;

	ret = start(c);
	if (ret)
		return ret;
	ret = follow(c);
	if (ret)
		kill(-c->pid, SIGKILL);
	fclose(c->from);
	while (waitpid(c->pid, &status, 0) < 0 && errno == EINTR)
		;
	snprintf(why, sizeof(why), "valgrind ended with status %d",
		 WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
	name_rest(c, ret ? "stopped" : why);
	return ret;
}

/* What was killed may have left files. */
static void remove_folder(const char *folder)
{
	char pattern[4200];
	glob_t found;

	snprintf(pattern, sizeof(pattern), "%s/*", folder);
	if (!glob(pattern, GLOB_NOSORT, NULL, &found)) {
		for (size_t i = 0; i < found.gl_pathc; i++)
			unlink(found.gl_pathv[i]);
		globfree(&found);
	}
	rmdir(folder);
}

int lab_exact_count(const struct lab_case *cases, size_t nr,
		    struct lab_exact *out, lab_exact_tick_fn *tick, void *arg)
{
	struct child c = {
		.cases = cases, .nr = nr, .out = out, .tick = tick, .arg = arg,
	};
	const char *tmp = getenv("TMPDIR");
	char folder[4096];
	int ret;

	memset(out, 0, nr * sizeof(*out));
	snprintf(folder, sizeof(folder), "%s/locklab-counts.XXXXXX",
		 tmp && *tmp ? tmp : "/tmp");
	c.folder = mkdtemp(folder);
	if (!c.folder) {
		name_rest(&c, "no folder for temporary files: set TMPDIR");
		return 0;
	}
	ret = run_child(&c);
	if (ret && ret != -EINTR)
		name_rest(&c, ret == -ENOENT ? "no valgrind: install it" :
			  strerror(-ret));
	remove_folder(folder);
	return ret == -EINTR ? ret : 0;
}

void lab_exact_free(struct lab_exact *e, size_t nr)
{
	for (size_t i = 0; i < nr; i++) {
		free(e[i].fn);
		e[i].fn = NULL;
		e[i].nr = 0;
	}
}
