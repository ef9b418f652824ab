/* SPDX-License-Identifier: MIT */
/* What ftrace would have printed of a step of the machine. */
#ifndef LAZYSWITCH_TRACES_FTRACE_HAPPENED_H
#define LAZYSWITCH_TRACES_FTRACE_HAPPENED_H

#include "ftrace.h"
#include "model/world/machine.h"

enum happened_kind {
	HAPPENED_SWITCH = FTRACE_SWITCH,
	HAPPENED_KVM_ENTRY = FTRACE_KVM_ENTRY,
	HAPPENED_KVM_EXIT = FTRACE_KVM_EXIT, /* out of Hyp mode, whatever had been called there */
	HAPPENED_LEAVES = FTRACE_KINDS,      /* ioctl(KVM_RUN) will return: a kvm_userspace_exit follows */
	HAPPENED_USER,                       /* the task is in user mode: it has returned */
	HAPPENED_VIOLATION,
};

struct happened {
	enum happened_kind kind;
	uint32_t task; /* who does it; SWITCH: who runs next */
	uint32_t from; /* SWITCH: who did until now */
	enum ftrace_exit exit;
	bool signal;       /* LEAVES: because of one */
	uint32_t property; /* VIOLATION */
};

enum { HAPPENED_MAX = 32 };

struct happenings {
	uint32_t
	        run; /* address of __kvm_vcpu_run, what kvm_call_hyp() is to call; 0: the image has no such symbol */
	bool in_hyp;
	bool too_many;
	struct happened list[HAPPENED_MAX];
	unsigned n;
	unsigned cpu; /* whose step it is */
};

/*
 * Makes a machine note what happens in its steps, from now on; takes its hooks (watch, between, chosen), and leaves learning
 * and loading alone. Both must outlive its next step.
 */
void happenings_attach(struct happenings *h, struct machine *m);

/* The same for a machine that somebody else watches, who hands on what he is told. */
void happenings_listen(struct happenings *h, struct machine *m);
void happenings_watch(struct happenings *h, struct machine *m, const struct watch *watch);

/* To be called before each step, and behind it. */
void happenings_begin(struct happenings *h);
void happenings_end(struct happenings *h, const struct machine *m);

#endif
