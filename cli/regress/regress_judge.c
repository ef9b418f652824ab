/* SPDX-License-Identifier: MIT */
/* What was found, against what was expected. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "session/parse.h"
#include "regress.h"

const char *case_status_name(enum case_status status)
{
	static const char *const names[] = {
	        [CASE_SAME] = "same",
	        [CASE_CHANGED] = "changed",
	        [CASE_INCOMPLETE] = "incomplete",
	        [CASE_ERROR] = "error",
	};

	return names[status];
}

char *regress_shell_word(const char *word)
{
	static const char plain[] =
	        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./,=+:@%";
	char *quoted, *at;

	if (*word != '\0' && word[strspn(word, plain)] == '\0')
		return strdup(word);
	quoted = at = malloc(4 * strlen(word) + 3);
	if (!quoted)
		return NULL;
	*at++ = '\'';
	for (; *word != '\0'; word++) {
		if (*word == '\'') {
			memcpy(at, "'\\''", 4);
			at += 4;
		} else {
			*at++ = *word;
		}
	}
	memcpy(at, "'", 2);
	return quoted;
}

/* "lazyswitch check v3 --endian big --property fp-lost"; `properties` 0: as the options say */
static char *check_command(const struct expectation *row, uint32_t properties)
{
	char *variant = regress_shell_word(row->variant), *text = NULL, names[256];
	size_t bytes;
	FILE *f = variant ? open_memstream(&text, &bytes) : NULL;

	if (f) {
		(void)fprintf(f, "lazyswitch check %s%s%s", variant, row->options[0] ? " " : "",
		              row->options);
		if (properties != 0)
			(void)fprintf(f, " --property %s",
			              parse_set_text(world_property_names, PROPERTIES, properties, names,
			                             sizeof(names)));
		if (fclose(f) != 0) {
			free(text);
			text = NULL;
		}
	}
	free(variant);
	return text;
}

static void print_words(FILE *f, const char *option, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		char *word = regress_shell_word(words[i]);

		(void)fprintf(f, "%s %s", option, word ? word : "");
		free(word);
	}
}

/* "lazyswitch cost v3 --endian big" */
static char *cost_command(const struct expectation *row)
{
	const struct build_settings *build = &row->search.build;
	char *text = NULL;
	size_t bytes;
	FILE *f = open_memstream(&text, &bytes);

	if (!f)
		return NULL;
	(void)fputs("lazyswitch cost", f);
	print_words(f, "", &row->variant, 1);
	print_words(f, "", build->options, build->n_options);
	print_words(f, " --patch", build->patches, build->n_patches);
	if (build->apply_said)
		(void)fprintf(f, " --apply %zu", build->apply);
	(void)fprintf(f, "%s%s", row->search.endian == ENDIAN_BIG ? " --endian big" : "",
	              row->search.config.uniprocessor ? " --smp off" : "");
	if (fclose(f) == 0)
		return text;
	free(text);
	return NULL;
}

int regress_differ(struct regress_case *c, enum case_status status, char *command, const char *format, ...)
{
	struct difference *d = &c->differences[c->n_differences];
	char what[1200];
	va_list args;

	va_start(args, format);
	(void)vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	if (status > c->status)
		c->status = status;
	if (c->n_differences == DIFFERENCES_MAX) {
		free(command);
		return 0;
	}
	c->n_differences++;
	*d = (struct difference){.what = strdup(what), .command = command};
	return d->what ? 0 : -1;
}

static const char *names_of(uint32_t properties, char *buf, size_t size)
{
	return parse_set_text(world_property_names, PROPERTIES, properties, buf, size);
}

/* How a property is violated, for people. */
static void violation_text(const struct check_run *run, char *buf, size_t size)
{
	const struct violation *v = run->story ? story_violation(run->story) : NULL;
	const char *property = world_property_names[run->result.property];
	char where[128];

	if (v)
		(void)snprintf(buf, size, "%s is violated, after %zu steps: %s, at %s", property,
		               run->result.trace_length, v->text,
		               image_where(run->variant.image, v->pc, where, sizeof(where)));
	else
		(void)snprintf(buf, size, "%s is violated, after %zu steps: nobody can go on", property,
		               run->result.trace_length);
}

/* A search without a verdict; `properties` 0: of all that the line is about. */
static int unfinished(struct regress_case *c, const struct check_run *run, uint32_t properties)
{
	bool incomplete = run->result.verdict == CHECK_INCOMPLETE;
	const char *why = incomplete ? run->result.reason : run->error.text;
	char names[256];

	c->exit = command_worse(c->exit, run->status);
	return regress_differ(c, incomplete ? CASE_INCOMPLETE : CASE_ERROR, check_command(c->row, properties),
	                      "%s%s%s", names_of(properties, names, sizeof(names)),
	                      properties == 0 ? "" : ": ", why);
}

