/* SPDX-License-Identifier: MIT */
/*
 * The colours of contexts: tints of the palette of Okabe and Ito (2008), which people who see colours differently can tell
 * apart, all of them light enough for black text.
 */
#ifndef LAZYSWITCH_TRACES_PICTURE_COLOURS_H
#define LAZYSWITCH_TRACES_PICTURE_COLOURS_H

#include <stdio.h>

#include "model/world/world.h"

#define COLOUR_VIOLATION "#b2182b"
#define COLOUR_FAULTY    "#fddbc7"
#define COLOUR_LINE      "#555555"
#define COLOUR_PAPER     "white"

/* Of a context by its name, "app0", "vcpu0 (old)", or kind, "thread", "guest"; white if it is none. */
const char *colour_of(const struct world *world, const char *context);

/* Cells of an HTML-like table: what the colours mean. `kinds`: those of kinds, not of contexts. */
void colours_legend(const struct world *world, FILE *f, bool kinds);

#endif
