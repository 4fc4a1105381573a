/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* Requests that no row can come of, in one line. */
#ifndef _LAB_REFUSE_H
#define _LAB_REFUSE_H

#include "run/plan.h"

/**
 * lab_request_check() - are the names known, and the base one that is right?
 * @request: what is asked for
 * @err: gets one line, LAB_CASE_ERROR bytes
 *
 * Return: 0, -ENOENT or -EINVAL.
 */
int lab_request_check(const struct lab_request *request, char *err);

/**
 * lab_request_vain() - why a request has no rows
 * @request: what is asked for, its names checked
 * @cases: from lab_case_all()
 * @nr: how many
 * @err: gets one line, LAB_CASE_ERROR bytes
 *
 * Return: -ENOENT or -EINVAL.
 */
int lab_request_vain(const struct lab_request *request,
		     const struct lab_case *cases, size_t nr, char *err);

#endif /* _LAB_REFUSE_H */
