/* SPDX-License-Identifier: MIT */
/* One trace replayed. */
#ifndef LAZYSWITCH_CLI_REPLAY_RUN_H
#define LAZYSWITCH_CLI_REPLAY_RUN_H

#include "build_options.h"
#include "command.h"
#include "replay_ftrace.h"
#include "traces/follow.h"
#include "traces/story.h"
#include "variant.h"

enum replay_format { REPLAY_TEXT, REPLAY_JSON, REPLAY_HTML, REPLAY_FTRACE, REPLAY_PERFETTO };

struct replay_settings {
	const char **files; /* as given; "-": standard input */
	size_t n_files;
	const char *on; /* variant; NULL: each trace's own */
	struct build_settings build;
	size_t until; /* 0: to the end */
	enum replay_format format;
	const char *trace_out; /* directory, or NULL */
	struct ftrace_settings ftrace;
	const char *output; /* REPLAY_HTML: file; NULL: standard output */
};

struct replay_run {
	const char *file;
	enum exit_status status;
	struct error error; /* what went wrong, or where it diverged; empty: nothing */

	/* As far as things went: */
	struct trace trace;
	struct variant variant;
	struct world *world;
	bool same_image; /* as the trace was written with */
	struct followed followed;
	struct story *story;   /* NULL: it came to none, and `error` says why */
	char trace_file[4096]; /* written again; empty: not */
};

/* Reads a trace, replays it, writes it again if asked to. All that can go wrong ends up in status and error.
 */
void replay_run(struct replay_run *run, const char *file, const struct replay_settings *settings);
void replay_run_close(struct replay_run *run);

/* replay_text.c: prints the story and the verdict; what went wrong goes to standard error. */
void replay_text(const struct replay_run *run);
/* The verdict, in one line; remarks on it, a line each, behind `before`. */
void replay_verdict(const struct replay_run *run, FILE *out);
void replay_notes(const struct replay_run *run, const char *before, FILE *out);

/* replay_json.c: prints the document. Returns 0, or -1 when out of memory. */
int replay_json(const struct replay_run *runs, size_t n);

/* replay_timeline.c: prints a run with a story for others. Returns its status, or what went wrong. */
enum exit_status replay_timeline(const struct replay_run *run, enum replay_format format);

/* replay_html.c: writes the report of a run with a story. Returns 0, or -1 with `e` filled in. */
int replay_html(const struct replay_run *run, const char *output, struct error *e);

#endif
