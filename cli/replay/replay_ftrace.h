/* SPDX-License-Identifier: MIT */
/* lazyswitch replay --ftrace: is there a way to fill a recorded schedule in that violates a property? */
#ifndef LAZYSWITCH_CLI_REPLAY_FTRACE_H
#define LAZYSWITCH_CLI_REPLAY_FTRACE_H

#include "build_options.h"
#include "command.h"
#include "traces/ftrace/mapping.h"

struct ftrace_settings {
	const char *file; /* NULL: --ftrace was not given; "-": standard input */
	bool said;        /* an option was given that needs it */
	struct mapping_said tasks[MAPPING_SAID_MAX];
	size_t n_tasks;
	bool big_endian;     /* the image */
	uint32_t env;        /* set of enum world_env */
	uint32_t properties; /* bit set; 0: the usual ones */
	size_t max_memory;   /* bytes; 0: three quarters of the machine's */
	double timeout;      /* seconds; 0: none */
	uint64_t max_states; /* 0: no limit */
};

enum replay_ftrace_key {
	KEY_FTRACE = 0x380,
	KEY_FTRACE_TASK,
	KEY_FTRACE_ENDIAN,
	KEY_FTRACE_ENV,
	KEY_FTRACE_PROPERTY,
	KEY_FTRACE_MEMORY,
	KEY_FTRACE_TIMEOUT,
};

/* One option. Returns 0, EINVAL with `e` filled in, or ARGP_ERR_UNKNOWN. */
error_t replay_ftrace_option(int key, const char *arg, struct ftrace_settings *s, struct error *e);

/* Searches, and tells what comes of it. `variant` as on the command line; trace_out: directory, or NULL. */
enum exit_status replay_ftrace(const struct ftrace_settings *s, const char *variant,
                               const struct build_settings *build, const char *trace_out);

#endif
