/* SPDX-License-Identifier: MIT */
#include "kit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "build.h"

enum { MAX_IMAGE = 256 << 20 };

const char *kit_text(const char *path, size_t *size)
{
	for (size_t i = 0; i < kit_n_texts; i++) {
		if (strcmp(kit_texts[i].path, path) == 0) {
			*size = (size_t)(kit_texts[i].end - kit_texts[i].start);
			return (const char *)kit_texts[i].start;
		}
	}
	return NULL;
}

static int unpack(const struct tree *tree, const struct kit_file *files, size_t n, struct error *e)
{
	for (size_t i = 0; i < n; i++) {
		if (tree_write(tree, files[i].path, files[i].start, (size_t)(files[i].end - files[i].start),
		               e))
			return -1;
	}
	return 0;
}

static bool ends_in(const char *path, const char *end)
{
	size_t n = strlen(path), m = strlen(end);

	return n > m && strcmp(path + n - m, end) == 0;
}

static bool is_source(const char *path)
{
	return ends_in(path, ".S") || ends_in(path, ".s") || ends_in(path, ".c");
}

/* Before anything is built: what can be said by looking at a file from outside. */
static int check_source(const char *path, struct error *e)
{
	struct stat status;

	if (stat(path, &status) != 0)
		return error_set(e, "%s: %s", path, strerror(errno));
	if (S_ISDIR(status.st_mode))
		return error_set(e, "%s: is a directory", path);
	if (!S_ISREG(status.st_mode))
		return error_set(e, "%s: not a regular file", path);
	if (status.st_size > KIT_SOURCE_MAX)
		return error_set(e, "%s: %lld MiB is too much for a variant; at most %d MiB", path,
		                 (long long)status.st_size >> 20, KIT_SOURCE_MAX >> 20);
	if (access(path, R_OK) != 0)
		return error_set(e, "%s: %s", path, strerror(errno));
	return 0;
}

/* The kernel of the tree is not the one that the objects were built from any more. */
static int rebuild_kernel(struct build *b, struct error *e)
{
	size_t n;
	const struct kit_file *objects = kit_objects(b->request->big_endian, b->request->uniprocessor, &n);
	char source[TREE_NAME], object[TREE_NAME];

	for (size_t i = 0; i < n; i++) {
		if (compile(b, tree_name(&b->tree, objects[i].source, source),
		            tree_name(&b->tree, objects[i].path, object), false, e))
			return -1;
	}
	return 0;
}

/* baseline is part of the kernel; every other shipped variant is one file. */
static int build_shipped(struct build *b, struct error *e)
{
	char name[256], object[256], source[TREE_NAME];

	if (strcmp(b->request->shipped, "baseline") == 0)
		return 0;
	(void)snprintf(name, sizeof(name), "model/variants/%.200s.S", b->request->shipped);
	(void)snprintf(object, sizeof(object), "variant-%.200s.o", b->request->shipped);
	(void)tree_name(&b->tree, name, source);
	if (access(source, R_OK) != 0)
		return error_set(e, "unknown variant '%s': it does not ship, and no patch adds %s",
		                 b->request->shipped, name);
	return compile(b, source, tree_name(&b->tree, object, b->objects[b->n_objects++]), true, e);
}

static int build_files(struct build *b, struct error *e)
{
	const struct kit_request *r = b->request;

	for (size_t i = 0; i < r->n_files; i++) {
		char name[32], *object = b->objects[b->n_objects++];

		if (!is_source(r->files[i])) {
			(void)snprintf(object, TREE_NAME, "%s%.2400s",
			               r->files[i][0] == '-' || r->files[i][0] == '@' ? "./" : "",
			               r->files[i]);
			continue;
		}
		(void)snprintf(name, sizeof(name), "variant-%zu.o", i);
		if (compile(b, r->files[i], tree_name(&b->tree, name, object), true, e))
			return -1;
	}
	return 0;
}

/* What patches have changed is gone with the tree; they may have removed files, too. */
static int keep_changed(const struct build *b, struct kit_image *image, struct error *e)
{
	for (const char *at = b->patched, *end; at && (end = strchr(at, '\n')) != NULL; at = end + 1) {
		struct kit_source *all = realloc(image->changed, (image->n_changed + 1) * sizeof(*all)),
		                  *source;
		char name[TREE_NAME];
		struct error gone;

		if (!all)
			return error_set(e, "%s: out of memory", b->request->name);
		image->changed = all;
		source = &all[image->n_changed];
		*source = (struct kit_source){.path = strndup(at, (size_t)(end - at))};
		if (!source->path)
			return error_set(e, "%s: out of memory", b->request->name);
		source->text = tree_read(tree_name(&b->tree, source->path, name), KIT_SOURCE_MAX,
		                         &source->size, &gone);
		image->n_changed++;
	}
	return 0;
}

static int build(struct build *b, struct kit_image *image, struct error *e)
{
	const struct kit_request *r = b->request;
	const struct kit_file *objects;
	char output[TREE_NAME];
	size_t n;

	objects = kit_objects(r->big_endian, r->uniprocessor, &n);
	if (unpack(&b->tree, kit_texts, kit_n_texts, e) || unpack(&b->tree, objects, n, e) ||
	    apply_patches(b, e) || (b->kernel_patched && rebuild_kernel(b, e)))
		return -1;
	if (r->shipped ? build_shipped(b, e) : build_files(b, e))
		return -1;
	if (r->n_patches > 0 && !b->patch_used && !r->partial)
		return error_set(e, "%s: --patch changes nothing that this variant is built from", r->name);
	image->patched = b->patch_used;
	if (find_effects(b, image, e) || keep_changed(b, image, e) ||
	    link_image(b, tree_name(&b->tree, "variant.elf", output), e))
		return -1;
	image->elf = (uint8_t *)tree_read(output, MAX_IMAGE, &image->size, e);
	return image->elf ? 0 : -1;
}

int kit_build(const struct kit_request *request, struct kit_image *image, struct error *e)
{
	struct build *b;
	int status;

	*image = (struct kit_image){0};
	if (request->n_files > KIT_FILES_MAX)
		return error_set(e, "%s: a variant has at most %d files", request->name, KIT_FILES_MAX);
	for (size_t i = 0; i < request->n_files; i++) {
		if (check_source(request->files[i], e))
			return -1;
	}
	b = calloc(1, sizeof(*b));
	if (!b)
		return error_set(e, "%s: out of memory", request->name);
	b->request = request;
	status = tree_open(&b->tree, e);
	if (status == 0) {
		status = build(b, image, e);
		tree_close(&b->tree);
	}
	if (status != 0)
		kit_image_free(image);
	image->refused = b->refused;
	memcpy(image->complaint, b->complaint, sizeof(image->complaint));
	free(b->patched);
	free(b);
	return status;
}

void kit_sources_free(struct kit_source *sources, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		free(sources[i].path);
		free(sources[i].text);
	}
	free(sources);
}

void kit_image_free(struct kit_image *image)
{
	kit_sources_free(image->changed, image->n_changed);
	for (size_t i = 0; i < image->n_symbols; i++)
		free(image->symbols[i].name);
	free(image->symbols);
	free(image->elf);
	*image = (struct kit_image){0};
}
