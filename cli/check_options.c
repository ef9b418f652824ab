/* SPDX-License-Identifier: MIT */
#include "check_options.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "model/images/images.h"
#include "output.h"
#include "parse.h"

enum option_key {
	KEY_CPUS = 0x100,
	KEY_VMS,
	KEY_VCPUS,
	KEY_THREADS,
	KEY_ENV,
	KEY_PROPERTY,
	KEY_ENDIAN,
	KEY_FORMAT,
	KEY_TRACE_OUT,
	KEY_MEMORY,
	KEY_TIMEOUT,
	KEY_MAX_STATES,
};

/* Counts beyond this are nonsense for every option; what the model can do is the world's to say. */
enum { COUNT_MAX = 1000000 };

static const struct argp_option options[] = {
        {0, 0, 0, 0, "The system:", 1},
        {"cpus", KEY_CPUS, "N", 0, "CPUs (2)", 0},
        {"vms", KEY_VMS, "N", 0, "Virtual machines (2)", 0},
        {"vcpus", KEY_VCPUS, "N", 0, "vCPUs of each VM, each with a VMM thread (1)", 0},
        {"threads", KEY_THREADS, "N", 0, "Plain user threads (1)", 0},
        {"env", KEY_ENV, "LIST", 0, "Optional events: neon (kernel-mode NEON); or none (none)", 0},
        {"endian", KEY_ENDIAN, "ORDER", 0, "Build of the shipped variants: little or big (little)", 0},
        {0, 0, 0, 0, "What is searched for:", 2},
        {"property", KEY_PROPERTY, "LIST", 0,
         "Properties: fp-leak, fp-lost, fpexc-host, fpexc-guest, crash, stuck; or all (all)", 0},
        {0, 0, 0, 0, "Limits, for each variant; who reaches one is \"incomplete\":", 3},
        {"memory", KEY_MEMORY, "SIZE", 0, "Memory, such as 512M or 4G (3/4 of what the machine has)", 0},
        {"timeout", KEY_TIMEOUT, "SECONDS", 0, "Time (none)", 0},
        {"max-states", KEY_MAX_STATES, "N", 0, "Distinct states (none)", 0},
        {0, 0, 0, 0, "Output:", 4},
        {"format", KEY_FORMAT, "FORMAT", 0, "text or json (text)", 0},
        {"trace-out", KEY_TRACE_OUT, "DIR", 0,
         "Write the trace of each violation to DIR/VARIANT-PROPERTY.trace; DIR is made if it is not there",
         0},
        {0},
};

static const char doc[] = "Proves variants, or refutes each with the shortest schedule that violates a "
                          "property. VARIANT is the name of "
                          "one that ships (`lazyswitch list'), or the path of a linked ELF image, with a '/' "
                          "or ending in \".elf\". "
                          "Without any, all that ship.\v"
                          "Exit status: 0 every property holds; 1 a property is violated; 2 bad usage, bad "
                          "input, or output that cannot "
                          "be written; 3 not finished; 4 internal fault. Of several variants the worst "
                          "counts, in the order 4, 2, 1, 3, "
                          "0.\n\n"
                          "Of several properties the one violated by the shortest schedule is reported; to "
                          "learn about the others, search "
                          "for them with --property.";

static int parse_count(const char *option, const char *arg, unsigned *count, struct error *e)
{
	uint64_t value;

	if (parse_number(option, arg, 0, COUNT_MAX, &value, e))
		return -1;
	*count = (unsigned)value;
	return 0;
}

static int parse_system(int key, const char *arg, struct check_settings *s, struct error *e)
{
	static const char *const orders[] = {"little", "big", NULL};
	static const struct parse_set env = {"--env", "event", world_env_names, ENV_NAMES, NULL, "none"};
	unsigned order;

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
	default:
		if (parse_word("--endian", arg, orders, &order, e))
			return -1;
		s->endian = order == 1 ? ENDIAN_BIG : ENDIAN_LITTLE;
		return 0;
	}
}

static int parse_rest(int key, const char *arg, struct check_settings *s, struct error *e)
{
	static const char *const formats[] = {"text", "json", NULL};
	static const struct parse_set properties = {"--property", "property", world_property_names,
	                                            PROPERTIES,   "all",      NULL};
	unsigned format;

	switch (key) {
	case KEY_PROPERTY:
		return parse_set(&properties, arg, &s->properties, e);
	case KEY_MEMORY:
		return parse_size("--memory", arg, &s->max_memory, e);
	case KEY_TIMEOUT:
		return parse_seconds("--timeout", arg, &s->timeout, e);
	case KEY_MAX_STATES:
		return parse_number("--max-states", arg, 1, UINT64_MAX, &s->max_states, e);
	case KEY_TRACE_OUT:
		s->trace_out = arg;
		return *arg == '\0' ? error_set(e, "--trace-out takes a directory, not an empty name") : 0;
	default:
		if (parse_word("--format", arg, formats, &format, e))
			return -1;
		s->format = format == 1 ? FORMAT_JSON : FORMAT_TEXT;
		return 0;
	}
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct command_parse *p = state->input;
	struct check_settings *s = p->settings;

	if (key == ARGP_KEY_INIT) {
		command_parse_init(state);
		return 0;
	}
	if (key == ARGP_KEY_ARG) {
		s->names[s->n_names++] = arg;
		return 0;
	}
	if (key >= KEY_CPUS && key <= KEY_ENV)
		return parse_system(key, arg, s, p->error) ? EINVAL : 0;
	if (key == KEY_ENDIAN)
		return parse_system(key, arg, s, p->error) ? EINVAL : 0;
	if (key >= KEY_PROPERTY && key <= KEY_MAX_STATES)
		return parse_rest(key, arg, s, p->error) ? EINVAL : 0;
	return ARGP_ERR_UNKNOWN;
}

static size_t physical_memory(void)
{
	long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);

	return pages > 0 && size > 0 ? (size_t)pages * (size_t)size : 0;
}

static void default_names(struct check_settings *s, const struct shipped_variant *all, size_t count)
{
	for (size_t i = 0; i < count; i++)
		s->names[s->n_names++] = all[i].name;
}

int check_options(int argc, char **argv, struct check_settings *s)
{
	static const struct argp argp = {.options = options,
	                                 .parser = parse,
	                                 .args_doc = "[VARIANT...]",
	                                 .doc = doc,
	                                 .children = command_common};
	struct error e;
	struct command_parse p = {.name = "lazyswitch check", .settings = s, .error = &e};
	size_t count;
	const struct shipped_variant *all = shipped_variants(&count);
	int status;

	*s = (struct check_settings){
	        .config = world_config_default(),
	        .properties = (1u << PROPERTIES) - 1,
	        .max_memory = physical_memory() / 4 * 3,
	};
	s->names = calloc((size_t)argc + count, sizeof(*s->names));
	if (!s->names) {
		complain("out of memory");
		return -1;
	}
	status = command_parse(&argp, argc, argv, 0, &p);
	if (status == 0 && s->n_names == 0)
		default_names(s, all, count);
	return status;
}
