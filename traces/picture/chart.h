/* SPDX-License-Identifier: MIT */
/* A run as a chart: time goes down, a lane for each CPU: who runs, whose data its FP registers hold, FPEXC and HCPTR. */
#ifndef LAZYSWITCH_TRACES_PICTURE_CHART_H
#define LAZYSWITCH_TRACES_PICTURE_CHART_H

#include "../columns.h"
#include "../story.h"
#include "drawing.h"

enum { CHART_STEPS_MAX = 1000 };

struct chart {
	const char *title, *system; /* "no-put-fp-lost.trace on no-put" */
	const char *verdict;        /* below: "violated: fp-lost - ..."; lines */
	const struct world *world;
	const struct story *story;
	const struct columns *columns; /* of the same run */
};

/* Returns NULL with `e` filled in: more than CHART_STEPS_MAX steps, or out of memory. */
struct drawing *chart_draw(const struct chart *chart, struct error *e);

#endif
