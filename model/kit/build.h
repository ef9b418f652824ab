/* SPDX-License-Identifier: MIT */
/* Internal to model/kit: a build in progress, and what the parts of it do. */
#ifndef LAZYSWITCH_MODEL_KIT_BUILD_H
#define LAZYSWITCH_MODEL_KIT_BUILD_H

#include "kit.h"
#include "objects.h"
#include "tree.h"

/* A file embedded into the program. */
struct kit_file {
	const char *path;   /* in the tree: "model/linux/...", "kernel/OBJECT.o" */
	const char *source; /* of an object: the path of what it is compiled from */
	const unsigned char *start, *end;
};

/* table.c: the texts; the objects of the kernel for one of the four builds. */
extern const struct kit_file kit_texts[];
extern const size_t kit_n_texts;
const struct kit_file *kit_objects(bool big_endian, bool uniprocessor, size_t *n);

/* Words of a command line; too many of them are counted but not kept. */
enum { WORDS_MAX = 512 };
struct words {
	const char *word[WORDS_MAX];
	size_t n;
};
void words_add(struct words *words, const char *word);
void words_add_all(struct words *words, const char *const *list, size_t n);

struct build {
	const struct kit_request *request;
	struct tree tree;
	char compiler[256];                         /* "arm-linux-gnueabihf-gcc" */
	char objects[KIT_FILES_MAX + 1][TREE_NAME]; /* of the variant */
	size_t n_objects;
	/* Paths of the sources that patches have changed, separated by newlines; owned. */
	char *patched;
	bool kernel_patched, patch_used;
	size_t refused; /* the patch that does not apply, counted from 1 */
	char complaint[KIT_COMPLAINT];
};

/*
 * compile.c: compiles a file of the user's or of the tree into an object. The request's options are for the
 * variant, not for the kernel. Returns 0, or -1 with `e` filled in.
 */
int compile(struct build *build, const char *source, const char *object, bool variant, struct error *e);
/* Links the objects of the kernel and of the variant; `output` is an absolute path. */
int link_image(struct build *build, const char *output, struct error *e);

/* kernel_tree.c: words for any source, and for assembly, of a kernel tree; the words may point into
 * quote_dir. */
void kernel_tree_flags(const struct build *build, struct words *words, char quote_dir[TREE_NAME]);
void kernel_tree_asm_flags(struct words *words);
/* What to compile for an assembly file of a kernel tree: itself, or a copy. Returns 0, or -1 with `e` filled
 * in. */
int kernel_tree_source(const struct build *build, const char *source, char copy[TREE_NAME], struct error *e);

/* patch.c: applies the request's patches to the tree. */
int apply_patches(struct build *build, struct error *e);

/* effects.c: what the user's symbols do to the kernel; refuses what would not link. */
int find_effects(const struct build *build, struct kit_image *image, struct error *e);

#endif
