// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <stdlib.h>

#include "base/grow.h"

void *lab_grow(void *old, size_t bytes, bool *failed)
{
	void *larger = realloc(old, bytes);

	if (!larger) {
		*failed = true;
		return old;
	}
	return larger;
}
