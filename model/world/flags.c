/* SPDX-License-Identifier: MIT */
#include "flags.h"

#include <stdlib.h>

struct analysis {
	const struct image *image;
	bool *live;
	uint32_t n;
	bool at_return; /* live at some place behind a call */
};

static bool live_at(const struct analysis *a, uint32_t i)
{
	return i < a->n ? a->live[i] : true;
}

static bool live_after(const struct analysis *a, uint32_t i)
{
	const struct insn *insn = &a->image->insns[i];
	bool falls_through = insn->cond < 14 && live_at(a, i + 1);

	switch (insn->flow) {
	case FLOW_NEXT:
		return live_at(a, i + 1);
	case FLOW_BRANCH:
	case FLOW_CALL:
		return falls_through || live_at(a, (insn->target - a->image->code_start) / 4);
	case FLOW_RETURN:
		return falls_through || a->at_return;
	default:
		return true;
	}
}

static bool calls(const struct insn *insn)
{
	return insn->flow == FLOW_CALL || insn->flow == FLOW_INDIRECT_CALL;
}

/* Calls to the world hand over r0 and nothing else. */
static bool uses_flags(const struct insn *insn)
{
	return (insn->uses & INSN_FLAGS) != 0 && (insn->touch & TOUCH_ENV) == 0;
}

bool *flags_live(const struct image *image)
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

			if (a.live[i])
				continue;
			a.live[i] = uses_flags(insn) || ((insn->defs & INSN_FLAGS) == 0 && live_after(&a, i));
			changed |= a.live[i];
			if (a.live[i] && i > 0 && calls(&image->insns[i - 1]))
				a.at_return = true;
		}
	}
	return a.live;
}
