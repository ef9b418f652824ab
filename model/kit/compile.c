/* SPDX-License-Identifier: MIT */
/* Calls of the cross compiler, with the flags that CMake uses for the shipped images (kit_flags.h). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "build.h"
#include "kit_flags.h"
#include "run.h"

#define ADD_ALL(words, ...)                                                                                  \
	words_add_all((words), (const char *const[]){__VA_ARGS__},                                           \
	              sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))

void words_add(struct words *words, const char *word)
{
	if (words->n < WORDS_MAX - 1) {
		words->word[words->n] = word;
		words->word[words->n + 1] = NULL;
	}
	words->n++;
}

void words_add_all(struct words *words, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		words_add(words, list[i]);
}

/* The compiler's name; like make, takes CROSS_COMPILE="ccache arm-linux-gnueabihf-" for two words. */
static int add_compiler(struct build *b, struct words *words, struct error *e)
{
	const char *prefix = getenv("CROSS_COMPILE"); /* NOLINT(concurrency-mt-unsafe): nobody changes it */
	char *rest = b->compiler;

	if (!prefix)
		prefix = KIT_CROSS;
	if (strlen(prefix) > sizeof(b->compiler) - 8)
		return error_set(e, "CROSS_COMPILE is too long");
	(void)snprintf(b->compiler, sizeof(b->compiler), "%sgcc", prefix);
	for (char *word = strtok_r(rest, " \t", &rest); word; word = strtok_r(NULL, " \t", &rest))
		words_add(words, word);
	return 0;
}

/* The first line of its messages that says what is wrong: "v3.S:12: Error: bad instruction". */
static void keep_complaint(struct build *b, const char *messages)
{
	size_t root = strlen(b->tree.path);

	for (const char *at = messages; at; at = strchr(at, '\n')) {
		size_t n;

		at += *at == '\n';
		at += strncmp(at, b->tree.path, root) == 0 && at[root] == '/' ? root + 1 : 0;
		n = strcspn(at, "\n");
		(void)snprintf(b->complaint, sizeof(b->complaint), "%.*s", (int)n, at);
		if (strstr(b->complaint, ": error: ") || strstr(b->complaint, ": Error: ") ||
		    strstr(b->complaint, ": undefined reference "))
			return;
	}
	b->complaint[0] = '\0';
}

static int run_compiler(struct build *b, const struct words *words, const char *what, const char *file,
                        struct error *e)
{
	char messages[4096];
	const struct run_output output = {.text = messages,
	                                  .size = sizeof(messages),
	                                  .say = b->request->say,
	                                  .say_arg = b->request->say_arg};
	size_t root = strlen(b->tree.path);

	/* The user has not heard of our directory. */
	if (strncmp(file, b->tree.path, root) == 0 && file[root] == '/')
		file += root + 1;
	if (words->n >= WORDS_MAX)
		return error_set(e, "%s: too many words for the compiler", b->request->name);
	switch (run(&b->tree, words->word, &output)) {
	case RUN_GOOD:
		return 0;
	case RUN_MISSING:
		return error_set(
		        e,
		        "%s: there is no %s to build it with: install the package "
		        "gcc-arm-linux-gnueabihf, or set CROSS_COMPILE to the prefix of an ARM cross "
		        "compiler",
		        b->request->name, words->word[0]);
	case RUN_LIMIT:
		return error_set(e, "%s: does not %s in reasonable time", file, what);
	case RUN_INTERRUPTED:
		return error_set(e, "%s: interrupted", b->request->name);
	case RUN_IMPOSSIBLE:
		return error_set(e, "%s: no process can be started", words->word[0]);
	default:
		keep_complaint(b, messages);
		return error_set(e, "%s: does not %s (%s says why, above)", file, what, words->word[0]);
	}
}

static void add_build_flags(const struct build *b, struct words *words, bool linking)
{
	const struct kit_request *r = b->request;

	if (linking && r->big_endian)
		ADD_ALL(words, KIT_LINK_BIG);
	if (!linking && r->big_endian)
		ADD_ALL(words, KIT_COMPILE_BIG);
	if (linking && !r->uniprocessor)
		ADD_ALL(words, KIT_LINK_SMP);
	if (!linking && !r->uniprocessor)
		ADD_ALL(words, KIT_COMPILE_SMP);
}

