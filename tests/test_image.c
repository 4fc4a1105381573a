// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Code that is placed anew: of every set, that it lies where nothing else does,
 * elsewhere each time, and does what the linked copy of it does.
 */
#include <elf.h>
#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "cases/case.h"
#include "image/image.h"
#include "image/memory.h"
#include "image/tls.h"
#include "timing/code.h"
#include "timing/engine.h"

#define OPS	64

static char err[LAB_OBJECT_ERROR];
static struct lab_rng rng = { 11 };

static const struct lab_set *any_set(void)
{
	assert_non_null(lab_sets[0].object);
	return &lab_sets[0];
}

static size_t size_of(const struct lab_set *s)
{
	return s->object_end - s->object;
}

/* What a case comes to by the code that it points to. */
static unsigned long digest_of(const struct lab_case *c)
{
	static struct lab_arm arm;
	unsigned long n, digest;

	assert_int_equal(lab_arm_setup(&arm, c), 0);
	n = lab_arm_round_ops(&arm, OPS);
	for (unsigned int i = 0; i < 2; i++) {
		if (c->path->prepare)
			c->path->prepare(arm.state, 0);
		c->path->run(arm.state, 0, n, arm.hist);
	}
	digest = c->path->digest(arm.state);
	assert_int_equal(lab_arm_close(&arm), 0);
	return digest;
}

/* In a layout of its own. */
static void place(struct lab_image *img, const struct lab_case *want,
		  unsigned int slot, struct lab_case *c)
{
	static struct lab_layout l;

	assert_int_equal(lab_code_layout(&l, &want, 1, &rng, err), 0);
	assert_int_equal(lab_code_place(img, want, &l, slot, &rng, c, err), 0);
}

static bool is_default(const struct lab_case *c)
{
	return lab_has_defaults(c) && c->cfg.threads == 1;
}

/* Every path of every set, at its defaults. */
static void test_same(void **state)
{
	static struct lab_image img[2];
	struct lab_case *all, c;
	unsigned int cases = 0;
	size_t nr;

	(void)state;
	assert_int_equal(lab_case_all(&all, &nr), 0);
	for (size_t i = 0; i < nr; i++) {
		unsigned long digest;

		if (!is_default(&all[i]))
			continue;
		all[i].cfg.seed = 3;
		digest = digest_of(&all[i]);
		for (unsigned int slot = 0; slot < 2; slot++) {
			place(&img[slot], &all[i], slot, &c);
			assert_true(lab_image_has(&img[slot], c.path));
			assert_true(lab_image_has(&img[slot],
						  (void *)c.path->run));
			if (digest_of(&c) != digest)
				fail_msg("%s/%s of %s/%s", c.scenario->name,
					 c.path->name, c.set->host,
					 c.set->variant);
		}
		cases++;
	}
	free(all);
	assert_true(cases > 100);
	lab_image_free(&img[0]);
	lab_image_free(&img[1]);
}

static int by_address(const void *a, const void *b)
{
	uintptr_t x = *(const uintptr_t *)a, y = *(const uintptr_t *)b;

	return (x > y) - (x < y);
}

/* Parts as pairs of first and last byte, sorted: none begins in another. */
static void assert_disjoint(const struct lab_image *img)
{
	const struct lab_object *o = img->o;
	uintptr_t (*span)[2] = calloc(o->nr_parts, sizeof(*span));
	unsigned int n = 0;

	assert_non_null(span);
	for (unsigned int i = 0; i < o->nr_parts; i++) {
		const struct lab_part *p = &o->part[i];

		if (p->kind == LAB_TLS || !p->size)
			continue;
		assert_int_equal(img->at[i] % (p->kind == LAB_TEXT ? 16 :
					       p->align), 0);
		assert_true(lab_image_has(img, (void *)img->at[i]));
#ifdef __x86_64__
		assert_true(img->at[i] + p->size < 1UL << 31);
#endif
		span[n][0] = img->at[i];
		span[n++][1] = img->at[i] + p->size;
	}
	qsort(span, n, sizeof(*span), by_address);
	for (unsigned int i = 1; i < n; i++)
		assert_true(span[i][0] >= span[i - 1][1]);
	free(span);
}

