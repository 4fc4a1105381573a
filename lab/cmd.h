/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* The commands of locklab, and what they exit with. */
#ifndef _LAB_CMD_H
#define _LAB_CMD_H

#ifdef __cplusplus
extern "C" {
#endif

#define EXIT_RIGHT	0
#define EXIT_WRONG	1	/* regressed, not as expected, no result */
#define EXIT_USAGE	2
#define EXIT_CANNOT	77	/* cannot run here */

int cmd_list(int argc, char **argv);
int cmd_compare(int argc, char **argv);
int cmd_run(int argc, char **argv);
int cmd_loop(int argc, char **argv);
int cmd_bench(int argc, char **argv);
int cmd_counters(int argc, char **argv);
int cmd_counts(int argc, char **argv);

#ifdef __cplusplus
}
#endif
#endif /* _LAB_CMD_H */
