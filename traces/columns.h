/* SPDX-License-Identifier: MIT */
/* Fields of the machine by name, "cpu0.fpexc.en", and their values, as text, behind every step of a run. */
#ifndef LAZYSWITCH_TRACES_COLUMNS_H
#define LAZYSWITCH_TRACES_COLUMNS_H

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

/* The field of that name; columns->n if there is none. */
size_t columns_find(const struct columns *columns, const char *name, size_t length);

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

#endif
