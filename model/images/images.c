/* SPDX-License-Identifier: MIT */
#include "images.h"

#include <string.h>

#define DECLARE(build, id) extern const unsigned char image_##build##_##id[], image_##build##_##id##_end[]
#define IMAGE(name, id, summary)                                                                             \
	DECLARE(little, id);                                                                                 \
	DECLARE(big, id);                                                                                    \
	DECLARE(little_up, id);                                                                              \
	DECLARE(big_up, id);
#include "image_table.h"
#include "history_table.h"
#undef IMAGE

#define EMBEDDED(build, id)                                                                                  \
	{                                                                                                    \
		image_##build##_##id, image_##build##_##id##_end                                             \
	}
#define IMAGE(name, id, summary)                                                                             \
	{name,                                                                                               \
	 summary,                                                                                            \
	 {{EMBEDDED(little, id), EMBEDDED(big, id)}, {EMBEDDED(little_up, id), EMBEDDED(big_up, id)}}},
static const struct shipped_variant variants[] =
        {
#include "image_table.h"
},
                                    history[] = {
#include "history_table.h"
};
#undef IMAGE

const struct shipped_variant *shipped_variants(size_t *count)
{
	*count = sizeof(variants) / sizeof(variants[0]);
	return variants;
}

const struct shipped_variant *history_variants(size_t *count)
{
	*count = sizeof(history) / sizeof(history[0]);
	return history;
}

static const struct shipped_variant *find(const struct shipped_variant *all, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(all[i].name, name) == 0)
			return &all[i];
	}
	return NULL;
}

const struct shipped_variant *shipped_variant(const char *name)
{
	const struct shipped_variant *found = find(variants, sizeof(variants) / sizeof(variants[0]), name);

	return found ? found : find(history, sizeof(history) / sizeof(history[0]), name);
}

struct image *shipped_image(const struct shipped_variant *v, bool big_endian, bool uniprocessor,
                            struct error *e)
{
	const struct embedded *elf = &v->elf[uniprocessor][big_endian];

	return image_load(v->name, elf->start, (size_t)(elf->end - elf->start), e);
}
