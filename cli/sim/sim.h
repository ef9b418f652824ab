/* SPDX-License-Identifier: MIT */
/* Random walks of variants, as the command line asks for them. */
#ifndef LAZYSWITCH_CLI_SIM_H
#define LAZYSWITCH_CLI_SIM_H

#include <jansson.h>
#include <signal.h>

#include "command.h"
#include "search_options.h"
#include "sim/walk.h"
#include "traces/story.h"
#include "session/variant.h"

struct sim_settings {
	struct search_settings search;
	const char **names; /* variants */
	size_t n_names;
	uint64_t steps, walk_steps, seed;
	const char *workload; /* as given; NULL: uniform */
	struct workload weights;
	bool compare, json, list;
	const char *trace_out;
};

/* One variant's walks. */
struct sim_run {
	const char *name;
	enum exit_status status;
	struct error error; /* empty: nothing went wrong */
	struct variant variant;
	struct world *world;
	struct walk_result walks;
	struct story *story; /* of a violation */
	char trace_file[4096];
};

/* sim_run.c: what goes wrong is in status and error. To be closed. */
void sim_run(struct sim_run *run, const char *name, const struct sim_settings *s,
             const volatile sig_atomic_t *interrupted);
void sim_run_close(struct sim_run *run);

/* sim_text.c: what was seen of one; the costs of all, side by side. */
void sim_text(const struct sim_run *run);
void sim_table(const struct sim_run *runs, size_t n);

/* sim_json.c: the document; NULL when out of memory. */
json_t *sim_json(const struct sim_run *runs, size_t n, const struct sim_settings *s);

#endif
