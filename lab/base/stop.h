/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* Being asked to stop: SIGINT, SIGTERM and SIGHUP. */
#ifndef _LAB_STOP_H
#define _LAB_STOP_H

#include <stdbool.h>

/**
 * lab_stop_watch() - from now on a first SIGINT, SIGTERM or SIGHUP only sets a flag
 *
 * What is measured is then kept and reported as partial. A second signal ends the
 * process as it would have without this. SIGHUP stays ignored where it is, as by nohup.
 */
void lab_stop_watch(void);

/**
 * lab_stop_asked() - whether a signal has come
 */
bool lab_stop_asked(void);

/**
 * lab_stop_status() - exit status that says so: 128 + the signal's number
 */
int lab_stop_status(void);

#endif /* _LAB_STOP_H */
