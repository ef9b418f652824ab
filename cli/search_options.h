/* SPDX-License-Identifier: MIT */
/* The options that every subcommand that searches shares: the system, the properties, the limits. */
#ifndef LAZYSWITCH_CLI_SEARCH_OPTIONS_H
#define LAZYSWITCH_CLI_SEARCH_OPTIONS_H

#include "build_options.h"
#include "command.h"
#include "session/settings.h"

/* To be the children of the argp of a subcommand that searches: these options, build_options and
 * command_common. */
extern const struct argp_child search_options[];

/*
 * The same options where they are not those of a command line: argv[1] to argv[argc - 1] become settings;
 * argv[argc] is NULL. settings->properties is 0 if they do not say. Returns 0, or -1 with `e` filled in, and
 * in *wrong the index of the argument that is wrong.
 */
int search_options_parse(int argc, char **argv, struct search_settings *settings, int *wrong,
                         struct error *e);

#endif
