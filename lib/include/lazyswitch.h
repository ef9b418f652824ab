/* SPDX-License-Identifier: MIT */
/*
 * liblazyswitch: does code that switches FP registers lazily let one context see another's? docs/reference/library.md has a tour.
 *
 * Errors: functions that return a pointer return NULL, and those that return an int a negative number, with the
 * message, for a person, in *e, which may be NULL. Bad input is an error, never an abort. Nothing is printed.
 *
 * Threads: there is no global state. Any function may be called by several threads at once; settings and cursors are for
 * one thread at a time, a system for as many as like. Callbacks come from the thread that called, and must not free what
 * they are called for.
 *
 * Strings are borrowed: a call's arguments until it returns; results as long as what they belong to.
 */
#ifndef LAZYSWITCH_H
#define LAZYSWITCH_H

#include <stddef.h>
#include <stdint.h>
#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)
struct lazyswitch_error {
	char text[1024];
};

const char *lazyswitch_version(void); /* "0.1.0"; static */

/* The variants that ship, by number from 0, with a line about each if `summary` is not NULL; static. NULL: no more. */
const char *lazyswitch_shipped(size_t number, const char **summary);

/*
 * What to check, and how far. Names and values are those of options of `lazyswitch check`, without the dashes, and so are the
 * defaults: "cpus" "2", "env" "neon,fork", "property" "fp-leak", "timeout" "1.5". They are cpus, vms, vcpus, threads, env,
 * endian, smp, granularity, property, symmetry, no-reduce, memory, timeout, max-states, max-depth, store, jobs; "cycles" and
 * "all", "on" or "off"; and for variants that are built include, define, patch (each as often as needed) and as.
 */
struct lazyswitch_settings;
struct lazyswitch_settings *lazyswitch_settings_new(void); /* NULL: out of memory */
void lazyswitch_settings_free(struct lazyswitch_settings *s);
int lazyswitch_settings_set(struct lazyswitch_settings *s, const char *name, const char *value,
                            struct lazyswitch_error *e);

/* What is no error, but worth telling: output of compilers, likely mistakes in a variant, proofs that are vacuous. Systems keep it. */
typedef void lazyswitch_message(void *arg, const char *text);
void lazyswitch_settings_on_message(struct lazyswitch_settings *s, lazyswitch_message *f, void *arg);

/*
 * A variant on a system: the name of one that ships, or files (.S .s .c .o .elf), with commas between them. Settings are
 * copied; NULL: the defaults. What is not linked yet is built by ${CROSS_COMPILE}gcc, in a child, in ${TMPDIR:-/tmp}; SIGINT,
 * SIGTERM and SIGHUP end that early, and are blocked in this thread meanwhile.
 */
struct lazyswitch_system;
struct lazyswitch_system *lazyswitch_system_new(const char *variant, const struct lazyswitch_settings *s,
                                                struct lazyswitch_error *e);
void lazyswitch_system_free(struct lazyswitch_system *system);

struct lazyswitch_progress {
	uint64_t states, expanded, transitions; /* found; whose successors are known; steps computed */
	unsigned depth;
	size_t memory;  /* bytes */
	double seconds; /* since the search began */
};

struct lazyswitch_violation {
	const char *property; /* "fp-leak" */
	size_t steps;         /* of the shortest schedule that violates it */
	const char *story;    /* the schedule as `lazyswitch check` tells it; lines */
	const char *trace;    /* and as a trace file: for lazyswitch_replay(), or `lazyswitch replay` */
};

/* Who follows a check; any function may be NULL. */
struct lazyswitch_watcher {
	void *arg;
	/* A few times a second, and in the end; a result that is not 0 ends the search: LAZYSWITCH_INCOMPLETE. */
	int (*progress)(void *arg, const struct lazyswitch_progress *progress);
	/* A violation, confirmed on the plain machine. With "all" one of each cause, shortest first. */
	void (*violation)(void *arg, const struct lazyswitch_violation *violation);
};

