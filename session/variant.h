/* SPDX-License-Identifier: MIT */
/* A variant as the user names it: one that ships, or files. */
#ifndef LAZYSWITCH_SESSION_VARIANT_H
#define LAZYSWITCH_SESSION_VARIANT_H

#include <stdbool.h>
#include <stdint.h>

#include "build_settings.h"
#include "model/cpu/image.h"
#include "model/kit/kit.h"

enum endianness { ENDIAN_UNSAID, ENDIAN_LITTLE, ENDIAN_BIG };

struct variant {
	const char *name; /* as given; borrowed */
	char stem[128];   /* for file names: the name, without directories and what follows its last dot */
	struct image *image;
	uint64_t hash; /* XXH3 of the ELF file */
	/* Of one that was built from files: what becomes of their global symbols. */
	struct kit_symbol *symbols;
	size_t n_symbols;
	char *files; /* what the symbols' `file` points into */
	/* Sources of the kit that patches have changed. */
	struct kit_source *changed;
	size_t n_changed;
	char **notes; /* what was left out of what patches were taken from */
	size_t n_notes;
	/* Also after a failure: */
	size_t refused;                /* of the patches the one that does not apply, from 1; otherwise 0 */
	char complaint[KIT_COMPLAINT]; /* the first of the compiler's, "file:12: Error: ..."; "": none */
	bool shipped;                  /* and not changed by a patch or an option */
	bool of_kernel; /* its files are a kernel tree's: more is in them than the model calls */
	bool unchanged; /* it ships, and -I and -D change nothing in it */
	bool linked;    /* an image as it was found: nothing is known of what it was built from */
	bool patched;   /* it is built from something that patches have changed */
};

struct series;

/* Which build of it. */
struct variant_options {
	enum endianness endian;             /* little if unsaid; must agree with files that have one */
	bool uniprocessor;                  /* for a kernel without CONFIG_SMP */
	const struct build_settings *build; /* options for those that are built; NULL: none */
	/* Its patches, if they are read already; otherwise NULL: build->patches are read. */
	const struct series *series;
	size_t n_patches; /* how many of them are applied */
	bool partial;     /* they need not change what the variant is built from */
	/* Told what compilers have to say, a piece at a time. NULL: nobody is. */
	void (*say)(void *arg, const char *bytes, size_t n);
	void *say_arg;
};

/*
 * Loads a variant. A name with a slash or a comma, or that ends in .S, .s, .c, .o or .elf, is a file, or
 * several with commas between them: sources and unlinked objects are built and linked with the modelled
 * kernel, a linked ELF image is taken as it is. Any other name is a shipped variant's, which is built anew if
 * there are options for that. Returns 0, or -1 with `e` filled in.
 */
int variant_open(struct variant *v, const char *name, const struct variant_options *options, struct error *e);
void variant_close(struct variant *v);

/*
 * The patches that the settings name, as many as they want applied. Returns 0, or -1 with `e` filled in; to be freed in
 * either case.
 */
int variant_series(const struct build_settings *build, struct series *series, struct error *e);

/*
 * Calls `warn` for everything that looks like a mistake: global symbols of the user's that override nothing
 * and that nobody uses, a variant that is no different from the baseline.
 */
void variant_warnings(const struct variant *v, bool uniprocessor, void (*warn)(void *arg, const char *text),
                      void *arg);

/* The weak symbols of the kernel that the image overrides; `baseline` is an image that overrides none. */
bool variant_overrides(const struct image *image, const struct image *baseline, size_t symbol);

/*
 * The text of a source, by its name in the image's line table: of the modelled kernel and the shipped variants, patched
 * as the variant is; or a file that lies beside the user's sources, or below, and is called like one. Returns 1 with
 * *text, which the caller frees, not terminated; 0: it is not there, or cannot be the one that the image was built from; -1:
 * out of memory.
 */
int variant_text(const struct variant *v, const char *file, char **text, size_t *size);

/* Does the name mean a file? */
bool variant_is_path(const char *name);
/* Does it mean one that a compiler must translate? */
bool variant_is_source(const char *name);

#endif
