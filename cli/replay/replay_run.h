/* SPDX-License-Identifier: MIT */
/* One trace replayed. */
#ifndef LAZYSWITCH_CLI_REPLAY_RUN_H
#define LAZYSWITCH_CLI_REPLAY_RUN_H

#include "build_options.h"
#include "command.h"
#include "replay_ftrace.h"
#include "replay_watch.h"
#include "traces/follow.h"
#include "traces/minimize.h"
#include "traces/story.h"
#include "session/variant.h"

enum replay_format { REPLAY_TEXT, REPLAY_JSON, REPLAY_HTML, REPLAY_FTRACE, REPLAY_PERFETTO, REPLAY_DAT };

struct replay_settings {
	const char **files; /* as given; "-": standard input */
	size_t n_files;
	const char *on; /* variant; NULL: each trace's own */
	bool on_all;    /* every variant that ships */
	struct build_settings build;
	size_t until;      /* 0: to the end */
	size_t max_states; /* in a search for open steps; 0: the usual */
	bool minimize;
	enum replay_format format;
	const char *trace_out; /* directory, or NULL */
	const char **watches;  /* expressions */
	size_t n_watches;
	bool step; /* by commands */
	struct ftrace_settings ftrace;
	const char *output; /* REPLAY_HTML, REPLAY_DAT: file; NULL: standard output */
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
	bool asked;   /* --minimize was given */
	bool minimal; /* `followed` is what is left of the trace, and `minimized` tells of it */
	struct minimized minimized;
	struct watches watches; /* if there are any */
	struct story *story;    /* NULL: it came to none, and `error` says why */
	char trace_file[4096];  /* written again; empty: not */
};

/* Reads a trace, replays it, writes it again if asked to. All that can go wrong ends up in status and error.
 */
void replay_run(struct replay_run *run, const char *file, const struct replay_settings *settings);
void replay_run_close(struct replay_run *run);

/* Steps of the whole run, were it to go on to the end of the trace: those that are filled in count, too. */
size_t replay_length(const struct replay_run *run);

/* What a trace file of this run says on top. */
struct trace_header;
struct trace_header replay_header(const struct replay_run *run);

/* replay_minimize.c: leaves out of a violating run what can be left out. Returns 0, or -1 with `e` filled in. */
int replay_minimize(struct replay_run *run, struct error *e);

/* replay_all.c: replays a trace on every variant that ships, and prints a table, or adds to the document. Returns the status. */
struct json_t;
enum exit_status replay_on_all(const char *file, const struct replay_settings *settings,
                               struct json_t *document);

/* replay_text.c: prints the story and the verdict; what went wrong goes to standard error. */
void replay_text(const struct replay_run *run);
/* The verdict, in one line; remarks on it, a line each, behind `before`. */
void replay_verdict(const struct replay_run *run, FILE *out);
void replay_notes(const struct replay_run *run, const char *before, FILE *out);

/* replay_json.c: a document, what a run adds to it, and its end. NULL and -1: out of memory. */
struct json_t *replay_json_new(void);
int replay_json_add(struct json_t *document, const struct replay_run *run);
int replay_json_print(struct json_t *document); /* and frees it */

/* replay_timeline.c: prints a run with a story for others. Returns its status, or what went wrong. */
enum exit_status replay_timeline(const struct replay_run *run, enum replay_format format, const char *output);

/* replay_html.c: writes the report of a run with a story. Returns 0, or -1 with `e` filled in. */
int replay_html(const struct replay_run *run, const char *output, struct error *e);

#endif
