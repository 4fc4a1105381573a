// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/exit.h"
#include "base/io.h"
#include "base/stop.h"
#include "process/child.h"
#include "process/spawn.h"

#define PROGRAM	"/proc/self/exe"

/* In the child: from here on only what a signal handler may do. */
static void become(const int ask[2], const int answer[2], const char *events,
		   pid_t parent)
{
	char *const args[] = { "locklab", LAB_CHILD,
			       events ? "--counters" : NULL, (char *)events,
			       NULL };

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(EXIT_WRONG);
	dup2(ask[0], STDIN_FILENO);
	if (answer[1] == LAB_CHILD_FD)
		fcntl(LAB_CHILD_FD, F_SETFD, 0);
	else
		dup2(answer[1], LAB_CHILD_FD);
	execv(PROGRAM, args);
	_exit(EXIT_WRONG);
}

int lab_process_start(struct lab_process *p, const char *events)
{
	int ask[2], answer[2], err;
	pid_t parent = getpid();

	if (pipe2(ask, O_CLOEXEC))
		return -errno;
	if (pipe2(answer, O_CLOEXEC)) {
		err = -errno;
		goto no_answer;
	}
	p->pid = fork();
	if (!p->pid)
		become(ask, answer, events, parent);
	err = p->pid < 0 ? -errno : 0;
	close(ask[0]);
	close(answer[1]);
	p->ask = ask[1];
	p->answer = answer[0];
	if (!err)
		return 0;
	p->pid = 0;
	close(p->answer);
	close(p->ask);
	return err;

no_answer:
	close(ask[0]);
	close(ask[1]);
	return err;
}

/*
 * Until there is an answer; who is told to stop tells the process. Signals are
 * blocked between the look and the wait, or one that comes there would be slept over.
 */
static void wait_for(const struct lab_process *p)
{
	struct pollfd fd = { .fd = p->answer, .events = POLLIN };
	sigset_t all, old;
	bool told = false;
	int n;

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &old);
	do {
		if (lab_stop_asked() && !told) {
			kill(p->pid, SIGTERM);
			told = true;
		}
		n = ppoll(&fd, 1, NULL, &old);
	} while (n < 0 && errno == EINTR);
	sigprocmask(SIG_SETMASK, &old, NULL);
}

int lab_process_do(struct lab_process *p, const struct lab_work *work,
		   const struct lab_ask *ask, struct lab_row *row)
{
	struct sigaction ignore = { .sa_handler = SIG_IGN }, old;
	int done = 0, ret;

	/* It may have ended. */
	sigaction(SIGPIPE, &ignore, &old);
	ret = lab_write_all(p->ask, work, sizeof(*work));
	sigaction(SIGPIPE, &old, NULL);
	memset(row, 0, sizeof(*row));
	if (!ret) {
		wait_for(p);
		ret = lab_read_all(p->answer, &done, sizeof(done));
	}
	if (!ret)
		ret = lab_wire_get_row(p->answer, ask, row);
	if (ret == -EPIPE)
		return -ECHILD;
	return ret ? ret : done;
}

int lab_process_end(struct lab_process *p)
{
	int status = 0;

	if (!p->pid)
		return 0;
	close(p->ask);
	close(p->answer);
	while (waitpid(p->pid, &status, 0) < 0 && errno == EINTR)
		;
	p->pid = 0;
	if (WIFSIGNALED(status))
		return WTERMSIG(status);
	return status ? -1 : 0;
}
