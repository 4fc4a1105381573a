// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <benchmark/benchmark.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <memory>
#include <regex>
#include <string>
#include <unistd.h>
#include <vector>

#include "base/build.h"
#include "base/cpus.h"
#include "base/exit.h"
#include "cases/case.h"
#include "gbench/gbench.h"
#include "timing/engine.h"

void gbench_name(const struct lab_case *c, char *buf)
{
	const struct bench_param *p = c->path->params;
	unsigned int i, nr = lab_path_params(c->path);
	size_t len, size = GBENCH_NAME;
	char word[64];

	len = snprintf(buf, size, "%s/%s/%s/%s", c->set->host,
		       c->scenario->name, c->path->name, c->set->variant);
	for (i = 0; i < nr && len < size; i++)
		len += snprintf(buf + len, size - len, "/%s:%s", p[i].name,
				lab_param_word(&p[i], c->cfg.value[i], word,
					       sizeof(word)));
	if (len < size)
		snprintf(buf + len, size - len, "/threads:%u", c->cfg.threads);
}

static size_t same_name(const struct gbench_run *runs, size_t nr)
{
	size_t n = 1;

	while (n < nr && !strcmp(runs[n].name, runs[0].name))
		n++;
	return n;
}

static benchmark::BenchmarkReporter::Run report_of(const struct gbench_run *r,
						   size_t index, size_t nr,
						   int64_t family)
{
	benchmark::BenchmarkReporter::Run run;

	run.run_name.function_name = r->name;
	run.family_index = family;
	run.per_family_instance_index = 0;
	run.iterations = r->ops < 1 ? 1 : (benchmark::IterationCount)r->ops;
	run.threads = r->threads;
	run.repetition_index = index;
	run.repetitions = nr;
	run.time_unit = benchmark::kNanosecond;
	run.real_accumulated_time = r->ns * 1e-9 * run.iterations;
	/* Not measured apart; a reader of this format wants both. */
	run.cpu_accumulated_time = run.real_accumulated_time;
	run.statistics = nullptr;
	return run;
}

int gbench_write_json(const char *path, const char *command,
		      const struct gbench_run *runs, size_t nr)
{
	std::ofstream out(path);
	benchmark::JSONReporter reporter;
	int64_t family = 0;
	size_t i, j, n;

	if (!out)
		return errno ? -errno : -EIO;
	reporter.SetOutputStream(&out);
	reporter.SetErrorStream(&out);
	benchmark::AddCustomContext("command", command);
	benchmark::AddCustomContext("build_id", lab_build_id());
	reporter.ReportContext(benchmark::BenchmarkReporter::Context());
	for (i = 0; i < nr; i += n) {
		std::vector<benchmark::BenchmarkReporter::Run> reports;

		n = same_name(runs + i, nr - i);
		for (j = 0; j < n; j++)
			reports.push_back(report_of(&runs[i + j], j, n,
						    family));
		reporter.ReportRuns(reports);
		family++;
	}
	reporter.Finalize();
	errno = 0;
	out.close();
	if (!out.fail())
		return 0;
	i = errno ? errno : EIO;
	unlink(path);
	return -(int)i;
}

/* Mean time of each thread's own operations. */
static void add_threads(benchmark::State &state, const struct lab_case *c,
			const double *ops, const double *ns)
{
	char name[64];
	unsigned int i;

	for (i = 0; i < c->cfg.threads && c->cfg.threads > 1; i++) {
		if (c->path->flags & BENCH_ROLES && c->path->roles)
			snprintf(name, sizeof(name), "ns_%s",
				 c->path->roles[i]);
		else
			snprintf(name, sizeof(name), "ns_thread%u", i);
		if (ops[i] > 0)
			state.counters[name] = ns[i] / ops[i];
	}
}

/* Google Benchmark prints an error and goes on; the exit status is ours. */
static bool some_failed;

static void fail(benchmark::State &state, const char *why)
{
	some_failed = true;
	state.SkipWithError(why);
}

/*
 * @n is found once: Google Benchmark wants the same number of iterations from
 * every repetition, and gets multiples of it.
 */
static void run_epochs(benchmark::State &state, struct lab_arm *arm,
		       unsigned long *calibrated)
{
	double ops[BENCH_MAX_THREADS] = {}, ns[BENCH_MAX_THREADS] = {};
	std::unique_ptr<struct lab_epoch> e(new struct lab_epoch());
	double all = 0, dropped = 0;
	unsigned long n;
	unsigned int i;

	if (!*calibrated)
		*calibrated = lab_arm_calibrate(arm, arm->c.cfg.threads > 1 ?
						LAB_THREADS_NS : LAB_EPOCH_NS);
	n = *calibrated;
	if (!n) {
		fail(state, "its epochs cannot run");
		return;
	}
	while (state.KeepRunningBatch(n)) {
		if (lab_arm_epoch(arm, n, e.get())) {
			fail(state, "an epoch could not run");
			return;
		}
		state.SetIterationTime(e->ns * n * 1e-9);
		dropped += e->drop != LAB_KEPT;
		for (i = 0; i < arm->c.cfg.threads; i++) {
			ops[i] += e->thread[i].rate_ops;
			ns[i] += e->thread[i].rate_ns;
			all += e->thread[i].ops;
		}
	}
	/* Of all threads; the mean is over epochs, disturbed ones included. */
	state.counters["ops/s"] =
		benchmark::Counter(all, benchmark::Counter::kIsRate);
	state.counters["disturbed"] = dropped * n / state.iterations();
	add_threads(state, &arm->c, ops, ns);
}

