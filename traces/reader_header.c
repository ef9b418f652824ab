/* SPDX-License-Identifier: MIT */
/* The lines of a trace file that say what system its steps are steps of. */
#include <stdlib.h>
#include <string.h>

#include "names.h"
#include "reader_private.h"

static int one_of(struct parser *p, const struct word *w, const char *const *words, unsigned *index)
{
	char list[256] = "", shown[48];
	size_t at = 0;

	for (unsigned i = 0; words[i]; i++) {
		if (strcmp(words[i], w->text) == 0) {
			*index = i;
			return 0;
		}
		if (at < sizeof(list))
			at += (size_t)snprintf(list + at, sizeof(list) - at, "%s%s", i ? ", " : "", words[i]);
	}
	return parse_error(p, w->column, "'%s' is none of: %s", words_show(w->text, shown), list);
}

/* Names separated by commas, or "none". Names that the program lacks are NULL. */
static int set_of(struct parser *p, const struct word *w, const char *what, const char *const *names,
                  unsigned n, uint32_t *bits)
{
	const char *at = w->text;

	*bits = 0;
	if (strcmp(at, "none") == 0)
		return 0;
	for (;;) {
		size_t length = strcspn(at, ",");
		unsigned i = 0;

		while (i < n &&
		       (!names[i] || strlen(names[i]) != length || memcmp(names[i], at, length) != 0))
			i++;
		if (i == n) {
			char name[48], shown[48];

			(void)snprintf(name, sizeof(name), "%.*s", (int)(length < 41 ? length : 41), at);
			return parse_error(p, w->column + (unsigned)(at - w->text), "unknown %s '%s'", what,
			                   words_show(name, shown));
		}
		*bits |= 1u << i;
		if (at[length] == '\0')
			return 0;
		at += length + 1;
	}
}

static int parse_variant(struct parser *p, const struct word *w)
{
	if (w->text[0] == '\0')
		return parse_error(p, w->column, "the variant has an empty name");
	p->t->variant = w->text;
	return 0;
}

static int parse_image(struct parser *p, const struct word *w)
{
	static const char *const kinds[] = {"xxh3", NULL};
	unsigned kind = 0;

	if (one_of(p, &w[0], kinds, &kind))
		return -1;
	if (strlen(w[1].text) != 16 || strspn(w[1].text, "0123456789abcdef") != 16)
		return parse_error(p, w[1].column, "a hash is 16 hexadecimal digits, in lower case");
	p->t->hashed = true;
	p->t->hash = strtoull(w[1].text, NULL, 16);
	return 0;
}

static int parse_cpus(struct parser *p, const struct word *w)
{
	if (words_number(p, w->text, w->column, NR_CPUS, &p->t->config.cpus))
		return -1;
	return p->t->config.cpus > 0 ? 0 : parse_error(p, w->column, "no CPU at all: at least 1");
}

static int parse_vms(struct parser *p, const struct word *w)
{
	return words_number(p, w->text, w->column, NR_VCPUS, &p->t->config.vms);
}

static int parse_vcpus(struct parser *p, const struct word *w)
{
	return words_number(p, w->text, w->column, NR_VCPUS, &p->t->config.vcpus);
}

static int parse_threads(struct parser *p, const struct word *w)
{
	return words_number(p, w->text, w->column, NR_THREADS, &p->t->config.threads);
}

static int parse_env(struct parser *p, const struct word *w)
{
	return set_of(p, w, "event", world_env_names, ENV_NAMES, &p->t->config.env);
}

static int parse_smp(struct parser *p, const struct word *w)
{
	static const char *const switches[] = {"on", "off", NULL};
	unsigned word = 0;

	if (one_of(p, w, switches, &word))
		return -1;
	p->t->config.uniprocessor = word == 1;
	return 0;
}

static int parse_granularity(struct parser *p, const struct word *w)
{
	static const char *const granularities[] = {"step", "insn", NULL};
	unsigned word = 0;

	if (one_of(p, w, granularities, &word))
		return -1;
	p->t->config.granularity = word == 1 ? GRANULARITY_INSN : GRANULARITY_STEP;
	return 0;
}

