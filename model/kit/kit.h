/* SPDX-License-Identifier: MIT */
/*
 * The build kit: what it takes to build variants from source, embedded into the program: the text of the
 * modelled kernel and of the shipped variants, and the kernel's objects. Only a cross compiler has to be
 * there, ${CROSS_COMPILE}gcc, and patch(1) for patches.
 *
 * Builds happen in a private directory under ${TMPDIR:-/tmp} that is removed again, whatever happens: while
 * there is one, SIGINT, SIGTERM and SIGHUP are blocked in the calling thread, and end the build early. What
 * the compiler has to say the request's `say` is told. Sources are not trusted: compilers run with limits of time,
 * memory and file size.
 */
#ifndef LAZYSWITCH_MODEL_KIT_KIT_H
#define LAZYSWITCH_MODEL_KIT_KIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/error.h"

enum { KIT_FILES_MAX = 64, KIT_OPTIONS_MAX = 256, KIT_SOURCE_MAX = 4 << 20, KIT_COMPLAINT = 256 };

/* What sources are compiled as. */
enum kit_as {
	KIT_AS_VARIANT, /* of this project */
	KIT_AS_KVM,     /* arch/arm/kvm/interrupts.S of a kernel tree, and what else it takes */
	KIT_AS_VFP,     /* arch/arm/vfp/vfphw.S of a kernel tree */
};

/* A text with a unified diff against the kit's sources. */
struct kit_patch {
	const char *place; /* where it was found, for messages: "file" */
	unsigned before;   /* lines there before the text */
	const char *text;  /* terminated by '\0' */
};

/* What to build: a shipped variant, or files; all of it is borrowed. */
struct kit_request {
	const char *name;         /* for messages */
	const char *shipped;      /* a shipped variant's name, or NULL */
	const char *const *files; /* .S, .s, .c, and .o (relocatable) files that make one variant */
	size_t n_files;
	const char *const *options; /* words for the compiler, such as "-I", "include" */
	size_t n_options;
	const struct kit_patch *patches; /* applied in order */
	size_t n_patches;
	bool partial;   /* they are the beginning of a series: they need not change what is built */
	enum kit_as as; /* the files; a shipped variant is what it is */
	bool big_endian, uniprocessor;
	/* Told what compilers have to say, a piece at a time, 64 KiB for each at most. NULL: nobody is. */
	void (*say)(void *arg, const char *bytes, size_t n);
	void *say_arg;
};

/* What becomes of a global symbol of the user's files. */
enum kit_effect {
	KIT_OVERRIDES, /* takes the place of a weak symbol of the kernel */
	KIT_USED,      /* something of the variant refers to it */
	KIT_UNUSED,    /* overrides nothing, and nobody refers to it */
	KIT_WEAK_TOO,  /* weak, as the kernel's symbol of that name is, which is the one that counts */
};

struct kit_symbol {
	enum kit_effect effect;
	char *name;       /* owned */
	const char *file; /* of the request */
};

/* A source of the kit as the request's patches have left it. */
struct kit_source {
	char *path; /* "model/variants/v3.S" */
	char *text; /* NULL: they have removed it */
	size_t size;
};

struct kit_image {
	uint8_t *elf; /* the linked image */
	size_t size;
	struct kit_source *changed; /* what the patches have changed or made */
	size_t n_changed;
	bool patched;               /* something of what it was built from is among these */
	struct kit_symbol *symbols; /* of the request's files; none for a shipped variant */
	size_t n_symbols;
	/* Also after a failure: */
	size_t refused; /* of the request's patches the one that does not apply, counted from 1; otherwise 0 */
	char complaint[KIT_COMPLAINT]; /* the first of the compiler's, "file:12: Error: ..."; "": none */
};

/* Builds an image. Returns 0, or -1 with `e` filled in. */
int kit_build(const struct kit_request *request, struct kit_image *image, struct error *e);
void kit_image_free(struct kit_image *image);
void kit_sources_free(struct kit_source *sources, size_t n);

/*
 * What a file claims to be, by its first bytes. Returns 0, or -1 with `e` filled in if it is no ELF file, or
 * an object that is not for ARM; `path` is for messages. *relocatable: an unlinked object.
 */
int kit_object_kind(const char *path, const void *bytes, size_t size, bool *relocatable, bool *big_endian,
                    struct error *e);

/* A source of the kit by its path, "model/variants/v3.S". Returns NULL if there is none; not terminated by
 * '\0'. */
const char *kit_text(const char *path, size_t *size);

#endif
