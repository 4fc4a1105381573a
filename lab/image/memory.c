// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <errno.h>
#include <linux/membarrier.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "image/memory.h"

#define TEXTS	(LAB_SLOTS * LAB_TEXT_SIZE)
#define DATAS	(LAB_SLOTS * LAB_DATA_SIZE)

static unsigned char *text, *write_to, *data;

#ifdef __x86_64__
static void *map_near(size_t size, int prot, int flags)
{
	return mmap(NULL, size, prot, flags | MAP_32BIT | MAP_POPULATE, -1, 0);
}
#else
#define STEP	(4UL << 20)
#define FAR	(96UL << 20)

extern char end[];	/* the linker's: of the program */

/* The first place that is free behind the program. */
static void *map_near(size_t size, int prot, int flags)
{
	uintptr_t at = ((uintptr_t)end + STEP) & ~(STEP - 1), last = at + FAR;

	for (; at + size < last; at += STEP) {
		void *p = mmap((void *)at, size, prot, flags | MAP_POPULATE |
			       MAP_FIXED_NOREPLACE, -1, 0);

		if (p != MAP_FAILED || errno != EEXIST)
			return p;
	}
	return MAP_FAILED;
}
#endif

/*
 * Shared pages, mapped to be run and, elsewhere, to be written: for shared memory
 * mremap() of nothing makes a second mapping (its manual, under old_size). No file,
 * which limits and mount options are about.
 */
static int map_all(void)
{
	void *p = map_near(TEXTS, PROT_READ | PROT_WRITE,
			   MAP_SHARED | MAP_ANONYMOUS);
	void *d = map_near(DATAS, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS);
	void *q = MAP_FAILED;

	if (p != MAP_FAILED && d != MAP_FAILED)
		q = mremap(p, 0, TEXTS, MREMAP_MAYMOVE);
	if (q == MAP_FAILED || mprotect(p, TEXTS, PROT_READ | PROT_EXEC))
		return -errno;
	/* or each page that an image is the first to lie on is a fault, of up to 15 us */
	madvise(q, TEXTS, MADV_POPULATE_WRITE);
	text = p;
	write_to = q;
	data = d;
	syscall(SYS_membarrier,
		MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_SYNC_CORE, 0, 0);
	return 0;
}

int lab_memory_of(unsigned int slot, struct lab_memory *m)
{
	int err = text ? 0 : map_all();

	if (err)
		return err;
	m->text = text + slot * LAB_TEXT_SIZE;
	m->write = write_to + slot * LAB_TEXT_SIZE;
	m->data = data + slot * LAB_DATA_SIZE;
	return 0;
}

/*
 * Written through one address and run through another: Intel asks for a serializing
 * instruction (SDM 3A, 8.1.3), arm64 for its caches to be cleaned. Every thread
 * executes one before it returns to its code.
 */
void lab_memory_sync(const struct lab_memory *m, size_t from, size_t size)
{
	__builtin___clear_cache((char *)m->write + from,
				(char *)m->write + from + size);
	__builtin___clear_cache((char *)m->text + from,
				(char *)m->text + from + size);
	syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE, 0, 0);
}
