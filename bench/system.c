/* SPDX-License-Identifier: MIT */
#include "system.h"

#include <string.h>

#include "cli/search_options.h"
#include "model/images/images.h"

static int open_scheduler(struct system *s, int argc, char **words, struct error *e)
{
	const struct scheduler_size *size = argc == 2 ? scheduler_size(words[1]) : NULL;

	if (!size)
		return error_set(e, "scheduler takes a size: small or large");
	scheduler_init(&s->scheduler, size);
	s->model = &s->scheduler.model;
	s->properties = 1;
	return 0;
}

static int open_variant(struct system *s, int argc, char **words, struct error *e)
{
	const struct shipped_variant *variant = shipped_variant(words[0]);
	struct search_settings settings;
	int wrong;

	if (!variant)
		return error_set(e, "%s: not a variant that ships, nor 'scheduler'", words[0]);
	if (search_options_parse(argc, words, &settings, &wrong, e))
		return -1;
	s->image = shipped_image(variant, settings.endian == ENDIAN_BIG, settings.config.uniprocessor, e);
	if (!s->image)
		return -1;
	s->world = world_new(&settings.config, s->image, e);
	if (!s->world)
		return -1;
	s->collapsed = collapsed_new(s->world, &(struct collapsed_options){.symmetry = settings.symmetry}, e);
	if (!s->collapsed)
		return -1;
	s->model = collapsed_model(s->collapsed);
	s->properties = settings.properties ? settings.properties : PROPERTIES_USUAL;
	s->symmetric = settings.symmetry;
	return 0;
}

int system_open(struct system *s, int argc, char **words, struct error *e)
{
	int status;

	*s = (struct system){0};
	if (argc < 1)
		return error_set(e, "name a system: scheduler SIZE, or VARIANT [OPTION...]");
	status = strcmp(words[0], "scheduler") == 0 ? open_scheduler(s, argc, words, e)
	                                            : open_variant(s, argc, words, e);
	if (status)
		system_close(s);
	return status;
}

void system_close(struct system *s)
{
	collapsed_free(s->collapsed);
	world_free(s->world);
	image_free(s->image);
	*s = (struct system){0};
}
