/* SPDX-License-Identifier: MIT */
#include "variant.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "model/images/images.h"
#include "model/series/series.h"
#include "nearest.h"
#include "read_file.h"

enum { MAX_FILE = 256 << 20 };

static void set_stem(struct variant *v)
{
	size_t n = strcspn(v->name, ",");
	const char *from = v->name, *dot = NULL;

	for (const char *at = v->name; at < v->name + n; at++) {
		if (*at == '/')
			from = at + 1, dot = NULL;
		else if (*at == '.' && at > from)
			dot = at;
	}
	if (!dot || !variant_is_path(v->name))
		dot = v->name + n;
	(void)snprintf(v->stem, sizeof(v->stem), "%.*s", (int)(dot - from), from);
}

static int load(struct variant *v, const void *bytes, size_t size, struct error *e)
{
	v->hash = XXH3_64bits(bytes, size);
	v->image = image_load(v->name, bytes, size, e);
	return v->image ? 0 : -1;
}

/* The patches as the kit takes them; the caller frees the list. */
static int set_patches(struct kit_request *r, const struct variant_options *o, struct error *e)
{
	struct kit_patch *patches = calloc(o->n_patches + 1, sizeof(*patches));

	if (!patches)
		return error_set(e, "%s: out of memory", r->name);
	for (size_t i = 0; i < o->n_patches; i++) {
		const struct series_patch *p = &o->series->patch[i];

		patches[i] = (struct kit_patch){.place = p->place, .before = p->before, .text = p->text};
	}
	r->patches = patches;
	r->n_patches = o->n_patches;
	r->partial = o->partial;
	return 0;
}

static int build(struct variant *v, struct kit_request *r, const struct variant_options *o, struct error *e)
{
	struct kit_image built;
	int status;

	r->name = v->name;
	r->big_endian = o->endian == ENDIAN_BIG;
	r->uniprocessor = o->uniprocessor;
	r->say = o->say;
	r->say_arg = o->say_arg;
	if (o->build) {
		r->options = o->build->options;
		r->n_options = o->build->n_options;
		r->as = o->build->as;
	}
	if (set_patches(r, o, e))
		return -1;
	status = kit_build(r, &built, e);
	free((void *)r->patches); /* ours, though the kit may not change it */
	v->refused = built.refused;
	memcpy(v->complaint, built.complaint, sizeof(v->complaint));
	if (status)
		return -1;
	status = load(v, built.elf, built.size, e);
	if (!r->shipped) {
		v->of_kernel = r->as != KIT_AS_VARIANT;
		v->symbols = built.symbols;
		v->n_symbols = built.n_symbols;
		built.symbols = NULL;
		built.n_symbols = 0;
	}
	v->patched = built.patched;
	v->changed = built.changed;
	v->n_changed = built.n_changed;
	built.changed = NULL;
	built.n_changed = 0;
	kit_image_free(&built);
	return status;
}

static const char *order_name(bool big)
{
	return big ? "big" : "little";
}

/*
 * Looks at an object: its byte order is the variant's. *linked: it is an image already, and loaded.
 */
static int open_object(struct variant *v, const char *path, struct variant_options *o, bool *linked,
                       struct error *e)
{
	FILE *f = fopen(path, "rb");
	uint8_t *bytes = NULL;
	size_t size = 0;
	bool relocatable = false, big = false;
	int status;

	if (!f)
		return error_set(e, "%s: %s", path, strerror(errno));
	status = read_file(f, path, MAX_FILE, &bytes, &size, e);
	if (status == 0)
		status = kit_object_kind(path, bytes, size, &relocatable, &big, e);
	*linked = !relocatable;
	if (status == 0 && *linked)
		status = load(v, bytes, size, e);
	if (status == 0 && *linked && !image_symbol(v->image, "CONFIG_SMP") != o->uniprocessor)
		status =
		        error_set(e, "%s: this image is a kernel with%s CONFIG_SMP, but --smp says otherwise",
		                  path, o->uniprocessor ? "" : "out");
	if (status == 0 && o->endian != ENDIAN_UNSAID && big != (o->endian == ENDIAN_BIG))
		status = error_set(e, "%s: this %s is %s endian, but --endian%s says otherwise", path,
		                   *linked ? "image" : "object", order_name(big),
		                   *linked ? "" : " or another file");
	o->endian = big ? ENDIAN_BIG : ENDIAN_LITTLE;
	free(bytes);
	(void)fclose(f);
	return status;
}

static bool wants_build(const struct variant_options *o)
{
	return o->n_patches > 0 || (o->build && o->build->n_options > 0);
}

/* Files of a kernel tree that define something else than --as says would leave the modelled kernel's in
 * place. */
static int is_what_it_is_taken_for(const struct variant *v, const struct variant_options *o, struct error *e)
{
	static const struct {
		const char *kind, *file, *entry;
	} expected[] = {
	        [KIT_AS_KVM] = {"kvm", "arch/arm/kvm/interrupts.S", "__kvm_vcpu_run"},
	        [KIT_AS_VFP] = {"vfp", "arch/arm/vfp/vfphw.S", "vfp_support_entry"},
	};
	enum kit_as as = o->build ? o->build->as : KIT_AS_VARIANT;
	const struct image_symbol *symbol;

	if (as == KIT_AS_VARIANT)
		return 0;
	symbol = image_symbol(v->image, expected[as].entry);
	if (symbol && !symbol->weak)
		return 0;
	return error_set(e, "%s: --as %s takes %s: this does not define %s", v->name, expected[as].kind,
	                 expected[as].file, expected[as].entry);
}

