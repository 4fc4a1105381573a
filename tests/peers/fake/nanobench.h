/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * What nanobench.cc names of nanobench, and nothing behind it: with it that file is
 * compiled by make check, where nanobench is not.
 */
#ifndef _FAKE_NANOBENCH_H
#define _FAKE_NANOBENCH_H

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <ostream>

#define ANKERL_NANOBENCH_VERSION_MAJOR	4
#define ANKERL_NANOBENCH_VERSION_MINOR	6
#define ANKERL_NANOBENCH_VERSION_PATCH	0

namespace ankerl {
namespace nanobench {

struct Result {
	enum class Measure { elapsed, iterations };
	double median(Measure what) const;
};

struct CompareEntry {
	Result result;
	double relative, relativeLow, relativeHigh;
};

struct CompareResult {
	const CompareEntry &operator[](size_t i) const;
	bool isSignificant(size_t i) const;
	size_t rounds() const;
};

struct Bench {
	Bench &output(std::ostream *to);
	Bench &performanceCounters(bool on);
	Bench &batch(unsigned long n);
	Bench &epochIterations(uint64_t n);
	Bench &epochs(size_t n);
	template <typename Base, typename New>
	CompareResult compare(const char *base_name, Base base,
			      const char *new_name, New new_)
	{
		base();
		new_();
		return CompareResult();
	}
};

}
}

#endif /* _FAKE_NANOBENCH_H */