/* Was one of the patched sources among those that the compiler read? */
static void note_dependencies(struct build *b, const char *depfile)
{
	size_t size;
	struct error ignored;
	char *text = tree_read(depfile, 64 << 20, &size, &ignored);

	for (const char *path = b->patched; text && path && *path; path = strchr(path, '\n') + 1) {
		char name[TREE_NAME];

		(void)snprintf(name, sizeof(name), "%s/%.*s", b->tree.path, (int)strcspn(path, "\n"), path);
		if (strstr(text, name))
			b->patch_used = true;
	}
	free(text);
}

static bool is_c(const char *path)
{
	size_t n = strlen(path);

	return n > 2 && strcmp(path + n - 2, ".c") == 0;
}

int compile(struct build *b, const char *source, const char *object, bool variant, struct error *e)
{
	const char *root = b->tree.path;
	char here[TREE_PATH] = "", map[TREE_NAME], map_here[TREE_NAME], include[TREE_NAME],
	     linux_dir[TREE_NAME], variants[TREE_NAME], depfile[TREE_NAME], plain[TREE_NAME], copy[TREE_NAME],
	     quote_dir[TREE_NAME];
	bool of_kernel = variant && !b->request->shipped && b->request->as != KIT_AS_VARIANT;
	struct words words = {0};

	(void)snprintf(map, sizeof(map), "-ffile-prefix-map=%s/=", root);
	(void)snprintf(include, sizeof(include), "-I%s/model/linux/include", root);
	(void)snprintf(linux_dir, sizeof(linux_dir), "-I%s/model/linux", root);
	(void)snprintf(variants, sizeof(variants), "-I%s/model/variants", root);
	(void)snprintf(depfile, sizeof(depfile), "%s/depfile", root);
	if (of_kernel && !is_c(source)) {
		if (kernel_tree_source(b, source, copy, e))
			return -1;
		source = copy;
	}
	/* gcc would take "-x.S" for an option and "@x.S" for a file of options */
	(void)snprintf(plain, sizeof(plain), "%s%.2400s", *source == '-' || *source == '@' ? "./" : "",
	               source);

	if (add_compiler(b, &words, e))
		return -1;
	ADD_ALL(&words, KIT_COMPILE_FLAGS);
	if (is_c(source))
		ADD_ALL(&words, KIT_C_FLAGS, KIT_WARNINGS);
	else
		ADD_ALL(&words, KIT_ASM_FLAGS);
	add_build_flags(b, &words, false);
	if (of_kernel)
		kernel_tree_flags(b, &words, quote_dir);
	if (of_kernel && !is_c(source))
		kernel_tree_asm_flags(&words);
	if (variant)
		words_add_all(&words, b->request->options, b->request->n_options);
	ADD_ALL(&words, include, linux_dir, variants);
	/* The same image wherever it is built. */
	if (getcwd(here, sizeof(here) - 64)) {
		(void)snprintf(map_here, sizeof(map_here), "-ffile-prefix-map=%s=.", here);
		words_add(&words, map_here);
	}
	words_add(&words, map);
	if (b->patched)
		ADD_ALL(&words, "-MD", "-MF", depfile);
	ADD_ALL(&words, "-c", plain, "-o", object);
	if (run_compiler(b, &words, "compile", source, e))
		return -1;
	if (b->patched)
		note_dependencies(b, depfile);
	return 0;
}

int link_image(struct build *b, const char *output, struct error *e)
{
	const struct kit_request *r = b->request;
	const struct kit_file *objects;
	char(*names)[TREE_NAME], script[TREE_NAME];
	struct words words = {0};
	size_t n;
	int status;

	objects = kit_objects(r->big_endian, r->uniprocessor, &n);
	names = calloc(n, sizeof(*names));
	if (!names)
		return error_set(e, "%s: out of memory", r->name);
	status = add_compiler(b, &words, e);
	ADD_ALL(&words, KIT_LINK_FLAGS);
	add_build_flags(b, &words, true);
	ADD_ALL(&words, "-T", tree_name(&b->tree, "model/linux/lazyswitch.lds", script));
	for (size_t i = 0; i < n; i++)
		words_add(&words, tree_name(&b->tree, objects[i].path, names[i]));
	for (size_t i = 0; i < b->n_objects; i++)
		words_add(&words, b->objects[i]);
	ADD_ALL(&words, "-o", output);
	if (status == 0)
		status = run_compiler(b, &words, "link with the modelled kernel", r->name, e);
	free(names);
	return status;
}