static int changed(struct regress_case *c, uint32_t properties, const char *what)
{
	c->exit = command_worse(c->exit, STATUS_VIOLATED);
	return regress_differ(c, CASE_CHANGED, check_command(c->row, properties), "%s", what);
}

/* What is violated stands before what holds. */
static void add_clause(struct expect_verdict *v, uint32_t properties, bool holds)
{
	unsigned at = v->n_clauses;

	if (v->n_clauses == EXPECT_CLAUSES_MAX)
		return;
	for (v->n_clauses++; !holds && at > 0 && v->clauses[at - 1].holds; at--)
		v->clauses[at] = v->clauses[at - 1];
	v->clauses[at] = (struct expect_clause){.properties = properties, .holds = holds};
}

static int judge_pass(struct regress_case *c, const struct check_run *run)
{
	char what[512];

	switch (run->result.verdict) {
	case CHECK_PASS:
		return 0;
	case CHECK_FAIL:
		c->found_verdict.pass = false;
		add_clause(&c->found_verdict, UINT32_C(1) << run->result.property, false);
		violation_text(run, what, sizeof(what));
		return changed(c, 0, what);
	default:
		c->found_known = false;
		return unfinished(c, run, 0);
	}
}

/* A clause of a fail that no longer is violated: each of its properties holds. */
static int judge_surviving(struct regress_case *c, const struct expect_clause *clause)
{
	char names[256], what[512];

	for (uint32_t p = clause->properties; p != 0; p &= p - 1)
		add_clause(&c->found_verdict, p & (~p + 1), true);
	(void)snprintf(what, sizeof(what), "%s: not violated any more",
	               names_of(clause->properties, names, sizeof(names)));
	return changed(c, clause->properties, what);
}

/* What is violated, and how soon. */
struct violated {
	uint32_t properties;
	size_t length; /* of the shortest trace; 0: none is known */
};

static void add_violated(struct violated *v, uint32_t properties, size_t length)
{
	v->properties |= properties;
	if (v->length == 0 || length < v->length)
		v->length = length;
}

/* What shall hold beside what is violated. */
static int judge_held(struct regress_case *c, const struct check_run *run, struct violated *all)
{
	uint32_t held = 0, violated;
	char what[512];

	for (unsigned i = 0; i < c->row->verdict.n_clauses; i++) {
		if (c->row->verdict.clauses[i].holds)
			held |= c->row->verdict.clauses[i].properties;
	}
	if (run->result.verdict != CHECK_PASS && run->result.verdict != CHECK_FAIL) {
		c->found_known = false;
		return unfinished(c, run, held);
	}
	violated = run->result.verdict == CHECK_FAIL ? UINT32_C(1) << run->result.property : 0;
	for (uint32_t p = held; p != 0; p &= p - 1)
		add_clause(&c->found_verdict, p & (~p + 1), (p & (~p + 1)) != violated);
	if (violated == 0)
		return 0;
	add_violated(all, violated, run->result.trace_length);
	violation_text(run, what, sizeof(what));
	return changed(c, violated, what);
}

/* Nothing that was expected to be violated is: is anything? */
static int judge_again(struct regress_case *c, const struct check_run *run, struct violated *all)
{
	char what[512];

	switch (run->result.verdict) {
	case CHECK_PASS:
		c->found_verdict.pass = true;
		c->found_verdict.n_clauses = 0;
		return 0;
	case CHECK_FAIL:
		add_clause(&c->found_verdict, UINT32_C(1) << run->result.property, false);
		add_violated(all, UINT32_C(1) << run->result.property, run->result.trace_length);
		violation_text(run, what, sizeof(what));
		return changed(c, UINT32_C(1) << run->result.property, what);
	default:
		c->found_known = false;
		return unfinished(c, run, PROPERTIES_USUAL);
	}
}

static int judge_length(struct regress_case *c, const struct violated *all)
{
	const struct expect_verdict *v = &c->row->verdict;
	char what[128];

	if (v->length == 0 || all->length == 0 || c->found_verdict.pass)
		return 0;
	c->found_verdict.length = (unsigned)all->length;
	if (all->length == v->length)
		return 0;
	(void)snprintf(what, sizeof(what), "the shortest trace has %zu steps, not %u", all->length,
	               v->length);
	return changed(c, all->properties, what);
}

