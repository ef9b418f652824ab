/* SPDX-License-Identifier: MIT */
/* The options that every subcommand that takes variants shares: how those that are not linked yet are built.
 */
#ifndef LAZYSWITCH_CLI_BUILD_OPTIONS_H
#define LAZYSWITCH_CLI_BUILD_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "command.h"
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

/* To be among the children of a subcommand's argp; fills in build_settings of struct command_parse. */
extern const struct argp build_options;
/* To be the children of a subcommand that builds, but does not search: these and command_common. */
extern const struct argp_child build_children[];

/* Do both say the same? */
bool build_settings_equal(const struct build_settings *a, const struct build_settings *b);

#endif
