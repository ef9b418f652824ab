/* SPDX-License-Identifier: MIT */
/* Results as SARIF 2.1.0 (OASIS), which code review tools show beside the code. */
#ifndef LAZYSWITCH_CLI_SARIF_H
#define LAZYSWITCH_CLI_SARIF_H

#include <jansson.h>

#include "command.h"
#include "model/cpu/image.h"

/* What a document is made of; jansson's objects are the document's. */
struct sarif {
	const char *command;   /* "lazyswitch check" */
	json_t *rules;         /* array of reportingDescriptor */
	json_t *results;       /* array of result */
	json_t *notifications; /* array of notification: what is no result, and yet to be said */
	json_t *properties;    /* of the run, or NULL */
};

/* Empty arrays. */
struct sarif sarif_begin(const char *command);

/* A string, whatever its bytes are. */
json_t *sarif_text(const char *text);
/* { text: ... } */
json_t *sarif_message(const char *text);

/* A rule; its place in the array is its index. */
json_t *sarif_rule(const char *id, const char *what, const char *help);

/* A location: a line of a file (0: all of it); `symbol` and `message` may be NULL. */
json_t *sarif_location(const char *file, int line, const char *symbol, const char *message);
/* The same for an instruction, as the image's line tables have it; only a message if it is in none, or pc 0. */
json_t *sarif_location_of(const struct image *image, uint32_t pc, const char *message);

/* `level`: "note", "warning" or "error"; takes the location, which may be NULL. */
void sarif_notify(struct sarif *sarif, const char *id, const char *level, const char *message,
                  json_t *location);

/* Prints the document, and frees all of it. Returns 0, or -1 when out of memory. */
int sarif_end(struct sarif *sarif, enum exit_status status);

#endif
