/* SPDX-License-Identifier: MIT */
/* What the parts of verify.c share. Functions return 0, or -1 with v->error filled in. */
#ifndef LAZYSWITCH_MODEL_WORLD_VERIFY_PRIVATE_H
#define LAZYSWITCH_MODEL_WORLD_VERIFY_PRIVATE_H

#include "machine.h"
#include "map.h"
#include "symmetry.h"
#include "verify.h"

enum { VERIFY_PCS = 512 };

/* A step from the state that is checked. */
struct taken {
	struct model_transition t;
	bool ends;
	uint32_t *numbers; /* [n_slots]: where it leads, as the searched model says */
	uint32_t *next;    /* [words]: the same, as a machine */
	/* As the machine made it. */
	struct world_choice choices[MODEL_LABEL_MAX + FORCED_MAX];
	unsigned n_choices, n_all, cpu; /* n_all: those that had one answer included, behind the others */
	enum world_action action;
	uint32_t start;
	uint32_t pcs[VERIFY_PCS]; /* of its instructions, in order, the one that it ends before included */
	unsigned n_pcs;
};

struct verify {
	const struct world *world;
	struct collapsed *collapsed;
	const struct model *searched;
	struct model model;
	unsigned checks;
	struct verify_counts counts;
	struct error *error;
	bool found;

	struct learnt learnt;
	struct machine *m, *other; /* `other` has words of its own, unless it works on those of `m` */
	struct machine *view;      /* to look at words as slots */
	uint32_t *own;             /* other's */
	uint32_t *boot;            /* [words]: constants are from there */
	uint32_t *state;           /* [words]: what is checked */
	const uint32_t *numbers;   /* the same as the searched model knows it */
	struct taken *taken;
	unsigned n, room;

	uint8_t *dead;       /* [words] */
	uint32_t *a, *b, *c; /* [words] */
	uint32_t *in, *out;  /* [words]: one slot's */
	struct map seen;     /* places of interleavings that were looked at */
	uint32_t preempted;  /* task */
	/* States that the search has not come to may teach it something yet: that is not wrong, it is only unknown. */
	bool may_learn, unknown;
	uint64_t random;
};

/* Says that a reduction is wrong: in the step `t` (NULL: in the state), by what. Returns -1. */
int verify_differs(struct verify *v, const struct taken *t, const char *format, ...)
        __attribute__((format(printf, 3, 4)));

/* Where the word number `i` of a machine is, for people. Returns buf. */
const char *verify_place(const struct verify *v, uint32_t i, char *buf, size_t size);

/* The first word of a slot, other than `except`, in which both differ; world->words: none. */
uint32_t verify_difference(const struct verify *v, const uint32_t *a, const uint32_t *b, unsigned except);

/*
 * Makes a step on a machine from its words as they are, and brings the result into canonical form. The choices are
 * those of `label` or, if that is NULL, what is meant by `wanted`.
 */
int verify_step(struct verify *v, struct machine *m, const struct model_label *label,
                const struct world_choice *wanted, unsigned n_wanted);

uint64_t verify_random(struct verify *v);

int verify_dead(struct verify *v);
int verify_symmetry(struct verify *v);
int verify_merge(struct verify *v);

#endif
