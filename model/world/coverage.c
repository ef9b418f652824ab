/* SPDX-License-Identifier: MIT */
#include "coverage.h"

#include <stdlib.h>
#include <string.h>

struct coverage *coverage_new(const struct image *image)
{
	struct coverage *c = calloc(1, sizeof(*c));

	if (!c)
		return NULL;
	c->insns = (image->code_end - image->code_start) / 4;
	c->seen = calloc((size_t)c->insns + 1, 1);
	if (c->seen)
		return c;
	free(c);
	return NULL;
}

void coverage_free(struct coverage *c)
{
	if (!c)
		return;
	free(c->seen);
	free(c);
}

void coverage_forget(struct coverage *c)
{
	memset(c->seen, 0, c->insns);
	c->looks = 0;
	c->steps = c->executed = 0;
}
