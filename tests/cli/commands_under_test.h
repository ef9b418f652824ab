/* SPDX-License-Identifier: MIT */
/* What --help is asked for: "" is the program itself. */
#ifndef LAZYSWITCH_TESTS_CLI_COMMANDS_UNDER_TEST_H
#define LAZYSWITCH_TESTS_CLI_COMMANDS_UNDER_TEST_H

static const char *const commands_under_test[] = {"",     "check", "cost",    "diff",   "graph",
                                                  "help", "list",  "regress", "replay", "reproduce",
                                                  "show", "sim",   NULL};

#endif
