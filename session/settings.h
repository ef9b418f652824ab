/* SPDX-License-Identifier: MIT */
/* A search in words: the system, the properties, the limits, by the names and values that options of the command have. */
#ifndef LAZYSWITCH_SESSION_SETTINGS_H
#define LAZYSWITCH_SESSION_SETTINGS_H

#include "build_settings.h"
#include "checker/check.h"
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

/* CPUs of the machine that are there to be used. */
unsigned search_settings_cpus(void);

/*
 * Sets what the option says: "cpus" or, where messages are to say so, "--cpus". The value of "cycles" may be NULL.
 * Returns 0, or -1 with `e` filled in: there is no such option, or its value makes no sense.
 */
int search_settings_set(struct search_settings *settings, const char *option, const char *value,
                        struct error *e);

/* All has been said: settles what follows from it. Returns 0, or -1 with `e` filled in if it does not fit together. */
int search_settings_settle(struct search_settings *settings, struct error *e);

/* The reductions that are off: set of enum world_reduction. */
uint32_t search_unreduced(const struct search_settings *settings);

#endif
