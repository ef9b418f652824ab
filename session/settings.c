/* SPDX-License-Identifier: MIT */
#include "settings.h"

#include <string.h>
#include <unistd.h>

#include "nearest.h"
#include "parse.h"

/* Counts beyond this are nonsense for every option; what the model can do is the world's to say. */
enum { COUNT_MAX = 1000000 };

static const char *const switches[] = {"on", "off", NULL};

static int set_count(const char *option, const char *value, unsigned *count, struct error *e)
{
	uint64_t number;

	if (parse_number(option, value, 0, COUNT_MAX, &number, e))
		return -1;
	*count = (unsigned)number;
	return 0;
}

static int set_cpus(struct search_settings *s, const char *option, const char *value, struct error *e)
{
	return set_count(option, value, &s->config.cpus, e);
}

static int set_vms(struct search_settings *s, const char *option, const char *value, struct error *e)
{
	return set_count(option, value, &s->config.vms, e);
}

static int set_vcpus(struct search_settings *s, const char *option, const char *value, struct error *e)
{
	return set_count(option, value, &s->config.vcpus, e);
}

static int set_threads(struct search_settings *s, const char *option, const char *value, struct error *e)
{
	return set_count(option, value, &s->config.threads, e);
}

static int set_env(struct search_settings *s, const char *option, const char *value, struct error *e)
{
	const struct parse_set env = {
	        .option = option,
	        .what = "event",
	        .words = world_env_names,
	        .n = ENV_NAMES,
	        .everything = "all",
	        .everything_is = ENV_ALL,
	        .nothing = "none",
	};

	return parse_set(&env, value, &s->config.env, e);
}

static int set_smp(struct search_settings *s, const char *option, const char *value, struct error *e)
{
	unsigned word;

	if (parse_word(option, value, switches, &word, e))
		return -1;
	s->config.uniprocessor = word == 1;
	if (s->config.uniprocessor)
		s->config.cpus = 1;
	return 0;
}

static int set_granularity(struct search_settings *s, const char *option, const char *value, struct error *e)
{
	static const char *const granularities[] = {"step", "insn", NULL};
	unsigned word;

	if (parse_word(option, value, granularities, &word, e))
		return -1;
	s->config.granularity = word == 1 ? GRANULARITY_INSN : GRANULARITY_STEP;
	return 0;
}

static int set_endian(struct search_settings *s, const char *option, const char *value, struct error *e)
{
	static const char *const orders[] = {"little", "big", NULL};
	unsigned word;

	if (parse_word(option, value, orders, &word, e))
		return -1;
	s->endian = word == 1 ? ENDIAN_BIG : ENDIAN_LITTLE;
	return 0;
}

static int set_property(struct search_settings *s, const char *option, const char *value, struct error *e)
{
	const struct parse_set properties = {
	        .option = option,
	        .what = "property",
	        .words = world_property_names,
	        .n = PROPERTIES,
	        .everything = "all",
	        .everything_is = PROPERTIES_USUAL,
	};

	return parse_set(&properties, value, &s->properties, e);
}

static int set_symmetry(struct search_settings *s, const char *option, const char *value, struct error *e)
{
	unsigned word;

	if (parse_word(option, value, switches, &word, e))
		return -1;
	s->symmetry = word == 0;
	s->symmetry_said = true;
	return 0;
}

static int set_cycles(struct search_settings *s, const char *option, const char *value, struct error *e)
{
	unsigned word = 0;

	if (value && parse_word(option, value, switches, &word, e))
		return -1;
	s->cycles = word == 0;
	return 0;
}

/* Two of them have options of their own. */
static int set_no_reduce(struct search_settings *s, const char *option, const char *value, struct error *e)
{
	const struct parse_set reductions = {
	        .option = option,
	        .what = "reduction",
	        .words = world_reduction_names,
	        .n = REDUCTION_NAMES,
	        .everything = "all",
	        .nothing = "none",
	};
	uint32_t off = 0;

	if (parse_set(&reductions, value, &off, e))
		return -1;
	s->config.unreduced |= off & (REDUCTION_DEAD | REDUCTION_TAGS | REDUCTION_FP_ACTION);
	if ((off & REDUCTION_SYMMETRY) != 0)
		s->symmetry = false;
	if ((off & REDUCTION_MERGE) != 0)
		s->config.granularity = GRANULARITY_INSN;
	return 0;
}

static int set_memory(struct search_settings *s, const char *option, const char *value, struct error *e)
{
	return parse_size(option, value, &s->max_memory, e);
}

static int set_timeout(struct search_settings *s, const char *option, const char *value, struct error *e)
{
	return parse_seconds(option, value, &s->timeout, e);
}

static int set_max_states(struct search_settings *s, const char *option, const char *value, struct error *e)
{
	return parse_number(option, value, 1, UINT64_MAX, &s->max_states, e);
}

static int set_max_depth(struct search_settings *s, const char *option, const char *value, struct error *e)
{
	uint64_t depth;

	if (parse_number(option, value, 1, UINT32_MAX, &depth, e))
		return -1;
	s->max_depth = (unsigned)depth;
	return 0;
}

static int set_store(struct search_settings *s, const char *option, const char *value, struct error *e)
{
	static const char *const stores[] = {"exact", "bitstate", NULL};
	unsigned word;

	if (parse_word(option, value, stores, &word, e))
		return -1;
	s->store = word == 1 ? CHECK_STORE_BITSTATE : CHECK_STORE_EXACT;
	return 0;
}

static const struct {
	const char *name;
	int (*set)(struct search_settings *s, const char *option, const char *value, struct error *e);
} settings[] = {
        {"cpus", set_cpus},
        {"vms", set_vms},
        {"vcpus", set_vcpus},
        {"threads", set_threads},
        {"env", set_env},
        {"endian", set_endian},
        {"smp", set_smp},
        {"granularity", set_granularity},
        {"property", set_property},
        {"symmetry", set_symmetry},
        {"cycles", set_cycles},
        {"no-reduce", set_no_reduce},
        {"memory", set_memory},
        {"timeout", set_timeout},
        {"max-states", set_max_states},
        {"max-depth", set_max_depth},
        {"store", set_store},
};

int search_settings_set(struct search_settings *s, const char *option, const char *value, struct error *e)
{
	const char *name = strncmp(option, "--", 2) == 0 ? option + 2 : option;
	struct nearest nearest = {.word = name};
	char hint[96];

	for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++) {
		if (strcmp(settings[i].name, name) == 0)
			return settings[i].set(s, option, value, e);
		nearest_offer(&nearest, settings[i].name);
	}
	return error_set(e, "unknown setting '%.200s'%s", option, nearest_hint(&nearest, hint, sizeof(hint)));
}

int search_settings_settle(struct search_settings *s, struct error *e)
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

uint32_t search_unreduced(const struct search_settings *s)
{
	return s->config.unreduced | (s->symmetry ? 0 : REDUCTION_SYMMETRY) |
	       (s->config.granularity == GRANULARITY_INSN ? REDUCTION_MERGE : 0);
}

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

unsigned search_settings_cpus(void)
{
	long n = sysconf(_SC_NPROCESSORS_ONLN);

	return n < 1 ? 1 : n > 1024 ? 1024 : (unsigned)n;
}
