// SPDX-License-Identifier: GPL-2.0 OR MIT
/* Ends as it is told to: for test_run_in_vm.py. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/reboot.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	const char *how = argc > 1 ? argv[1] : "";

	printf("vm_ends: '%s'\n", how);
	fflush(stdout);
	if (!strcmp(how, "signal"))
		raise(SIGSEGV);
	else if (!strcmp(how, "hang"))
		pause();
	else if (!strcmp(how, "power"))
		reboot(RB_POWER_OFF);
	return atoi(how);
}
