/* SPDX-License-Identifier: GPL-2.0 OR MIT */
#ifndef _FAKE_CLOCK_H
#define _FAKE_CLOCK_H

/**
 * fake_clock_pass() - say that something took @ns
 * @ns: by count, not by a clock
 *
 * Does nothing in a program whose clock is the machine's.
 */
void fake_clock_pass(unsigned long ns) __attribute__((weak));

#endif /* _FAKE_CLOCK_H */
