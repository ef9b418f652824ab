/* SPDX-License-Identifier: MIT */
/* lazyswitch cost: what each variant costs in fixed scenarios. */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "build_options.h"
#include "command.h"
#include "cost_json.h"
#include "model/images/images.h"
#include "output.h"
#include "session/parse.h"
#include "sim/cost.h"
#include "session/variant.h"

enum option_key { KEY_FORMAT = 0x100, KEY_ENDIAN, KEY_SMP };

static const struct argp_option options[] = {
        {"format", KEY_FORMAT, "text|json", 0, "Of the output (text)", 0},
        {"smp", KEY_SMP, "on|off", 0, "off: a kernel without CONFIG_SMP (on)", 0},
        {"endian", KEY_ENDIAN, "little|big", 0, "Byte order of the code (little)", 0},
        {0},
};

static const char doc[] =
        "Executes fixed scenarios on one CPU with one guest, and counts what reviewers count: accesses "
        "to FPEXC and HCPTR, stores and loads of the register file, ISBs, traps. VARIANT is as in "
        "`lazyswitch check'; without any, all that ship.\v"
        "Exit status: 0 done; 2 bad usage or input; 4 internal fault: a scenario cannot be executed.";

struct settings {
	const char **names; /* owned */
	size_t n_names;
	struct variant_options options;
	struct build_settings build;
	bool json;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	static const char *const formats[] = {"text", "json", NULL}, *const orders[] = {"little", "big",
	                                                                                NULL};
	static const char *const switches[] = {"on", "off", NULL};
	struct command_parse *p = state->input;
	struct settings *s = p->settings;
	unsigned word;

	switch (key) {
	case ARGP_KEY_INIT:
		command_parse_init(state);
		return 0;
	case ARGP_KEY_ARG:
		s->names[s->n_names++] = arg;
		return 0;
	case KEY_FORMAT:
		if (parse_word("--format", arg, formats, &word, p->error))
			return EINVAL;
		s->json = word == 1;
		return 0;
	case KEY_ENDIAN:
		if (parse_word("--endian", arg, orders, &word, p->error))
			return EINVAL;
		s->options.endian = word == 1 ? ENDIAN_BIG : ENDIAN_LITTLE;
		return 0;
	case KEY_SMP:
		if (parse_word("--smp", arg, switches, &word, p->error))
			return EINVAL;
		s->options.uniprocessor = word == 1;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static void print_heading(void)
{
	(void)printf("%-16s %-13s", "variant", "scenario");
	for (unsigned c = 0; c < COST_COUNTERS; c++)
		(void)printf(" %s", cost_counter_names[c]);
	(void)putchar('\n');
}

static void print_rows(const char *name, const struct cost *cost)
{
	for (unsigned s = 0; s < COST_SCENARIOS; s++) {
		const struct cost_row *row = &cost->row[s];

		(void)printf("%-16s %-13s", s == 0 ? name : "", cost_scenario_names[s]);
		for (unsigned c = 0; c < COST_COUNTERS && row->known; c++)
			(void)printf(" %*u", (int)strlen(cost_counter_names[c]), row->count[c]);
		if (!row->known)
			(void)printf(" does not get there: %s", row->why.text);
		(void)putchar('\n');
	}
	(void)putchar('\n');
}

static void print_legend(void)
{
	for (unsigned s = 0; s < COST_SCENARIOS; s++)
		(void)printf("%-13s %s\n", cost_scenario_names[s], cost_scenario_meanings[s]);
}

/* Returns an exit status; the variant's numbers go to `results`, or are printed if that is NULL. */
static enum exit_status measure(const char *name, const struct variant_options *build, bool first,
                                json_t *results)
{
	struct variant variant;
	struct cost cost;
	struct error e;
	enum exit_status status = STATUS_HOLDS;

	if (variant_open(&variant, name, build, &e)) {
		complain("%s", e.text);
		return STATUS_USAGE;
	}
	if (cost_measure(variant.image, &cost, &e)) {
		complain("%s: %s", name, e.text);
		status = variant.shipped ? STATUS_INTERNAL : STATUS_USAGE;
	} else if (results) {
		(void)json_array_append_new(results, json_pack("{s:s, s:s, s:o}", "variant", name, "endian",
		                                               variant.image->big_endian ? "big" : "little",
		                                               "cost", cost_json(&cost)));
	} else {
		if (first)
			print_heading();
		print_rows(name, &cost);
	}
	variant_close(&variant);
	return status;
}

static enum exit_status measure_all(const struct settings *s)
{
	json_t *results = s->json ? json_array() : NULL;
	enum exit_status status = STATUS_HOLDS;

	for (size_t i = 0; i < s->n_names && status == STATUS_HOLDS; i++)
		status = measure(s->names[i], &s->options, i == 0, results);
	if (s->json && status == STATUS_HOLDS) {
		json_t *document = json_pack("{s:i, s:O}", "version", 1, "results", results);

		if (json_dumpf(document, stdout, JSON_INDENT(2)))
			status = STATUS_INTERNAL;
		(void)putchar('\n');
		json_decref(document);
	} else if (status == STATUS_HOLDS) {
		print_legend();
	}
	json_decref(results);
	return status;
}

const struct argp cost_argp = {.options = options,
                               .parser = parse,
                               .args_doc = "[VARIANT...]",
                               .doc = doc,
                               .children = build_children};

int command_cost(int argc, char **argv)
{
	struct settings s = {.options = {.build = &s.build, .say = output_compiler}};
	struct error e;
	struct command_parse p = {.name = "lazyswitch cost", .settings = &s, .build = &s.build, .error = &e};
	size_t count;
	const struct shipped_variant *all = shipped_variants(&count);
	int status;

	s.names = calloc((size_t)argc + count, sizeof(*s.names));
	if (!s.names) {
		complain("out of memory");
		return STATUS_INTERNAL;
	}
	status = command_parse(&cost_argp, argc, argv, 0, &p);
	if (status == 0 && s.n_names == 0) {
		for (size_t i = 0; i < count; i++)
			s.names[s.n_names++] = all[i].name;
	}
	status = status ? command_parse_status(status) : (int)measure_all(&s);
	free(s.names);
	return status;
}
