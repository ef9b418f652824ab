/* SPDX-License-Identifier: MIT */
/*
 * What the optional events mean for FP data. The kernel under check copies words; that a child now owns what
 * its parent had, that a new program starts with zeros, that a tracer has put new values where a thread's
 * were: such things nobody can see in the words, so the kernel says so (WORLD_FP in
 * model/linux/include/world.h), and the tags change their owners here.
 */
#ifndef LAZYSWITCH_MODEL_WORLD_EVENTS_H
#define LAZYSWITCH_MODEL_WORLD_EVENTS_H

#include "machine.h"

/* The save area that a WORLD_FP call is about. */
struct event_area {
	unsigned slot;
	uint32_t address; /* of its struct vfp_hard_struct */
	unsigned owner;   /* whose area it is */
};

/* Fills in *area; false if `what` is not known, or `whose` does not exist. */
bool events_area(struct machine *m, uint32_t what, uint32_t whose, struct event_area *area);

/* Does such a call depend on `whose`? The others are about the current thread. */
bool events_looks_at_whose(uint32_t what);

/* WORLD_FP: r0 = what, r1 = whose. */
void events_fp(struct machine *m, uint32_t what, uint32_t whose);

/* WORLD_POWER_OFF: the current CPU has been reset. */
void events_power_off(struct machine *m);

#endif
