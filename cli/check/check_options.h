/* SPDX-License-Identifier: MIT */
/* The options of lazyswitch check. */
#ifndef LAZYSWITCH_CLI_CHECK_OPTIONS_H
#define LAZYSWITCH_CLI_CHECK_OPTIONS_H

#include "search_options.h"

enum check_format { FORMAT_TEXT, FORMAT_JSON, FORMAT_JUNIT, FORMAT_KTAP, FORMAT_SARIF, FORMAT_MAIL };
enum check_each { EACH_UNSAID, EACH_ON, EACH_OFF };

struct check_settings {
	struct search_settings search;
	enum check_format format;
	enum check_each each_said;
	bool each;             /* check each prefix of the series of patches; settled when it has been read */
	bool all;              /* every cause, not only the first violation */
	bool stats;            /* say how the search went */
	bool verify;           /* what the reductions assume */
	const char *trace_out; /* directory, or NULL */
	const char *checkpoint;  /* file, or NULL; with either of these there is one name */
	double checkpoint_every; /* seconds; 0: only in the end */
	const char *resume;      /* file, or NULL */
	bool keep_trace;         /* in memory */
	const char **names;      /* variants; owned */
	size_t n_names;
};

/*
 * Parses the command line; without variants, `names` becomes all shipped ones. Returns what command_parse()
 * does. The caller frees settings->names in either case.
 */
int check_options(int argc, char **argv, struct check_settings *settings);

#endif