static int open_files(struct variant *v, struct variant_options o, struct error *e)
{
	const char *files[KIT_FILES_MAX];
	struct kit_request request = {.files = files};

	v->files = strdup(v->name);
	if (!v->files)
		return error_set(e, "%s: out of memory", v->name);
	for (char *at = v->files, *comma; at; at = comma) {
		bool linked = false;

		comma = strchr(at, ',');
		if (comma)
			*comma++ = '\0';
		if (*at == '\0')
			return error_set(e, "%s: an empty name between commas", v->name);
		if (request.n_files == KIT_FILES_MAX)
			return error_set(e, "%s: a variant has at most %d files", v->name, KIT_FILES_MAX);
		if (!variant_is_source(at) && open_object(v, at, &o, &linked, e))
			return -1;
		files[request.n_files++] = at;
		if (linked && strchr(v->name, ','))
			return error_set(
			        e, "%s: a linked image is a variant by itself; give unlinked objects", at);
		if (linked && (wants_build(&o) || (o.build && o.build->n_patches > 0)))
			return error_set(e, "%s: is linked already: -I, -D and --patch can do nothing", at);
		v->linked = linked;
		if (linked)
			return 0;
	}
	return build(v, &request, &o, e) ? -1 : is_what_it_is_taken_for(v, &o, e);
}

static int unknown(const char *name, struct error *e)
{
	size_t count;
	const struct shipped_variant *all = shipped_variants(&count);
	struct nearest nearest = {.word = name};
	char hint[96];

	for (size_t i = 0; i < count; i++)
		nearest_offer(&nearest, all[i].name);
	return error_set(e,
	                 "unknown variant '%s'%s (`lazyswitch list' names them; a file ends in .S, .c, .o or "
	                 ".elf, or has a '/')",
	                 name, nearest_hint(&nearest, hint, sizeof(hint)));
}

static int open_shipped(struct variant *v, const struct variant_options *o, struct error *e)
{
	const struct shipped_variant *shipped = shipped_variant(v->name);
	bool big = o->endian == ENDIAN_BIG;
	const struct embedded *elf;

	if (wants_build(o) && (shipped || o->n_patches > 0)) {
		if (build(v, &(struct kit_request){.shipped = v->name}, o, e))
			return -1;
		elf = shipped ? &shipped->elf[o->uniprocessor][big] : NULL;
		v->unchanged = elf && v->hash == XXH3_64bits(elf->start, (size_t)(elf->end - elf->start));
		return 0;
	}
	if (!shipped)
		return unknown(v->name, e);
	v->shipped = true;
	elf = &shipped->elf[o->uniprocessor][big];
	v->hash = XXH3_64bits(elf->start, (size_t)(elf->end - elf->start));
	v->image = shipped_image(shipped, big, o->uniprocessor, e);
	return v->image ? 0 : -1;
}

int variant_series(const struct build_settings *b, struct series *series, struct error *e)
{
	if (series_read(series, b->patches, b->n_patches, e))
		return -1;
	if (!b->apply_said)
		return 0;
	if (b->apply > series->n)
		return error_set(e, "--apply %zu: there are only %zu patches", b->apply, series->n);
	series_cut(series, b->apply);
	return 0;
}

static int open_any(struct variant *v, const struct variant_options *o, struct error *e)
{
	return variant_is_path(v->name) ? open_files(v, *o, e) : open_shipped(v, o, e);
}

/* All patches, or as many as are asked for. */
static int open_patched(struct variant *v, const struct variant_options *o, struct error *e)
{
	struct variant_options with = *o;
	struct series series;
	int status = variant_series(o->build, &series, e);

	with.series = &series;
	with.n_patches = series.n;
	if (status == 0)
		status = open_any(v, &with, e);
	v->notes = series.notes;
	v->n_notes = series.n_notes;
	series.notes = NULL;
	series.n_notes = 0;
	series_free(&series);
	return status;
}

int variant_open(struct variant *v, const char *name, const struct variant_options *o, struct error *e)
{
	bool reads = o->build && o->build->n_patches > 0 && !o->series;

	*v = (struct variant){.name = name};
	set_stem(v);
	if ((reads ? open_patched(v, o, e) : open_any(v, o, e)) == 0)
		return 0;
	variant_close(v);
	return -1;
}

void variant_close(struct variant *v)
{
	for (size_t i = 0; i < v->n_symbols; i++)
		free(v->symbols[i].name);
	for (size_t i = 0; i < v->n_notes; i++)
		free(v->notes[i]);
	free(v->notes);
	free(v->symbols);
	free(v->files);
	kit_sources_free(v->changed, v->n_changed);
	image_free(v->image);
	v->symbols = NULL;
	v->n_symbols = 0;
	v->notes = NULL;
	v->n_notes = 0;
	v->files = NULL;
	v->changed = NULL;
	v->n_changed = 0;
	v->image = NULL;
}
