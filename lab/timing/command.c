// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "timing/command.h"

/* Appends to a buffer of LAB_COMMAND bytes. */
static void __attribute__((format(printf, 2, 3)))
append(char *buf, const char *fmt, ...)
{
	size_t len = strlen(buf);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(buf + len, LAB_COMMAND - len, fmt, ap);
	va_end(ap);
}

char *lab_command(const struct lab_ask *ask, char *buf)
{
	const struct lab_set *base = ask->base.set, *new_ = ask->new_.set;
	const struct bench_path *path = ask->base.path;
	char word[64];

	*buf = '\0';
	append(buf, "build/locklab compare --scenario %s/%s",
	       ask->base.scenario->name, path->name);
	if (strcmp(base->host, new_->host))
		append(buf, " --base %s:%s --new %s:%s", base->host,
		       base->variant, new_->host, new_->variant);
	else
		append(buf, " --host %s --base %s --new %s", base->host,
		       base->variant, new_->variant);
	for (unsigned int i = 0; i < lab_path_params(path); i++)
		append(buf, " --param %s=%s", path->params[i].name,
		       lab_param_word(&path->params[i], ask->base.cfg.value[i],
				      word, sizeof(word)));
	if (ask->events && strcmp(ask->events->spec, LAB_EVENT_SET))
		append(buf, " --counters %s", ask->events->spec);
	append(buf, " --threads %u --budget %gs --margin %g --seed %lu",
	       ask->base.cfg.threads, ask->budget, ask->margin, ask->seed);
	return buf;
}
