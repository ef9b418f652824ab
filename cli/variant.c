/* SPDX-License-Identifier: MIT */
#include "variant.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <xxhash.h>

#include "model/images/images.h"
#include "nearest.h"

enum { MAX_FILE = 256 << 20 };

bool variant_is_path(const char *name)
{
	size_t n = strlen(name);

	return strchr(name, '/') != NULL || (n >= 4 && strcmp(name + n - 4, ".elf") == 0);
}

static void set_stem(struct variant *v)
{
	const char *slash = strrchr(v->name, '/');
	size_t n;

	(void)snprintf(v->stem, sizeof(v->stem), "%s", slash ? slash + 1 : v->name);
	n = strlen(v->stem);
	if (n > 4 && strcmp(v->stem + n - 4, ".elf") == 0)
		v->stem[n - 4] = '\0';
}

/* Reads the whole file: what is hashed is what is loaded, even if somebody writes to it meanwhile. */
static int read_all(FILE *f, const char *path, uint8_t **bytes, size_t *size, struct error *e)
{
	struct stat status;

	if (fstat(fileno(f), &status) != 0)
		return error_set(e, "%s: %s", path, strerror(errno));
	if (S_ISDIR(status.st_mode))
		return error_set(e, "%s: is a directory; name a linked ELF image", path);
	if (!S_ISREG(status.st_mode) || status.st_size > MAX_FILE)
		return error_set(e, "%s: not a regular file of reasonable size", path);
	*size = (size_t)status.st_size;
	*bytes = malloc(*size + 1);
	if (!*bytes)
		return error_set(e, "%s: out of memory", path);
	if (fread(*bytes, 1, *size, f) != *size)
		return error_set(e, "%s: cannot be read: %s", path,
		                 ferror(f) ? strerror(errno) : "it is shrinking");
	return 0;
}

static int open_file(struct variant *v, enum endianness endian, struct error *e)
{
	FILE *f = fopen(v->name, "rb");
	uint8_t *bytes = NULL;
	size_t size = 0;

	if (!f)
		return error_set(e, "%s: %s", v->name, strerror(errno));
	if (read_all(f, v->name, &bytes, &size, e) == 0) {
		v->hash = XXH3_64bits(bytes, size);
		v->image = image_load(v->name, bytes, size, e);
	}
	free(bytes);
	(void)fclose(f);
	if (!v->image)
		return -1;
	if (endian != ENDIAN_UNSAID && v->image->big_endian != (endian == ENDIAN_BIG))
		return error_set(e, "%s: this image is %s endian, but --endian says otherwise", v->name,
		                 v->image->big_endian ? "big" : "little");
	return 0;
}

static int unknown(const char *name, struct error *e)
{
	size_t count;
	const struct shipped_variant *all = shipped_variants(&count);
	struct nearest nearest = {.word = name};
	char hint[96];

	for (size_t i = 0; i < count; i++)
		nearest_offer(&nearest, all[i].name);
	return error_set(
	        e, "unknown variant '%s'%s (`lazyswitch list' names them; a file needs a '/' or '.elf')",
	        name, nearest_hint(&nearest, hint, sizeof(hint)));
}

int variant_open(struct variant *v, const char *name, const struct variant_options *o, struct error *e)
{
	const struct shipped_variant *shipped;
	const struct embedded *elf;
	bool big = o->endian == ENDIAN_BIG;

	*v = (struct variant){.name = name};
	set_stem(v);
	if (variant_is_path(name)) {
		if (open_file(v, o->endian, e) == 0)
			return 0;
		variant_close(v);
		return -1;
	}
	shipped = shipped_variant(name);
	if (!shipped)
		return unknown(name, e);
	v->shipped = true;
	elf = &shipped->elf[o->uniprocessor][big];
	v->hash = XXH3_64bits(elf->start, (size_t)(elf->end - elf->start));
	v->image = shipped_image(shipped, big, o->uniprocessor, e);
	return v->image ? 0 : -1;
}

void variant_close(struct variant *v)
{
	image_free(v->image);
	v->image = NULL;
}
