/* SPDX-License-Identifier: MIT */
/*
 * Where steps end inside the kernel: before whatever could go differently if the thread were preempted there,
 * or if another CPU went first. The first such thing of a step need not end it: what comes before it might as
 * well happen later. The argument is in docs/explanation/theory.md.
 */
#ifndef LAZYSWITCH_MODEL_WORLD_BOUNDARY_H
#define LAZYSWITCH_MODEL_WORLD_BOUNDARY_H

#include "machine.h"

/* Is the CPU, in host SVC mode, where an interrupt may take it away from its task? */
bool boundary_preemptible(struct machine *m);
/* Or where an interrupt may leave a softirq to be done, in an environment that has them? */
bool boundary_softirq(struct machine *m);
/* One of the two. */
bool boundary_open(struct machine *m);

/* Begins a step: finds the tasks that no other CPU can touch while it lasts. */
void boundary_own(struct machine *m);

/* From here on no other CPU can touch a task, and what belongs to it: it is this CPU's, or in its task's
 * hand. */
void boundary_own_task(struct machine *m, uint32_t task);
/* The scheduler has given the task back: from here on others may take it, with all that belongs to it. */
void boundary_disown_task(struct machine *m, uint32_t task);
/* No other CPU can touch the vCPU that a task of this CPU has. */
void boundary_own_vcpu(struct machine *m, uint32_t task);

/* About to touch something that is not the thread's own: must the step end first? */
bool boundary_visible(struct machine *m);

/* About to disable interrupts or preemption, perhaps: must the step end first? */
bool boundary_closing(struct machine *m);

/* About to access memory of a slot: must the step end first? */
bool boundary_memory(struct machine *m, const struct slot *slot, uint32_t address, uint32_t bytes,
                     bool write);

#endif
