/* SPDX-License-Identifier: MIT */
/* The rows of the report's state table, and what its timeline shows: fields of the machine, as text, behind every step. */
#ifndef LAZYSWITCH_TRACES_REPORT_COLUMNS_H
#define LAZYSWITCH_TRACES_REPORT_COLUMNS_H

#include <jansson.h>

#include "model/world/machine.h"

struct column {
	char name[48];     /* "cpu0.fpexc.en" */
	char group[16];    /* "cpu0" */
	const char *label; /* static */
	bool context;      /* its value is the name of a context */
};

enum { COLUMN_TEXT = 40 };

struct columns {
	unsigned cpus;
	struct column *column;
	size_t n;
	char (*values)[COLUMN_TEXT]; /* [steps + 1][n]; [0] is behind the boot */

	/* While they are recorded: */
	int property;
	size_t last, step; /* the last one; the one in progress */
	bool seen;         /* the violation has happened */
};

/* The fields of a world's machines, without values; to be freed, also when it fails: returns 0, or -1 when out of memory. */
int columns_open(struct columns *columns, const struct world *world, struct error *e);
/* Their values in a machine: row[columns->n]. */
void columns_read(const struct columns *columns, struct machine *m, char (*row)[COLUMN_TEXT]);

/*
 * Replays a run and records them. If its last step violates `property` (not -1), that row is of the moment when it does,
 * not behind the step. Returns 0, or -1 with `e` filled in; then, too, they are to be
 * freed.
 */
int columns_record(struct columns *columns, const struct world *world, const struct learnt *learnt,
                   const struct model_label *trace, size_t length, int property, struct error *e);
void columns_free(struct columns *columns);

/* Parts of the document, see document.h; NULL when out of memory. */
json_t *columns_json(const struct columns *columns);
json_t *columns_lanes(const struct columns *columns);
json_t *columns_start(const struct columns *columns);
json_t *columns_changes(const struct columns *columns, size_t step);

#endif
