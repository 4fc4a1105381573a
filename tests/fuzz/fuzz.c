// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * A differential fuzzer; of what, its subject says.
 *
 * usage: mm_fuzz|gpuvm_fuzz [--ops N] [--seconds S] [--seed N] [--out DIR] [--no-shrink]
 *			     [--progress] [--trace] [FILE|FOLDER...]
 *
 * Runs random programs, those of the seed, until N calls (a million unless told
 * otherwise) or S seconds, or the programs in the files. Where the sides
 * differ it says how, leaves the program and a shrunken one in DIR, and exits 1.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "fuzz.h"

#define MAX_RECORDS	1000
#define MAX_BYTES	(64 * MAX_RECORDS)
#define HANG		5	/* seconds for one program */

struct options {
	unsigned long long ops, seed;
	double seconds;
	const char *out;
	int progress, no_shrink;
};

static const struct fuzz_subject *const subject = &fuzz_subject;

/* The program that runs, and what to call it, for whoever has to write it. */
static unsigned char bytes[MAX_BYTES];
static size_t size;
static char crash_name[512];

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec * 1e-9;
}

/* --- programs from numbers --------------------------------------------------------- */

static unsigned long long random_state;

static unsigned long long draw(void)
{
	unsigned long long z = random_state += 0x9e3779b97f4a7c15ull;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ z >> 27) * 0x94d049bb133111ebull;
	return z ^ z >> 31;
}

/* Program @n of a seed; most are short enough to be read. */
static void generate(unsigned long long seed, unsigned long long n)
{
	unsigned long long word;
	size_t records, i;
	size_t header = subject->header, record = subject->record;

	random_state = seed * 0xd1342543de82ef95ull + n;
	random_state = draw();
	records = draw() % 8 ? 1 + draw() % 200 : 1 + draw() % MAX_RECORDS;
	size = header + records * record;
	for (i = 0; i < size; i += 4) {
		word = draw();
		memcpy(bytes + i, &word, 4);
	}
}

/* --- faults ---------------------------------------------------------------------- */

static sigjmp_buf fault;

static void on_fault(int sig)
{
	siglongjmp(fault, sig);
}

static void catch_faults(void (*handler)(int))
{
	static const int signals[] = { SIGSEGV, SIGBUS, SIGFPE, SIGABRT, SIGALRM };
	struct sigaction sa = { .sa_handler = handler, .sa_flags = SA_NODEFER };
	unsigned int i;

	for (i = 0; i < sizeof(signals) / sizeof(*signals); i++)
		sigaction(signals[i], &sa, NULL);
}

/* A program that ends in a crash, or does not end, differs too. */
static int run_program(void)
{
	int sig = sigsetjmp(fault, 1);

	if (sig)
		return subject->fault(sig == SIGALRM ? "does not end" :
						       strsignal(sig));
	alarm(HANG);
	return subject->run(bytes, size);
}

static void write_program(const char *suffix)
{
	char path[600];
	FILE *f;

	snprintf(path, sizeof(path), "%s%s", crash_name, suffix);
	f = fopen(path, "wb");
	if (!f || fwrite(bytes, 1, size, f) != size) {
		fprintf(stderr, "%s: %s: %s\n", subject->name, path,
			strerror(errno));
	} else {
		printf("program: %s (%zu records)\n", path,
		       (size - subject->header) / subject->record);
	}
	if (f)
		fclose(f);
}

/* A sanitizer is about to end the process. */
void __sanitizer_set_death_callback(void (*callback)(void)) __attribute__((weak));

static void on_death(void)
{
	if (size >= subject->header)
		write_program("");
	fflush(stdout);
}

/* --- shrinking ------------------------------------------------------------------- */

/* Does the program still differ? In a process of its own: it may crash. */
static int still_differs(void)
{
	int status, null;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid < 0)
		return 0;
	if (!pid) {
		null = open("/dev/null", O_WRONLY);
		dup2(null, STDOUT_FILENO);
		dup2(null, STDERR_FILENO);
		catch_faults(SIG_DFL);
		alarm(2);
		_exit(!!subject->run(bytes, size));
	}
	return waitpid(pid, &status, 0) == pid && status;
}

/* Leave out the records [at, at + nr); 1 if that still differs. */
static int leave_out(size_t at, size_t nr)
{
	static unsigned char before[MAX_BYTES];
	size_t record = subject->record, len = nr * record;
	size_t from = subject->header + at * record;

	memcpy(before, bytes, size);
	memmove(bytes + from, bytes + from + len, size - from - len);
	size -= len;
	if (still_differs())
		return 1;
	size += len;
	memcpy(bytes, before, size);
	return 0;
}

static size_t records_left(void)
{
	return (size - subject->header) / subject->record;
}

static void shrink(void)
{
	double end = now() + 10;
	size_t at, nr, records;

	for (nr = records_left(); nr; nr /= 2) {
		for (at = 0; now() < end; ) {
			records = records_left();
			if (at + nr > records)
				break;
			if (!leave_out(at, nr))
				at += nr;
		}
	}
	for (at = 0; at < size && now() < end; at++) {
		unsigned char old = bytes[at];

		bytes[at] = 0;
		if (old && !still_differs())
			bytes[at] = old;
	}
}

/* --- running ------------------------------------------------------------------------ */

/* Says what differs; @what is the program's name. */
static void report(const char *what)
{
	printf("%s: %s differs (%s)\n%s", subject->name, what,
	       subject->contest(), subject->report);
}

