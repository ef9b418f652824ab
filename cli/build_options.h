/* SPDX-License-Identifier: MIT */
/* The options that every subcommand that takes variants shares: how those that are not linked yet are built.
 */
#ifndef LAZYSWITCH_CLI_BUILD_OPTIONS_H
#define LAZYSWITCH_CLI_BUILD_OPTIONS_H

#include "command.h"
#include "session/build_settings.h"

/* To be among the children of a subcommand's argp; fills in build_settings of struct command_parse. */
extern const struct argp build_options;
/* To be the children of a subcommand that builds, but does not search: these and command_common. */
extern const struct argp_child build_children[];

#endif