/* How many functions two images have, and how many lie at other distances. */
static unsigned int moved(const struct lab_image *a, const struct lab_image *b,
			  unsigned int *functions)
{
	unsigned int n = 0, first = 0;

	while (a->o->part[first].kind != LAB_TEXT)
		first++;
	*functions = 0;
	for (unsigned int i = first; i < a->o->nr_parts; i++) {
		if (a->o->part[i].kind != LAB_TEXT)
			continue;
		++*functions;
		n += a->at[i] - a->at[first] != b->at[i] - b->at[first];
	}
	return n;
}

static void open_object(struct lab_object *o, const struct lab_set *s)
{
	assert_int_equal(lab_object_open(o, s->object, size_of(s), err), 0);
}

/* Other layouts, and one layout after the other. */
static void test_elsewhere(void **state)
{
	static struct lab_layout layout[2];
	static struct lab_image img[2];
	const struct lab_object *only;
	static struct lab_object o;
	unsigned int functions;
	uintptr_t first;

	(void)state;
	open_object(&o, any_set());
	only = &o;
	for (unsigned int i = 0; i < 2; i++) {
		assert_int_equal(lab_layout_draw(&layout[i], &only, 1, &rng), 0);
		assert_int_equal(lab_image_place(&img[i], &o, &layout[i], i, &rng),
				 0);
		assert_disjoint(&img[i]);
	}
	assert_true(moved(&img[0], &img[1], &functions) > functions / 2);
	assert_true(functions > 50);
	first = img[0].at[0];
	assert_int_equal(lab_layout_draw(&layout[0], &only, 1, &rng), 0);
	assert_int_equal(lab_image_place(&img[0], &o, &layout[0], 0, &rng), 0);
	assert_disjoint(&img[0]);
	assert_true(img[0].at[0] != first);
	assert_null(lab_image_find(&img[0], "no_such_thing"));
	for (unsigned int i = 0; i < 2; i++) {
		lab_image_free(&img[i]);
		lab_layout_free(&layout[i]);
	}
	lab_object_close(&o);
}

/*
 * Two arms of one layout: what both have lies at the same place of a page, and never
 * in both at the same distance from 128 KiB.
 */
static void test_alike(void **state)
{
	const struct lab_object *pair[2];
	static struct lab_layout layout;
	static struct lab_image img[2];
	static struct lab_object o[2];
	unsigned int functions;

	(void)state;
	for (unsigned int i = 0; i < 2; i++) {
		open_object(&o[i], any_set());
		pair[i] = &o[i];
	}
	for (unsigned int tries = 0; tries < 200; tries++) {
		uintptr_t a, b;

		assert_int_equal(lab_layout_draw(&layout, pair, 2, &rng), 0);
		for (unsigned int i = 0; i < 2; i++)
			assert_int_equal(lab_image_place(&img[i], &o[i], &layout,
							 i, &rng), 0);
		assert_disjoint(&img[1]);
		assert_int_equal(moved(&img[0], &img[1], &functions), 0);
		a = img[0].ranges[0].from;
		b = img[1].ranges[0].from;
		assert_int_equal((a - b) % 4096, 0);
		assert_true((a - b) % (128 << 10));
	}
	for (unsigned int i = 2; i < 32; i++)
		assert_int_equal(lab_image_place(&img[0], &o[0], &layout, 0, &rng),
				 0);
	/* 128 KiB have no other page. */
	assert_int_equal(lab_image_place(&img[0], &o[0], &layout, 0, &rng), -ENOSPC);
	for (unsigned int i = 0; i < 2; i++) {
		lab_image_free(&img[i]);
		lab_object_close(&o[i]);
	}
	lab_layout_free(&layout);
}

/* No page of this process can be written and run; the code's can be run. */
static void test_write_xor_execute(void **state)
{
	FILE *f = fopen("/proc/self/maps", "re");
	unsigned long from, to;
	struct lab_memory m;
	unsigned int code = 0;
	char line[512], mode[8];
	int found;

	(void)state;
	assert_non_null(f);
	assert_int_equal(lab_memory_of(0, &m), 0);
	while (fgets(line, sizeof(line), f)) {
		found = sscanf(line, "%lx-%lx %7s", &from, &to, mode);
		assert_int_equal(found, 3);
		assert_false(mode[1] == 'w' && mode[2] == 'x');
		code += from <= (uintptr_t)m.text && (uintptr_t)m.text < to &&
			mode[2] == 'x';
	}
	fclose(f);
	assert_int_equal(code, 1);
}

