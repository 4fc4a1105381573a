/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* perf told when to count: the other end of its --control. */
#ifndef _LAB_CONTROL_H
#define _LAB_CONTROL_H

#include <stdint.h>

/**
 * struct lab_control - two named pipes to a perf that runs this program
 * @ctl: commands go here
 * @ack: and are acknowledged here
 */
struct lab_control {
	int ctl, ack;
};

/**
 * lab_control_open() - open the pipes that perf was given, too
 * @c: the control
 * @text: what perf has behind --control: "fifo:CTL,ACK"
 *
 * From now on a write to a pipe that nobody reads is an error and no signal.
 *
 * Return: 0; -EINVAL when @text is not of that form; -ENXIO when no perf has
 * the pipes open; another -errno of opening them. Nothing is open then.
 */
int lab_control_open(struct lab_control *c, const char *text);

/**
 * lab_control_do() - have a command done
 * @c: the control
 * @command: "enable" or "disable"
 * @ns: gets how long that took
 *
 * Return: 0 once perf has acknowledged it; -EPIPE when perf is gone; -EPROTO
 * when it said something else; another -errno.
 */
int lab_control_do(struct lab_control *c, const char *command, uint64_t *ns);

/**
 * lab_control_close() - close the pipes
 * @c: the control
 */
void lab_control_close(struct lab_control *c);

#endif /* _LAB_CONTROL_H */
