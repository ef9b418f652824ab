/* SPDX-License-Identifier: MIT */
/* What the files of the library share. */
#ifndef LAZYSWITCH_LIB_PRIVATE_H
#define LAZYSWITCH_LIB_PRIVATE_H

#include <stdbool.h>

#include "include/lazyswitch.h"
#include "model/error.h"
#include "model/world/world.h"
#include "session/settings.h"
#include "session/variant.h"

struct lazyswitch_settings {
	struct search_settings search; /* what it borrows is in `kept` */
	bool all;
	lazyswitch_message *message; /* may be NULL */
	void *message_arg;
	char **kept;
	size_t n_kept;
};

struct lazyswitch_system {
	char *name; /* what `variant` borrows */
	struct variant variant;
	struct world *world;
	struct search_settings search; /* without `build` */
	bool all;
	lazyswitch_message *message;
	void *message_arg;
};

/* Hands an error out, if anybody wants it. Returns -1. */
int lib_fail(struct lazyswitch_error *e, const struct error *why);

/* The same with a message of its own. */
int lib_error(struct lazyswitch_error *e, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* settings.c: what they are if nothing is said. */
struct search_settings lib_search_default(void);

/* Loads a variant as settings (or NULL) say; `options` says which build. Returns 0, or -1 with `e` filled in. */
int lib_variant_open(struct variant *variant, const char *name, struct variant_options options,
                     const struct lazyswitch_settings *settings, struct error *e);

#endif
