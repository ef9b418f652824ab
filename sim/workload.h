/* SPDX-License-Identifier: MIT */
/* How often things happen in a random walk: weights, read from a text file (docs/how-to/sim.md). */
#ifndef LAZYSWITCH_SIM_WORKLOAD_H
#define LAZYSWITCH_SIM_WORKLOAD_H

#include "model/world/machine.h"

/* Who acts. */
enum workload_who { WHO_USER, WHO_GUEST, WHO_KERNEL, WHO_IDLE, WHO_NAMES };
extern const char *const workload_who_names[WHO_NAMES]; /* "user", ... */

/* Which task is picked. */
enum workload_pick { PICK_STAY, PICK_MIGRATE, PICK_IDLE, PICK_NAMES };
extern const char *const workload_pick_names[PICK_NAMES]; /* "stay", "migrate", "idle" */

enum { WORKLOAD_WEIGHT_USUAL = 10, WORKLOAD_WEIGHT_MAX = 1000000, WORKLOAD_FILE_MAX = 1 << 20 };

struct workload {
	uint32_t action[WHO_NAMES][ACTIONS];
	uint32_t fpexc[2]; /* of a guest's ACTION_FPEXC: if its EN is 0, and it would be set; if it is 1 */
	uint32_t answer[QUESTIONS][2]; /* of questions with two answers */
	uint32_t pick[PICK_NAMES];
};

/* Every weight the usual one: uniform. */
void workload_init(struct workload *w);

/* Reads a text. Returns 0, or -1 with `e` filled in: "NAME:LINE:COLUMN: what is wrong". */
int workload_parse(struct workload *w, const char *name, const char *text, size_t size, struct error *e);
/* The same from a file. */
int workload_read(struct workload *w, const char *path, struct error *e);

/* Those that ship. */
struct workload_shipped {
	const char *name, *text, *end;
};
extern const struct workload_shipped workloads_shipped[]; /* ends with a name that is NULL */

#endif
