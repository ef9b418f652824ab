/* SPDX-License-Identifier: MIT */
/* lazyswitch reproduce: counterexamples on an emulated board. */
#ifndef LAZYSWITCH_CLI_REPRODUCE_H
#define LAZYSWITCH_CLI_REPRODUCE_H

#include "replay_run.h"
#include "traces/board/judge.h"

struct reproduce_settings {
	struct replay_settings replay; /* files, --on, the options of builds */
	const char *emulator;
	const char *output; /* the program is kept here; NULL: it is not */
	unsigned seconds;   /* that the board may be silent */
	bool json;
};

enum reproduce_outcome {
	REPRODUCE_OBSERVED,
	REPRODUCE_NOT_OBSERVED,
	REPRODUCE_UNABLE,  /* the run needs what the emulated board does not have */
	REPRODUCE_DIFFERS, /* board and model do not agree on the run */
	REPRODUCE_ERROR,
};

struct reproduction {
	struct replay_run run;
	struct board_schedule *schedule; /* NULL: it came to none */
	struct board_judgement judgement;
	enum reproduce_outcome outcome;
	enum exit_status status;
	struct error error; /* what went wrong, or why it is not able to */
};

/* "observed", "not-observed", "unable", "differs", "error": the words of every format. */
const char *reproduce_outcome_name(enum reproduce_outcome outcome);

/* Makes the program of a trace and runs it. All that can go wrong ends up in status and error. */
void reproduce_run(struct reproduction *p, const char *file, const struct reproduce_settings *settings);
void reproduce_run_close(struct reproduction *p);

void reproduce_text(const struct reproduction *p);

/* A document, what one trace adds to it, and its end. NULL and -1: out of memory. */
struct json_t *reproduce_json_new(void);
int reproduce_json_add(struct json_t *document, const struct reproduction *p);
int reproduce_json_print(struct json_t *document); /* and frees it */

#endif
