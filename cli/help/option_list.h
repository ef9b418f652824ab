/* SPDX-License-Identifier: MIT */
/* The options of a command with those of its children, in the order in which --help prints them. */
#ifndef LAZYSWITCH_CLI_OPTION_LIST_H
#define LAZYSWITCH_CLI_OPTION_LIST_H

#include <argp.h>
#include <stddef.h>

enum { OPTIONS_MAX = 96 };

struct option_list {
	const struct argp_option *option[OPTIONS_MAX]; /* without a name: the header of a group */
	int group[OPTIONS_MAX];
	size_t n;
};

struct option_list option_list(const struct argp *argp);

/* The letter of a short option; 0 if it has none. */
char option_letter(const struct argp_option *option);

#endif
