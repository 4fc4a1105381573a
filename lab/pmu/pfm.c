// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <perfmon/pfmlib_perf_event.h>
#include <stdio.h>
#include <stdlib.h>

#include "pmu/pfm.h"

const char *lab_pfm_encode(const char *event, struct lab_encoding *code,
			   char *name, size_t size)
{
	struct perf_event_attr attr = { .size = sizeof(attr) };
	char *full = NULL;
	pfm_perf_encode_arg_t arg = {
		.attr = &attr, .fstr = &full, .size = sizeof(arg),
	};
	int ret = pfm_initialize();

	if (ret == PFM_SUCCESS)
		ret = pfm_get_os_event_encoding(event, PFM_PLM3,
						PFM_OS_PERF_EVENT, &arg);
	if (ret != PFM_SUCCESS)
		return pfm_strerror(ret);
	*code = (struct lab_encoding) {
		.type = attr.type, .config = attr.config,
		.config1 = attr.config1, .config2 = attr.config2,
		.exclude_user = attr.exclude_user,
		.exclude_kernel = attr.exclude_kernel,
	};
	snprintf(name, size, "%s", full);
	free(full);
	return NULL;
}

const char *lab_pfm_core(void)
{
	static const char *core;
	int i;

	if (core || pfm_initialize() != PFM_SUCCESS)
		return core;
	for (i = 0; i < PFM_PMU_MAX && !core; i++) {
		pfm_pmu_info_t info = { .size = sizeof(info) };

		if (pfm_get_pmu_info(i, &info) == PFM_SUCCESS &&
		    info.is_present && info.type == PFM_PMU_TYPE_CORE)
			core = info.name;
	}
	return core;
}
