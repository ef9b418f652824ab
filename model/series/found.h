/* SPDX-License-Identifier: MIT */
/* Internal to model/series: all messages that were found, before they are put into order. */
#ifndef LAZYSWITCH_MODEL_SERIES_FOUND_H
#define LAZYSWITCH_MODEL_SERIES_FOUND_H

#include "series.h"
#include "subject.h"

struct message {
	struct series_patch patch; /* owned, but for `file` */
	struct subject subject;    /* points into patch.mail.subject */
	unsigned group;            /* messages of one group are put into order together */
	bool diff;                 /* there is one in it */
	bool alone;                /* it is a file of its own */
};

struct found {
	struct message *message;
	size_t n;
	unsigned groups;
};

/* Reads a file, or all patches of a directory, and adds their messages. Returns 0, or -1 with `e` filled in. */
int found_read(struct found *found, struct series *series, const char *name, struct error *e);
void found_free(struct found *found);
void message_free(struct message *message);

#endif
