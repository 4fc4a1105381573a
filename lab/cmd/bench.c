// SPDX-License-Identifier: GPL-2.0 OR MIT
#include "cmd/cmd.h"
#include "gbench/gbench.h"

int cmd_bench(int argc, char **argv)
{
	return gbench_main(argc, argv);
}
