/* SPDX-License-Identifier: MIT */
/* Internal to model/kit: what relocatable objects define and refer to. */
#ifndef LAZYSWITCH_MODEL_KIT_OBJECTS_H
#define LAZYSWITCH_MODEL_KIT_OBJECTS_H

#include <stdbool.h>
#include <stddef.h>

#include "model/error.h"

/* One name of one object file. */
struct object_symbol {
	char *name;      /* owned by the list */
	unsigned object; /* the number given to objects_read() */
	bool defined;    /* a global definition; otherwise a reference */
	bool weak;
};

struct objects {
	struct object_symbol *symbols;
	size_t n, capacity;
};

/*
 * Adds the global definitions of an object, and a reference for each name that it refers to: undefined
 * symbols, and global symbols of its own that its relocations name. Returns 0, or -1 with `e` filled in.
 */
int objects_read(struct objects *objects, unsigned object, const char *path, struct error *e);
void objects_free(struct objects *objects);

#endif
