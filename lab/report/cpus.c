// SPDX-License-Identifier: GPL-2.0 OR MIT
#include "base/cpus.h"
#include "base/quota.h"
#include "base/text.h"
#include "report/cpus.h"

void lab_say_siblings(FILE *f, const struct lab_row *row, const char *indent)
{
	unsigned int n = row->ask.base.cfg.threads;
	char text[LAB_TOPOLOGY_TEXT];

	lab_topology_text(lab_cpus(), lab_cpus_of(n), text);
	if (*text)
		lab_say(f, "%sCPUs of the %u threads: %s", indent, n, text);
}

void lab_say_quota(FILE *f, const unsigned int *threads, size_t nr)
{
	char text[LAB_QUOTA_TEXT];

	if (lab_quota_text(lab_cpu_quota(), threads, nr, lab_cpus_allowed(), text))
		lab_say(f, "%s", text);
}
