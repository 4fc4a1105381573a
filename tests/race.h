/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * For a suite with a race that ThreadSanitizer has to find in a child: included
 * once, by the suite. WITH_TSAN says whether it is there; RACE_FOUND is what the
 * child exits with.
 */
#ifndef _RACE_H
#define _RACE_H

#if defined(__SANITIZE_THREAD__)
#define WITH_TSAN	1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define WITH_TSAN	1
#endif
#endif

#define RACE_FOUND	66
#define RACE_TEXT(x)	RACE_TEXT_(x)
#define RACE_TEXT_(x)	#x

/* Read by ThreadSanitizer before anything else runs. */
const char *__tsan_default_options(void);
const char *__tsan_default_options(void)
{
	return "halt_on_error=1:exitcode=" RACE_TEXT(RACE_FOUND);
}

#endif /* _RACE_H */