static int report_and_shrink(const struct options *o, unsigned long long n)
{
	char what[100];

	snprintf(what, sizeof(what), "seed %llu, program %llu", o->seed, n);
	report(what);
	write_program("");
	if (o->no_shrink)
		return 1;
	shrink();
	write_program("-small");
	subject->trace(stdout);
	if (run_program())
		printf("%s", subject->report);
	return 1;
}

static void progress(const struct options *o, double begin)
{
	static double last;

	if (!o->progress || now() - last < 1)
		return;
	last = now();
	fprintf(stderr, "%llu operations, %llu programs, %.0f a second\n",
		subject->ops(), subject->programs(),
		subject->ops() / (last - begin));
}

static int run_random(const struct options *o)
{
	double begin = now();
	unsigned long long n;

	for (n = 0; subject->ops() < o->ops; n++) {
		if (o->seconds && now() - begin >= o->seconds)
			break;
		generate(o->seed, n);
		snprintf(crash_name, sizeof(crash_name), "%s/crash-%llu-%llu",
			 o->out, o->seed, n);
		if (run_program())
			return report_and_shrink(o, n);
		progress(o, begin);
	}
	printf("%s: %llu operations in %llu programs, seed %llu: no difference (%s)\n",
	       subject->name, subject->ops(), subject->programs(), o->seed,
	       subject->contest());
	subject->print_stats(stdout);
	return 0;
}

static int run_file(const char *path)
{
	FILE *f = fopen(path, "rb");

	if (!f) {
		fprintf(stderr, "%s: %s: %s\n", subject->name, path,
			strerror(errno));
		return 2;
	}
	size = fread(bytes, 1, sizeof(bytes), f);
	fclose(f);
	if (run_program()) {
		report(path);
		return 1;
	}
	return 0;
}

static int is_visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

/* A file, or each file of a folder. */
static int run_path(const char *path)
{
	struct dirent **entries;
	char name[600];
	int i, ret = 0, nr = scandir(path, &entries, is_visible, alphasort);

	if (nr < 0)
		return run_file(path);
	for (i = 0; i < nr; i++) {
		snprintf(name, sizeof(name), "%s/%s", path, entries[i]->d_name);
		free(entries[i]);
		if (!ret)
			ret = run_file(name);
	}
	free(entries);
	return ret;
}

static int run_paths(char **paths, int nr)
{
	int i, ret;

	for (i = 0; i < nr; i++) {
		ret = run_path(paths[i]);
		if (ret)
			return ret;
	}
	if (!subject->ops()) {
		fprintf(stderr, "%s: %s: no program: name files that it left\n",
			subject->name, paths[0]);
		return 2;
	}
	printf("%s: %llu operations in %llu programs from files: no difference (%s)\n",
	       subject->name, subject->ops(), subject->programs(),
	       subject->contest());
	return 0;
}

/* --- the command line ------------------------------------------------------------ */

static int bad_usage(const char *what)
{
	fprintf(stderr, "%s: %s: usage: %s [--ops N] [--seconds S] [--seed N] "
		"[--out DIR] [--no-shrink] [--progress] [--trace] [FILE|FOLDER...]\n",
		subject->name, what, subject->name);
	return 2;
}

static int number(const char *text, unsigned long long *value)
{
	char *end;

	errno = 0;
	*value = strtoull(text, &end, 10);
	return errno || *end || *text < '0' || *text > '9' ? -1 : 0;
}

static int parse(int argc, char **argv, struct options *o)
{
	static const struct option names[] = {
		{ "ops", required_argument, NULL, 'o' },
		{ "seconds", required_argument, NULL, 's' },
		{ "seed", required_argument, NULL, 'n' },
		{ "out", required_argument, NULL, 'd' },
		{ "no-shrink", no_argument, NULL, 'k' },
		{ "progress", no_argument, NULL, 'p' },
		{ "trace", no_argument, NULL, 't' },
		{ NULL, 0, NULL, 0 },
	};
	unsigned long long seconds;
	int c, which, bad = 0;

	opterr = 0;
	while ((c = getopt_long(argc, argv, "", names, &which)) != -1) {
		switch (c) {
		case 'o':
			bad = number(optarg, &o->ops) || !o->ops;
			break;
		case 's':
			bad = number(optarg, &seconds) || !seconds;
			o->seconds = seconds;
			break;
		case 'n':
			bad = number(optarg, &o->seed);
			break;
		case 'd':
			o->out = optarg;
			break;
		case 'k':
			o->no_shrink = 1;
			break;
		case 'p':
			o->progress = 1;
			break;
		case 't':
			subject->trace(stdout);
			break;
		default:
			bad = 1;
		}
		if (bad && c != '?') {
			fprintf(stderr, "%s: --%s '%s': name a number%s\n",
				subject->name, names[which].name, optarg,
				c == 'n' ? " from 0" : " from 1");
			return 2;
		}
		if (bad)
			return bad_usage(argv[optind - 1]);
	}
	return 0;
}

int main(int argc, char **argv)
{
	struct options o = { .ops = 1000000, .seed = 1, .out = "." };
	int ret = parse(argc, argv, &o);

	if (ret)
		return ret;
	if (subject->same()) {
		fprintf(stderr, "%s: both sides have one and the same %s: link two hosts\n",
			subject->name, subject->same());
		return 2;
	}
	catch_faults(on_fault);
	if (__sanitizer_set_death_callback)
		__sanitizer_set_death_callback(on_death);
	if (optind < argc)
		return run_paths(argv + optind, argc - optind);
	return run_random(&o);
}
