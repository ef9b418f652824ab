/* SPDX-License-Identifier: MIT */
/* Internal to model/series: directories of patches. */
#ifndef LAZYSWITCH_MODEL_SERIES_DIRECTORY_H
#define LAZYSWITCH_MODEL_SERIES_DIRECTORY_H

#include <stddef.h>

#include "model/error.h"

/*
 * The patches of a directory: those that its file `series` names, as quilt has it; without one all *.patch and *.diff, by
 * name, as git numbers them. Returns 0 with the paths, at least one, or -1 with `e` filled in; the caller frees each, and
 * the list.
 */
int directory_patches(const char *path, char ***files, size_t *n, struct error *e);

#endif
