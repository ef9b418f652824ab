/* SPDX-License-Identifier: MIT */
/* How variants that are not linked yet are built. */
#ifndef LAZYSWITCH_SESSION_BUILD_SETTINGS_H
#define LAZYSWITCH_SESSION_BUILD_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>

#include "model/error.h"
#include "model/kit/kit.h"

enum { BUILD_OPTIONS_MAX = 128, BUILD_PATCHES_MAX = 32 };

struct build_settings {
	const char *options[BUILD_OPTIONS_MAX]; /* for the compiler: "-I", "include", "-D", "X=1" */
	size_t n_options;
	const char *patches[BUILD_PATCHES_MAX]; /* files and directories */
	size_t n_patches;
	bool apply_said; /* only the first `apply` of the patches in them */
	size_t apply;
	enum kit_as as;
};

/*
 * Each adds what one option of the command says: a directory, a macro, a file or directory, a number of patches, "kvm" or "vfp". The value is borrowed.
 * Returns 0, or -1 with `e` filled in.
 */
int build_settings_include(struct build_settings *b, const char *directory, struct error *e);
int build_settings_define(struct build_settings *b, const char *macro, struct error *e);
int build_settings_patch(struct build_settings *b, const char *file, struct error *e);
int build_settings_apply(struct build_settings *b, const char *number, struct error *e);
int build_settings_as(struct build_settings *b, const char *kind, struct error *e);

/* Do both say the same? */
bool build_settings_equal(const struct build_settings *a, const struct build_settings *b);

#endif
