// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host.h"
#include "timing/code.h"

/* Each set's object, read when it is first wanted, and kept. */
static struct lab_object *objects;

void lab_code_at_thread_exit(struct host_thread_exit *exit);

/* What is to be done then is in memory that is another image's by then. */
void lab_code_at_thread_exit(struct host_thread_exit *exit)
{
	(void)exit;
}

static int object_of(const struct lab_set *set, const struct lab_object **o,
		     char *err)
{
	struct lab_object *mine;

	if (!objects)
		objects = calloc(lab_nr_sets, sizeof(*objects));
	if (!objects)
		return -ENOMEM;
	mine = &objects[set - lab_sets];
	*o = mine;
	if (mine->elf)
		return 0;
	return lab_object_open(mine, set->object, set->object_end - set->object,
			       err);
}

/* The path of that name in the image's scenario of that name. */
static int find_case(const struct lab_image *img, const struct lab_case *want,
		     struct lab_case *c, char *err)
{
	const struct bench_path *p;
	char name[128];

	*c = *want;
	snprintf(name, sizeof(name), "bench_%s", want->scenario->name);
	c->scenario = lab_image_find(img, name);
	for (p = c->scenario ? c->scenario->paths : NULL; p && p->name; p++)
		if (!strcmp(p->name, want->path->name)) {
			c->path = p;
			return 0;
		}
	snprintf(err, LAB_OBJECT_ERROR, "the object of %s/%s has no %s/%s",
		 want->set->host, want->set->variant, want->scenario->name,
		 want->path->name);
	return -ENOENT;
}

int lab_code_layout(struct lab_layout *l, const struct lab_case *const *want,
		    unsigned int nr, struct lab_rng *rng, char *err)
{
	const struct lab_object *o[LAB_LAYOUT_OBJECTS];
	int ret = 0;

	*err = '\0';
	if (!want[0]->set->object)
		return 0;
	for (unsigned int i = 0; i < nr && !ret; i++)
		ret = object_of(want[i]->set, &o[i], err);
	return ret ? ret : lab_layout_draw(l, o, nr, rng);
}

int lab_code_place(struct lab_image *img, const struct lab_case *want,
		   struct lab_layout *l, unsigned int slot, struct lab_rng *rng,
		   struct lab_case *c, char *err)
{
	const struct lab_object *o;
	int ret;

	*err = '\0';
	if (!want->set->object) {
		*c = *want;
		return 0;
	}
	ret = object_of(want->set, &o, err);
	if (!ret)
		ret = lab_image_place(img, o, l, slot, rng);
	if (ret && !*err)
		snprintf(err, LAB_OBJECT_ERROR, "%s", strerror(-ret));
	return ret ? ret : find_case(img, want, c, err);
}
