/* SPDX-License-Identifier: MIT */
#include "commands.h"

#include <string.h>

#include "session/nearest.h"
#include "output.h"

const struct command commands[COMMANDS] = {
        {"check", "prove variants, or refute them", command_check, &check_argp},
        {"cost", "what variants cost: register accesses, switches, traps", command_cost, &cost_argp},
        {"diff", "two variants: verdicts, what tells them apart, costs", command_diff, &diff_argp},
        {"graph", "pictures: a CPU's FP life cycle, a trace, a state space", command_graph, &graph_argp},
        {"regress", "variants and traces against what is expected of them", command_regress, &regress_argp},
        {"replay", "run traces again, on their own variant or another", command_replay, &replay_argp},
        {"reproduce", "run traces on QEMU's Cortex-A15: what is seen there?", command_reproduce,
         &reproduce_argp},
        {"sim", "random walks: violations seen, costs under a workload", command_sim, &sim_argp},
        {"list", "the variants that ship with lazyswitch", command_list, &list_argp},
        {"show", "annotated disassembly of a variant", command_show, &show_argp},
        {"help", "explain the program or a command", command_help, &help_argp},
};

const struct command command_itself = {"", "check lazy switching of FP registers exhaustively", NULL,
                                       &lazyswitch_argp};

const struct command *command_find(const char *name)
{
	struct nearest nearest = {.word = name};
	char hint[96];

	for (size_t i = 0; i < COMMANDS; i++) {
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
		nearest_offer(&nearest, commands[i].name);
	}
	complain("unknown command '%s'%s (`lazyswitch help' lists them)", name,
	         nearest_hint(&nearest, hint, sizeof(hint)));
	return NULL;
}
