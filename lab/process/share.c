// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <stdbool.h>

#include "process/share.h"

double lab_share(const double *weight, const double *floor, size_t nr,
		 double total, double *share)
{
	double left, weights, sum = 0;
	bool again = true;
	size_t i;

	for (i = 0; i < nr; i++)
		share[i] = -1;
	while (again) {
		left = total;
		weights = 0;
		for (i = 0; i < nr; i++) {
			left -= share[i] >= 0 ? share[i] : 0;
			weights += share[i] < 0 ? weight[i] : 0;
		}
		again = false;
		for (i = 0; i < nr; i++) {
			if (share[i] >= 0 || left * weight[i] > floor[i] * weights)
				continue;
			share[i] = floor[i];
			again = true;
		}
	}
	for (i = 0; i < nr; i++) {
		if (share[i] < 0)
			share[i] = left * weight[i] / weights;
		sum += share[i];
	}
	return sum;
}