static int parse_no_reduce(struct parser *p, const struct word *w)
{
	uint32_t off = 0;

	if (set_of(p, w, "reduction", world_reduction_names, REDUCTION_NAMES, &off))
		return -1;
	if ((off & (REDUCTION_SYMMETRY | REDUCTION_MERGE)) != 0)
		return parse_error(p, w->column,
		                   "symmetry does not matter to a trace; merge is said by granularity");
	p->t->config.unreduced = off;
	return 0;
}

static int parse_endian(struct parser *p, const struct word *w)
{
	static const char *const orders[] = {"little", "big", NULL};
	unsigned word = 0;

	if (one_of(p, w, orders, &word))
		return -1;
	p->t->big_endian = word == 1;
	return 0;
}

static int parse_property(struct parser *p, const struct word *w)
{
	char shown[48];

	for (int i = 0; i < PROPERTIES; i++) {
		if (strcmp(world_property_names[i], w->text) == 0) {
			p->t->property = i;
			return 0;
		}
	}
	return parse_error(p, w->column, "unknown property '%s'", words_show(w->text, shown));
}

static int parse_searched(struct parser *p, const struct word *w)
{
	return set_of(p, w, "property", world_property_names, PROPERTIES, &p->t->searched);
}

static int parse_all(struct parser *p, const struct word *w)
{
	static const char *const answers[] = {"no", "yes", NULL};
	unsigned word = 0;

	if (one_of(p, w, answers, &word))
		return -1;
	p->t->all = word == 1;
	return 0;
}

static int parse_loop(struct parser *p, const struct word *w)
{
	unsigned number;

	if (words_number(p, w->text, w->column, TRACE_STEPS_MAX, &number))
		return -1;
	p->t->loop = number;
	return number > 0 ? 0 : parse_error(p, w->column, "steps are counted from 1");
}

static int parse_shared(struct parser *p, const struct word *w)
{
	p->t->learnt = true;
	return set_of(p, w, "class of memory", trace_class_names, SLOT_CLASSES, &p->t->shared);
}

static int parse_closing(struct parser *p, const struct word *w)
{
	struct trace *t = p->t;
	struct trace_closing *closings;

	if (t->n_closings == TRACE_CLOSINGS_MAX)
		return parse_error(p, p->word[0].column, "more than %d closings", TRACE_CLOSINGS_MAX);
	closings = words_make_room(p, t->closings, &p->room_closings, t->n_closings, sizeof(*closings));
	if (!closings)
		return -1;
	t->closings = closings;
	t->closings[t->n_closings++] = (struct trace_closing){.where = w->text, .line = p->line};
	t->learnt = true;
	return 0;
}

static int parse_seen(struct parser *p, const struct word *w)
{
	struct trace_seen *seen = &p->t->seen;

	if (strncmp(w[0].text, "cpu", 3) != 0)
		return parse_error(p, w[0].column, "here stands the CPU that saw it: cpu0");
	if (words_number(p, w[0].text + 3, w[0].column + 3, NR_CPUS - 1, &seen->cpu))
		return -1;
	seen->where = w[1].text;
	seen->text = w[2].text;
	p->t->seen_said = true;
	return 0;
}

