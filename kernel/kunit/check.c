// SPDX-License-Identifier: GPL-2.0 OR MIT
/* What a case says: messages, checks that failed, and that it is skipped. */
#include "kunit.h"
#include "process.h"

unsigned int kunit_depth;

/**
 * kunit_vlines() - print text, line by line
 * @mark: before each line
 * @fmt: as for printf()
 * @ap: what it formats
 *
 * In KTAP a line that belongs to no result begins with #; a message of a test
 * that has lines of its own must not look like a result.
 */
void kunit_vlines(const char *mark, const char *fmt, va_list ap)
{
	char text[1024], line[1200];
	char *at, *end;
	size_t n;

	vsnprintf(text, sizeof(text), fmt, ap);
	n = strlen(text);
	while (n && text[n - 1] == '\n')
		text[--n] = '\0';
	for (at = text; ; at = end + 1) {
		end = strchr(at, '\n');
		if (end)
			*end = '\0';
		snprintf(line, sizeof(line), "%*s%s%s\n", 4 * kunit_depth, "",
			 mark, at);
		kunit_text(line);
		if (!end)
			break;
	}
}

void kunit_lines(const char *mark, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	kunit_vlines(mark, fmt, ap);
	va_end(ap);
}

void kunit_say(const char *name, const char *fmt, ...)
{
	char mark[300];
	va_list ap;

	snprintf(mark, sizeof(mark), "# %s: ", name);
	va_start(ap, fmt);
	kunit_vlines(mark, fmt, ap);
	va_end(ap);
}

/**
 * __kunit_mark_skipped() - the case is not to count; it may go on
 * @test: the case
 * @fmt: why
 */
void __kunit_mark_skipped(struct kunit *test, const char *fmt, ...)
{
	struct kunit_result *result = test->result;
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(result->why, sizeof(result->why), fmt, ap);
	va_end(ap);
	/* What has failed stays so. */
	if (result->status == KUNIT_SUCCESS)
		result->status = KUNIT_SKIPPED;
}

void __noreturn __kunit_abort(struct kunit *test)
{
	kunit_throw();
}

void kunit_fail_at(struct kunit *test, enum kunit_assert_type type,
		   const char *file, int line)
{
	test->result->status = KUNIT_FAILURE;
	kunit_say(test->name, "%s FAILED at %s:%d",
		  type == KUNIT_ASSERTION ? "ASSERTION" : "EXPECTATION", file,
		  line);
}

void kunit_fail_end(struct kunit *test, enum kunit_assert_type type,
		    const char *fmt, ...)
{
	va_list ap;

	if (fmt && *fmt) {
		va_start(ap, fmt);
		kunit_vlines("#   ", fmt, ap);
		va_end(ap);
	}
	if (type == KUNIT_ASSERTION)
		__kunit_abort(test);
}

void kunit_found_bool(struct kunit *test, const char *expr, bool wanted)
{
	kunit_lines("#   ", "Expected %s to be %s, but it is %s", expr,
		    wanted ? "true" : "false", wanted ? "false" : "true");
}

void kunit_found_err(struct kunit *test, const char *expr, const void *ptr)
{
	kunit_lines("#   ", "Expected %s to be a pointer, but it is %s%.0ld",
		    expr, ptr ? "error " : "NULL", PTR_ERR(ptr));
}

void kunit_found_ints(struct kunit *test, const char *left, const char *op,
		      const char *right, long long l, long long r)
{
	kunit_lines("#   ", "Expected %s %s %s, but\n  %s = %lld (0x%llx)\n"
		    "  %s = %lld (0x%llx)", left, op, right, left, l, l, right,
		    r, r);
}

void kunit_found_ptrs(struct kunit *test, const char *left, const char *op,
		      const char *right, const void *l, const void *r)
{
	kunit_lines("#   ", "Expected %s %s %s, but\n  %s = %p\n  %s = %p",
		    left, op, right, left, l, right, r);
}

void kunit_found_strs(struct kunit *test, const char *left, const char *op,
		      const char *right, const char *l, const char *r)
{
	kunit_lines("#   ", "Expected %s %s %s, but\n  %s = \"%s\"\n  %s = \"%s\"",
		    left, op, right, left, l ?: "(null)", right, r ?: "(null)");
}

void kunit_found_mems(struct kunit *test, const char *left, const char *op,
		      const char *right, const void *l, const void *r,
		      size_t size)
{
	const u8 *a = l, *b = r;
	size_t i = 0;

	if (!a || !b) {
		kunit_found_ptrs(test, left, op, right, l, r);
		return;
	}
	while (i < size && a[i] == b[i])
		i++;
	if (i == size)
		kunit_lines("#   ", "Expected %s %s %s, but all %zu bytes are equal",
			    left, op, right, size);
	else
		kunit_lines("#   ", "Expected %s %s %s, but byte %zu of %zu is\n"
			    "  %02x\n  %02x", left, op, right, i, size, a[i],
			    b[i]);
}
