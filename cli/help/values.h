/* SPDX-License-Identifier: MIT */
/* What an option or a command takes, as far as its table says it: for completions. */
#ifndef LAZYSWITCH_CLI_VALUES_H
#define LAZYSWITCH_CLI_VALUES_H

#include <argp.h>
#include <stdbool.h>

enum { VALUES_MAX = 48 };

struct values {
	bool files, directories, variants, commands;
	bool list; /* the words can be joined by commas */
	unsigned n;
	char word[VALUES_MAX][24];
};

/* Nothing at all if anything goes, such as a number. */
struct values values_of_option(const struct argp_option *option);

/* Of the arguments that are no options; `args_doc` may be NULL. */
struct values values_of_arguments(const char *args_doc);

#endif
