// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * The first process of the machine that run-in-vm starts. It runs the commands
 * of /commands in turn, one a line with tabs between the words, until one of
 * them fails, says how that ended, and switches the machine off.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define WORDS		32
#define SYS_EXIT_EXTENDED	0x20UL
#define APPLICATION_EXIT	0x20026UL

/* Semihosting: QEMU itself ends, with this status. */
static void end_machine(unsigned long status)
{
	unsigned long block[2] = { APPLICATION_EXIT, status };
	register unsigned long op __asm__("x0") = SYS_EXIT_EXTENDED;
	register unsigned long *arg __asm__("x1") = block;

	__asm__ __volatile__("hlt #0xf000" : "+r"(op) : "r"(arg) : "memory");
	/* no semihosting here: run-in-vm misses the status and says so */
	reboot(RB_POWER_OFF);
}

static void __attribute__((noreturn)) finish(int status)
{
	printf("run-in-vm: exit status %d\n", status);
	fflush(stdout);
	sync();
	end_machine(status);
	for (;;)
		pause();
}

static void mount_one(const char *type, const char *where)
{
	mkdir(where, 0755);
	if (mount(type, where, type, 0, NULL)) {
		printf("run-in-vm: init: %s: %s\n", where, strerror(errno));
		finish(126);
	}
}

static void __attribute__((noreturn)) exec_command(char *line)
{
	char *argv[WORDS + 1];
	int nr = 0;

	for (char *word = strtok(line, "\t"); word && nr < WORDS;
	     word = strtok(NULL, "\t"))
		argv[nr++] = word;
	argv[nr] = NULL;
	if (nr)
		execv(argv[0], argv);
	printf("run-in-vm: init: %s: %s\n", nr ? argv[0] : "empty command",
	       strerror(errno));
	fflush(stdout);
	_exit(127);
}

/* Its exit status, or 128 and the signal as a shell has it. */
static int run(char *line)
{
	pid_t pid = fork(), one;
	int status;

	if (pid < 0)
		return 126;
	if (!pid)
		exec_command(line);
	/* orphans come here, too */
	do
		one = wait(&status);
	while (one != pid && (one >= 0 || errno == EINTR));
	if (one != pid)
		return 126;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int main(void)
{
	char line[4096];
	int status = 127;
	FILE *f;

	mount_one("proc", "/proc");
	mount_one("sysfs", "/sys");
	mount_one("devtmpfs", "/dev");
	mount_one("tmpfs", "/tmp");
	f = fopen("/commands", "re");
	while (f && fgets(line, sizeof(line), f)) {
		line[strcspn(line, "\n")] = '\0';
		status = run(line);
		if (status)
			break;
	}
	finish(status);
}
