/* SPDX-License-Identifier: MIT */
/* A trace of the corpus must still happen. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "regress.h"
#include "replay_run.h"

int regress_trace_variant(const char *path, char **variant, struct error *e)
{
	struct trace t;

	if (trace_read(path, &t, e))
		return -1;
	*variant = strdup(t.variant);
	trace_free(&t);
	return *variant ? 0 : error_set(e, "out of memory");
}

static char *replay_command(const char *path)
{
	char *word = regress_shell_word(path), *command;
	size_t bytes;

	if (!word)
		return NULL;
	bytes = strlen(word) + sizeof("lazyswitch replay ");
	command = malloc(bytes);
	if (command)
		(void)snprintf(command, bytes, "lazyswitch replay %s", word);
	free(word);
	return command;
}

/* What a replay ended in, in the words of an expectation. */
static char *found_text(const struct followed *f)
{
	char text[128];

	switch (f->outcome) {
	case TRACE_DIVERGED:
		(void)snprintf(text, sizeof(text), "diverged");
		break;
	case TRACE_INCOMPLETE:
		(void)snprintf(text, sizeof(text), "not finished");
		break;
	case TRACE_NO_VIOLATION:
		(void)snprintf(text, sizeof(text), "no violation");
		break;
	default:
		(void)snprintf(text, sizeof(text), "violates %s", world_property_names[f->property]);
	}
	return strdup(text);
}

static char *expected_text(const struct trace *t)
{
	char text[128];

	(void)snprintf(text, sizeof(text), "violates %s",
	               t->property < 0 ? "a property" : world_property_names[t->property]);
	return strdup(text);
}

static int compare(struct regress_case *c, const struct replay_run *run)
{
	const struct followed *f = &run->followed;

	c->expected = expected_text(&run->trace);
	if (!c->expected)
		return -1;
	if (run->status == STATUS_INTERNAL || (!run->story && run->error.text[0] != '\0')) {
		c->exit = run->status;
		return regress_differ(c, CASE_ERROR, replay_command(c->name), "%s", run->error.text);
	}
	c->found = found_text(f);
	if (!c->found)
		return -1;
	if (f->outcome == TRACE_REPRODUCED)
		return 0;
	if (f->outcome == TRACE_INCOMPLETE) {
		c->exit = STATUS_UNFINISHED;
		return regress_differ(c, CASE_INCOMPLETE, replay_command(c->name), "%s", f->why.text);
	}
	c->exit = STATUS_VIOLATED;
	if (f->outcome == TRACE_DIVERGED)
		return regress_differ(c, CASE_CHANGED, replay_command(c->name), "%s", f->why.text);
	if (f->outcome == TRACE_NO_VIOLATION)
		return regress_differ(c, CASE_CHANGED, replay_command(c->name), "no step violates anything");
	return regress_differ(c, CASE_CHANGED, replay_command(c->name), "step %zu violates %s: %s", f->steps,
	                      world_property_names[f->property], f->violation.text);
}

int regress_judge_trace(struct regress_case *c)
{
	static const struct replay_settings settings = {0};
	struct replay_run *run = calloc(1, sizeof(*run));
	int status = -1;

	if (run) {
		replay_run(run, c->name, &settings);
		status = compare(c, run);
		replay_run_close(run);
	}
	free(run);
	return status;
}
