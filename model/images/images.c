/* SPDX-License-Identifier: MIT */
#include "images.h"

#include <string.h>

#define IMAGE(name, id, summary)                                                                             \
	extern const unsigned char image_little_##id[], image_little_##id##_end[], image_big_##id[],         \
	        image_big_##id##_end[];
#include "image_table.h"
#undef IMAGE

#define IMAGE(name, id, summary)                                                                             \
	{name, summary, image_little_##id, image_little_##id##_end, image_big_##id, image_big_##id##_end},
static const struct shipped_variant variants[] = {
#include "image_table.h"
};
#undef IMAGE

const struct shipped_variant *shipped_variants(size_t *count)
{
	*count = sizeof(variants) / sizeof(variants[0]);
	return variants;
}

const struct shipped_variant *shipped_variant(const char *name)
{
	for (size_t i = 0; i < sizeof(variants) / sizeof(variants[0]); i++) {
		if (strcmp(variants[i].name, name) == 0)
			return &variants[i];
	}
	return NULL;
}

struct image *shipped_image(const struct shipped_variant *v, bool big_endian, struct error *e)
{
	const unsigned char *start = big_endian ? v->big : v->little,
	                    *end = big_endian ? v->big_end : v->little_end;

	return image_load(v->name, start, (size_t)(end - start), e);
}
