/* SPDX-License-Identifier: MIT */
/*
 * The text of tracefs, as /sys/kernel/tracing/trace prints it, and trace-cmd report: scheduling events and KVM's,
 * in the order of their times. docs/how-to/ftrace.md. What they mean for a system is mapping.h's.
 */
#ifndef LAZYSWITCH_TRACES_FTRACE_FTRACE_H
#define LAZYSWITCH_TRACES_FTRACE_FTRACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/error.h"

enum {
	FTRACE_FILE_MAX = 64 << 20,  /* bytes */
	FTRACE_LINE_MAX = 8192,      /* bytes */
	FTRACE_EVENTS_MAX = 1 << 18, /* of the kinds below */
	FTRACE_CPU_MAX = 4095,       /* number of a CPU */
	FTRACE_PID_MAX = 4194304,    /* as in Linux */
	FTRACE_COMM = 16,            /* as in Linux: TASK_COMM_LEN */
	FTRACE_OTHERS_MAX = 32,      /* names of other events that are told apart */
	FTRACE_NAME = 40,
};

enum ftrace_kind {
	FTRACE_SWITCH,
	FTRACE_MIGRATE,
	FTRACE_KVM_ENTRY,
	FTRACE_KVM_EXIT,
	FTRACE_USERSPACE_EXIT,
	FTRACE_KINDS,
};
extern const char *const ftrace_kind_names[FTRACE_KINDS]; /* "sched_switch" */

enum ftrace_exit { FTRACE_EXIT_UNSAID, FTRACE_EXIT_IRQ, FTRACE_EXIT_TRAP };

struct ftrace_event {
	enum ftrace_kind kind;
	unsigned line;
	unsigned cpu;
	uint64_t time;  /* ns, if the clock counts seconds */
	uint32_t pid;   /* of who runs there; SWITCH: who did until now */
	uint32_t other; /* SWITCH: who runs next; MIGRATE: who moves */
	unsigned to;    /* MIGRATE: to this CPU */
	char comm[FTRACE_COMM], other_comm[FTRACE_COMM];
	enum ftrace_exit exit; /* KVM_EXIT */
};

/* Events of other names; they are counted and left alone. */
struct ftrace_other {
	char name[FTRACE_NAME];
	unsigned count;
};

struct ftrace {
	char *name; /* the file's */
	struct ftrace_event *events;
	size_t n_events;
	struct ftrace_other others[FTRACE_OTHERS_MAX];
	unsigned n_others;
	unsigned kinds;     /* which kinds occur: a bit set of enum ftrace_kind */
	unsigned lost_line; /* events were lost, behind others: the first such line; 0: none were */
	size_t lost_at;     /* only the events before this one are known to be all that there were */
};

/*
 * Reads such text: any bytes. Returns 0, or -1 with `e` filled in ("FILE:LINE:COLUMN: message"); then there is
 * nothing to free.
 */
int ftrace_parse(const char *name, const char *bytes, size_t size, struct ftrace *f, struct error *e);
void ftrace_free(struct ftrace *f);

/* One event in the words of the file: "sched_switch: app0:12 ==> vmm0:13". Returns buf. */
const char *ftrace_event_text(const struct ftrace_event *event, char *buf, size_t size);

#endif
