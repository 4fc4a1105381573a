/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* Which variant others are compared with. */
#ifndef _LAB_BASE_H
#define _LAB_BASE_H

#include "run/plan.h"

/**
 * lab_host_has() - has a host a variant, with a scenario?
 * @host: the host
 * @variant: the variant
 * @scenario: its name; "" for any
 */
bool lab_host_has(const char *host, const char *variant, const char *scenario);

/**
 * lab_base_of() - the variant that others are compared with on a path
 * @c: a case of the path
 * @host: on this host
 *
 * Return: the path's base, else the scenario's; where the host lacks it or refuses
 * it, the first that has the scenario and is not refused; "" where none is.
 */
const char *lab_base_of(const struct lab_case *c, const char *host);

/**
 * lab_base_asked() - lab_base_of() of what is asked for
 * @request: where it names variants, the base is one of them, else the first
 * @c: a case of the path
 */
const char *lab_base_asked(const struct lab_request *request,
			   const struct lab_case *c);

#endif /* _LAB_BASE_H */
