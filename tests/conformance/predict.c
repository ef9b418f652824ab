/* SPDX-License-Identifier: MIT */
#include "predict.h"

#include "departures.h"

/* Both note whether the departure has changed anything. */
static void see(const struct departure *d, uint32_t in[STATE_WORDS], const struct insn *insn, unsigned bit,
                unsigned *acted)
{
	uint32_t hcptr = in[W_HCPTR], cpacr = in[W_CPACR], fpexc = in[W_FPEXC];

	if (!d->sees)
		return;
	d->sees(in, insn);
	if (in[W_HCPTR] != hcptr || in[W_CPACR] != cpacr || in[W_FPEXC] != fpexc)
		*acted |= bit;
}

static void leave(const struct departure *d, uint32_t end[STATE_WORDS], unsigned bit, unsigned *acted)
{
	uint32_t hsr = end[W_HSR], fpexc = end[W_FPEXC];

	if (!d->leaves)
		return;
	d->leaves(end);
	if (end[W_HSR] != hsr || end[W_FPEXC] != fpexc)
		*acted |= bit;
}

enum replay_end predict(const struct image *image, const struct conformance_case *c, unsigned set,
                        unsigned *acted, uint32_t end[STATE_WORDS], uint8_t *window, struct error *e)
{
	static const unsigned control[] = {W_HCPTR, W_CPACR, W_FPEXC};
	const struct insn *insn = image_insn(image, c->in[W_PC]);
	struct conformance_case seen = *c;
	struct replay r;
	enum replay_end how;

	*acted = 0;
	for (unsigned i = 0; i < n_departures; i++)
		if ((set >> i & 1) != 0)
			see(&departures[i], seen.in, insn, 1u << i, acted);
	replay_enter(&r, image, &seen, window);
	how = replay_run(&r, REPLAY_LIMIT, end, e);
	if (how != END_VECTOR)
		return how;
	for (unsigned i = 0; i < sizeof(control) / sizeof(control[0]); i++)
		if (end[control[i]] == seen.in[control[i]])
			end[control[i]] = c->in[control[i]];
	for (unsigned i = 0; i < n_departures; i++)
		if ((set >> i & 1) != 0)
			leave(&departures[i], end, 1u << i, acted);
	return END_VECTOR;
}
