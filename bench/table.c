/* SPDX-License-Identifier: MIT */
#include "table.h"

#include <inttypes.h>
#include <jansson.h>
#include <string.h>

static bool measured(const struct row *row)
{
	return !row->absent && row->rounds > 0;
}

/* The first of the rows of its system. */
static const struct row *reference(const struct row *rows, size_t i)
{
	size_t first = i;

	while (first > 0 && strcmp(rows[first - 1].system, rows[i].system) == 0)
		first--;
	while (first < i && !measured(&rows[first]))
		first++;
	return &rows[first];
}

static double rate(const struct row *row, uint64_t of)
{
	return (double)of / row_best(row) / 1e6;
}

/* How much faster than the reference to the end of the search; 0: one of them did not get there. */
static double speedup(const struct row *row, const struct row *to)
{
	return row->complete && to->complete ? row_best(to) / row_best(row) : 0;
}

static double bytes_per_state(const struct row *row)
{
	return row->states > 0 ? row->bytes / (double)row->states : 0;
}

static void print_row(FILE *f, const struct row *row, const struct row *to)
{
	char name[64], text[32] = "";

	(void)snprintf(name, sizeof(name), "%s x%u", engine_name(row->engine), row->threads);
	if (row->absent) {
		(void)fprintf(f, "  %-16s not installed\n", name);
		return;
	}
	if (row->bytes > 0)
		(void)snprintf(text, sizeof(text), "%.1f", bytes_per_state(row));
	(void)fprintf(f, "  %-16s %10" PRIu64 " %11" PRIu64 " %9.3f %9.3f %9.3f %9.3f %8s", name, row->states,
	              row->transitions, row_best(row), row_median(row), rate(row, row->states),
	              rate(row, row->transitions), text);
	if (row->peak > 0)
		(void)fprintf(f, " %8" PRIu64, row->peak >> 20);
	else
		(void)fprintf(f, " %8s", "");
	if (!row->complete)
		(void)fprintf(f, "  gave up\n");
	else if (speedup(row, to) > 0)
		(void)fprintf(f, " %7.2f\n", speedup(row, to));
	else
		(void)fprintf(f, "\n");
}

void table_print(FILE *f, const struct row *rows, size_t n)
{
	(void)fprintf(f, "  %-16s %10s %11s %9s %9s %9s %9s %8s %8s %7s\n", "engine x threads", "states",
	              "transitions", "best s", "median s", "Mstates/s", "Mtrans/s", "B/state", "peak MiB",
	              "faster");
	for (size_t i = 0; i < n; i++) {
		if (i == 0 || strcmp(rows[i - 1].system, rows[i].system) != 0)
			(void)fprintf(f, "%s\n", rows[i].system);
		print_row(f, &rows[i], reference(rows, i));
	}
}

static json_t *row_json(const struct row *row, const struct row *to)
{
	json_t *seconds = json_array(), *o;

	if (row->absent) {
		json_decref(seconds);
		return json_pack("{s:s, s:s, s:i, s:b}", "system", row->system, "engine",
		                 engine_name(row->engine), "threads", (int)row->threads, "installed", 0);
	}
	for (unsigned i = 0; i < row->rounds; i++)
		(void)json_array_append_new(seconds, json_real(row->seconds[i]));
	o = json_pack("{s:s, s:s, s:i, s:b, s:b, s:I, s:I, s:o, s:f, s:f, s:f, s:f}", "system", row->system,
	              "engine", engine_name(row->engine), "threads", (int)row->threads, "installed", 1,
	              "complete", (int)row->complete, "states", (json_int_t)row->states, "transitions",
	              (json_int_t)row->transitions, "seconds", seconds, "best", row_best(row), "median",
	              row_median(row), "states_per_second", 1e6 * rate(row, row->states),
	              "transitions_per_second", 1e6 * rate(row, row->transitions));
	if (o && row->bytes > 0)
		(void)json_object_set_new(o, "bytes_per_state", json_real(bytes_per_state(row)));
	if (o && row->peak > 0)
		(void)json_object_set_new(o, "peak_bytes", json_integer((json_int_t)row->peak));
	if (o && speedup(row, to) > 0)
		(void)json_object_set_new(o, "faster", json_real(speedup(row, to)));
	return o;
}

int table_write_json(const char *path, const struct row *rows, size_t n, struct error *e)
{
	json_t *list = json_array();
	int status;

	for (size_t i = 0; i < n; i++)
		(void)json_array_append_new(list, row_json(&rows[i], reference(rows, i)));
	status = list && json_array_size(list) == n ? json_dump_file(list, path, JSON_INDENT(2)) : -1;
	json_decref(list);
	return status == 0 ? 0 : error_set(e, "%s: cannot be written", path);
}
