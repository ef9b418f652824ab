/* SPDX-License-Identifier: MIT */
/* The options that every subcommand that searches shares: the system, the properties, the limits. */
#ifndef LAZYSWITCH_CLI_SEARCH_OPTIONS_H
#define LAZYSWITCH_CLI_SEARCH_OPTIONS_H

#include "build_options.h"
#include "checker/check.h"
#include "command.h"
#include "model/world/world.h"
#include "variant.h"

struct search_settings {
	struct world_config config;
	struct build_settings build;
	uint32_t properties; /* bit set */
	enum endianness endian;
	bool symmetry;      /* search one state of all that differ only in who is who */
	bool symmetry_said; /* by the user; otherwise `cycles` switches it off */
	bool cycles;        /* search for livelocks, too */
	size_t max_memory;
	double timeout;      /* 0: none */
	uint64_t max_states; /* 0: no limit */
	unsigned max_depth;  /* 0: no limit */
	enum check_store store;
	unsigned threads; /* of one search */
};

/* The default system, the usual properties, three quarters of the machine's memory. */
struct search_settings search_settings_default(void);

/* The reductions that are off: set of enum world_reduction. */
uint32_t search_unreduced(const struct search_settings *settings);

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
