// SPDX-License-Identifier: GPL-2.0 OR MIT
/* A lost connection is a stop, unless nohup was asked for. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/stop.h"

static void test_ignored(void **state)
{
	(void)state;
	signal(SIGHUP, SIG_IGN);
	lab_stop_watch();
	raise(SIGHUP);
	assert_false(lab_stop_asked());
}

static void test_hangup(void **state)
{
	(void)state;
	signal(SIGHUP, SIG_DFL);
	lab_stop_watch();
	raise(SIGHUP);
	assert_true(lab_stop_asked());
	assert_int_equal(lab_stop_status(), 128 + SIGHUP);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ignored),
		cmocka_unit_test(test_hangup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
