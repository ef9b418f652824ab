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
	const struct trace *t = &run->trace;
	const char *property = f->property >= 0 ? world_property_names[f->property] : "";

	switch (f->outcome) {
	case TRACE_REPRODUCED:
		if (f->livelock)
			(void)printf("\nreproduced: steps %zu to %zu can be repeated for ever, which "
			             "violates %s\n",
			             f->loop + 1, f->steps, property);
		else
			(void)printf("\nreproduced: step %zu of %zu %s %s\n", f->steps, t->n_steps,
			             f->standstill ? "leads to" : "violates", property);
		break;
	case TRACE_OTHER_VIOLATION:
		(void)printf("\nanother violation: step %zu of %zu %s %s, not %s\n", f->steps, t->n_steps,
		             f->standstill ? "leads to" : "violates", property,
		             world_property_names[t->property]);
		break;
	case TRACE_NO_VIOLATION:
		(void)printf("\nno violation in %zu of %zu step%s\n", f->steps, t->n_steps,
		             plural(t->n_steps));
		break;
	case TRACE_DIVERGED:
		(void)printf("\ndiverged behind %zu of %zu step%s: line %u is not possible\n", f->steps,
		             t->n_steps, plural(t->n_steps), f->line);
		break;
	}
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
	if (run->trace_file[0] != '\0')
		(void)printf("trace: %s\n", run->trace_file);
}

void replay_text(const struct replay_run *run)
{
	if (run->story) {
		print_heading(run);
		story_print(run->story, stdout);
		print_verdict(run);
		print_notes(run);
	}
	if (run->error.text[0] != '\0')
		complain("%s", run->error.text);
}
