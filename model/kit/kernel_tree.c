/* SPDX-License-Identifier: MIT */
/* Files of a kernel tree, unmodified: what its Makefiles say about them, and what stands for the headers
 * around them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "build.h"

void kernel_tree_flags(const struct build *b, struct words *words, char quote_dir[TREE_NAME])
{
	static const char *const common[] = {"-D__KERNEL__", "-include", "generated/autoconf.h"};

	words_add_all(words, common, sizeof(common) / sizeof(common[0]));
	if (b->request->as != KIT_AS_VFP)
		return;
	words_add(words, "-iquote");
	words_add(words, tree_name(&b->tree, "model/linux/include/asm", quote_dir));
}

void kernel_tree_asm_flags(struct words *words)
{
	static const char *const flags[] = {"-D__ASSEMBLY__", "-include", "asm/unified.h"};

	words_add_all(words, flags, sizeof(flags) / sizeof(flags[0]));
}

/*
 * Until 3.14 vfphw.S includes "../kernel/entry-header.S": the one beside it in its tree is made for that
 * kernel's stacks, the one beside quote_dir for ours.
 */
int kernel_tree_source(const struct build *b, const char *source, char copy[TREE_NAME], struct error *e)
{
	const char *slash = strrchr(source, '/');
	char name[512];
	size_t size;
	char *text;
	int status;

	(void)snprintf(copy, TREE_NAME, "%.2400s", source);
	if (b->request->as != KIT_AS_VFP)
		return 0;
	text = tree_read(source, KIT_SOURCE_MAX, &size, e);
	if (!text)
		return -1;
	(void)snprintf(name, sizeof(name), "vfp/%.400s", slash ? slash + 1 : source);
	status = tree_write(&b->tree, name, text, size, e);
	(void)tree_name(&b->tree, name, copy);
	free(text);
	return status;
}
