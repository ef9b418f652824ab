/* SPDX-License-Identifier: MIT */
/*
 * A counterexample as a story: its steps, what changed in each, and what was seen
 * at the end. Recorded while the trace is replayed on the machine itself; a trace
 * that does not replay has no story.
 */
#ifndef LAZYSWITCH_TRACES_STORY_H
#define LAZYSWITCH_TRACES_STORY_H

#include <stddef.h>
#include <stdio.h>

#include "model/world/machine.h"

struct story;

/*
 * Replays a trace and records it. If `loop` is less than `length` its steps from there on, counted from 0, are to be
 * repeated for ever. `learnt` comes from the search that found it. Returns NULL with `e` filled
 * in if it does not replay, or does not end in a violation of `property` (of PROPERTY_STUCK: or in a state in
 * which no CPU can do anything, or in a livelock; of PROPERTIES: it may end in any way). The world must outlive the story; the
 * rest need not.
 */
struct story *story_record(const struct world *world, const struct learnt *learnt,
                           const struct model_label *trace, size_t length, size_t loop,
                           enum world_property property, struct error *e);
void story_free(struct story *story);

/* The steps as trace files name them: "cpu0 vmm0 kvm-run signal=1 @ kvm_vcpu_ioctl_run+0x50". Borrowed. */
size_t story_steps(const struct story *story);
const char *story_step(const struct story *story, size_t i);

/* More of a step, counted from 0. All text is borrowed. */
unsigned story_step_cpu(const struct story *story, size_t i);
const char *story_step_headline(const struct story *story, size_t i);
/* Who was on a CPU before it: "vmm0". */
const char *story_step_occupant(const struct story *story, size_t i, unsigned cpu);
/* Where its CPU stands after it; 0: in no place worth naming. */
uint32_t story_step_pc(const struct story *story, size_t i);
/* What happened in it, and where (pc 0: nowhere in particular). */
size_t story_step_details(const struct story *story, size_t i);
const char *story_step_detail(const struct story *story, size_t i, size_t detail, uint32_t *pc);

/* The first of the steps that are repeated for ever, counted from 0; if none are, story_steps(). */
size_t story_loop(const struct story *story);

/* What was seen; NULL if nothing was, because the system came to a standstill or goes round in circles, or there is no violation.
 * Borrowed. */
const struct violation *story_violation(const struct story *story);

/* Prints it for a person, at most 110 columns wide. */
void story_print(const struct story *story, FILE *out);

/* The same as a string, which the caller frees; NULL when out of memory. */
char *story_text(const struct story *story);

#endif