static const struct keyword {
	const char *name;
	unsigned values; /* words behind it */
	bool often;
	int (*parse)(struct parser *p, const struct word *values);
	const char *form;
} keywords[] = {
        {"variant", 1, false, parse_variant, "variant NAME"},
        {"image", 2, false, parse_image, "image xxh3 HASH"},
        {"cpus", 1, false, parse_cpus, "cpus NUMBER"},
        {"vms", 1, false, parse_vms, "vms NUMBER"},
        {"vcpus", 1, false, parse_vcpus, "vcpus NUMBER"},
        {"threads", 1, false, parse_threads, "threads NUMBER"},
        {"env", 1, false, parse_env, "env none, or env EVENT,..."},
        {"smp", 1, false, parse_smp, "smp on, or smp off"},
        {"granularity", 1, false, parse_granularity, "granularity step, or granularity insn"},
        {"no-reduce", 1, false, parse_no_reduce, "no-reduce none, or no-reduce REDUCTION,..."},
        {"endian", 1, false, parse_endian, "endian little, or endian big"},
        {"property", 1, false, parse_property, "property NAME"},
        {"searched", 1, false, parse_searched, "searched PROPERTY,..."},
        {"all", 1, false, parse_all, "all no, or all yes"},
        {"loop", 1, false, parse_loop, "loop NUMBER"},
        {"seen", 3, false, parse_seen, "seen cpuNUMBER PLACE \"TEXT\""},
        {"shared", 1, false, parse_shared, "shared none, or shared CLASS,..."},
        {"closing", 1, true, parse_closing, "closing PLACE"},
};
enum { KEYWORDS = sizeof(keywords) / sizeof(keywords[0]) };
_Static_assert(KEYWORDS <= sizeof(((struct parser *)NULL)->said) / sizeof(unsigned), "room in said[]");

static unsigned keyword_line(const struct parser *p, const char *name)
{
	for (unsigned i = 0; i < KEYWORDS; i++) {
		if (strcmp(keywords[i].name, name) == 0)
			return p->said[i];
	}
	return 0;
}

int header_line(struct parser *p)
{
	const struct word *w = p->word;
	char list[256] = "", shown[48];
	size_t at = 0;

	for (unsigned i = 0; i < KEYWORDS; i++) {
		const struct keyword *k = &keywords[i];

		at += (size_t)snprintf(list + at, sizeof(list) - at, "%s%s", i ? ", " : "", k->name);
		if (w[0].quoted || strcmp(w[0].text, k->name) != 0)
			continue;
		if (p->t->n_steps > 0)
			return parse_error(p, w[0].column, "'%s' belongs before the first step", k->name);
		if (p->said[i] != 0 && !k->often)
			return parse_error(p, w[0].column, "'%s' is said twice, first in line %u", k->name,
			                   p->said[i]);
		p->said[i] = p->line;
		if (p->n - 1 < k->values)
			return parse_error(p, p->end_column, "something is missing here: %s", k->form);
		if (p->n - 1 > k->values)
			return parse_error(p, w[k->values + 1].column, "'%s' is too much here: %s",
			                   words_show(w[k->values + 1].text, shown), k->form);
		return k->parse(p, w + 1);
	}
	return parse_error(p, w[0].column,
	                   "unknown keyword '%s'; here stands a step (cpu0 ..., or choose *) or one of: %s",
	                   words_show(w[0].text, shown), list);
}

int header_end(struct parser *p)
{
	struct trace *t = p->t;

	if (!t->variant)
		return parse_error(p, 1, "the header does not say which variant it is: variant NAME");
	if (t->config.uniprocessor && keyword_line(p, "cpus") == 0)
		t->config.cpus = 1;
	if (t->config.uniprocessor && t->config.cpus != 1) {
		p->line = keyword_line(p, "cpus");
		return parse_error(p, 1, "%u CPUs, but a kernel without CONFIG_SMP (smp off) has one",
		                   t->config.cpus);
	}
	if (keyword_line(p, "searched") == 0)
		t->searched = t->property >= 0 ? 1u << t->property : PROPERTIES_USUAL;
	else if (t->property >= 0)
		t->searched |= 1u << t->property;
	return 0;
}

int header_of_steps(struct parser *p)
{
	const struct trace *t = p->t;

	if (t->loop == 0)
		return 0;
	p->line = keyword_line(p, "loop");
	if (t->property >= 0 && t->property != PROPERTY_STUCK)
		return parse_error(p, 1, "steps that are repeated for ever violate %s, not %s",
		                   world_property_names[PROPERTY_STUCK], world_property_names[t->property]);
	if (t->loop > t->n_steps)
		return parse_error(p, 1, "step %zu is to be repeated, but there are %zu", t->loop,
		                   t->n_steps);
	if (t->n_open > 0)
		return parse_error(p, 1,
		                   "steps that are repeated for ever cannot be searched for: 'loop' and "
		                   "'choose *' do not go together");
	return 0;
}
