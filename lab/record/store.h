/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* The folder that a run leaves. */
#ifndef _LAB_STORE_H
#define _LAB_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <jansson.h>

#include "timing/row.h"

/* The lists of samples.json, in the order in which they are filled. */
enum lab_section {
	LAB_CONTROLS,
	LAB_ROWS,
	LAB_NR_SECTIONS,
};

/**
 * struct lab_store - a run folder while it is being filled
 * @path: where it is now: a hidden name until lab_store_close()
 * @final: what its name will be, unless the run is partial
 * @command: written to samples.json
 * @seed: written to samples.json
 * @fd: samples.json
 * @section: list that the next row goes to
 * @rows: rows that stand in that list
 * @all: rows that stand in all lists
 * @kept: rows in the samples.json that was kept last
 * @whole: samples.json up to the end of its last whole row
 * @sealed: samples.json says that the run is whole
 * @error: first -errno of writing; nothing is written after it
 */
struct lab_store {
	char path[4096];
	char final[4096];
	const char *command;
	unsigned long seed;
	int fd;
	enum lab_section section;
	unsigned int rows, all, kept;
	long whole;
	bool sealed;
	int error;
};

/**
 * lab_store_open() - make a run folder and prove that it can be written
 * @s: the store
 * @out: folder for results; made when it is not there
 * @host: second level of the path
 * @seed: written to samples.json
 * @command: written to samples.json; stays where it is
 *
 * Return: 0, or -errno with nothing left behind; @s->final then holds the path
 * that failed.
 */
int lab_store_open(struct lab_store *s, const char *out, const char *host,
		   unsigned long seed, const char *command);

/**
 * lab_store_again() - begin samples.json anew, beside the one that is there
 * @s: the store
 *
 * Return: 0, or the -errno of this or of an earlier failure; what was kept last
 * stays.
 */
int lab_store_again(struct lab_store *s);

/**
 * lab_store_keep() - put the new samples.json in the old one's place
 * @s: the store
 *
 * Where the new one could not be written whole, it takes that place only if it has
 * more rows than the old one.
 *
 * Return: as lab_store_again().
 */
int lab_store_keep(struct lab_store *s);

/**
 * lab_store_row() - add a row with its samples to samples.json
 * @s: the store
 * @section: where it belongs; never one before the last row's
 * @row: the row
 *
 * The file is valid JSON again when this returns, and ends with the last
 * whole row when the row could not be written.
 *
 * Return: 0, or the -errno of this or of an earlier failure.
 */
int lab_store_row(struct lab_store *s, enum lab_section section,
		  const struct lab_row *row);

/**
 * lab_store_text() - write a file of the folder, whole or not at all
 * @s: the store
 * @name: of the file
 * @text: what it holds
 * @size: of @text
 *
 * Return: 0 or -errno.
 */
int lab_store_text(struct lab_store *s, const char *name, const char *text,
		   size_t size);

/**
 * lab_store_json() - write a JSON file of the folder, whole or not at all
 * @s: the store
 * @name: of the file
 * @json: what it holds
 *
 * Return: 0 or -errno.
 */
int lab_store_json(struct lab_store *s, const char *name, const json_t *json);

/**
 * lab_store_seal() - say in samples.json that the run is whole
 * @s: the store; no row can follow
 *
 * Return: 0, or the first -errno of the store.
 */
int lab_store_seal(struct lab_store *s);

/**
 * lab_store_close() - give the folder its name
 * @s: the store; @s->path is the folder's name afterwards
 *
 * The name of a folder that was not sealed ends in -partial.
 *
 * Return: 0, or the first -errno of the store.
 */
int lab_store_close(struct lab_store *s);

#endif /* _LAB_STORE_H */
