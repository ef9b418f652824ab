/* SPDX-License-Identifier: MIT */
/*
 * What happened in the steps of a search: which instructions were executed, and what was looked at. Each
 * different step is made by a machine once after the search began for the last time; what is recorded here from
 * then on is all that happens in any state that can be reached. With symmetry, that is: in those states and in
 * their images, which can be reached as well.
 */
#ifndef LAZYSWITCH_MODEL_WORLD_COVERAGE_H
#define LAZYSWITCH_MODEL_WORLD_COVERAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../cpu/image.h"

/* What became of an instruction; a set. */
enum coverage_seen {
	COVERAGE_PASSED = 1 << 0, /* it was executed: its condition passed, or it has none */
	COVERAGE_FAILED = 1 << 1, /* its condition failed */
};

/* Looks that properties judge; see observe.c. A set. */
enum coverage_look {
	LOOK_USER_FP = 1 << 0,    /* a user thread looks at its registers */
	LOOK_GUEST_FP = 1 << 1,   /* a guest does */
	LOOK_AREA = 1 << 2,       /* somebody looks at FP data in memory, for a tracer or user space */
	LOOK_HOST_FPEXC = 1 << 3, /* host code outside KVM reads FPEXC */
	LOOK_USER_FPEXC = 1 << 4, /* a user thread's FP instruction depends on it */
	LOOK_GUEST_FPEXC =
	        1 << 5,      /* a guest reads it, its FP instruction depends on it, or user space reads it */
	LOOK_STORE = 1 << 6, /* FP data is stored into a save area */
	LOOK_STEP = 1 << 7,  /* a CPU executes something */
};

struct coverage {
	uint32_t insns; /* of the image: words of its code */
	uint8_t *seen;  /* [insns]: set of enum coverage_seen */
	uint32_t looks; /* set of enum coverage_look */
	/* Steps that were made, and instructions executed in them; boot is none. Not kept in checkpoints. */
	uint64_t steps, executed;
};

/* Nothing has happened yet. Returns NULL when out of memory. */
struct coverage *coverage_new(const struct image *image);
void coverage_free(struct coverage *coverage);

/* Forgets everything: a search begins. */
void coverage_forget(struct coverage *coverage);

/* `passes`: its condition did before the core looked at the instruction. */
static inline void coverage_note(struct coverage *coverage, const struct image *image,
                                 const struct insn *insn, bool passes)
{
	coverage->seen[insn - image->insns] |= passes ? COVERAGE_PASSED : COVERAGE_FAILED;
}

/* What was seen of the instruction at an address; 0 outside the code. */
static inline unsigned coverage_at(const struct coverage *coverage, const struct image *image,
                                   uint32_t address)
{
	const struct insn *insn = image_insn(image, address);

	return insn ? coverage->seen[insn - image->insns] : 0;
}

#endif
