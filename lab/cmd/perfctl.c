// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "cmd/perfctl.h"

#define KIND	"fifo:"

/*
 * Neither open waits: perf, which has both pipes open before it starts this
 * program, is there or never will be. Afterwards reads do wait.
 */
static int open_pipes(struct lab_control *c, const char *ctl, const char *ack)
{
	int err;

	c->ctl = open(ctl, O_WRONLY | O_NONBLOCK | O_CLOEXEC);
	if (c->ctl < 0)
		return -errno;
	c->ack = open(ack, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (c->ack >= 0 && !fcntl(c->ack, F_SETFL, 0))
		return 0;
	err = -errno;
	lab_control_close(c);
	return err;
}

int lab_control_open(struct lab_control *c, const char *text)
{
	const char *comma = strchr(text, ',');
	char ctl[PATH_MAX];
	int len;

	*c = (struct lab_control){ -1, -1 };
	if (strncmp(text, KIND, strlen(KIND)) || !comma)
		return -EINVAL;
	text += strlen(KIND);
	len = comma - text;
	if (len <= 0 || len >= (int)sizeof(ctl) || !comma[1])
		return -EINVAL;
	snprintf(ctl, sizeof(ctl), "%.*s", len, text);
	signal(SIGPIPE, SIG_IGN);
	return open_pipes(c, ctl, comma + 1);
}

/* A line; newer perfs end theirs by a NUL, which then begins the next one. */
static int read_line(int fd, char *line, size_t size)
{
	size_t len = 0;
	ssize_t n;
	char ch;

	for (;;) {
		n = read(fd, &ch, 1);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n ? -errno : -EPIPE;
		if (ch == '\n')
			break;
		if (ch && len < size - 1)
			line[len++] = ch;
	}
	line[len] = '\0';
	return 0;
}

int lab_control_do(struct lab_control *c, const char *command, uint64_t *ns)
{
	uint64_t start = lab_now();
	char line[16];
	int len, ret;

	len = snprintf(line, sizeof(line), "%s\n", command);
	if (write(c->ctl, line, len) != len)
		return -errno;
	ret = read_line(c->ack, line, sizeof(line));
	*ns = lab_now() - start;
	if (ret)
		return ret;
	return strcmp(line, "ack") ? -EPROTO : 0;
}

void lab_control_close(struct lab_control *c)
{
	if (c->ctl >= 0)
		close(c->ctl);
	if (c->ack >= 0)
		close(c->ack);
	*c = (struct lab_control){ -1, -1 };
}
