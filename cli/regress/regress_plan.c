/* SPDX-License-Identifier: MIT */
/* What there is to do: files, cases, and the searches that they need. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "corpus.h"
#include "session/nearest.h"
#include "regress.h"

static bool ends_in(const char *name, const char *ending)
{
	size_t n = strlen(name), m = strlen(ending);

	return n > m && strcmp(name + n - m, ending) == 0;
}

static bool is_directory(const char *name)
{
	struct stat status;

	return stat(name, &status) == 0 && S_ISDIR(status.st_mode);
}

static bool is_variant(const char *name)
{
	return !is_directory(name) && !ends_in(name, ".expect") && !ends_in(name, ".trace");
}

static int add_file(struct regress *r, const char *name, struct error *e)
{
	struct expect_file *files = realloc(r->files, (r->n_files + 1) * sizeof(*files));

	if (!files)
		return error_set(e, "out of memory");
	r->files = files;
	files[r->n_files] = (struct expect_file){0};
	if (name)
		return expect_read(&files[r->n_files++], name, e);
	{
		const struct embedded_text text = regress_embedded(r->settings->suite);

		return expect_parse(&files[r->n_files++], text.name, text.begin, text.bytes, e);
	}
}

static int add_trace(struct regress *r, const char *name, struct error *e)
{
	char **traces = realloc(r->traces, (r->n_traces + 1) * sizeof(*traces));

	if (!traces)
		return error_set(e, "out of memory");
	r->traces = traces;
	traces[r->n_traces] = strdup(name);
	return traces[r->n_traces] ? (r->n_traces++, 0) : error_set(e, "out of memory");
}

static int add_named(void *arg, const char *name, struct error *e)
{
	struct regress *r = arg;

	return ends_in(name, ".expect") ? add_file(r, name, e) : add_trace(r, name, e);
}

static int read_inputs(struct regress *r, struct error *e)
{
	bool any = false;

	for (size_t i = 0; i < r->settings->n_names; i++) {
		const char *name = r->settings->names[i];

		if (is_variant(name))
			continue;
		any = true;
		if (is_directory(name) ? corpus_walk(name, add_named, r, e) : add_named(r, name, e))
			return -1;
	}
	r->shipped = !any;
	return any ? 0 : add_file(r, NULL, e);
}

/* Is the case among those that the command line asks for? */
static bool wanted(const struct regress_settings *s, const char *suite, const char *variant)
{
	bool any = false, named = false;

	if (s->suite && strcmp(suite, s->suite) != 0)
		return false;
	for (size_t i = 0; i < s->n_names; i++) {
		if (is_variant(s->names[i])) {
			any = true;
			named |= strcmp(s->names[i], variant) == 0;
		}
	}
	return !any || named;
}

static char *case_name(const char *variant, const char *options)
{
	size_t bytes = strlen(variant) + strlen(options) + 2;
	char *name = malloc(bytes);

	if (name)
		(void)snprintf(name, bytes, "%s%s%s", variant, options[0] ? " " : "", options);
	return name;
}

static struct regress_case *add_case(struct regress *r)
{
	struct regress_case *cases = realloc(r->cases, (r->n_cases + 1) * sizeof(*cases));

	if (!cases)
		return NULL;
	r->cases = cases;
	cases[r->n_cases] = (struct regress_case){.job = -1, .again = -1};
	return &cases[r->n_cases++];
}

static int add_job(struct regress *r, const struct expectation *row, uint32_t properties, bool whole,
                   int *number, struct error *e)
{
	struct search_settings search = row->search;

	search.properties = properties;
	search.timeout = search.timeout > 0 ? search.timeout : r->settings->timeout;
	*number = jobs_add(&r->jobs, row->variant, &search, whole);
	return *number < 0 ? error_set(e, "out of memory") : 0;
}

/* A broken variant or system is found before anything runs, and is the line's fault. */
static int open_job(struct regress *r, const struct regress_case *c, int number, struct error *e)
{
	struct error why;

	if (jobs_open(&r->jobs, (size_t)number, &why) == 0)
		return 0;
	return error_set(e, "%s:%u:%u: %.800s", c->file, c->line, c->row->column, why.text);
}

/*
 * A pass takes one search for everything. A fail takes one for each clause: a search for several properties
 * ends at the first violation of any, which is what "a|b" asks. What shall hold is searched for together.
 */
static int plan_row(struct regress *r, struct regress_case *c, struct error *e)
{
	const struct expectation *row = c->row;
	uint32_t hold = row->verdict.pass ? row->search.properties : 0;

	for (unsigned i = 0; i < row->verdict.n_clauses; i++) {
		const struct expect_clause *clause = &row->verdict.clauses[i];

		c->clause_job[i] = -1;
		if (clause->holds)
			hold |= clause->properties;
		else if (add_job(r, row, clause->properties, false, &c->clause_job[i], e) ||
		         open_job(r, c, c->clause_job[i], e))
			return -1;
	}
	if (hold != 0 && (add_job(r, row, hold, true, &c->job, e) || open_job(r, c, c->job, e)))
		return -1;
	return 0;
}

