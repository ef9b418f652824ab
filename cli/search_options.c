/* SPDX-License-Identifier: MIT */
#include "search_options.h"

#include <errno.h>
#include <stdio.h>

enum option_key {
	KEY_CPUS = 0x200,
	KEY_VMS,
	KEY_VCPUS,
	KEY_THREADS,
	KEY_ENV,
	KEY_ENDIAN,
	KEY_SMP,
	KEY_GRANULARITY,
	KEY_PROPERTY,
	KEY_SYMMETRY,
	KEY_CYCLES,
	KEY_NO_REDUCE,
	KEY_MEMORY,
	KEY_TIMEOUT,
	KEY_MAX_STATES,
	KEY_MAX_DEPTH,
	KEY_STORE,
};

static const struct argp_option options[] = {
        {0, 0, 0, 0, "The system:", 1},
        {"cpus", KEY_CPUS, "N", 0, "CPUs (2)", 0},
        {"vms", KEY_VMS, "N", 0, "Virtual machines (2)", 0},
        {"vcpus", KEY_VCPUS, "N", 0, "vCPUs of each VM, each with a VMM thread (1)", 0},
        {"threads", KEY_THREADS, "N", 0, "Plain user threads (1)", 0},
        {"env", KEY_ENV, "LIST", 0,
         "Optional events: neon, fork, exec, exit, ptrace, signal, hotplug, pm, onereg, vcpu-handover; or "
         "all; softirq and bounce, which are not part of all; or none (none)",
         0},
        {"endian", KEY_ENDIAN, "little|big", 0, "Byte order of the code (little)", 0},
        {"smp", KEY_SMP, "on|off", 0, "off: a kernel without CONFIG_SMP, on one CPU (on)", 0},
        {"granularity", KEY_GRANULARITY, "step|insn", 0,
         "Where others may come in between: step, wherever it can make a difference; or insn, after every "
         "instruction (step)",
         0},
        {0, 0, 0, 0, "What is searched for:", 2},
        {"property", KEY_PROPERTY, "LIST", 0,
         "Properties: fp-leak, fp-lost, fpexc-host, fpexc-guest, crash, stuck; or the early warnings "
         "fp-leak-saved, fp-lost-saved; or all (the first six)",
         0},
        {"symmetry", KEY_SYMMETRY, "on|off", 0,
         "Search one state of all that differ only in which CPU, thread or vCPU is which (on)", 0},
        {"cycles", KEY_CYCLES, 0, 0,
         "When nothing violates a property, search for livelocks, too: schedules without end in which kernel "
         "code "
         "runs and nobody gets any further. They violate stuck. Without symmetry",
         0},
        {"no-reduce", KEY_NO_REDUCE, "LIST", 0,
         "Leave out what makes the search small: symmetry (--symmetry off), merge (--granularity insn), "
         "dead, "
         "tags, fp-action; or all; or none (none)",
         0},
        {0, 0, 0, 0, "Limits, for each variant; who reaches one is \"incomplete\":", 3},
        {"memory", KEY_MEMORY, "SIZE", 0, "Memory, such as 512M or 4G (3/4 of what the machine has)", 0},
        {"timeout", KEY_TIMEOUT, "SECONDS", 0, "Time (none)", 0},
        {"max-states", KEY_MAX_STATES, "N", 0, "Distinct states (none)", 0},
        {"max-depth", KEY_MAX_DEPTH, "N", 0, "Steps of the longest schedule that is looked at (none)", 0},
        {"store", KEY_STORE, "exact|bitstate", 0,
         "How visited states are kept: exact; or bitstate, in half of the memory however many there are: "
         "some may be "
         "missed, how probably is said, and nothing is ever proved (exact)",
         0},
        {0},
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct command_parse *p = state->input;
	char option[32];

	if (key == ARGP_KEY_END)
		return search_settings_settle(p->search, p->error) ? EINVAL : 0;
	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
		if (!options[i].name || options[i].key != key)
			continue;
		(void)snprintf(option, sizeof(option), "--%s", options[i].name);
		return search_settings_set(p->search, option, arg, p->error) ? EINVAL : 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp argp = {.options = options, .parser = parse};
const struct argp_child search_options[] = {
        {&argp, 0, NULL, 0}, {&build_options, 0, NULL, 0}, {&command_common, 0, NULL, 0}, {0}};

static error_t parse_no_more(int key, char *arg, struct argp_state *state)
{
	struct command_parse *p = state->input;

	if (key == ARGP_KEY_INIT) {
		command_parse_init(state);
		return 0;
	}
	if (key != ARGP_KEY_ARG)
		return ARGP_ERR_UNKNOWN;
	p->next = state->next;
	error_set(p->error, "'%s' is not an option of `lazyswitch check'", arg);
	return EINVAL;
}

int search_options_parse(int argc, char **argv, struct search_settings *s, int *wrong, struct error *e)
{
	static const struct argp words = {.parser = parse_no_more, .children = search_options};
	struct command_parse p = {.name = "lazyswitch check", .settings = s, .search = s, .error = e};
	int status;

	*s = search_settings_default();
	s->properties = 0;
	status = command_parse_quietly(&words, argc, argv, ARGP_IN_ORDER, &p);
	if (status > 0)
		status = error_set(e, "this option has no place here");
	*wrong = p.next > 1 && p.next <= argc ? p.next - 1 : argc - 1;
	return status;
}
