// SPDX-License-Identifier: GPL-2.0 OR MIT
#include "timing/drop.h"

const char *lab_drop_name(enum lab_drop drop)
{
	static const char *const names[] = {
		[LAB_KEPT]		= "kept",
		[LAB_PREEMPTED]		= "preempted",
		[LAB_MIGRATED]		= "migrated",
		[LAB_FAULTED]		= "faulted",
		[LAB_OVERLAP]		= "overlap",
		[LAB_DELAYED]		= "delayed",
		[LAB_STOLEN]		= "stolen",
		[LAB_SIBLING]		= "sibling",
		[LAB_FREQUENCY]		= "frequency",
		[LAB_THROTTLED]		= "throttled",
		[LAB_MOVED]		= "moved",
	};

	return names[drop];
}
