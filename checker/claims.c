/* SPDX-License-Identifier: MIT */
#include "checker/claims.h"

#include <string.h>

#include <ck_pr.h>

#include "checker/pages.h"

enum { PROBES_MAX = 128 };

size_t claims_bytes(unsigned bits)
{
	return sizeof(struct claim_slot) << bits;
}

bool claims_init(struct claims *claims, unsigned bits)
{
	*claims = (struct claims){.slots = pages_new(claims_bytes(bits)), .bits = bits};
	if (!claims->slots)
		return false;
	claims_clear_all(claims);
	return true;
}

void claims_free(struct claims *claims)
{
	pages_free(claims->slots, claims_bytes(claims->bits));
	*claims = (struct claims){0};
}

void claims_clear_all(struct claims *claims)
{
	memset(claims->slots, 0xff, claims_bytes(claims->bits));
}

/*
 * A slot's root is set once, by whoever swaps it in; its claim only falls. Both are complete in themselves: no other
 * memory is read because of them until the phase has ended, so that atomicity is all that is needed, and no order.
 */
int64_t claims_add(struct claims *claims, uint64_t root, uint64_t claim)
{
	size_t mask = ((size_t)1 << claims->bits) - 1, at = claims_place(claims, root);

	for (unsigned probes = 0; probes < PROBES_MAX && probes <= mask; probes++, at = (at + 1) & mask) {
		struct claim_slot *slot = &claims->slots[at];
		uint64_t here = ck_pr_load_64(&slot->root);
		uint64_t least;

		if (here == UINT64_MAX && ck_pr_cas_64_value(&slot->root, UINT64_MAX, root, &here))
			here = root;
		if (here != root)
			continue;
		least = ck_pr_load_64(&slot->claim);
		while (claim < least) {
			if (ck_pr_cas_64_value(&slot->claim, least, claim, &least))
				return (int64_t)at;
		}
		return claim == least ? (int64_t)at : CLAIMS_LOST;
	}
	return CLAIMS_FULL;
}