static int plan_file(struct regress *r, const struct expect_file *file, struct error *e)
{
	for (size_t i = 0; i < file->n_rows; i++) {
		const struct expectation *row = &file->rows[i];
		struct regress_case *c;

		if (!wanted(r->settings, row->suite, row->variant))
			continue;
		c = add_case(r);
		if (!c)
			return error_set(e, "out of memory");
		c->suite = row->suite;
		c->name = case_name(row->variant, row->options);
		c->file = file->name;
		c->line = row->line;
		c->variant = row->variant;
		c->row = row;
		if (!c->name)
			return error_set(e, "out of memory");
		if (plan_row(r, c, e))
			return -1;
	}
	return 0;
}

static int plan_trace(struct regress *r, const char *path, struct error *e)
{
	char *variant = NULL;
	struct regress_case *c;

	if (regress_trace_variant(path, &variant, e))
		return -1;
	if (!wanted(r->settings, "traces", variant)) {
		free(variant);
		return 0;
	}
	free(variant);
	c = add_case(r);
	if (!c)
		return error_set(e, "out of memory");
	c->suite = "traces";
	c->name = strdup(path);
	c->file = path;
	return c->name ? 0 : error_set(e, "out of memory");
}

static bool suite_exists(const struct regress *r, const char *suite, struct nearest *nearest)
{
	bool found = r->n_traces > 0 && strcmp(suite, "traces") == 0;

	for (size_t f = 0; f < r->n_files; f++) {
		for (size_t i = 0; i < r->files[f].n_suites; i++) {
			found |= strcmp(r->files[f].suites[i], suite) == 0;
			nearest_offer(nearest, r->files[f].suites[i]);
		}
	}
	return found;
}

/* A name that selects nothing is a mistake, and must not look like a success. */
static int check_selection(const struct regress *r, struct error *e)
{
	const struct regress_settings *s = r->settings;
	struct nearest nearest = {.word = s->suite};
	char hint[96];

	if (s->suite && !suite_exists(r, s->suite, &nearest))
		return error_set(e, "there is no suite '%s'%s", s->suite,
		                 nearest_hint(&nearest, hint, sizeof(hint)));
	for (size_t i = 0; i < s->n_names; i++) {
		bool found = !is_variant(s->names[i]);

		nearest = (struct nearest){.word = s->names[i]};
		for (size_t f = 0; f < r->n_files; f++) {
			for (size_t k = 0; k < r->files[f].n_rows; k++)
				nearest_offer(&nearest, r->files[f].rows[k].variant);
		}
		for (size_t k = 0; k < r->n_cases && !found; k++)
			found = r->cases[k].row ? strcmp(r->cases[k].variant, s->names[i]) == 0 : true;
		if (!found)
			return error_set(e, "nothing is expected of '%s'%s (files end in .expect or .trace)",
			                 s->names[i], nearest_hint(&nearest, hint, sizeof(hint)));
	}
	return r->n_cases > 0 ? 0 : error_set(e, "no expectations and no traces: nothing to do");
}

int regress_plan(struct regress *r, const struct regress_settings *settings, struct error *e)
{
	*r = (struct regress){.settings = settings};
	if (read_inputs(r, e))
		return -1;
	for (size_t i = 0; i < r->n_files; i++) {
		if (plan_file(r, &r->files[i], e))
			return -1;
	}
	for (size_t i = 0; i < r->n_traces; i++) {
		if (plan_trace(r, r->traces[i], e))
			return -1;
	}
	return check_selection(r, e);
}

/* Does no clause of a failing line turn out to be violated? Then nothing is known of what is. */
static bool survives(const struct regress *r, const struct regress_case *c)
{
	if (!c->row || c->row->verdict.pass)
		return false;
	for (unsigned i = 0; i < c->row->verdict.n_clauses; i++) {
		int number = c->clause_job[i];

		if (number >= 0 && r->jobs.job[number].run.result.verdict != CHECK_PASS)
			return false;
	}
	return true;
}

int regress_plan_again(struct regress *r, struct error *e)
{
	for (size_t i = 0; i < r->n_cases; i++) {
		struct regress_case *c = &r->cases[i];

		if (survives(r, c) &&
		    (add_job(r, c->row, PROPERTIES_USUAL, true, &c->again, e) || open_job(r, c, c->again, e)))
			return -1;
	}
	return 0;
}

void regress_free(struct regress *r)
{
	for (size_t i = 0; i < r->n_cases; i++) {
		struct regress_case *c = &r->cases[i];

		for (unsigned k = 0; k < c->n_differences; k++) {
			free(c->differences[k].what);
			free(c->differences[k].command);
		}
		free(c->name);
		free(c->expected);
		free(c->found);
	}
	for (size_t i = 0; i < r->n_files; i++)
		expect_free(&r->files[i]);
	for (size_t i = 0; i < r->n_traces; i++)
		free(r->traces[i]);
	jobs_free(&r->jobs);
	free(r->cases);
	free(r->files);
	free(r->traces);
	*r = (struct regress){0};
}
