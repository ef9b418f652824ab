/* SPDX-License-Identifier: MIT */
/* Internal to model/kit: a private temporary directory. */
#ifndef LAZYSWITCH_MODEL_KIT_TREE_H
#define LAZYSWITCH_MODEL_KIT_TREE_H

#include <signal.h>

#include "model/error.h"

enum { TREE_PATH = 2048 };

struct tree {
	char path[TREE_PATH];
	sigset_t mask; /* of signals, as it was before */
};

/* Makes the directory and blocks the signals that would leave it behind. Returns 0, or -1 with `e` filled in.
 */
int tree_open(struct tree *tree, struct error *e);
/* Removes it with everything in it; then the signals that have arrived meanwhile take effect. */
void tree_close(struct tree *tree);

/* Has a signal arrived that wants the program to end? */
int tree_interrupted(void);

/* Writes "PATH/name" into buf, which has TREE_PATH + 512 bytes; returns buf. `name` has up to 500 bytes. */
enum { TREE_NAME = TREE_PATH + 512 };
const char *tree_name(const struct tree *tree, const char *name, char *buf);

/* Writes a file, and makes the directories that it lies in. Returns 0, or -1 with `e` filled in. */
int tree_write(const struct tree *tree, const char *name, const void *bytes, size_t size, struct error *e);
/* Reads a whole file; the caller frees it; it is terminated by '\0'. Returns NULL with `e` filled in. */
char *tree_read(const char *path, size_t max, size_t *size, struct error *e);

#endif
