/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/images/images.h"
#include "private.h"
#include "session/parse.h"

enum { JOBS_MAX = 1024 };

int lib_fail(struct lazyswitch_error *e, const struct error *why)
{
	if (e)
		(void)snprintf(e->text, sizeof(e->text), "%s", why->text);
	return -1;
}

int lib_error(struct lazyswitch_error *e, const char *format, ...)
{
	va_list args;

	if (!e)
		return -1;
	va_start(args, format);
	(void)vsnprintf(e->text, sizeof(e->text), format, args);
	va_end(args);
	return -1;
}

const char *lazyswitch_version(void)
{
	return LAZYSWITCH_VERSION;
}

const char *lazyswitch_shipped(size_t number, const char **summary)
{
	size_t n;
	const struct shipped_variant *all = shipped_variants(&n);

	if (number >= n)
		return NULL;
	if (summary)
		*summary = all[number].summary;
	return all[number].name;
}

struct search_settings lib_search_default(void)
{
	struct search_settings search = search_settings_default();

	search.threads = search_settings_cpus();
	return search;
}

struct lazyswitch_settings *lazyswitch_settings_new(void)
{
	struct lazyswitch_settings *s = calloc(1, sizeof(*s));

	if (s)
		s->search = lib_search_default();
	return s;
}

void lazyswitch_settings_free(struct lazyswitch_settings *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->n_kept; i++)
		free(s->kept[i]);
	free(s->kept);
	free(s);
}

/* Build settings borrow their values. */
static const char *keep(struct lazyswitch_settings *s, const char *value)
{
	char **kept = realloc(s->kept, (s->n_kept + 1) * sizeof(*kept));

	if (!kept)
		return NULL;
	s->kept = kept;
	kept[s->n_kept] = strdup(value);
	return kept[s->n_kept] ? kept[s->n_kept++] : NULL;
}

static const struct {
	const char *name;
	int (*set)(struct build_settings *b, const char *value, struct error *e);
} of_build[] = {
        {"include", build_settings_include},
        {"define", build_settings_define},
        {"patch", build_settings_patch},
        {"as", build_settings_as},
};

static int set(struct lazyswitch_settings *s, const char *name, const char *value, struct error *e)
{
	static const char *const switches[] = {"off", "on", NULL};
	uint64_t jobs;
	unsigned word;

	for (size_t i = 0; i < sizeof(of_build) / sizeof(of_build[0]); i++) {
		if (strcmp(name, of_build[i].name) != 0)
			continue;
		value = keep(s, value);
		return value ? of_build[i].set(&s->search.build, value, e) : error_set(e, "out of memory");
	}
	if (strcmp(name, "jobs") == 0) {
		if (parse_number(name, value, 1, JOBS_MAX, &jobs, e))
			return -1;
		s->search.threads = (unsigned)jobs;
		return 0;
	}
	if (strcmp(name, "all") == 0) {
		if (parse_word(name, value, switches, &word, e))
			return -1;
		s->all = word == 1;
		return 0;
	}
	return search_settings_set(&s->search, name, value, e);
}

int lazyswitch_settings_set(struct lazyswitch_settings *s, const char *name, const char *value,
                            struct lazyswitch_error *e)
{
	struct error why = {0};

	if (!s || !name || !value)
		return lib_error(e, "settings have a name and a value");
	return set(s, name, value, &why) ? lib_fail(e, &why) : 0;
}

void lazyswitch_settings_on_message(struct lazyswitch_settings *s, lazyswitch_message *f, void *arg)
{
	s->message = f;
	s->message_arg = arg;
}
