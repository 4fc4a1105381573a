/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* The command line that makes a row again. */
#ifndef _LAB_COMMAND_H
#define _LAB_COMMAND_H

#include "timing/row.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * lab_command() - the command line of an ask
 * @ask: the ask
 * @buf: LAB_COMMAND bytes
 *
 * Return: @buf.
 */
char *lab_command(const struct lab_ask *ask, char *buf);

#ifdef __cplusplus
}
#endif
#endif /* _LAB_COMMAND_H */
