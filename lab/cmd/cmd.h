/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* The commands of locklab; each returns an exit status. */
#ifndef _LAB_CMD_H
#define _LAB_CMD_H

#include "base/exit.h"

#ifdef __cplusplus
extern "C" {
#endif

int cmd_list(int argc, char **argv);
int cmd_compare(int argc, char **argv);
int cmd_run(int argc, char **argv);
int cmd_loop(int argc, char **argv);
int cmd_bench(int argc, char **argv);
int cmd_counters(int argc, char **argv);
int cmd_counts(int argc, char **argv);
int cmd_child(int argc, char **argv);

#ifdef __cplusplus
}
#endif
#endif /* _LAB_CMD_H */
