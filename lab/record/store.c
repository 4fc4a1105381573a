// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/build.h"
#include "cases/case.h"
#include "record/rowjson.h"
#include "record/store.h"

#define SAMPLES		"samples.json"
#define SAMPLES_NEW	".samples.json.new"
#define LAB_STORE_PATH	4200

/* What makes the file whole after a row of each section. */
static const char *const closers[LAB_NR_SECTIONS] = {
	[LAB_CONTROLS] = "\n],\"rows\":[],\"partial\":true}\n",
	[LAB_ROWS] = "\n],\"partial\":true}\n",
};

/* Text written from an offset on; remembers its first failure. */
struct sink {
	int fd;
	long at;
	int error;
};

static int put_all(struct sink *k, const char *buf, size_t size)
{
	ssize_t n;

	while (size && !k->error) {
		n = pwrite(k->fd, buf, size, k->at);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			k->error = n ? -errno : -ENOSPC;
			break;
		}
		buf += n;
		size -= n;
		k->at += n;
	}
	return k->error;
}

static int put_text(struct sink *k, const char *text)
{
	return put_all(k, text, strlen(text));
}

/* Close the lists after the last whole row and cut off what follows. */
static int close_lists(struct lab_store *s, const char *text)
{
	struct sink k = { .fd = s->fd, .at = s->whole };

	put_text(&k, text);
	if (!k.error && ftruncate(s->fd, k.at))
		k.error = -errno;
	return k.error;
}

/* One round a line, a buffer at a time. */
static void put_rounds(struct sink *k, const struct lab_row *row)
{
	char buf[1 << 14];
	size_t n = 0;

	for (unsigned long r = 0; r < row->nr_raw; r++) {
		if (sizeof(buf) - n < LAB_ROUND_TEXT + 2) {
			put_all(k, buf, n);
			n = 0;
		}
		n += sprintf(buf + n, r ? ",\n" : "\n");
		n += lab_round_text(row, r, buf + n, sizeof(buf) - n);
	}
	put_all(k, buf, n);
}

/* A row's object, its rounds last. */
static int put_row(struct sink *k, const struct lab_row *row)
{
	json_t *all = lab_row_json(row, true);
	char *head = json_dumps(all, JSON_COMPACT | JSON_ENSURE_ASCII |
				JSON_REAL_PRECISION(9));

	json_decref(all);
	if (!head)
		return -ENOMEM;
	/* the object's last brace moves behind the rounds */
	put_all(k, head, strlen(head) - 1);
	free(head);
	put_text(k, ",\"samples\":[");
	put_rounds(k, row);
	put_text(k, "]}");
	return k->error;
}

static int write_head(struct lab_store *s)
{
	struct sink k = { .fd = s->fd };
	json_t *words = json_string(s->command);
	char *quoted = words ? json_dumps(words, JSON_ENCODE_ANY |
					  JSON_ENSURE_ASCII) : NULL;
	char number[32];

	json_decref(words);
	if (!quoted)
		return -ENOMEM;
	snprintf(number, sizeof(number), "%lu", s->seed);
	put_text(&k, "{\"schema\":\"locklab-samples/2\",\"seed\":");
	put_text(&k, number);
	put_text(&k, ",\"build_id\":\"");
	put_text(&k, lab_build_id());
	put_text(&k, "\",\"command\":");
	put_text(&k, quoted);
	put_text(&k, ",\"controls\":[");
	free(quoted);
	s->whole = k.at;
	s->section = LAB_CONTROLS;
	s->rows = s->all = 0;
	return k.error ? k.error : close_lists(s, closers[LAB_CONTROLS]);
}

/* A file of the folder. */
static char *name_in(const struct lab_store *s, const char *name, char *path)
{
	snprintf(path, LAB_STORE_PATH, "%s/%s", s->path, name);
	return path;
}

