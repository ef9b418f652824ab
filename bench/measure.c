/* SPDX-License-Identifier: MIT */
#include "measure.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "process.h"

enum { SPIN_VMAX = 128 }; /* bytes of a state that SPIN hands from one process to another */
enum { COMMAND_MAX = 4096, DIRECTORY_MAX = 512, NOT_INSTALLED = 77 };
static const double MIB = 1 << 20;

const char *engine_name(enum engine engine)
{
	static const char *const names[] = {"ours", "ours, warm", "SPIN", "LTSmin", "SPIN, Promela"};

	return names[engine];
}

/* The number that a text begins with; false if it does not. */
static bool number(const char *text, double *value)
{
	char *end;

	*value = strtod(text, &end);
	return end != text;
}

/* The number behind `key` in a text, or at the start of its line; false if there is none. */
static bool number_after(const char *text, const char *key, double *value)
{
	const char *at = strstr(text, key);

	return at && number(at + strlen(key), value);
}

static bool number_before(const char *text, const char *key, double *value)
{
	const char *at = strstr(text, key);

	while (at && at > text && at[-1] != '\n')
		at--;
	return at && number(at, value);
}

static int not_understood(const struct row *row, const struct outcome *o, struct error *e)
{
	return error_set(e, "%s on %s ended with status %d and said:\n%.700s", engine_name(row->engine),
	                 row->system, o->status, o->output);
}

/* The numbers of a search must be the same each time. */
static int count(struct row *row, double states, double transitions, struct error *e)
{
	uint64_t s = (uint64_t)states, t = (uint64_t)transitions;

	if (row->rounds > 0 && row->complete && (s != row->states || t != row->transitions))
		return error_set(e, "%s on %s: %" PRIu64 " states this time, %" PRIu64 " before",
		                 engine_name(row->engine), row->system, s, row->states);
	row->states = s;
	row->transitions = t;
	return 0;
}

static int take_ours(struct row *row, const struct outcome *o, struct error *e)
{
	double states, transitions, bytes;

	if (o->status != 0 || !number_after(o->output, "\"states\": ", &states) ||
	    !number_after(o->output, "\"transitions\": ", &transitions) ||
	    !number_after(o->output, "\"seconds\": ", &row->seconds[row->rounds]) ||
	    !number_after(o->output, "\"bytes\": ", &bytes))
		return not_understood(row, o, e);
	row->complete = strstr(o->output, "\"verdict\": \"incomplete\"") == NULL;
	row->bytes = bytes;
	row->peak = o->peak;
	return count(row, states, transitions, e);
}

/*
 * SPIN's bytes: its states and its hash table, not its stack. Its clock is coarse, and it does not say how long it
 * took if that was no time at all.
 */
static int take_spin(struct row *row, const struct outcome *o, struct error *e)
{
	double states, transitions, stored, table, total, seconds = 0.01;

	if (o->status != 0 || !strstr(o->output, "errors: 0\n") || strstr(o->output, "max search depth") ||
	    !number_before(o->output, "states, stored", &states) ||
	    !number_before(o->output, "transitions (= stored+matched)", &transitions) ||
	    !number_before(o->output, "actual memory usage for states", &stored) ||
	    !number_before(o->output, "memory used for hash table", &table) ||
	    !number_before(o->output, "total actual memory usage", &total))
		return not_understood(row, o, e);
	(void)number_after(o->output, "elapsed time ", &seconds);
	row->seconds[row->rounds] = row->engine == ENGINE_PROMELA ? o->seconds : seconds > 0 ? seconds : 0.01;
	row->complete = true;
	row->bytes = (stored + table) * MIB;
	row->peak = (uint64_t)(total * MIB);
	/* It counts the way to the initial state as a transition. */
	return count(row, states, transitions - 1, e);
}

/* Its bytes are those of the part of its table that is in use, its peak what it has touched. */
static int take_ltsmin(struct row *row, const struct outcome *o, struct error *e)
{
	const char *explored = strstr(o->output, "Explored "), *tree = strstr(o->output, "Tree memory: ");
	double states, transitions, each, touched;

	if (o->status != 0 || !explored || !tree || !number_after(explored, "Explored ", &states) ||
	    !number_after(explored, " states ", &transitions) || !number_after(tree, ", ", &each) ||
	    !number_after(o->output, "Total exploration time ", &row->seconds[row->rounds]) ||
	    !number_after(o->output, "MB (~", &touched))
		return not_understood(row, o, e);
	row->complete = true;
	row->bytes = each * states;
	row->peak = (uint64_t)(touched * MIB);
	return count(row, states, transitions, e);
}

