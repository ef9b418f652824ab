/* SPDX-License-Identifier: MIT */
/* What the files of the story share. */
#ifndef LAZYSWITCH_TRACES_STORY_PRIVATE_H
#define LAZYSWITCH_TRACES_STORY_PRIVATE_H

#include "names.h"
#include "story.h"

enum detail_kind {
	DETAIL_TEXT,
	DETAIL_KVM,      /* kvm_arch_vcpu_load or _put, and nothing has happened in it yet */
	DETAIL_TRANSFER, /* registers to or from memory; consecutive ones are merged */
	DETAIL_SEEN,     /* the violation */
	DETAIL_SEEN_TOO, /* another one, on the way */
};

/* One thing that changed in a step. */
struct detail {
	enum detail_kind kind;
	uint32_t pc; /* where; 0: nowhere in particular */
	char text[96];

	/* DETAIL_TRANSFER */
	bool store;
	unsigned first, count; /* D registers */
	uint16_t slot;         /* the save area */
	uint32_t tag;          /* what the first of them held */
	bool mixed;            /* not all of them are like the first */
};

struct story_step {
	unsigned cpu;
	uint32_t pc;                /* where the CPU stands after it; 0: in no place worth naming */
	const char *place;          /* what to say instead, or NULL */
	char choices[CHOICES_TEXT]; /* as in trace files */
	char headline[96];
	char occupant[NR_CPUS][8]; /* who was on each CPU before it */
	struct detail *details;
	size_t n_details;
};

struct story {
	const struct world *world;
	struct story_step *steps; /* [n_steps] */
	size_t n_steps;
	size_t loop; /* the first of the steps that are repeated for ever, or n_steps */
	bool violated;
	struct violation violation;
	char *ending; /* the state of the machine at the end, as text */

	/* While it is recorded: */
	struct story_step *now;    /* the step in progress */
	char occupant[NR_CPUS][8]; /* who is on each CPU */
	uint32_t task;             /* who the CPU of the step ran before it */
	uint32_t tasks[NR_CPUS];
	bool guests[NR_CPUS], users[NR_CPUS]; /* what it is in */
	uint32_t pcs[NR_CPUS];
	uint32_t switched_from, switched_to; /* the last context switch of the step */
	bool switched;
	bool seen; /* the violation has happened: what follows is of no interest */
	bool standstill, livelock;
	const struct model_label *trace;
	struct watched_words {
		uint32_t hw_state[NR_CPUS], dirty[NR_VCPUS], host_fpexc[NR_VCPUS];
	} before;
	bool failed; /* out of memory */
};

/* Adds a detail to the step in progress, formatted as by printf. NULL when out of memory. */
struct detail *story_detail(struct story *s, uint32_t pc, const char *format, ...)
        __attribute__((format(printf, 3, 4)));

/* story_events.c: something happened inside a step. */
void story_event(void *arg, struct machine *m, const struct watch *watch);

/* story_text.c */
/* Whose data a register holds: "app0's registers", "an old version of app0's registers". */
const char *story_data(const struct world *w, uint32_t word, char *buf, size_t size);
/* The save area that a slot is: "app0's area (vfpstate)". */
const char *story_area(const struct world *w, unsigned slot, char *buf, size_t size);
/* "EN=1", or the value in hexadecimal if it is more than that. */
const char *story_fpexc(uint32_t fpexc, char *buf, size_t size);
/* Source position and symbol: "v3.S:33 __kvm_vcpu_run+0x1c". */
const char *story_where(const struct image *image, uint32_t pc, char *buf, size_t size);
/* The disassembly, with long register lists made short. */
const char *story_instruction(uint32_t pc, uint32_t raw, char *buf, size_t size);
/* What a finished step was about. */
void story_headline(struct story *s, struct machine *m, char *buf, size_t size);
/* Who is on a CPU: a task, or the vCPU whose guest runs. */
void story_occupant(const struct machine *m, unsigned cpu, char buf[8]);

/* story_changes.c: the words of memory that decide about FP switching. */
void story_remember(struct story *s, struct machine *m);
/* Adds a detail for each that has changed since. */
void story_changes(struct story *s, struct machine *m);
/* The task whose state vfp_current_hw_state[cpu] names, or -1. */
int story_hw_state(const struct world *w, uint32_t word);
/* The words of a vCPU. */
uint32_t story_vcpu_word(struct machine *m, unsigned vcpu, uint32_t offset);
/* The dirty flag: "1", with the word that it is part of if that is something else. */
const char *story_dirty(const struct world *w, uint32_t word, char *buf, size_t size);

/*
 * story_end.c: the state of the machine as text that the caller frees; NULL when out of memory. `owner`:
 * whose newest FP data is to be looked for, or -1.
 */
char *story_ending(struct machine *m, int owner);

#endif
