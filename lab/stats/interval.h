/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* What statistics say of a difference. */
#ifndef _LAB_INTERVAL_H
#define _LAB_INTERVAL_H

struct lab_interval {
	double est, lo, hi;
};

enum lab_verdict {
	LAB_INCONCLUSIVE,
	LAB_SAME,
	LAB_SLOWER,
	LAB_FASTER,
	LAB_NO_RESULT,		/* digests differ, warnings, no rounds */
};

#endif /* _LAB_INTERVAL_H */
