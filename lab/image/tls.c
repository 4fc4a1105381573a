// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <pthread.h>
#include <string.h>

#include "bench.h"
#include "image/memory.h"
#include "image/tls.h"

#define THREADS	(BENCH_MAX_THREADS + 1)

struct blocks {
	unsigned char slot[LAB_SLOTS][LAB_TLS_SIZE];
} __attribute__((aligned(64)));

static __thread struct blocks mine __attribute__((tls_model("local-exec")));

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct blocks *all[THREADS];
static const struct lab_object *now[LAB_SLOTS];

static void change(struct blocks *from, struct blocks *to)
{
	pthread_mutex_lock(&lock);
	for (unsigned int i = 0; i < THREADS; i++)
		if (all[i] == from) {
			all[i] = to;
			break;
		}
	pthread_mutex_unlock(&lock);
}

uint64_t lab_tls_offset(unsigned int slot)
{
	return (uintptr_t)mine.slot[slot] -
	       (uintptr_t)__builtin_thread_pointer();
}

static void reset(unsigned char *block, const struct lab_object *o)
{
	memset(block, 0, o->tls_size);
	for (unsigned int i = 0; i < o->nr_parts; i++) {
		const struct lab_part *p = &o->part[i];

		if (p->kind == LAB_TLS && p->bytes)
			memcpy(block + p->tls, p->bytes, p->size);
	}
}

void lab_tls_thread_begin(void)
{
	change(&mine, NULL);
	change(NULL, &mine);
	for (unsigned int slot = 0; slot < LAB_SLOTS; slot++)
		if (now[slot])
			reset(mine.slot[slot], now[slot]);
}

void lab_tls_thread_end(void)
{
	change(&mine, NULL);
}

void lab_tls_reset(const struct lab_object *o, unsigned int slot)
{
	change(&mine, NULL);
	change(NULL, &mine);
	pthread_mutex_lock(&lock);
	now[slot] = o;
	for (unsigned int i = 0; i < THREADS; i++)
		if (all[i])
			reset(all[i]->slot[slot], o);
	pthread_mutex_unlock(&lock);
}
