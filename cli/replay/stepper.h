/* SPDX-License-Identifier: MIT */
/* replay --step: a run, forward and back, by commands. */
#ifndef LAZYSWITCH_CLI_STEPPER_H
#define LAZYSWITCH_CLI_STEPPER_H

#include "replay_run.h"
#include "replay_watch.h"
#include "traces/report/path.h"

struct stepper {
	const struct replay_run *run;
	struct watches watches;
	struct report_texts texts;
	struct report_sources sources;
	struct path path;
	size_t at, steps; /* the step behind which one stands; 0: boot */
	bool over;        /* `quit` */
	FILE *out;
};

/* Reads commands from standard input until it ends or says so. Returns 0, or -1 with `e` filled in. */
int stepper_run(const struct replay_run *run, const struct replay_settings *settings, struct error *e);

/* stepper_commands.c: carries out one line; an empty one repeats `before`, which must stay. What is wrong is said on `out`. */
void stepper_command(struct stepper *s, const char *line);
/* Names of commands, then NULL. */
extern const char *const stepper_names[];

/* stepper_show.c: the step; fields whose names contain a word; the source where its CPU stands, so many lines before and behind; all steps. */
void stepper_show_step(const struct stepper *s);
void stepper_show_state(const struct stepper *s, const char *word);
void stepper_show_source(const struct stepper *s, size_t lines);
void stepper_show_list(const struct stepper *s);

#endif
