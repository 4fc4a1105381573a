// SPDX-License-Identifier: GPL-2.0 OR MIT
/* locklab: the command line. */
#include <malloc.h>
#include <stdio.h>
#include <string.h>

#include "base/cpus.h"
#include "cmd/cmd.h"
#include "process/child.h"

#define KEEP_BYTES	(256 << 20)
#define PAD_BYTES	(1 << 20)

static const char help[] =
"usage: locklab COMMAND [OPTION]...\n"
"\n"
"  list [--json]            the cases, one a line:\n"
"                           host/scenario/path/variant?param=value&...\n"
"  compare --scenario S[/path] --base V --new W [OPTION]...\n"
"                           time two variants in turn; V and W may be\n"
"                           host:variant; V twice is an A/A comparison\n"
"      --host H             own (default) or ksrc\n"
"      --param K=V          repeatable; the rest has its default\n"
"      --threads N          default: as few as the path allows\n"
"      --budget T           of measuring: 2, 2s, 500ms (default 2s)\n"
"      --processes N        that it is measured in (default 16); from 7 on\n"
"                           there is an interval over processes\n"
"      --margin P           percent that count as the same (default 1)\n"
"      --seed N             of order, placement and scenario (default 1)\n"
"      --json FILE          write the row; - writes it to standard output\n"
"                           and the table to standard error\n"
"      --counters E         what is counted, too (default basic); see counters\n"
"      --exact no           do not count instructions and atomics\n"
"      --expect VERDICT     SAME, SLOWER, FASTER, INCONCLUSIVE or\n"
"                           'NO RESULT': exit 1 when it is another\n"
"  run [OPTION]...          what make bench runs\n"
"  loop --scenario S[/path] --variant V [OPTION]...\n"
"                           one case alone, for perf and other profilers;\n"
"                           --host, --param, --threads, --seed as above\n"
"      --seconds T          that it lasts (default 1)\n"
"      --ops N              instead: operations of each thread; 0 for an\n"
"                           empty region\n"
"      --control fifo:C,A   have perf count the region alone: the same words\n"
"                           as behind perf's own --control\n"
"      --json               print what was run as JSON\n"
"  bench [FLAG]...          the cases as Google Benchmark benchmarks\n"
"  counts [OPTION]...       instructions and atomics of an operation, exactly\n"
"  counters [--counters E]  what can be counted here, and why not the rest;\n"
"                           E: none, basic, locks, coherence, software, or\n"
"                           events of libpfm4, with commas between them\n"
"  help                     this text\n"
"\n"
"exit status: 0 measured and as expected; 1 not as expected, no result, or\n"
"not written; 2 bad usage; 77 cannot run here; 130 or 143 stopped by a\n"
"signal, with what was measured shown as partial\n";

static const struct command {
	const char *name;
	int (*run)(int argc, char **argv);
} commands[] = {
	{ "list", cmd_list },
	{ "compare", cmd_compare },
	{ "run", cmd_run },
	{ "loop", cmd_loop },
	{ "bench", cmd_bench },
	{ "counters", cmd_counters },
	{ "counts", cmd_counts },
	{ LAB_CHILD, cmd_child },
};

/*
 * The heap keeps what it got: giving pages back to the kernel and faulting
 * them in again would land in the epochs of paths that allocate.
 */
static void keep_heap(void)
{
	mallopt(M_TRIM_THRESHOLD, KEEP_BYTES);
	mallopt(M_TOP_PAD, PAD_BYTES);
}

int main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "";

	if (!strcmp(name, "help") || !strcmp(name, "--help") ||
	    !strcmp(name, "-h"))
		return fputs(help, stdout) < 0 || fflush(stdout) ?
		       EXIT_WRONG : EXIT_RIGHT;
	keep_heap();
	lab_cpus_allowed();	/* before anything is pinned */
	for (size_t i = 0; i < sizeof(commands) / sizeof(*commands); i++)
		if (!strcmp(name, commands[i].name))
			return commands[i].run(argc - 1, argv + 1);
	fprintf(stderr, "locklab: %s%s%s: commands are list, compare, run, loop, bench, counts, counters and help\n",
		*name ? "unknown command '" : "no command", name,
		*name ? "'" : "");
	return EXIT_USAGE;
}
