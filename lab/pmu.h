/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* Is there a performance counter that this process may use? */
#ifndef _LAB_PMU_H
#define _LAB_PMU_H

#include <stdbool.h>
#include <stddef.h>

/**
 * lab_pmu_probe() - open an instruction counter and see whether it counts
 * @why: gets the reason when there is none
 * @size: of @why
 *
 * A virtual PMU may open and never count, so a loop of known length is run
 * under it.
 *
 * Return: whether instructions of user code can be counted.
 */
bool lab_pmu_probe(char *why, size_t size);

#endif /* _LAB_PMU_H */
