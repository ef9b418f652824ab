/* SPDX-License-Identifier: MIT */
/* The sources that a variant was built from. */
#include <stdlib.h>
#include <string.h>

#include "read_file.h"
#include "variant.h"

static char *copy(const char *text, size_t size)
{
	char *bytes = malloc(size + 1);

	if (bytes)
		memcpy(bytes, text, size);
	return bytes;
}

static char *text_of_kit(const struct variant *v, const char *file, size_t *size)
{
	const char *text;

	for (size_t i = 0; i < v->n_changed; i++) {
		if (strcmp(v->changed[i].path, file) != 0)
			continue;
		*size = v->changed[i].size;
		return v->changed[i].text ? copy(v->changed[i].text, *size) : NULL;
	}
	text = kit_text(file, size);
	return text ? copy(text, *size) : NULL;
}

static bool is_text(const char *path)
{
	static const char *const ends[] = {".S", ".s", ".c", ".h", ".inc"};
	const char *dot = strrchr(path, '.');

	for (size_t i = 0; dot && i < sizeof(ends) / sizeof(ends[0]); i++) {
		if (strcmp(dot, ends[i]) == 0)
			return true;
	}
	return false;
}

/* Does the file, without links, lie where one of the sources of the variant lies, or below? */
static bool is_near(const struct variant *v, const char *path)
{
	for (const char *at = v->name; *at; at += *at == ',') {
		size_t n = strcspn(at, ",");
		char *name = strndup(at, n);
		char *real = name && is_text(name) ? realpath(name, NULL) : NULL,
		     *slash = real ? strrchr(real, '/') : NULL;
		bool near = slash && strncmp(real, path, (size_t)(slash - real) + 1) == 0;

		free(real);
		free(name);
		if (near)
			return true;
		at += n;
	}
	return false;
}

/*
 * Names in line tables are not to be trusted: a source may say that it is /etc/shadow, with #line, and what is shown here
 * is mailed around.
 */
static char *text_of_user(const struct variant *v, const char *file, size_t *size)
{
	char *path = variant_is_path(v->name) ? realpath(file, NULL) : NULL;
	FILE *f = path && is_text(path) && is_near(v, path) ? fopen(path, "rb") : NULL;
	uint8_t *bytes = NULL;
	struct error e;

	if (f && read_file(f, path, KIT_SOURCE_MAX, &bytes, size, &e) != 0) {
		free(bytes);
		bytes = NULL;
	}
	if (f)
		(void)fclose(f);
	free(path);
	return (char *)bytes;
}

char *variant_text(const struct variant *v, const char *file, size_t *size)
{
	char *text;

	if (v->linked)
		return NULL;
	text = text_of_kit(v, file, size);
	return text ? text : text_of_user(v, file, size);
}
