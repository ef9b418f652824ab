/* SPDX-License-Identifier: MIT */
/* The options of lazyswitch check. */
#ifndef LAZYSWITCH_CLI_CHECK_OPTIONS_H
#define LAZYSWITCH_CLI_CHECK_OPTIONS_H

#include "command.h"
#include "model/world/world.h"
#include "variant.h"

enum check_format { FORMAT_TEXT, FORMAT_JSON };

struct check_settings {
	struct world_config config;
	uint32_t properties; /* bit set */
	enum endianness endian;
	enum check_format format;
	const char *trace_out; /* directory, or NULL */
	size_t max_memory;
	double timeout;      /* 0: none */
	uint64_t max_states; /* 0: no limit */
	const char **names;  /* variants; owned */
	size_t n_names;
};

/*
 * Parses the command line; without variants, `names` becomes all shipped ones. Returns what command_parse()
 * does. The caller frees settings->names in either case.
 */
int check_options(int argc, char **argv, struct check_settings *settings);

#endif