enum lazyswitch_verdict {
	LAZYSWITCH_PASS,       /* proved for this system: no run violates a property */
	LAZYSWITCH_FAIL,       /* a run does */
	LAZYSWITCH_INCOMPLETE, /* a limit came first; says nothing about the properties */
};

struct lazyswitch_result {
	enum lazyswitch_verdict verdict;
	const char *property; /* LAZYSWITCH_FAIL: the first one told; otherwise NULL; static */
	size_t violations;    /* that were told */
	uint64_t states, transitions;
	unsigned depth; /* steps of the trace; without one, levels of the search */
	double seconds;
	size_t memory;   /* bytes at most */
	char reason[96]; /* which limit was reached; "": none was */
};

/* Checks it; the watcher may be NULL. 0: *result says how it ended; -1: it could not be done. */
int lazyswitch_check(const struct lazyswitch_system *system, const struct lazyswitch_watcher *watcher,
                     struct lazyswitch_result *result, struct lazyswitch_error *e);

/*
 * A walk through the states of a system, which must outlive it; it begins behind boot. Choices are the steps that are possible,
 * numbered from 0, each in the words of trace files: "cpu0 vmm0 go signal=1 @ user_choose". There are none when the run has ended.
 */
struct lazyswitch_cursor;
struct lazyswitch_cursor *lazyswitch_cursor_new(const struct lazyswitch_system *system,
                                                struct lazyswitch_error *e);
void lazyswitch_cursor_free(struct lazyswitch_cursor *c);
size_t lazyswitch_cursor_choices(const struct lazyswitch_cursor *c);
const char *lazyswitch_cursor_choice(const struct lazyswitch_cursor *c, size_t i);
int lazyswitch_cursor_take(struct lazyswitch_cursor *c, size_t i, struct lazyswitch_error *e);
/* The properties that the last step violated, by number from 0; `seen`, if not NULL: who saw what. NULL: no more. */
const char *lazyswitch_cursor_violated(const struct lazyswitch_cursor *c, size_t i, const char **seen);
/* Where a CPU stands: "load-put.S:17 kvm_arch_vcpu_load". NULL: there is no such CPU. */
const char *lazyswitch_cursor_place(const struct lazyswitch_cursor *c, unsigned cpu);
/* Fields of the state, by number from 0: "cpu0.runs", "cpu0.hw.owner" (whose FP registers), "vcpu1.dirty". NULL: no more. */
const char *lazyswitch_cursor_field(const struct lazyswitch_cursor *c, size_t i, const char **value);

enum lazyswitch_outcome {
	LAZYSWITCH_REPRODUCED,      /* it violates the property that it is about */
	LAZYSWITCH_OTHER_VIOLATION, /* another of those that were searched */
	LAZYSWITCH_NO_VIOLATION,
	LAZYSWITCH_DIVERGED, /* a step is not possible: `why` */
	LAZYSWITCH_OPEN,     /* the search for steps that are left open ended at a bound */
};

struct lazyswitch_replay {
	enum lazyswitch_outcome outcome;
	const char *property; /* that is violated, or NULL; static */
	size_t steps;         /* that were made */
	unsigned line;        /* of the trace, where it diverged; otherwise 0 */
	char why[1024];       /* "FILE:LINE:COLUMN: why, and what would have been possible"; or "" */
	char *story;          /* of the run as far as it went; owned */
};

/*
 * Makes the run of a trace again, on its own variant or, if not NULL, on the one that `on` names. `bytes` are the trace, and `name` is
 * for messages; NULL: the file of that name is read. Of the settings (or NULL) what variants are built with counts. *replay is to be
 * freed after success.
 */
int lazyswitch_replay(const char *name, const char *bytes, size_t size, const char *on,
                      const struct lazyswitch_settings *s, struct lazyswitch_replay *replay,
                      struct lazyswitch_error *e);
void lazyswitch_replay_free(struct lazyswitch_replay *replay);
#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif
#endif