static int judge_clauses(struct regress_case *c, const struct jobs *jobs, struct violated *all)
{
	const struct expect_verdict *v = &c->row->verdict;
	int status = 0;

	for (unsigned i = 0; i < v->n_clauses && status == 0; i++) {
		const struct check_run *run;

		if (c->clause_job[i] < 0)
			continue;
		run = &jobs->job[c->clause_job[i]].run;
		if (run->result.verdict == CHECK_FAIL) {
			add_clause(&c->found_verdict, v->clauses[i].properties, false);
			add_violated(all, v->clauses[i].properties, run->result.trace_length);
		} else if (run->result.verdict == CHECK_PASS) {
			status = judge_surviving(c, &v->clauses[i]);
		} else {
			c->found_known = false;
			status = unfinished(c, run, v->clauses[i].properties);
		}
	}
	return status;
}

static int judge_fail(struct regress_case *c, const struct jobs *jobs)
{
	struct violated all = {0};
	int status = judge_clauses(c, jobs, &all);

	if (status == 0 && c->job >= 0)
		status = judge_held(c, &jobs->job[c->job].run, &all);
	if (status == 0 && c->again >= 0)
		status = judge_again(c, &jobs->job[c->again].run, &all);
	/* Without all the searches nobody knows which trace is the shortest. */
	return status || !c->found_known ? status : judge_length(c, &all);
}

static int judge_costs(struct regress_case *c, const struct image *image)
{
	struct expect_verdict *found = &c->found_verdict;
	struct cost cost;
	struct error e;
	int status = 0;

	if (found->n_ceilings == 0)
		return 0;
	if (cost_measure(image, &cost, &e)) {
		c->exit = STATUS_INTERNAL;
		c->found_known = false;
		return regress_differ(c, CASE_ERROR, cost_command(c->row), "%s", e.text);
	}
	for (unsigned i = 0; i < found->n_ceilings && status == 0; i++) {
		struct expect_ceiling *ceiling = &found->ceilings[i];
		const char *counter = cost_counter_names[ceiling->counter];
		const struct cost_row *row = &cost.row[ceiling->scenario];

		if (row->known && row->count[ceiling->counter] <= ceiling->most)
			continue;
		c->exit = command_worse(c->exit, STATUS_VIOLATED);
		if (!row->known) {
			c->found_known = false;
			status = regress_differ(c, CASE_CHANGED, cost_command(c->row),
			                        "%s does not get to its end: %s",
			                        cost_scenario_names[ceiling->scenario], row->why.text);
			continue;
		}
		status = regress_differ(c, CASE_CHANGED, cost_command(c->row), "%u %s in %s, more than %u",
		                        row->count[ceiling->counter], counter,
		                        cost_scenario_names[ceiling->scenario], ceiling->most);
		ceiling->most = row->count[ceiling->counter];
	}
	return status;
}

static double add_seconds(const struct jobs *jobs, int number)
{
	return number < 0 ? 0 : jobs->job[number].run.result.seconds;
}

static int judge_row(struct regress_case *c, const struct jobs *jobs)
{
	const struct expect_verdict *v = &c->row->verdict;
	int any = v->pass ? c->job : -1, status;
	char text[2048];

	for (unsigned i = 0; i < v->n_clauses; i++) {
		any = c->clause_job[i] >= 0 ? c->clause_job[i] : any;
		c->seconds += add_seconds(jobs, c->clause_job[i]);
	}
	c->seconds += add_seconds(jobs, c->job) + add_seconds(jobs, c->again);
	c->found_known = true;
	c->found_verdict = *v;
	c->found_verdict.n_clauses = 0;
	status = v->pass ? judge_pass(c, &jobs->job[c->job].run) : judge_fail(c, jobs);
	if (status == 0)
		status = judge_costs(c, jobs->job[any].run.variant.image);
	c->expected = strdup(expect_verdict_text(v, text, sizeof(text)));
	if (c->status == CASE_SAME)
		c->found = strdup(text);
	else if (c->found_known)
		c->found = strdup(expect_verdict_text(&c->found_verdict, text, sizeof(text)));
	return status || !c->expected || (!c->found && c->found_known) ? -1 : 0;
}

int regress_judge(struct regress *r)
{
	for (size_t i = 0; i < r->n_cases; i++) {
		struct regress_case *c = &r->cases[i];

		if (c->row ? judge_row(c, &r->jobs) : regress_judge_trace(c))
			return -1;
	}
	return 0;
}
