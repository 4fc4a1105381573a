// SPDX-License-Identifier: GPL-2.0 OR MIT
/* Callgrind's output, whole and cut. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "exact/callgrind.h"

static const char whole[] =
"# callgrind format\n"
"version: 1\n"
"part: 1\n"
"\n"
"desc: Trigger: --dump-after=region\n"
"positions: line\n"
"events: Ir Ge\n"
"summary: 60 5\n"
"\n"
"fl=a.c\n"
"fn=main\n"
"cfn=region\n"
"calls=1 4\n"
"5 60 5\n"
"\n"
"fn=work\n"
"3 40 4\n"
"fi=a.h\n"
"+7 10\n"
"fn=region\n"
"4 3\n"
"cfn=work\n"
"calls=1 3\n"
"4 50 4\n"
"fn=work\n"
"9 7 1\n"
"\n"
"totals: 60 5\n"
"\n"
"part: 2\n"
"desc: Trigger: Program termination\n"
"events: Ir Ge\n"
"totals: 0\n";

static struct lab_cg_part part;

static int read_part(FILE *f)
{
	lab_cg_free(&part);
	return lab_cg_read(f, &part);
}

static FILE *text(const char *s, size_t len)
{
	return fmemopen((void *)s, len, "r");
}

static void test_whole(void **state)
{
	FILE *f = text(whole, sizeof(whole) - 1);

	(void)state;
	assert_int_equal(read_part(f), 1);
	assert_string_equal(part.trigger, "--dump-after=region");
	assert_int_equal(part.ir, 60);
	assert_int_equal(part.ge, 5);
	assert_int_equal(part.nr, 2);
	assert_string_equal(part.fn[0].name, "region");
	assert_int_equal(part.fn[0].ir, 3);
	assert_int_equal(part.fn[0].ge, 0);
	assert_string_equal(part.fn[1].name, "work");
	assert_int_equal(part.fn[1].ir, 57);
	assert_int_equal(part.fn[1].ge, 5);
	assert_int_equal(read_part(f), 1);
	assert_int_equal(part.nr, 0);
	assert_int_equal(read_part(f), 0);
	fclose(f);
}

/* Wherever it is cut, it is the whole first part or an error, never less. */
static void test_cut(void **state)
{
	size_t end = strstr(whole, "totals: 60 5") - whole;

	(void)state;
	for (size_t len = 1; len < end; len++) {
		FILE *f = text(whole, len);
		int ret = read_part(f);

		assert_true(ret == -EBADMSG || (ret == 0 &&
			    len < (size_t)(strstr(whole, "part:") + 6 - whole)));
		fclose(f);
	}
}

static void refused(const char *from, const char *to)
{
	char buf[sizeof(whole) + 64];
	const char *at = strstr(whole, from);
	FILE *f;

	snprintf(buf, sizeof(buf), "%.*s%s%s", (int)(at - whole), whole, to,
		 at + strlen(from));
	f = text(buf, strlen(buf));
	assert_int_equal(read_part(f), -EBADMSG);
	fclose(f);
}

static void test_wrong(void **state)
{
	(void)state;
	refused("events: Ir Ge", "events: Ir");
	refused("9 7 1", "9 8 1");
	refused("9 7 1", "9 7 2");
	refused("calls=1 3", "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_wrong),
	};
	int ret = cmocka_run_group_tests(tests, NULL, NULL);

	lab_cg_free(&part);
	return ret;
}
