/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "output.h"
#include "replay_run.h"

static const char *plural(size_t n)
{
	return n == 1 ? "" : "s";
}

static void print_heading(const struct replay_run *run)
{
	const struct trace *t = &run->trace;

	(void)printf("%s: %zu step%s, on %s", t->name, t->n_steps, plural(t->n_steps), run->variant.name);
	if (!t->hashed)
		(void)printf("\n\n");
	else if (run->same_image)
		(void)printf(", the image of the trace\n\n");
	else
		(void)printf(", not the image that the trace is of\n\n");
}

static void print_verdict(const struct replay_run *run)
{
	const struct followed *f = &run->followed;
	size_t length = replay_length(run);
	const char *property = f->property >= 0 ? world_property_names[f->property] : "";

	switch (f->outcome) {
	case TRACE_REPRODUCED:
		if (f->livelock)
			(void)printf("\nreproduced: steps %zu to %zu can be repeated for ever, which "
			             "violates %s\n",
			             f->loop + 1, f->steps, property);
		else
			(void)printf("\nreproduced: step %zu of %zu %s %s\n", f->steps, length,
			             f->standstill ? "leads to" : "violates", property);
		break;
	case TRACE_OTHER_VIOLATION:
		(void)printf("\nanother violation: step %zu of %zu %s %s, not %s\n", f->steps, length,
		             f->standstill ? "leads to" : "violates", property,
		             world_property_names[run->trace.property]);
		break;
	case TRACE_NO_VIOLATION:
		(void)printf("\nno violation in %zu of %zu step%s\n", f->steps, length, plural(length));
		break;
	case TRACE_DIVERGED:
		(void)printf("\ndiverged behind %zu of %zu step%s: line %u is not possible\n", f->steps,
		             length, plural(length), f->line);
		break;
	case TRACE_INCOMPLETE:
		(void)printf("not finished: how it ends is not known\n");
		break;
	}
}

static void print_search(const struct followed *f)
{
	size_t added = f->steps - f->lines;

	if (f->states > 0 && f->outcome == TRACE_REPRODUCED)
		(void)printf("  open steps: this is the first of the completions with the fewest steps; "
		             "states seen: %zu\n",
		             f->states);
	else if (f->states > 0 && f->outcome != TRACE_INCOMPLETE)
		(void)printf("  open steps: no completion reproduces it, this one comes closest; states "
		             "seen: %zu\n",
		             f->states);
	else if (added > 0)
		(void)printf(
		        "  %zu step%s not in the trace: the CPU had to go on until the next was possible\n",
		        added, added == 1 ? " is" : "s are");
}

static void print_minimized(const struct replay_run *run)
{
	const struct minimized *m = &run->minimized;

	if (m->left_out == 0 && m->simplified == 0 && m->complete)
		(void)printf(
		        "  minimal: no step of it can be left out (what check finds is a shortest schedule "
		        "already: it searches breadth first)\n");
	else
		(void)printf(
		        "  minimized: %zu of %zu steps left out, %zu choice%s made the first possibility%s\n",
		        m->left_out, m->left_out + run->followed.steps, m->simplified, plural(m->simplified),
		        m->complete ? "; no step of this can be left out"
		                    : "; not finished: more might go, minimize it again");
}

static void print_notes(const struct replay_run *run)
{
	const struct trace *t = &run->trace;
	const struct followed *f = &run->followed;

	if (f->outcome == TRACE_REPRODUCED && !followed_as_seen(t, run->variant.image, f))
		(void)printf("  the trace says otherwise: cpu%u, at %s: %s\n", t->seen.cpu, t->seen.where,
		             t->seen.text);
	if (f->dropped_closings > 0)
		(void)printf("  %zu of the trace's places where steps end %s not in this image\n",
		             f->dropped_closings, f->dropped_closings == 1 ? "is" : "are");
	if (run->asked && !run->minimal)
		(void)printf("  not minimized: it ends in no violation\n");
	if (run->minimal)
		print_minimized(run);
	else
		print_search(f);
	if (run->trace_file[0] != '\0')
		(void)printf("trace: %s\n", run->trace_file);
}

void replay_text(const struct replay_run *run)
{
	if (run->story) {
		print_heading(run);
		if (run->followed.outcome != TRACE_INCOMPLETE)
			story_print(run->story, stdout);
		print_verdict(run);
		print_notes(run);
	}
	if (run->error.text[0] != '\0')
		complain("%s", run->error.text);
}
