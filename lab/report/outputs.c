// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "gbench/gbench.h"
#include "report/outputs.h"
#include "report/report.h"
#include "process/measure.h"
#include "timing/times.h"

/* A repetition for each process. */
static size_t add_run(struct gbench_run *runs, size_t nr,
		      const struct lab_row *row, unsigned int arm,
		      const struct lab_case *c)
{
	double ns[LAB_MAX_PROCESSES];
	char name[GBENCH_NAME];
	size_t i, n;

	gbench_name(c, name);
	/* Of a base that stands in many rows the first one is taken. */
	for (i = 0; i < nr; i++)
		if (!strcmp(runs[i].name, name))
			return nr;
	n = lab_row_times(row, arm, ns, LAB_MAX_PROCESSES);
	for (i = 0; i < n; i++) {
		struct gbench_run *run = &runs[nr + i];

		memcpy(run->name, name, sizeof(run->name));
		run->threads = c->cfg.threads;
		run->ns = ns[i];
		run->ops = (double)row->ops_per_epoch * row->rounds / n;
	}
	return nr + n;
}

static int write_gbench(const struct lab_run *run,
			const struct lab_store *store)
{
	struct gbench_run *runs;
	char path[4200];
	size_t i, nr = 0;
	int err;

	for (i = 0; i < run->nr; i++)
		nr += 2 * run->rec[i].row.processes;
	runs = calloc(nr + 1, sizeof(*runs));
	if (!runs)
		return -ENOMEM;
	for (i = 0, nr = 0; i < run->nr; i++) {
		const struct lab_row *row = &run->rec[i].row;

		if (!run->rec[i].measured || row->verdict == LAB_NO_RESULT)
			continue;
		nr = add_run(runs, nr, row, 0, &row->ask.base);
		nr = add_run(runs, nr, row, 1, &row->ask.new_);
	}
	snprintf(path, sizeof(path), "%s/gbench.json", store->path);
	err = gbench_write_json(path, run->command, runs, nr);
	free(runs);
	return err;
}

static int write_counts(const struct lab_run *run, struct lab_store *store)
{
	json_t *json = lab_exact_map_json(&run->counts);
	int err = json ? lab_store_json(store, "counts.json", json) : -ENOMEM;

	json_decref(json);
	return err;
}

static int write_report(const struct lab_run *run, struct lab_store *store)
{
	char *text = NULL;
	size_t size = 0;
	FILE *f = open_memstream(&text, &size);
	int err = -ENOMEM;

	if (!f)
		return err;
	lab_report(f, run);
	if (!fclose(f))
		err = lab_store_text(store, "report.txt", text, size);
	free(text);
	return err;
}

/* No glob(): a folder's name may have brackets. */
static bool has_pictures(const char *folder)
{
	DIR *dir = opendir(folder);
	const struct dirent *entry;
	bool found = false;

	while (dir && !found && (entry = readdir(dir)))
		found = !fnmatch("*.png", entry->d_name, 0);
	if (dir)
		closedir(dir);
	return found;
}

/* 0 when it drew; the reason why not is its own to tell. */
static int draw(const char *program, const char *folder)
{
	char *const args[] = { (char *)program, (char *)folder, NULL };
	int status;
	pid_t pid;

	if (posix_spawnp(&pid, program, NULL, NULL, args, environ))
		return -errno;
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	return WIFEXITED(status) && !WEXITSTATUS(status) ? 0 : -EIO;
}

/* The store keeps the first error of all. */
static bool written(struct lab_store *store, int err)
{
	if (err && !store->error)
		store->error = err;
	return !err;
}

void lab_write_env(const struct lab_run *run, struct lab_store *store)
{
	written(store, lab_store_json(store, "env.json", run->env));
}

bool lab_write_outputs(const struct lab_run *run, struct lab_store *store)
{
	bool reported;

	lab_write_env(run, store);
	written(store, write_gbench(run, store));
	written(store, write_counts(run, store));
	reported = written(store, write_report(run, store));
	if (!run->partial)
		lab_store_seal(store);
	return reported;
}

bool lab_draw(const char *program, const char *folder)
{
	return !draw(program, folder) && has_pictures(folder);
}
