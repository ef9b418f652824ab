/* SPDX-License-Identifier: MIT */
/* Internal to model/series: what the subject of a mail says about the patch in it. */
#ifndef LAZYSWITCH_MODEL_SERIES_SUBJECT_H
#define LAZYSWITCH_MODEL_SERIES_SUBJECT_H

#include <stdbool.h>

struct subject {
	bool reply;             /* "Re:" */
	bool patch;             /* "[... PATCH ...]" */
	bool numbered;          /* "[... 2/5 ...]"; 0/5 is a cover letter */
	unsigned number, total; /* 2 and 5 */
	unsigned version;       /* "[... v3 ...]"; 1 if it does not say */
	const char *title;      /* what is behind the brackets; points into the text */
};

/* `text` is decoded, without line ends. */
struct subject subject_parse(const char *text);

#endif
