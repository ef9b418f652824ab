/* SPDX-License-Identifier: MIT */
#include "liveness.h"

#include <stdlib.h>

#define BANKED     (1u << 13 | 1u << 14)
#define EVERYTHING (0x7fffu | INSN_FLAGS)

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
	default:
		return EVERYTHING;
	}
}

static bool calls(const struct insn *insn)
{
	return insn->flow == FLOW_CALL || insn->flow == FLOW_INDIRECT_CALL;
}

static uint32_t uses(const struct insn *insn)
{
	/* Calls to the world hand over r0 and r1 and nothing else. */
	if ((insn->touch & TOUCH_ENV) != 0)
		return 3;
	/* Another mode has another SP and LR: what is done to these does not say what is live in this one. */
	return insn->uses | ((insn->touch & TOUCH_PSR) != 0 ? BANKED : 0);
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
			uint32_t live = uses(insn) | (live_after(&a, i) & ~insn->defs);

			if ((live & ~a.live[i]) == 0)
				continue;
			a.live[i] |= live;
			changed = true;
			if (i > 0 && calls(&image->insns[i - 1]))
				a.at_return |= live;
		}
	}
	return a.live;
}
