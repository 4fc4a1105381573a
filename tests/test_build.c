// SPDX-License-Identifier: GPL-2.0 OR MIT
/* The build id that the program finds in itself is the one that binutils finds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/build.h"
#include "machine/env.h"

static void read_own(char *id, size_t size)
{
	char path[512], command[600], line[256];
	ssize_t n = readlink("/proc/self/exe", path, sizeof(path) - 1);
	FILE *f;

	assert_true(n > 0);
	path[n] = '\0';
	assert_null(strchr(path, '\''));
	snprintf(command, sizeof(command), "LC_ALL=C readelf -n '%s'", path);
	f = popen(command, "r");
	assert_non_null(f);
	*id = '\0';
	while (fgets(line, sizeof(line), f))
		if (sscanf(line, " Build ID: %255s", command) == 1)
			snprintf(id, size, "%.64s", command);
	assert_int_equal(pclose(f), 0);
}

static void test_id(void **state)
{
	char id[65];

	(void)state;
	read_own(id, sizeof(id));
	assert_int_equal(strlen(id), 40);
	assert_string_equal(lab_build_id(), id);
	assert_string_equal(lab_build_id(), id);
}

static void test_recorded(void **state)
{
	json_t *env = lab_env_json("", 2, 7, "");

	(void)state;
	assert_string_equal(lab_env_get(env, "build.id"), lab_build_id());
	json_decref(env);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_id),
		cmocka_unit_test(test_recorded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
