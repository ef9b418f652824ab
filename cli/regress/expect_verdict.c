/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "expect.h"
#include "session/nearest.h"
#include "session/parse.h"

/* One word of the text. */
struct word {
	const char *text;
	size_t length;
};

static struct word next_word(const char **at)
{
	struct word w = {.text = *at + strspn(*at, " \t")};

	w.length = strcspn(w.text, " \t");
	*at = w.text + w.length;
	return w;
}

static bool is(const struct word *w, const char *what)
{
	return w->length == strlen(what) && memcmp(w->text, what, w->length) == 0;
}

/* Which of the names is it? -1: none; then `e` says which would be nearest. */
static int find_name(const char *const *names, unsigned n, const char *text, size_t length, const char *what,
                     struct error *e)
{
	struct nearest nearest = {0};
	char copy[64], hint[96];

	(void)snprintf(copy, sizeof(copy), "%.*s", length < 60 ? (int)length : 60, text);
	nearest.word = copy;
	for (unsigned i = 0; i < n; i++) {
		if (strcmp(names[i], copy) == 0)
			return (int)i;
		nearest_offer(&nearest, names[i]);
	}
	if (length > 0 && copy[strlen(copy) - 1] == ',')
		return error_set(e, "'%s': words are separated by blanks, without commas", copy);
	return error_set(e, "unknown %s '%s'%s", what, copy, nearest_hint(&nearest, hint, sizeof(hint)));
}

static int parse_clause(struct expect_verdict *v, const struct word *w, size_t *inside, struct error *e)
{
	struct expect_clause clause = {.holds = w->text[0] == '!'};
	size_t at = clause.holds;

	if (v->n_clauses == EXPECT_CLAUSES_MAX)
		return error_set(e, "more than %d clauses in a line", EXPECT_CLAUSES_MAX);
	for (;;) {
		size_t length = 0;
		int property;

		*inside = at;
		while (at + length < w->length && w->text[at + length] != '|')
			length++;
		property = find_name(world_property_names, PROPERTIES, w->text + at, length, "property", e);
		if (property < 0)
			return -1;
		clause.properties |= UINT32_C(1) << property;
		at += length;
		if (at == w->length)
			break;
		at++;
	}
	*inside = 0;
	if (clause.holds && (clause.properties & (clause.properties - 1)) != 0)
		return error_set(e, "'!' takes one property: say '!a !b', or 'a|b' for one of them violated");
	for (unsigned i = 0; i < v->n_clauses; i++) {
		if (v->clauses[i].properties == clause.properties)
			return error_set(e, "this is said twice, or denied");
	}
	v->clauses[v->n_clauses++] = clause;
	return 0;
}

static int parse_length(struct expect_verdict *v, const struct word *w, size_t *inside, struct error *e)
{
	char copy[32];
	uint64_t length;

	*inside = strlen("length=");
	(void)snprintf(copy, sizeof(copy), "%.*s", (int)(w->length - *inside < 30 ? w->length - *inside : 30),
	               w->text + *inside);
	if (parse_number("length=", copy, 1, 1000000, &length, e))
		return -1;
	*inside = 0;
	if (v->length != 0)
		return error_set(e, "length= is said twice");
	v->length = (unsigned)length;
	return 0;
}

/* COUNTER/SCENARIO<=NUMBER */
static int parse_ceiling(struct expect_verdict *v, const struct word *w, size_t slash, size_t *inside,
                         struct error *e)
{
	struct expect_ceiling c = {0};
	size_t end = slash + 1;
	char copy[32];
	uint64_t most;
	int name;

