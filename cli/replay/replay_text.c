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

void replay_verdict(const struct replay_run *run, FILE *out)
{
	const struct followed *f = &run->followed;
	size_t length = replay_length(run);
	const char *property = f->property >= 0 ? world_property_names[f->property] : "";

	switch (f->outcome) {
	case TRACE_REPRODUCED:
		if (f->livelock)
			(void)fprintf(out,
			              "reproduced: steps %zu to %zu can be repeated for ever, which "
			              "violates %s\n",
			              f->loop + 1, f->steps, property);
		else
			(void)fprintf(out, "reproduced: step %zu of %zu %s %s\n", f->steps, length,
			              f->standstill ? "leads to" : "violates", property);
		break;
	case TRACE_OTHER_VIOLATION:
		(void)fprintf(out, "another violation: step %zu of %zu %s %s, not %s\n", f->steps, length,
		              f->standstill ? "leads to" : "violates", property,
		              world_property_names[run->trace.property]);
		break;
	case TRACE_NO_VIOLATION:
		(void)fprintf(out, "no violation in %zu of %zu step%s\n", f->steps, length, plural(length));
		break;
	case TRACE_DIVERGED:
		(void)fprintf(out, "diverged behind %zu of %zu step%s: line %u is not possible\n", f->steps,
		              length, plural(length), f->line);
		break;
	case TRACE_INCOMPLETE:
		(void)fprintf(out, "not finished: how it ends is not known\n");
		break;
	}
}

static void print_search(const struct followed *f, const char *before, FILE *out)
{
	size_t added = f->steps - f->lines;

	if (f->states > 0 && f->outcome == TRACE_REPRODUCED)
		(void)fprintf(out,
		              "%sopen steps: this is the first of the completions with the fewest steps; "
		              "states seen: %zu\n",
		              before, f->states);
	else if (f->states > 0 && f->outcome != TRACE_INCOMPLETE)
		(void)fprintf(out,
		              "%sopen steps: no completion reproduces it, this one comes closest; states "
		              "seen: %zu\n",
		              before, f->states);
	else if (added > 0)
		(void)fprintf(
		        out,
		        "%s%zu step%s not in the trace: the CPU had to go on until the next was possible\n",
		        before, added, added == 1 ? " is" : "s are");
}

static void print_minimized(const struct replay_run *run, const char *before, FILE *out)
{
	const struct minimized *m = &run->minimized;

	if (m->left_out == 0 && m->simplified == 0 && m->complete)
		(void)fprintf(
		        out,
		        "%sminimal: no step of it can be left out (what check finds is a shortest schedule "
		        "already: it searches breadth first)\n",
		        before);
	else
		(void)fprintf(
		        out,
		        "%sminimized: %zu of %zu steps left out, %zu choice%s made the first possibility%s\n",
		        before, m->left_out, m->left_out + run->followed.steps, m->simplified,
		        plural(m->simplified),
		        m->complete ? "; no step of this can be left out"
		                    : "; not finished: more might go, minimize it again");
}

void replay_notes(const struct replay_run *run, const char *before, FILE *out)
{
	const struct trace *t = &run->trace;
	const struct followed *f = &run->followed;

	if (f->outcome == TRACE_REPRODUCED && !followed_as_seen(t, run->variant.image, f))
		(void)fprintf(out, "%sthe trace says otherwise: cpu%u, at %s: %s\n", before, t->seen.cpu,
		              t->seen.where, t->seen.text);
	if (f->dropped_closings > 0)
		(void)fprintf(out, "%s%zu of the trace's places where steps end %s not in this image\n",
		              before, f->dropped_closings, f->dropped_closings == 1 ? "is" : "are");
	if (run->asked && !run->minimal)
		(void)fprintf(out, "%snot minimized: it ends in no violation\n", before);
	if (run->minimal)
		print_minimized(run, before, out);
	else
		print_search(f, before, out);
}

void replay_text(const struct replay_run *run)
{
	if (run->story) {
		print_heading(run);
		if (run->followed.outcome != TRACE_INCOMPLETE)
			story_print(run->story, stdout);
		if (run->followed.outcome != TRACE_INCOMPLETE) {
			watches_print(&run->watches, stdout);
			(void)putchar('\n');
		}
		replay_verdict(run, stdout);
		replay_notes(run, "  ", stdout);
		if (run->trace_file[0] != '\0')
			(void)printf("trace: %s\n", run->trace_file);
	}
	if (run->error.text[0] != '\0')
		complain("%s", run->error.text);
}