static void run_case(benchmark::State &state, const struct lab_case *c,
		     unsigned long *calibrated)
{
	std::unique_ptr<struct lab_arm> arm(new struct lab_arm());
	int err = lab_arm_open(arm.get(), c);

	if (err) {
		fail(state, strerror(-err));
		return;
	}
	if (lab_arms_warm(arm.get(), 1))
		fail(state, "an epoch could not run");
	else
		run_epochs(state, arm.get(), calibrated);
	if (lab_arm_close(arm.get()))
		fail(state, "it leaked objects");
}

/*
 * The names that --benchmark_filter means, as Google Benchmark reads it: "all", a
 * regular expression, or one behind a minus for all others. What it does not take it
 * is left to refuse.
 */
class Filter {
public:
	bool bad = false;

	explicit Filter(std::string spec)
	{
		others = spec.rfind("-", 0) == 0;
		every = spec.empty() || spec == "all";
		spec.erase(0, others);
		try {
			if (!every)
				re.assign(spec, std::regex::extended);
		} catch (const std::regex_error &) {
			bad = true;
		}
	}

	/* It is the name that is listed, with what Google Benchmark adds. */
	bool takes(const struct lab_case *c) const
	{
		char name[GBENCH_NAME];

		gbench_name(c, name);
		return every || bad ||
		       std::regex_search(std::string(name) + "/manual_time",
					 re) != others;
	}

private:
	bool others, every;
	std::regex re;
};

/*
 * Only what is wanted: Google Benchmark's own search takes time by the square of the
 * number of names.
 */
static void register_wanted(const struct lab_case *cases, unsigned long *ops,
			    size_t nr)
{
	const Filter filter(benchmark::GetBenchmarkFilter());
	char name[GBENCH_NAME];
	size_t i;

	for (i = 0; i < nr; i++) {
		const struct lab_case *c = &cases[i];
		unsigned long *n = &ops[i];

		if (lab_case_oversubscribed(c) || !filter.takes(c))
			continue;
		gbench_name(c, name);
		benchmark::RegisterBenchmark(name,
			[c, n](benchmark::State &state) {
				run_case(state, c, n);
			})
			->UseManualTime()->Unit(benchmark::kNanosecond);
	}
}

/* Google Benchmark calls this for a value that it does not take, too. */
static bool help_asked;

static void print_help()
{
	if (help_asked) {
		benchmark::PrintDefaultHelp();
		return;
	}
	fprintf(stderr, "locklab: bench: a flag has a bad value; "
		"locklab bench --help lists them\n");
	exit(2);
}

/* Whether the filter means a case with too many threads for this process. */
static bool wants_cpus(const struct lab_case *cases, size_t nr)
{
	const Filter filter(benchmark::GetBenchmarkFilter());
	bool found = false;
	size_t i;

	for (i = 0; i < nr && !found; i++)
		found = lab_case_oversubscribed(&cases[i]) && !filter.bad &&
			filter.takes(&cases[i]);
	return found;
}

static int nothing_ran(const struct lab_case *cases, size_t nr)
{
	if (wants_cpus(cases, nr)) {
		fprintf(stderr, "locklab: bench: these cases have more threads "
			"than the CPUs that this process may use, %u\n",
			lab_cpus_allowed());
		return EXIT_CANNOT;
	}
	fprintf(stderr, "locklab: bench: no case matches the filter; "
		"locklab bench --benchmark_list_tests lists them\n");
	return EXIT_USAGE;
}

int gbench_main(int argc, char **argv)
{
	char program[] = "locklab";
	struct lab_case *cases;
	size_t nr;

	argv[0] = program;
	for (int i = 1; i < argc; i++)
		help_asked |= !strcmp(argv[i], "--help");
	benchmark::Initialize(&argc, argv, print_help);
	if (argc > 1) {
		fprintf(stderr, "locklab: bench: %s: unknown flag or bad value; "
			"locklab bench --help lists them\n", argv[1]);
		return EXIT_USAGE;
	}
	if (lab_case_all(&cases, &nr)) {
		fprintf(stderr, "locklab: bench: out of memory\n");
		return EXIT_WRONG;
	}
	std::vector<unsigned long> ops(nr);

	int status = EXIT_RIGHT;

	benchmark::AddCustomContext("build_id", lab_build_id());
	register_wanted(cases, ops.data(), nr);
	if (!benchmark::RunSpecifiedBenchmarks())
		status = nothing_ran(cases, nr);
	else if (some_failed)
		status = EXIT_WRONG;
	benchmark::Shutdown();
	lab_engine_end();
	free(cases);
	return status;
}