static int open_samples(struct lab_store *s, const char *name)
{
	char path[LAB_STORE_PATH];
	int err;

	s->fd = open(name_in(s, name, path),
		     O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	err = s->fd < 0 ? -errno : write_head(s);
	if (err && s->fd >= 0) {
		close(s->fd);
		unlink(path);
	}
	return err;
}

/* mkdir -p */
static int make_folders(char *path)
{
	char *at;

	for (at = strchr(path + 1, '/'); at; at = strchr(at + 1, '/')) {
		*at = '\0';
		if (mkdir(path, 0777) && errno != EEXIST) {
			int err = -errno;

			*at = '/';
			return err;
		}
		*at = '/';
	}
	return mkdir(path, 0777) && errno != EEXIST ? -errno : 0;
}

/* The time and the commit; a number when that name is taken. */
static int make_folder(struct lab_store *s, const char *parent)
{
	char name[64], stamp[24], taken[4200];
	time_t t = time(NULL);
	int i, n, err = 0;
	struct tm tm;

	gmtime_r(&t, &tm);
	strftime(stamp, sizeof(stamp), "%Y%m%dT%H%M%SZ", &tm);
	for (i = 1; i < 100; i++) {
		n = snprintf(name, sizeof(name), "%s-%.12s", stamp,
			     *lab_build.commit ? lab_build.commit : "nocommit");
		if (i > 1)
			snprintf(name + n, sizeof(name) - n, "-%d", i);
		snprintf(s->path, sizeof(s->path), "%.3900s/.%s.partial",
			 parent, name);
		snprintf(s->final, sizeof(s->final), "%.3900s/%s", parent,
			 name);
		snprintf(taken, sizeof(taken), "%s-partial", s->final);
		if (!access(s->final, F_OK) || !access(taken, F_OK))
			continue;
		if (!mkdir(s->path, 0777))
			return 0;
		err = -errno;
		if (err != -EEXIST)
			break;
	}
	return err ? err : -EEXIST;
}

int lab_store_open(struct lab_store *s, const char *out, const char *host,
		   unsigned long seed, const char *command)
{
	char parent[4000];
	int err;

	memset(s, 0, sizeof(*s));
	s->fd = -1;
	s->seed = seed;
	s->command = command;
	snprintf(parent, sizeof(parent), "%s/%s", out, host);
	snprintf(s->final, sizeof(s->final), "%s", parent);
	err = make_folders(parent);
	if (err)
		return err;
	err = make_folder(s, parent);
	if (err)
		return err;
	err = open_samples(s, SAMPLES);
	if (err)
		rmdir(s->path);
	return err;
}

int lab_store_again(struct lab_store *s)
{
	int old = s->fd, err;

	if (s->error)
		return s->error;
	err = open_samples(s, SAMPLES_NEW);
	if (err) {
		s->fd = old;
		s->error = err;
		return err;
	}
	close(old);
	return 0;
}

int lab_store_keep(struct lab_store *s)
{
	char from[LAB_STORE_PATH], to[LAB_STORE_PATH];

	name_in(s, SAMPLES_NEW, from);
	if (s->error && s->all <= s->kept) {
		unlink(from);
		return s->error;
	}
	if (!rename(from, name_in(s, SAMPLES, to)))
		s->kept = s->all;
	else if (!s->error)
		s->error = -errno;
	return s->error;
}

int lab_store_row(struct lab_store *s, enum lab_section section,
		  const struct lab_row *row)
{
	struct sink k = { .fd = s->fd, .at = s->whole };
	bool first = section != s->section || !s->rows;
	long end;
	int err;

	if (s->error)
		return s->error;
	if (section != s->section)
		put_text(&k, "\n],\"rows\":[");
	put_text(&k, first ? "\n" : ",\n");
	err = put_row(&k, row);
	end = k.at;
	put_text(&k, closers[section]);
	if (k.error)
		err = k.error;
	if (err) {
		s->error = err;
		close_lists(s, closers[s->section]);
		return err;
	}
	s->rows = first ? 1 : s->rows + 1;
	s->all++;
	s->section = section;
	s->whole = end;
	return 0;
}

int lab_store_text(struct lab_store *s, const char *name, const char *text,
		   size_t size)
{
	struct sink k = { 0 };
	char path[LAB_STORE_PATH];

	k.fd = open(name_in(s, name, path), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (k.fd < 0) {
		k.error = -errno;
	} else {
		put_all(&k, text, size);
		if (close(k.fd) && !k.error)
			k.error = -errno;
		if (k.error)
			unlink(path);
	}
	if (k.error && !s->error)
		s->error = k.error;
	return k.error;
}

int lab_store_json(struct lab_store *s, const char *name, const json_t *json)
{
	char *text = json_dumps(json, JSON_INDENT(1) | JSON_ENSURE_ASCII |
				JSON_REAL_PRECISION(9));
	int err;

	if (!text)
		return -ENOMEM;
	err = lab_store_text(s, name, text, strlen(text));
	free(text);
	return err;
}

int lab_store_seal(struct lab_store *s)
{
	if (s->error)
		return s->error;
	s->error = close_lists(s, s->section == LAB_ROWS ?
			       "\n],\"partial\":false}\n" :
			       "\n],\"rows\":[],\"partial\":false}\n");
	if (s->error)
		close_lists(s, closers[s->section]);
	s->sealed = !s->error;
	return s->error;
}

int lab_store_close(struct lab_store *s)
{
	char name[4200];

	if (close(s->fd) && !s->error)
		s->error = -errno;
	s->fd = -1;
	snprintf(name, sizeof(name), "%s%s", s->final,
		 s->sealed ? "" : "-partial");
	if (!rename(s->path, name))
		snprintf(s->path, sizeof(s->path), "%.4095s", name);
	else if (!s->error)
		s->error = -errno;
	return s->error;
}
