/* SPDX-License-Identifier: MIT */
/*
 * Where code stands, for readers: in the source that the line table names or, where its text is not there, in a
 * disassembly of the function.
 */
#ifndef LAZYSWITCH_TRACES_REPORT_SOURCES_H
#define LAZYSWITCH_TRACES_REPORT_SOURCES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/cpu/image.h"

/* Who has the texts of sources, by the names that the line table of the image has for them. */
struct report_texts {
	void *arg;
	/* Returns 1 with a copy, to be freed by the caller, not terminated; 0: it is not there; -1: out of memory. */
	int (*text)(void *arg, const char *file, char **text, size_t *size);
};

struct report_source {
	char *name;   /* short: the last part of the path, or the function */
	char *path;   /* "model/variants/v3.S", "disassembly of vfp_enable" */
	bool listing; /* a disassembly */
	char *text;   /* lines, each ended by '\n' */
	size_t size;
	unsigned lines;
	uint32_t start, end; /* of a listing: its code */
};

struct report_sources {
	const struct image *image; /* borrowed, as are the texts */
	const struct report_texts *texts;
	struct report_source *source;
	size_t n;
	struct report_place *known; /* by instruction; what has been asked for */
	char **missing;             /* files without a text */
	size_t n_missing;
};

/* A line, from 1; line 0: nowhere. */
struct report_place {
	uint32_t source;
	uint32_t line;
};

/* Both return 0, or -1 when out of memory. Close also what could not be opened. */
int sources_open(struct report_sources *s, const struct image *image, const struct report_texts *texts);
/* Where a code address stands; adds the source if it is new. An address outside the code is nowhere. */
int sources_place(struct report_sources *s, uint32_t pc, struct report_place *place);
void sources_close(struct report_sources *s);

#endif
