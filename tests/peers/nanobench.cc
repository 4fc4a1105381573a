// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Two of the lab's cases under nanobench's compare(), as its manual has it: for
 * make peers. In C++, for that is the peer's interface, and it has no other.
 *
 * usage: nanobench SCENARIO/PATH BASE NEW SECONDS SEED
 *
 * Host own, parameters at their defaults, one thread, the linked copies of the
 * sets; one JSON object on standard output. An operation of nanobench's is a call
 * of run() with as many of the case's as the lab puts into an epoch, the same
 * number for both. nanobench has no budget but a number of rounds: a first, short
 * compare() tells how many fill the time, and calibrates for the second, whose
 * rounds would else be of another length.
 */
#define ANKERL_NANOBENCH_IMPLEMENT
#include <nanobench.h>

#if ANKERL_NANOBENCH_VERSION_MAJOR * 100 + ANKERL_NANOBENCH_VERSION_MINOR < 406
#error "this nanobench.h has no compare(): NANOBENCH= names 4.6.0 or newer"
#endif

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "base/exit.h"
#include "cases/case.h"
#include "timing/engine.h"

namespace nb = ankerl::nanobench;

#define PILOT	32	/* rounds */

static int fail(int status, const char *what, const char *why)
{
	fprintf(stderr, "nanobench: %s: %s\n", what, why);
	return status;
}

/* @iterations: of an epoch; 0: as nanobench finds right */
static nb::CompareResult compare(struct lab_arm *arm, const char *const *name,
				 unsigned long n, uint64_t iterations,
				 size_t rounds)
{
	auto base = [arm, n] {
		arm[0].c.path->run(arm[0].state, 0, n, nullptr);
	};
	auto new_ = [arm, n] {
		arm[1].c.path->run(arm[1].state, 0, n, nullptr);
	};

	return nb::Bench().output(nullptr).performanceCounters(false).batch(n)
		.epochIterations(iterations).epochs(rounds)
		.compare(name[0], base, name[1], new_);
}

static double median(const nb::CompareResult &r, size_t i,
		     nb::Result::Measure what)
{
	return r[i].result.median(what);
}

/* Its ratios are of speeds; new over base of times is their inverse. */
static void print(const nb::CompareResult &r, unsigned long n)
{
	const auto &e = r[1];
	auto elapsed = nb::Result::Measure::elapsed;

	printf("{\"version\": \"%d.%d.%d\", \"rounds\": %zu, \"batch\": %lu,\n"
	       " \"base_ns\": %.17g, \"new_ns\": %.17g, \"significant\": %s,\n"
	       " \"ratio\": {\"est\": %.17g, \"lo\": %.17g, \"hi\": %.17g}}\n",
	       ANKERL_NANOBENCH_VERSION_MAJOR, ANKERL_NANOBENCH_VERSION_MINOR,
	       ANKERL_NANOBENCH_VERSION_PATCH, r.rounds(), n,
	       median(r, 0, elapsed) / n * 1e9,
	       median(r, 1, elapsed) / n * 1e9,
	       r.isSignificant(1) ? "true" : "false",
	       1 / e.relative, 1 / e.relativeHigh, 1 / e.relativeLow);
}

static int measure(struct lab_arm *arm, const char *const *name, double seconds)
{
	auto begin = std::chrono::steady_clock::now();
	unsigned long n = lab_arms_calibrate(arm, 2, LAB_EPOCH_NS, nullptr);
	std::chrono::duration<double> spent;

	if (!n)
		return fail(EXIT_WRONG, name[1], "its epochs cannot run");

	auto pilot = compare(arm, name, n, 0, PILOT);
	double iterations = median(pilot, 0, nb::Result::Measure::iterations);
	double each = iterations * (median(pilot, 0, nb::Result::Measure::elapsed) +
				    median(pilot, 1, nb::Result::Measure::elapsed));

	spent = std::chrono::steady_clock::now() - begin;
	print(compare(arm, name, n, iterations,
		      std::max(1.0, (seconds - spent.count()) / each)), n);
	return fflush(stdout) ? fail(EXIT_WRONG, "standard output",
				     strerror(errno)) : EXIT_RIGHT;
}

int main(int argc, char **argv)
{
	static struct lab_arm arm[2];
	struct lab_pick pick = {};
	char err[LAB_CASE_ERROR];
	struct lab_case c;
	int ret;

	if (argc != 6 || atof(argv[4]) <= 0)
		return fail(EXIT_USAGE, "usage",
			    "nanobench SCENARIO/PATH BASE NEW SECONDS SEED");
	pick.scenario = argv[1];
	for (int i = 0; i < 2; i++) {
		pick.variant = argv[2 + i];
		if (lab_case_find(&pick, &c, err))
			return fail(EXIT_USAGE, argv[1], err);
		c.cfg.seed = strtoul(argv[5], nullptr, 0);
		ret = lab_arm_open(&arm[i], &c);
		if (ret)
			return fail(EXIT_WRONG, argv[2 + i], strerror(-ret));
	}
	ret = measure(arm, argv + 2, atof(argv[4]));
	for (int i = 0; i < 2; i++)
		if (lab_arm_close(&arm[i]))
			ret = fail(EXIT_WRONG, argv[2 + i],
				   "it leaked objects");
	lab_engine_end();
	return ret;
}
