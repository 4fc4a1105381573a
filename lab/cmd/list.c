// SPDX-License-Identifier: GPL-2.0 OR MIT
/* locklab list */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cases/case.h"
#include "cmd/cmd.h"
#include "record/rowjson.h"

static int print_lines(const struct lab_case *c, size_t nr)
{
	char name[LAB_CASE_NAME];

	for (const struct lab_absent *a = lab_absent; a->host; a++)
		fprintf(stderr, "locklab: list: %s/%s: absent: %s\n", a->host,
			a->variant, a->reason);
	for (unsigned int i = 0; i < lab_nr_sets; i++)
		if (lab_refused(&lab_sets[i]))
			fprintf(stderr, "locklab: list: %s/%s: never timed: %s\n",
				lab_sets[i].host, lab_sets[i].variant,
				lab_refused(&lab_sets[i]));
	for (size_t i = 0; i < nr; i++)
		puts(lab_case_format(&c[i], name));
	return 0;
}

static int print_json(const struct lab_case *c, size_t nr)
{
	json_t *cases = json_array(), *absent = json_array(), *root;
	json_t *refused = json_array();
	int ret;

	for (size_t i = 0; i < nr; i++)
		json_array_append_new(cases, lab_case_json(&c[i]));
	for (const struct lab_absent *a = lab_absent; a->host; a++)
		json_array_append_new(absent,
				      json_pack("{s:s, s:s, s:s}",
						"host", a->host,
						"variant", a->variant,
						"reason", a->reason));
	for (unsigned int i = 0; i < lab_nr_sets; i++)
		if (lab_refused(&lab_sets[i]))
			json_array_append_new(refused,
					      json_pack("{s:s, s:s, s:s}",
							"host", lab_sets[i].host,
							"variant", lab_sets[i].variant,
							"reason", lab_refused(&lab_sets[i])));
	root = json_pack("{s:s, s:o, s:o, s:o}", "schema", "locklab-cases/1",
			 "cases", cases, "absent", absent, "refused", refused);
	ret = json_dumpf(root, stdout, JSON_INDENT(1));
	putchar('\n');
	json_decref(root);
	return ret;
}

int cmd_list(int argc, char **argv)
{
	bool json = argc == 2 && !strcmp(argv[1], "--json");
	struct lab_case *cases;
	size_t nr;
	int ret;

	if (argc > 1 && !json) {
		fprintf(stderr, "locklab: list: unknown argument '%s': there is --json only\n",
			argv[1]);
		return EXIT_USAGE;
	}
	if (lab_case_all(&cases, &nr)) {
		fprintf(stderr, "locklab: list: out of memory\n");
		return EXIT_WRONG;
	}
	ret = json ? print_json(cases, nr) : print_lines(cases, nr);
	free(cases);
	if (!ret && !fflush(stdout) && !ferror(stdout))
		return EXIT_RIGHT;
	fprintf(stderr, "locklab: list: standard output: %s\n",
		strerror(errno));
	return EXIT_WRONG;
}
