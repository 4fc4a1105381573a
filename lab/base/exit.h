/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* What a command exits with. */
#ifndef _LAB_EXIT_H
#define _LAB_EXIT_H

#define EXIT_RIGHT	0
#define EXIT_WRONG	1	/* regressed, not as expected, no result */
#define EXIT_USAGE	2
#define EXIT_CANNOT	77	/* cannot run here */

#endif /* _LAB_EXIT_H */
