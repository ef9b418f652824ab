/* SPDX-License-Identifier: MIT */
/* The sources that a variant was built from. */
#include <stdlib.h>
#include <string.h>

#include "read_file.h"
#include "variant.h"

static int copy(const char *from, size_t size, char **text)
{
	*text = malloc(size + 1);
	if (!*text)
		return -1;
	memcpy(*text, from, size);
	return 1;
}

static int text_of_kit(const struct variant *v, const char *file, char **text, size_t *size)
{
	const char *plain;

	for (size_t i = 0; i < v->n_changed; i++) {
		if (strcmp(v->changed[i].path, file) != 0)
			continue;
		*size = v->changed[i].size;
		return v->changed[i].text ? copy(v->changed[i].text, *size, text) : 0;
	}
	plain = kit_text(file, size);
	return plain ? copy(plain, *size, text) : 0;
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
static int text_of_user(const struct variant *v, const char *file, char **text, size_t *size)
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
	*text = (char *)bytes;
	return bytes ? 1 : 0;
}

int variant_text(const struct variant *v, const char *file, char **text, size_t *size)
{
	int there;

	if (v->linked)
		return 0;
	there = text_of_kit(v, file, text, size);
	return there != 0 ? there : text_of_user(v, file, text, size);
}
