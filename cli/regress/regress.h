/* SPDX-License-Identifier: MIT */
/* lazyswitch regress: what is expected, compared with what is found. */
#ifndef LAZYSWITCH_CLI_REGRESS_H
#define LAZYSWITCH_CLI_REGRESS_H

#include "expect.h"
#include "jobs.h"

enum regress_format { REGRESS_TEXT, REGRESS_JSON, REGRESS_JUNIT, REGRESS_KTAP, REGRESS_SARIF };

struct regress_settings {
	const char **names; /* directories, files, variants; owned */
	size_t n_names;
	const char *suite; /* NULL: all */
	enum regress_format format;
	bool update, print, verbose;
	struct jobs_limits limits;
	double timeout; /* for each search; 0: none */
};

enum case_status { CASE_SAME, CASE_CHANGED, CASE_INCOMPLETE, CASE_ERROR };

/* One thing that is not as expected, or not known. */
struct difference {
	char *what;    /* a sentence without its full stop; owned */
	char *command; /* that shows it, or NULL; owned */
};

enum { DIFFERENCES_MAX = EXPECT_CLAUSES_MAX + EXPECT_CEILINGS_MAX + 4 };

/* A line of an expectations file, or a trace of the corpus. */
struct regress_case {
	const char *suite;
	char *name;       /* "v3 --endian big", or the trace's file; owned */
	const char *file; /* where it is written */
	unsigned line;    /* 0: of a trace */
	const char *variant;
	const struct expectation *row;      /* NULL: a trace */
	int clause_job[EXPECT_CLAUSES_MAX]; /* jobs that decide about the clauses of a fail; -1: see `job` */
	int job;                            /* pass: of all properties; fail: of those that hold, or -1 */
	int again; /* of all properties, when no clause of a fail is violated any more; or -1 */

	enum case_status status;
	enum exit_status exit; /* what it contributes */
	char *expected,
	        *found; /* as words of an expectations file, or of a trace; owned; found may be NULL */
	struct expect_verdict found_verdict; /* of a row that changed */
	bool found_known;                    /* found_verdict is complete: the file may be updated */
	struct difference differences[DIFFERENCES_MAX];
	unsigned n_differences;
	double seconds;
};

struct regress {
	const struct regress_settings *settings;
	struct expect_file *files;
	size_t n_files;
	bool shipped;  /* the only file is the one inside the program */
	char **traces; /* paths of trace files */
	size_t n_traces;
	struct regress_case *cases; /* in the order of files and lines, then traces */
	size_t n_cases;
	struct jobs jobs;
};

/* Parses the command line. Returns what command_parse() does; the caller frees settings->names in either
 * case. */
int regress_options(int argc, char **argv, struct regress_settings *settings);

/* Expectations that are embedded into the program: about bugs of the past, if that is the suite; or about what ships. */
#define REGRESS_HISTORY "history"
struct embedded_text {
	const char *name, *begin;
	size_t bytes;
};
struct embedded_text regress_embedded(const char *suite);

/*
 * Finds and reads everything that the command line names; adds cases and jobs. Returns 0, or -1 with `e`
 * filled in; call regress_free() in either case.
 */
int regress_plan(struct regress *r, const struct regress_settings *settings, struct error *e);
void regress_free(struct regress *r);

/* After the jobs have run: adds jobs that are needed to say what is there instead. Returns 0, or -1 with `e`.
 */
int regress_plan_again(struct regress *r, struct error *e);

/* After all jobs have run: compares. Returns 0, or -1 when out of memory. */
int regress_judge(struct regress *r);

/* Reads a trace and says which variant it is of (owned by the caller). Returns 0, or -1 with `e` filled in.
 */
int regress_trace_variant(const char *path, char **variant, struct error *e);

/* Replays a trace of the corpus on its own variant, and judges it. Returns 0, or -1 when out of memory. */
int regress_judge_trace(struct regress_case *c);

/* A word as a shell takes it, in quotes if it needs them. Owned by the caller; NULL when out of memory. */
char *regress_shell_word(const char *word);

/* Adds a difference: what (printf's format) and, if not NULL, a command that this takes over. */
int regress_differ(struct regress_case *c, enum case_status status, char *command, const char *format, ...)
        __attribute__((format(printf, 4, 5)));

/* Reports. Return 0, or -1 when out of memory. */
int regress_text(const struct regress *r, double seconds);
int regress_json(const struct regress *r, double seconds);
int regress_report(const struct regress *r); /* JUnit or KTAP */
int regress_sarif(const struct regress *r, enum exit_status status);

/* "same", "changed", "incomplete", "error" */
const char *case_status_name(enum case_status status);

#endif