	if (v->n_ceilings == EXPECT_CEILINGS_MAX)
		return error_set(e, "more than %d cost ceilings in a line", EXPECT_CEILINGS_MAX);
	name = find_name(cost_counter_names, COST_COUNTERS, w->text, slash, "cost", e);
	if (name < 0)
		return -1;
	c.counter = (enum cost_counter)name;
	while (end < w->length && w->text[end] != '<')
		end++;
	*inside = slash + 1;
	name = find_name(cost_scenario_names, COST_SCENARIOS, w->text + slash + 1, end - slash - 1,
	                 "scenario", e);
	if (name < 0)
		return -1;
	c.scenario = (enum cost_scenario)name;
	*inside = end;
	if (w->length - end < 2 || memcmp(w->text + end, "<=", 2) != 0)
		return error_set(e, "a cost ceiling looks like %s/%s<=2", cost_counter_names[c.counter],
		                 cost_scenario_names[c.scenario]);
	*inside = end += 2;
	(void)snprintf(copy, sizeof(copy), "%.*s", (int)(w->length - end < 30 ? w->length - end : 30),
	               w->text + end);
	if (parse_number("a cost ceiling", copy, 0, 1000000, &most, e))
		return -1;
	*inside = 0;
	for (unsigned i = 0; i < v->n_ceilings; i++) {
		if (v->ceilings[i].counter == c.counter && v->ceilings[i].scenario == c.scenario)
			return error_set(e, "this cost has a ceiling already");
	}
	c.most = (unsigned)most;
	v->ceilings[v->n_ceilings++] = c;
	return 0;
}

static int parse_word_of(struct expect_verdict *v, const struct word *w, size_t *inside, struct error *e)
{
	const char *slash = memchr(w->text, '/', w->length);

	*inside = 0;
	if (slash)
		return parse_ceiling(v, w, (size_t)(slash - w->text), inside, e);
	if (v->pass)
		return error_set(
		        e, "behind 'pass' there can be cost ceilings only, such as fpexc-writes/exit<=2");
	if (w->length > 7 && memcmp(w->text, "length=", 7) == 0)
		return parse_length(v, w, inside, e);
	return parse_clause(v, w, inside, e);
}

int expect_verdict_parse(struct expect_verdict *v, const char *text, size_t *at, struct error *e)
{
	const char *next = text;
	struct word w = next_word(&next);
	size_t inside;
	bool violated = false;

	*v = (struct expect_verdict){.pass = is(&w, "pass")};
	*at = (size_t)(w.text - text);
	if (!v->pass && !is(&w, "fail"))
		return error_set(e, "a verdict begins with 'pass' or 'fail'");
	for (;;) {
		w = next_word(&next);
		if (w.length == 0)
			break;
		if (parse_word_of(v, &w, &inside, e)) {
			*at = (size_t)(w.text - text) + inside;
			return -1;
		}
	}
	for (unsigned i = 0; i < v->n_clauses; i++)
		violated |= !v->clauses[i].holds;
	if (!v->pass && !violated)
		return error_set(e, "'fail' needs a property that is violated");
	return 0;
}

static void append(char *buf, size_t size, const char *format, ...) __attribute__((format(printf, 3, 4)));

static void append(char *buf, size_t size, const char *format, ...)
{
	size_t used = strlen(buf);
	va_list args;

	va_start(args, format);
	(void)vsnprintf(buf + used, size - used, format, args);
	va_end(args);
}

const char *expect_verdict_text(const struct expect_verdict *v, char *buf, size_t size)
{
	(void)snprintf(buf, size, "%s", v->pass ? "pass" : "fail");
	for (unsigned i = 0; i < v->n_clauses; i++) {
		const struct expect_clause *clause = &v->clauses[i];
		const char *separator = clause->holds ? " !" : " ";

		for (unsigned p = 0; p < PROPERTIES; p++) {
			if ((clause->properties >> p & 1) == 0)
				continue;
			append(buf, size, "%s%s", separator, world_property_names[p]);
			separator = "|";
		}
	}
	if (v->length != 0)
		append(buf, size, " length=%u", v->length);
	for (unsigned i = 0; i < v->n_ceilings; i++)
		append(buf, size, " %s/%s<=%u", cost_counter_names[v->ceilings[i].counter],
		       cost_scenario_names[v->ceilings[i].scenario], v->ceilings[i].most);
	return buf;
}
