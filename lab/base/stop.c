// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <signal.h>
#include <stddef.h>

#include "base/stop.h"

static volatile sig_atomic_t stop_signal;

static void on_signal(int sig)
{
	stop_signal = sig;
}

void lab_stop_watch(void)
{
	struct sigaction sa = {
		.sa_handler = on_signal,
		.sa_flags = SA_RESTART | SA_RESETHAND,
	}, was;

	sigemptyset(&sa.sa_mask);
	sigaction(SIGINT, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
	/* who said nohup does not want to be told */
	if (!sigaction(SIGHUP, NULL, &was) && was.sa_handler != SIG_IGN)
		sigaction(SIGHUP, &sa, NULL);
}

bool lab_stop_asked(void)
{
	return stop_signal != 0;
}

int lab_stop_status(void)
{
	return 128 + stop_signal;
}