/* Where SPIN's program for a row is. */
static void pan_directory(const struct row *row, const struct places *p, char *directory, size_t size)
{
	(void)snprintf(directory, size, "%s/%s x%u", p->scratch, row->system, row->threads);
}

/* Once for a row: SPIN's program for its system. */
static int prepare(struct row *row, const struct places *p, struct error *e)
{
	char command[COMMAND_MAX];
	char directory[DIRECTORY_MAX], multi_core[64] = "";
	struct outcome o = {0};
	int status;

	row->prepared = true;
	if (row->engine != ENGINE_SPIN)
		return 0;
	if (row->threads > 1)
		(void)snprintf(multi_core, sizeof(multi_core), "-DNCORE=%u -DVMAX=%d", row->threads,
		               SPIN_VMAX);
	pan_directory(row, p, directory, sizeof(directory));
	(void)snprintf(command, sizeof(command),
	               "mkdir -p '%s' && '%s'/bench_spin -p %s >'%s'/model.generated.pml && "
	               "'%s'/spin/make-pan '%s' '%s'/model.generated.pml %s",
	               directory, p->programs, row->system, directory, p->sources, directory, directory,
	               multi_core);
	if (process_run(command, &o, e))
		return -1;
	row->absent = o.status == NOT_INSTALLED;
	status = o.status == 0 || row->absent ? 0 : not_understood(row, &o, e);
	free(o.output);
	return status;
}

/* Room for its states and for its stack, and not much more: log2 of the hash table's entries, and steps. */
enum { PROMELA_TABLE = 21, PROMELA_DEPTH = 1000000 };

static void command_of(const struct row *row, const struct places *p, char *command, size_t size)
{
	char directory[DIRECTORY_MAX];

	switch (row->engine) {
	case ENGINE_OURS:
	case ENGINE_OURS_WARM:
		(void)snprintf(command, size, "exec '%s'/bench_engine -j %u -t %.0f %s %s", p->programs,
		               row->threads, p->timeout, row->engine == ENGINE_OURS_WARM ? "-w" : "",
		               row->system);
		break;
	case ENGINE_SPIN:
		pan_directory(row, p, directory, sizeof(directory));
		(void)snprintf(command, size, "exec '%s'/bench_spin -r '%s'/pan.so -a -n %s", p->programs,
		               directory, row->system);
		break;
	case ENGINE_PROMELA:
		(void)snprintf(
		        command, size,
		        "'%s'/spin/make-pan '%s'/promela '%s'/promela/default.pml && cd '%s'/promela && "
		        "exec ./pan -n -w%d -m%d",
		        p->sources, p->scratch, p->sources, p->scratch, PROMELA_TABLE, PROMELA_DEPTH);
		break;
	case ENGINE_LTSMIN:
		(void)snprintf(
		        command, size,
		        "command -v pins2lts-mc >/dev/null && [ -e '%s'/bench_ltsmin.so ] || exit %d; "
		        "BENCH_SYSTEM='%s' exec pins2lts-mc --procs=%u --strategy=bfs --state=tree -s %u "
		        "'%s'/bench_ltsmin.so",
		        p->programs, NOT_INSTALLED, row->system, row->threads, row->table, p->programs);
		break;
	}
}

int measure(struct row *row, const struct places *p, struct error *e)
{
	char command[COMMAND_MAX];
	struct outcome o = {0};
	int status;

	if (row->absent || row->rounds == ROUNDS_MAX || (!row->prepared && prepare(row, p, e)))
		return row->absent || row->rounds == ROUNDS_MAX ? 0 : -1;
	if (row->absent)
		return 0;
	command_of(row, p, command, sizeof(command));
	if (process_run(command, &o, e))
		return -1;
	if (o.status == NOT_INSTALLED) {
		row->absent = true;
		status = 0;
	} else {
		status = row->engine == ENGINE_LTSMIN ? take_ltsmin(row, &o, e)
		         : row->engine == ENGINE_OURS || row->engine == ENGINE_OURS_WARM
		                 ? take_ours(row, &o, e)
		                 : take_spin(row, &o, e);
		if (status == 0)
			row->rounds++;
	}
	free(o.output);
	return status;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

void measure_finish(struct row *row)
{
	qsort(row->seconds, row->rounds, sizeof(row->seconds[0]), compare);
}

double row_best(const struct row *row)
{
	return row->seconds[0];
}

double row_median(const struct row *row)
{
	return (row->seconds[(row->rounds - 1) / 2] + row->seconds[row->rounds / 2]) / 2;
}