/* An object of ours, changed; what is said of it. */
static void refuse(void (*change)(unsigned char *bytes, size_t *size),
		   const char *why)
{
	const struct lab_set *s = any_set();
	size_t size = size_of(s);
	unsigned char *bytes = malloc(size);
	struct lab_object o;

	assert_non_null(bytes);
	memcpy(bytes, s->object, size);
	change(bytes, &size);
	assert_int_equal(lab_object_open(&o, bytes, size, err), -EINVAL);
	if (!strstr(err, why))
		fail_msg("'%s' does not say '%s'", err, why);
	lab_object_close(&o);
	free(bytes);
}

static Elf64_Shdr *section(unsigned char *bytes, unsigned int type)
{
	Elf64_Ehdr *eh = (Elf64_Ehdr *)bytes;
	Elf64_Shdr *sh = (Elf64_Shdr *)(bytes + eh->e_shoff);

	while (sh->sh_type != type || (type == SHT_RELA && !sh->sh_size))
		sh++;
	return sh;
}

static void no_elf(unsigned char *bytes, size_t *size)
{
	(void)size;
	bytes[1] = 'X';
}

static void other_machine(unsigned char *bytes, size_t *size)
{
	(void)size;
	((Elf64_Ehdr *)bytes)->e_machine = EM_RISCV;
}

static void no_object(unsigned char *bytes, size_t *size)
{
	(void)size;
	((Elf64_Ehdr *)bytes)->e_type = ET_DYN;
}

static void other_relocation(unsigned char *bytes, size_t *size)
{
	Elf64_Rela *r = (void *)(bytes + section(bytes, SHT_RELA)->sh_offset);

	(void)size;
	r->r_info = ELF64_R_INFO(ELF64_R_SYM(r->r_info), 250);
}

static void far_relocation(unsigned char *bytes, size_t *size)
{
	Elf64_Rela *r = (void *)(bytes + section(bytes, SHT_RELA)->sh_offset);

	(void)size;
	r->r_offset = 1 << 24;
}

/* Whatever it needs of us has another name. */
static void other_need(unsigned char *bytes, size_t *size)
{
	for (size_t i = 0; i + 10 < *size; i++)
		if (!memcmp(bytes + i, "host_bug\0", 9))
			bytes[i] = 'g';
}

static void cut_off(unsigned char *bytes, size_t *size)
{
	(void)bytes;
	*size /= 2;
}

static void test_refused(void **state)
{
	(void)state;
	refuse(no_elf, "no ELF file");
	refuse(other_machine, "another machine");
	refuse(no_object, "not relocatable");
	refuse(other_relocation, "relocation of type 250");
	refuse(far_relocation, "outside of its section");
	refuse(other_need, "needs gost_bug");
	refuse(cut_off, "");
}

/* A block of thread-local memory, as an object would want it. */
static unsigned char *block(unsigned int slot)
{
	return (unsigned char *)__builtin_thread_pointer() + lab_tls_offset(slot);
}

static pthread_barrier_t meet;

static void *other_thread(void *seen)
{
	lab_tls_thread_begin();
	*block(2) = 7;
	pthread_barrier_wait(&meet);
	pthread_barrier_wait(&meet);
	memcpy(seen, block(2), 2);
	lab_tls_thread_end();
	return NULL;
}

/* All threads' variables have their first values after each placement. */
static void test_thread_local(void **state)
{
	static const unsigned char first[2] = { 5, 6 };
	struct lab_part part = { .kind = LAB_TLS, .bytes = first, .size = 2 };
	struct lab_object o = { .part = &part, .nr_parts = 1, .tls_size = 2 };
	unsigned char seen[2];
	pthread_t thread;

	(void)state;
	pthread_barrier_init(&meet, NULL, 2);
	pthread_create(&thread, NULL, other_thread, seen);
	pthread_barrier_wait(&meet);
	*block(2) = 9;
	lab_tls_reset(&o, 2);
	pthread_barrier_wait(&meet);
	pthread_join(thread, NULL);
	assert_memory_equal(block(2), first, 2);
	assert_memory_equal(seen, first, 2);
	/* a thread that comes later has them, too */
	pthread_create(&thread, NULL, other_thread, seen);
	pthread_barrier_wait(&meet);
	pthread_barrier_wait(&meet);
	pthread_join(thread, NULL);
	assert_int_equal(seen[0], 7);
	assert_int_equal(seen[1], 6);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same),
		cmocka_unit_test(test_elsewhere),
		cmocka_unit_test(test_alike),
		cmocka_unit_test(test_write_xor_execute),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_thread_local),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
