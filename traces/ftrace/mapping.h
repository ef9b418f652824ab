/* SPDX-License-Identifier: MIT */
/* Which of the model's CPUs, threads and vCPUs the CPUs and tasks of a trace are. */
#ifndef LAZYSWITCH_TRACES_FTRACE_MAPPING_H
#define LAZYSWITCH_TRACES_FTRACE_MAPPING_H

#include <stdio.h>

#include "ftrace.h"
#include "model/world/world.h"

enum { MAPPING_TASKS_MAX = 1024, MAPPING_SAID_MAX = 64 };

enum mapped_role { ROLE_THREAD, ROLE_VMM, ROLE_IDLE };

struct mapped_task {
	uint32_t pid;
	char comm[FTRACE_COMM];
	enum mapped_role role;
	unsigned number;     /* app0, vmm0: 0; of ROLE_IDLE nothing */
	bool numbered, said; /* said: by hand */
	unsigned line;       /* where it turns up first; of a VMM thread: where it shows that it is one */
};

/* "123=vmm0", by hand. */
struct mapping_said {
	uint32_t pid;
	enum mapped_role role;
	unsigned number;
};

struct mapping {
	unsigned cpus;
	unsigned cpu[NR_CPUS]; /* the trace's numbers, by the model's */
	struct mapped_task task[MAPPING_TASKS_MAX];
	size_t n_tasks;
	struct world_config config; /* cpus, vms, vcpus, threads; no events */
};

/* Reads "PID=appN", "PID=vmmN" or "PID=idle". Returns 0, or -1 with `e` filled in. */
int mapping_say(const char *text, struct mapping_said *said, struct error *e);

/*
 * Maps all that the trace names. Pid 0 is the idle task of each CPU. A task with KVM's events is a VMM thread with a vCPU
 * of its own. Threads of the kernel, by their names, are idle: they have no FP registers. All others are plain threads.
 * Returns 0, or -1 with `e` filled in: the trace needs more than the model has; what was said by hand does not fit.
 */
int mapping_make(const struct ftrace *f, const struct mapping_said *said, size_t n_said, struct mapping *m,
                 struct error *e);

/* The model's number of a CPU or task of the trace; `cpu`, the model's, tells which idle task it is. */
unsigned mapping_cpu(const struct mapping *m, unsigned cpu);
uint32_t mapping_task(const struct mapping *m, uint32_t pid, unsigned cpu);

/* Says what was mapped, for people. */
void mapping_print(const struct mapping *m, FILE *out);

#endif
