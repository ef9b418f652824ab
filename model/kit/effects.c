/* SPDX-License-Identifier: MIT */
/* What the variant's global symbols do: override, help, nothing, or clash. */
#include <stdlib.h>
#include <string.h>

#include "build.h"

static int by_name(const void *a, const void *b)
{
	const struct object_symbol *x = a, *y = b;
	int order = strcmp(x->name, y->name);

	return order != 0 ? order : (x->object > y->object) - (x->object < y->object);
}

/* All that is known of one name. */
struct name {
	const struct object_symbol *kernel;  /* its definition, or NULL */
	const struct object_symbol *variant; /* the variant's; a strong one if there is one */
	const struct object_symbol *again;   /* another strong one of the variant's */
	bool referred;
};

static struct name gather(const struct object_symbol *symbols, size_t n, size_t kernel_objects)
{
	struct name name = {0};

	for (size_t i = 0; i < n; i++) {
		const struct object_symbol *s = &symbols[i];

		if (!s->defined)
			name.referred = true;
		else if (s->object < kernel_objects)
			name.kernel = s;
		else if (!name.variant || name.variant->weak)
			name.variant = s;
		else if (!s->weak)
			name.again = s;
	}
	return name;
}

/* The source of the variant's object number `i`, or of the kernel's. */
static const char *file_of(const struct build *b, const struct kit_file *kernel, size_t n, size_t i)
{
	if (i < n)
		return kernel[i].source;
	return b->request->n_files > i - n ? b->request->files[i - n] : b->request->name;
}

static int note(const struct build *b, const struct name *name, const struct kit_file *kernel, size_t n,
                struct kit_image *image, struct error *e)
{
	struct kit_symbol *symbol = &image->symbols[image->n_symbols];
	const char *text = name->variant->name, *file = file_of(b, kernel, n, name->variant->object);

	if (name->again)
		return error_set(e, "'%.200s' is defined in both %.300s and %.300s", text, file,
		                 file_of(b, kernel, n, name->again->object));
	if (name->kernel && !name->kernel->weak && !name->variant->weak)
		return error_set(
		        e,
		        "%.300s: '%.200s' cannot be overridden: it is in the modelled kernel, too "
		        "(%s), and not weak there. `lazyswitch show baseline' marks the symbols that "
		        "are; a helper of your own needs another name, or `static'; to change the "
		        "kernel itself use --patch",
		        file, text, kernel[name->kernel->object].source);
	symbol->file = file;
	symbol->name = strdup(text);
	if (!symbol->name)
		return error_set(e, "%s: out of memory", b->request->name);
	image->n_symbols++;
	if (name->kernel)
		symbol->effect = name->variant->weak ? KIT_WEAK_TOO : KIT_OVERRIDES;
	else
		symbol->effect = name->referred ? KIT_USED : KIT_UNUSED;
	return 0;
}

static int judge(const struct build *b, struct objects *all, const struct kit_file *kernel, size_t n,
                 struct kit_image *image, struct error *e)
{
	size_t definitions = 0;

	for (size_t i = 0; i < all->n; i++)
		definitions += all->symbols[i].defined && all->symbols[i].object >= n;
	image->symbols = calloc(definitions + 1, sizeof(*image->symbols));
	if (!image->symbols)
		return error_set(e, "%s: out of memory", b->request->name);
	if (all->n > 0)
		qsort(all->symbols, all->n, sizeof(*all->symbols), by_name);
	for (size_t from = 0, to; from < all->n; from = to) {
		struct name name;

		for (to = from + 1;
		     to < all->n && strcmp(all->symbols[to].name, all->symbols[from].name) == 0; to++)
			;
		name = gather(all->symbols + from, to - from, n);
		if (name.variant && note(b, &name, kernel, n, image, e))
			return -1;
	}
	return 0;
}

int find_effects(const struct build *b, struct kit_image *image, struct error *e)
{
	size_t n;
	const struct kit_file *kernel = kit_objects(b->request->big_endian, b->request->uniprocessor, &n);
	struct objects all = {0};
	char path[TREE_NAME];
	int status = 0;

	for (size_t i = 0; i < n && status == 0; i++)
		status = objects_read(&all, (unsigned)i, tree_name(&b->tree, kernel[i].path, path), e);
	for (size_t i = 0; i < b->n_objects && status == 0; i++)
		status = objects_read(&all, (unsigned)(n + i), b->objects[i], e);
	if (status == 0)
		status = judge(b, &all, kernel, n, image, e);
	objects_free(&all);
	return status;
}
