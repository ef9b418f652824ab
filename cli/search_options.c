/* SPDX-License-Identifier: MIT */
#include "search_options.h"

#include <errno.h>
#include <unistd.h>

#include "parse.h"

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

/* Counts beyond this are nonsense for every option; what the model can do is the world's to say. */
enum { COUNT_MAX = 1000000 };

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

static int parse_count(const char *option, const char *arg, unsigned *count, struct error *e)
{
	uint64_t value;

	if (parse_number(option, arg, 0, COUNT_MAX, &value, e))
		return -1;
	*count = (unsigned)value;
	return 0;
}

static const char *const switches[] = {"on", "off", NULL};

static int parse_system(int key, const char *arg, struct search_settings *s, struct error *e)
{
	static const char *const orders[] = {"little", "big", NULL};
	static const char *const granularities[] = {"step", "insn", NULL};
	static const struct parse_set env = {
	        .option = "--env",
	        .what = "event",
	        .words = world_env_names,
	        .n = ENV_NAMES,
	        .everything = "all",
	        .everything_is = ENV_ALL,
	        .nothing = "none",
	};
	unsigned word;

	switch (key) {
	case KEY_CPUS:
		return parse_count("--cpus", arg, &s->config.cpus, e);
	case KEY_VMS:
		return parse_count("--vms", arg, &s->config.vms, e);
	case KEY_VCPUS:
		return parse_count("--vcpus", arg, &s->config.vcpus, e);
	case KEY_THREADS:
		return parse_count("--threads", arg, &s->config.threads, e);
	case KEY_ENV:
		return parse_set(&env, arg, &s->config.env, e);
	case KEY_SMP:
		if (parse_word("--smp", arg, switches, &word, e))
			return -1;
		s->config.uniprocessor = word == 1;
		if (s->config.uniprocessor)
			s->config.cpus = 1;
		return 0;
	case KEY_GRANULARITY:
		if (parse_word("--granularity", arg, granularities, &word, e))
			return -1;
		s->config.granularity = word == 1 ? GRANULARITY_INSN : GRANULARITY_STEP;
		return 0;
	default:
		if (parse_word("--endian", arg, orders, &word, e))
			return -1;
		s->endian = word == 1 ? ENDIAN_BIG : ENDIAN_LITTLE;
		return 0;
	}
}

/* All has been said: does it fit together? */
static int settle_cycles(struct search_settings *s, struct error *e)
{
	if (!s->cycles)
		return 0;
	if (s->symmetry_said && s->symmetry)
		return error_set(
		        e,
		        "--cycles and --symmetry on exclude each other: in a cycle of states that stand for "
		        "others CPUs may change places, so that it does not show who goes on and who waits");
	if (s->properties != 0 && (s->properties >> PROPERTY_STUCK & 1) == 0) /* 0: they are not said yet */
		return error_set(e, "--cycles searches for violations of stuck, which --property leaves out");
	s->symmetry = false;
	return 0;
}

/* Two of them have options of their own. */
static int parse_no_reduce(const char *arg, struct search_settings *s, struct error *e)
{
	static const struct parse_set reductions = {
	        .option = "--no-reduce",
	        .what = "reduction",
	        .words = world_reduction_names,
	        .n = REDUCTION_NAMES,
	        .everything = "all",
	        .nothing = "none",
	};
	uint32_t off = 0;

	if (parse_set(&reductions, arg, &off, e))
		return -1;
	s->config.unreduced |= off & (REDUCTION_DEAD | REDUCTION_TAGS | REDUCTION_FP_ACTION);
	if ((off & REDUCTION_SYMMETRY) != 0)
		s->symmetry = false;
	if ((off & REDUCTION_MERGE) != 0)
		s->config.granularity = GRANULARITY_INSN;
	return 0;
}

uint32_t search_unreduced(const struct search_settings *s)
{
	return s->config.unreduced | (s->symmetry ? 0 : REDUCTION_SYMMETRY) |
	       (s->config.granularity == GRANULARITY_INSN ? REDUCTION_MERGE : 0);
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct command_parse *p = state->input;
	struct search_settings *s = p->search;
	static const struct parse_set properties = {
	        .option = "--property",
	        .what = "property",
	        .words = world_property_names,
	        .n = PROPERTIES,
	        .everything = "all",
	        .everything_is = PROPERTIES_USUAL,
	};
	static const char *const stores[] = {"exact", "bitstate", NULL};
	unsigned word = 0;
	uint64_t depth = 0;
	int status = 0;

	if (key >= KEY_CPUS && key <= KEY_GRANULARITY)
		return parse_system(key, arg, s, p->error) ? EINVAL : 0;
	switch (key) {
	case KEY_PROPERTY:
		status = parse_set(&properties, arg, &s->properties, p->error);
		break;
	case KEY_SYMMETRY:
		status = parse_word("--symmetry", arg, switches, &word, p->error);
		s->symmetry = word == 0;
		s->symmetry_said = true;
		break;
	case KEY_CYCLES:
		s->cycles = true;
		break;
	case ARGP_KEY_END:
		status = settle_cycles(s, p->error);
		break;
	case KEY_NO_REDUCE:
		status = parse_no_reduce(arg, s, p->error);
		break;
	case KEY_MEMORY:
		status = parse_size("--memory", arg, &s->max_memory, p->error);
		break;
	case KEY_TIMEOUT:
		status = parse_seconds("--timeout", arg, &s->timeout, p->error);
		break;
	case KEY_MAX_STATES:
		status = parse_number("--max-states", arg, 1, UINT64_MAX, &s->max_states, p->error);
		break;
	case KEY_MAX_DEPTH:
		status = parse_number("--max-depth", arg, 1, UINT32_MAX, &depth, p->error);
		s->max_depth = (unsigned)depth;
		break;
	case KEY_STORE:
		status = parse_word("--store", arg, stores, &word, p->error);
		s->store = word == 1 ? CHECK_STORE_BITSTATE : CHECK_STORE_EXACT;
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return status ? EINVAL : 0;
}

static const struct argp argp = {.options = options, .parser = parse};
const struct argp_child search_options[] = {
        {&argp, 0, NULL, 0}, {&build_options, 0, NULL, 0}, {&command_common, 0, NULL, 0}, {0}};

static size_t physical_memory(void)
{
	long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);

	return pages > 0 && size > 0 ? (size_t)pages * (size_t)size : 0;
}

struct search_settings search_settings_default(void)
{
	return (struct search_settings){
	        .config = world_config_default(),
	        .properties = PROPERTIES_USUAL,
	        .symmetry = true,
	        .max_memory = physical_memory() / 4 * 3,
	        .threads = 1,
	};
}

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
