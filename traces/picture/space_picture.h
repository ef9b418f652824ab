/* SPDX-License-Identifier: MIT */
/* A space (space.h), drawn. */
#ifndef LAZYSWITCH_TRACES_PICTURE_SPACE_PICTURE_H
#define LAZYSWITCH_TRACES_PICTURE_SPACE_PICTURE_H

#include "drawing.h"
#include "space.h"

/* The FP life cycle of a CPU: the fields that it is about. Returns how many of fields[LIFE_FIELDS_MAX] are filled in. */
enum { LIFE_FIELDS_MAX = 8 };
size_t life_fields(const struct columns *columns, size_t fields[LIFE_FIELDS_MAX]);

struct space_picture {
	const char *title;    /* "v3: FP life cycle of a CPU" */
	const char *system;   /* what was explored */
	bool life;            /* the fields are those of life_fields(): nodes are named by what they mean */
	const size_t *fields; /* as in space_options */
	size_t n_fields;
};

/* Returns NULL with `e` filled in when out of memory. */
struct drawing *space_draw(const struct space *space, const struct world *world,
                           const struct space_picture *picture, struct error *e);

#endif
