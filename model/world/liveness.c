/* SPDX-License-Identifier: MIT */
#include "liveness.h"

#include <stdbool.h>
#include <stdlib.h>

#include "../cpu/cpu.h"

#define REGISTERS  0x7fffu
#define BANKED     (1u << 13 | 1u << 14)
#define EVERYTHING (REGISTERS | PSR_FLAGS)

struct analysis {
	const struct image *image;
	uint32_t *live;
	uint32_t n;
	uint32_t at_return; /* live at some place behind a call */
};

static uint32_t live_at(const struct analysis *a, uint32_t i)
{
	return i < a->n ? a->live[i] : EVERYTHING;
}

static uint32_t live_after(const struct analysis *a, uint32_t i)
{
	const struct insn *insn = &a->image->insns[i];
	uint32_t falls_through = insn->cond < 14 ? live_at(a, i + 1) : 0;

	switch (insn->flow) {
	case FLOW_NEXT:
		return live_at(a, i + 1);
	case FLOW_BRANCH:
	case FLOW_CALL:
		return falls_through | live_at(a, (insn->target - a->image->code_start) / 4);
	case FLOW_RETURN:
		return falls_through | a->at_return;
	case FLOW_EXCEPTION_RETURN: /* brings flags of its own */
		return falls_through | (EVERYTHING & ~PSR_FLAGS);
	default:
		return EVERYTHING;
	}
}

static bool calls(const struct insn *insn)
{
	return insn->flow == FLOW_CALL || insn->flow == FLOW_INDIRECT_CALL;
}

/* The flags that decide a condition, section A8.3. */
static uint32_t of_condition(unsigned cond)
{
	static const uint32_t pairs[] = {
	        PSR_Z, PSR_C, PSR_N, PSR_V, PSR_C | PSR_Z, PSR_N | PSR_V, PSR_N | PSR_V | PSR_Z};

	return cond < 14 ? pairs[cond / 2] : 0;
}

/*
 * Unconditional AND, EOR, TST, TEQ, ORR, MOV, BIC, MVN that set flags, of an immediate or an unshifted
 * register: N and Z are new, C is if the immediate is rotated, V stays. Section A5.2.
 */
static bool is_logical(const struct insn *insn)
{
	uint32_t raw = insn->raw;

	return ((raw & 0xfe100000) == 0xe2100000 || (raw & 0xfe100ff0) == 0xe0100000) &&
	       (0xf303u >> (raw >> 21 & 15) & 1) != 0 && insn->flow == FLOW_NEXT;
}

static uint32_t used_flags(const struct insn *insn)
{
	if ((insn->uses & INSN_FLAGS) == 0 || is_logical(insn))
		return 0;
	if ((insn->raw & 0x0e000000) == 0x0a000000) /* B, BL */
		return of_condition(insn->cond);
	return PSR_FLAGS;
}

static uint32_t used(const struct insn *insn)
{
	/* Calls to the world hand over r0 and r1 and nothing else. */
	if ((insn->touch & TOUCH_ENV) != 0)
		return 3;
	/* Another mode has another SP and LR: what is done to these does not say what is live in this one. */
	return (insn->uses & REGISTERS) | ((insn->touch & TOUCH_PSR) != 0 ? BANKED : 0) | used_flags(insn);
}

static uint32_t defined(const struct insn *insn)
{
	uint32_t registers = insn->defs & REGISTERS;

	if ((insn->defs & INSN_FLAGS) != 0)
		return registers | PSR_FLAGS;
	if (!is_logical(insn))
		return registers;
	return registers | PSR_N | PSR_Z |
	       ((insn->raw >> 25 & 1) != 0 && (insn->raw >> 8 & 15) != 0 ? PSR_C : 0);
}

uint32_t *liveness(const struct image *image)
{
	struct analysis a = {.image = image, .n = (image->code_end - image->code_start) / 4};
	bool changed = true;

	a.live = calloc(a.n + 1, sizeof(*a.live));
	if (!a.live)
		return NULL;
	/* Least fixed point: what is live once stays so. */
	while (changed) {
		changed = false;
		for (uint32_t i = a.n; i-- > 0;) {
			const struct insn *insn = &image->insns[i];
			uint32_t live = used(insn) | (live_after(&a, i) & ~defined(insn));

			if (i > 0 && calls(&image->insns[i - 1]))
				a.at_return |= live;
			changed |= live != a.live[i];
			a.live[i] = live;
		}
	}
	return a.live;
}
