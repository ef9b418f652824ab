/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "graph.h"
#include "output.h"
#include "replay_run.h"
#include "system_text.h"
#include "traces/picture/chart.h"

/* What stands above and below the chart, both to be freed; NULL when out of memory. */
static char *system_of(const struct replay_run *run)
{
	char *text = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	if (!f)
		return NULL;
	system_text(f, &run->trace.config);
	(void)fclose(f);
	return text;
}

static char *verdict_of(const struct replay_run *run)
{
	const struct violation *seen = story_violation(run->story);
	char *text = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	if (!f)
		return NULL;
	replay_verdict(run, f);
	if (seen)
		(void)fprintf(f, "%s\n", seen->text);
	replay_notes(run, "", f);
	(void)fclose(f);
	return text;
}

static struct drawing *draw(const struct replay_run *run, struct error *e)
{
	const struct followed *f = &run->followed;
	const char *slash = strrchr(run->trace.name, '/');
	char title[512], *verdict = verdict_of(run), *system = system_of(run);
	struct columns columns = {0};
	struct drawing *drawing = NULL;

	(void)snprintf(title, sizeof(title), "%s on %s", slash ? slash + 1 : run->trace.name,
	               run->variant.name);
	if (!system || !verdict) {
		error_set(e, "out of memory for the picture");
	} else if (columns_record(&columns, run->world, f->learnt, f->labels, f->steps, f->property, e) ==
	           0) {
		const struct chart chart = {
		        .title = title,
		        .system = system,
		        .verdict = verdict,
		        .world = run->world,
		        .story = run->story,
		        .columns = &columns,
		};

		drawing = chart_draw(&chart, e);
	}
	columns_free(&columns);
	free(system);
	free(verdict);
	return drawing;
}

struct drawing *graph_trace(const struct graph_settings *s, enum exit_status *status, struct error *e)
{
	const struct replay_settings settings = {.on = s->on, .build = s->search.build, .until = s->until};
	struct drawing *drawing = NULL;
	struct replay_run run;

	replay_run(&run, s->name, &settings);
	if (!run.story) {
		*e = run.error;
		*status = run.status;
	} else {
		drawing = draw(&run, e);
		*status = !drawing                                 ? STATUS_USAGE
		          : run.followed.outcome == TRACE_DIVERGED ? STATUS_UNFINISHED
		                                                   : STATUS_HOLDS;
		/* One that diverges is drawn as far as it goes. */
		if (*status == STATUS_UNFINISHED)
			complain("%s", run.error.text);
	}
	replay_run_close(&run);
	return drawing;
}
