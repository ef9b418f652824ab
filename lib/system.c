/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "private.h"

/* Compilers do not end their pieces with '\0'. */
static void pass_on(void *arg, const char *bytes, size_t n)
{
	const struct lazyswitch_settings *s = arg;
	char *text = strndup(bytes, n);

	if (text)
		s->message(s->message_arg, text);
	free(text);
}

int lib_variant_open(struct variant *v, const char *name, struct variant_options options,
                     const struct lazyswitch_settings *s, struct error *e)
{
	struct lazyswitch_settings borrowed;

	if (s) {
		borrowed = *s;
		options.build = &s->search.build;
		options.say = s->message ? pass_on : NULL;
		options.say_arg = &borrowed;
	}
	if (variant_open(v, name, &options, e))
		return -1;
	if (s && s->message)
		variant_warnings(v, options.uniprocessor, s->message, s->message_arg);
	return 0;
}

static int open_system(struct lazyswitch_system *system, const char *variant,
                       const struct lazyswitch_settings *s, struct error *e)
{
	struct variant_options options;
	struct error why = {0};

	system->search = s ? s->search : lib_search_default();
	if (search_settings_settle(&system->search, e))
		return -1;
	options = (struct variant_options){.endian = system->search.endian,
	                                   .uniprocessor = system->search.config.uniprocessor};
	system->search.build = (struct build_settings){0};
	if (s) {
		system->all = s->all;
		system->message = s->message;
		system->message_arg = s->message_arg;
	}
	system->name = strdup(variant);
	if (!system->name)
		return error_set(e, "out of memory");
	if (lib_variant_open(&system->variant, system->name, options, s, e))
		return -1;
	system->world = world_new(&system->search.config, system->variant.image, &why);
	return system->world ? 0 : error_set(e, "%.200s: %.800s", variant, why.text);
}

struct lazyswitch_system *lazyswitch_system_new(const char *variant, const struct lazyswitch_settings *s,
                                                struct lazyswitch_error *e)
{
	struct lazyswitch_system *system = calloc(1, sizeof(*system));
	struct error why = {.text = "out of memory"};

	if (!variant)
		error_set(&why, "a variant is a name, or a file");
	else if (system && open_system(system, variant, s, &why) == 0)
		return system;
	(void)lib_fail(e, &why);
	lazyswitch_system_free(system);
	return NULL;
}

void lazyswitch_system_free(struct lazyswitch_system *system)
{
	if (!system)
		return;
	world_free(system->world);
	variant_close(&system->variant);
	free(system->name);
	free(system);
}
