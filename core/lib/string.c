// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * What compilers call by themselves, and the core by name: few bytes by words, many
 * by one instruction. The kernel takes one way or the other for all sizes, as the
 * CPU says when it boots; ours is the same on every CPU. A set has these itself,
 * since libc's are chosen at run time, by another rule, and are reached through a
 * jump that the kernel has not.
 *
 * The empty asm keeps a compiler from making a loop a call of the function that it
 * stands in. Under sanitizers libc's are called: they tell who touched what.
 */
#include <linux/kconfig.h>
#include <linux/string.h>

#if !defined(__SANITIZE_ADDRESS__) && !KERNEL_TSAN

/* Words need no alignment on the CPUs that this is for. */
typedef u64 __attribute__((may_alias)) __aligned(1) word;

#define WORD		sizeof(word)
#define KEEP_LOOP(p)	({ __asm__ volatile("" : "+r"(p)); })

#ifdef __x86_64__

/* From here on starting the instruction is cheaper than the loop. */
#define FAST_STRING	64

static inline bool copy_fast(void *dst, const void *src, size_t n)
{
	if (n < FAST_STRING)
		return false;
	__asm__ volatile("rep movsb"
			 : "+D"(dst), "+S"(src), "+c"(n) : : "memory");
	return true;
}

static inline bool set_fast(void *dst, int c, size_t n)
{
	if (n < FAST_STRING)
		return false;
	__asm__ volatile("rep stosb"
			 : "+D"(dst), "+c"(n) : "a"(c) : "memory");
	return true;
}

#else

static inline bool copy_fast(void *dst, const void *src, size_t n)
{
	return false;
}

static inline bool set_fast(void *dst, int c, size_t n)
{
	return false;
}

#endif

/* From the first byte on: @dst may overlap what comes before it. */
static inline void copy_up(char *dst, const char *src, size_t n)
{
	for (; n >= WORD; n -= WORD, dst += WORD, src += WORD) {
		*(word *)dst = *(const word *)src;
		KEEP_LOOP(dst);
	}
	for (; n; n--) {
		*dst++ = *src++;
		KEEP_LOOP(dst);
	}
}

/* From the last byte on. */
static inline void copy_down(char *dst, const char *src, size_t n)
{
	for (; n >= WORD; n -= WORD) {
		*(word *)(dst + n - WORD) = *(const word *)(src + n - WORD);
		KEEP_LOOP(n);
	}
	for (; n; n--) {
		dst[n - 1] = src[n - 1];
		KEEP_LOOP(n);
	}
}

/**
 * memcpy() - copy bytes
 * @dst: where to
 * @src: where from; does not overlap it
 * @n: bytes
 *
 * Return: @dst.
 */
void *memcpy(void *dst, const void *src, size_t n)
{
	if (!copy_fast(dst, src, n))
		copy_up(dst, src, n);
	return dst;
}

/**
 * memmove() - copy bytes to where some of them may lie
 * @dst: where to
 * @src: where from
 * @n: bytes
 *
 * Return: @dst.
 */
void *memmove(void *dst, const void *src, size_t n)
{
	/* Below @src this is huge: nothing is overwritten before it is read. */
	if ((unsigned long)dst - (unsigned long)src < n)
		copy_down(dst, src, n);
	else if (!copy_fast(dst, src, n))
		copy_up(dst, src, n);
	return dst;
}

/**
 * memset() - fill memory
 * @dst: the memory
 * @c: the byte
 * @n: bytes
 *
 * Return: @dst.
 */
void *memset(void *dst, int c, size_t n)
{
	u64 bytes = (u8)c * 0x0101010101010101ULL;
	char *p = dst;

	if (set_fast(dst, c, n))
		return dst;
	for (; n >= WORD; n -= WORD, p += WORD) {
		*(word *)p = bytes;
		KEEP_LOOP(p);
	}
	for (; n; n--) {
		*p++ = c;
		KEEP_LOOP(p);
	}
	return dst;
}

#endif
