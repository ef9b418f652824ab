/* SPDX-License-Identifier: MIT */
/* A series of patches, checked patch by patch: runs of one variant, each with a patch more, stand together. */
#ifndef LAZYSWITCH_CLI_CHECK_SERIES_H
#define LAZYSWITCH_CLI_CHECK_SERIES_H

#include "check_run.h"

/*
 * Opens the runs of a variant, behind the *n that there are already: one, or one a prefix of the series, from the base on; a
 * variant that the series itself adds has no base. `runs` has room. Returns 0, or -1 with `e` filled in.
 */
int check_series_open(struct check_run *runs, size_t *n, const char *name,
                      const struct check_settings *settings, const struct series *series, struct error *e);

/* An earlier run of the same variant and the same code, or NULL. */
const struct check_run *check_series_same(const struct check_run *runs, size_t i);

/* What a patch does to the verdict of the run before. */
enum patch_effect {
	PATCH_NONE,    /* there is nothing to compare with: the base */
	PATCH_HOLDS,   /* every property holds, as before */
	PATCH_BREAKS,  /* a property is violated, and none was */
	PATCH_MENDS,   /* none is any more */
	PATCH_STILL,   /* the same one is, as before */
	PATCH_OTHER,   /* another one is */
	PATCH_UNKNOWN, /* the search was not finished, or something went wrong */
	PATCH_REFUSED, /* it does not apply, or one before it */
	PATCH_UNBUILT, /* what it leaves does not compile, or does not link */
};
enum patch_effect check_series_effect(const struct check_run *runs, size_t i);

/* The same in words, "breaks fp-lost"; returns buf. */
const char *check_series_words(const struct check_run *runs, size_t i, char *buf, size_t size);

/* What a run adds to the exit status: the base is there to compare with, and its verdict is not the patches'. */
bool check_series_is_base(const struct check_run *run);
enum exit_status check_series_status(const struct check_run *run);

/* The patch that a run is the first to have, or NULL. */
const struct series_patch *check_series_patch(const struct check_run *run);

/* The first run behind number i that is of another variant. */
size_t check_series_end(const struct check_run *runs, size_t n, size_t i);

/* Does every prefix but the base build, and hold? The runs are [first, end); *unknown: some are not finished. */
bool check_series_bisectable(const struct check_run *runs, size_t first, size_t end, bool *unknown);

/* Text: the patches, before the table; what each of them does, behind it. */
void check_series_print_patches(const struct series *series, FILE *out);
void check_series_print_effects(const struct check_run *runs, size_t n, FILE *out);

#endif
