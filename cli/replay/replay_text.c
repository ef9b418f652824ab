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
	const struct trace *t = &run->trace;
	const char *property = f->property >= 0 ? world_property_names[f->property] : "";

	switch (f->outcome) {
	case TRACE_REPRODUCED:
		if (f->livelock)
			(void)fprintf(out,
			              "reproduced: steps %zu to %zu can be repeated for ever, which "
			              "violates %s\n",
			              f->loop + 1, f->steps, property);
		else
			(void)fprintf(out, "reproduced: step %zu of %zu %s %s\n", f->steps, t->n_steps,
			              f->standstill ? "leads to" : "violates", property);
		break;
	case TRACE_OTHER_VIOLATION:
		(void)fprintf(out, "another violation: step %zu of %zu %s %s, not %s\n", f->steps, t->n_steps,
		              f->standstill ? "leads to" : "violates", property,
		              world_property_names[t->property]);
		break;
	case TRACE_NO_VIOLATION:
		(void)fprintf(out, "no violation in %zu of %zu step%s\n", f->steps, t->n_steps,
		              plural(t->n_steps));
		break;
	case TRACE_DIVERGED:
		(void)fprintf(out, "diverged behind %zu of %zu step%s: line %u is not possible\n", f->steps,
		              t->n_steps, plural(t->n_steps), f->line);
		break;
	}
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
}

void replay_text(const struct replay_run *run)
{
	if (run->story) {
		print_heading(run);
		story_print(run->story, stdout);
		(void)putchar('\n');
		replay_verdict(run, stdout);
		replay_notes(run, "  ", stdout);
		if (run->trace_file[0] != '\0')
			(void)printf("trace: %s\n", run->trace_file);
	}
	if (run->error.text[0] != '\0')
		complain("%s", run->error.text);
}
