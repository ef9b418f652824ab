/* SPDX-License-Identifier: MIT */
/*
 * Reads trace files: docs/reference/trace-format.md. What the steps mean, on a given system,
 * is found out by following them: follow.h.
 */
#ifndef LAZYSWITCH_TRACES_READER_H
#define LAZYSWITCH_TRACES_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "model/world/machine.h"

enum {
	TRACE_VERSION = 2,          /* the newest that is read */
	TRACE_VERSION_EXACT = 1,    /* nothing is filled in, no step is open; what is written */
	TRACE_FILE_MAX = 32 << 20,  /* bytes */
	TRACE_LINE_MAX = 8192,      /* bytes */
	TRACE_STEPS_MAX = 100000,   /* in a file */
	TRACE_CLOSINGS_MAX = 10000, /* in a file */
	TRACE_OPEN_MAX = 100,       /* steps in place of one that is open */
	TRACE_FILL_MAX = 10000,     /* steps before one that is not possible at once */
	TRACE_CPU_ANY = NR_CPUS,    /* an open step does not say which */
};

/* One choice of a step by its meaning: "pick=vmm0". */
struct trace_choice {
	enum world_question question;
	const char *value; /* NULL, while a trace is made simpler: the first possibility */
	unsigned column;
};

struct trace_step {
	unsigned line;
	unsigned cpu;    /* or TRACE_CPU_ANY */
	const char *who; /* who runs there; NULL: not said */
	int action;      /* enum world_action; -1: not said */
	unsigned open;   /* "choose * N": N; what it does not say is searched for. 0: it is not open */
	unsigned n_choices;
	size_t choices;    /* the first of them, in trace->choices */
	const char *place; /* behind @, for people; NULL: not said */
	unsigned who_column, action_column;
};

/* An instruction before which steps end. */
struct trace_closing {
	const char *where; /* "symbol+0x1c", or an address */
	unsigned line;
};

/* What was seen at the end when the trace was written. */
struct trace_seen {
	unsigned cpu;
	const char *where; /* as a closing */
	const char *text;  /* as in struct violation */
};

struct trace {
	char *name; /* for messages: the file's */
	unsigned version;
	char *comment; /* the comment lines before the first step, each with its '#' and '\n'; may be empty */
	const char *variant; /* as named on the command line, a name or a path */
	bool all;            /* only what the last step violates counts: it was found with check --all */
	bool hashed;
	uint64_t hash; /* of its ELF file, if `hashed` */
	struct world_config config;
	bool big_endian;
	int property;      /* what its last step violates; -1: not said */
	uint32_t searched; /* set of properties; not said: `property` alone, or the usual ones */

	size_t loop; /* the first of the steps that are repeated for ever, counted from 1; 0: none are */

	/* How steps were cut where it was found. Not `learnt`: not said. */
	bool learnt;
	uint32_t shared; /* as in struct learnt */
	struct trace_closing *closings;
	size_t n_closings;

	bool seen_said;
	struct trace_seen seen;

	struct trace_step *steps;
	size_t n_steps, n_open;       /* so many of them are open */
	struct trace_choice *choices; /* of all steps */
	size_t n_choices;

	char *text; /* what the strings point into */
};

/*
 * Reads a trace file. Returns 0, or -1 with `e` filled in ("FILE:LINE:COLUMN: message", columns in bytes from
 * 1; or "FILE: message" if it cannot be read at all); then there is nothing to free.
 */
int trace_read(const char *path, struct trace *t, struct error *e);

/* The same from a stream, read to its end; `name` is used in messages. */
int trace_read_stream(FILE *f, const char *name, struct trace *t, struct error *e);

/* The same from memory: any bytes. */
int trace_parse(const char *name, const char *bytes, size_t size, struct trace *t, struct error *e);

void trace_free(struct trace *t);

#endif
