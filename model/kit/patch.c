/* SPDX-License-Identifier: MIT */
/*
 * --patch: diffs against the sources of the tree. What is handed to patch(1) is made anew from the hunks
 * alone, one file at a time, under the path of a source of ours: names in a diff cannot lead anywhere else.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "build.h"
#include "diff.h"
#include "run.h"

static const struct kit_file *find_text(const char *path)
{
	for (size_t i = 0; i < kit_n_texts; i++) {
		if (strcmp(kit_texts[i].path, path) == 0)
			return &kit_texts[i];
	}
	return NULL;
}

/* A bare name will do if only one source is called that. */
static const struct kit_file *find_name(const char *name)
{
	const struct kit_file *found = NULL;

	for (size_t i = 0; i < kit_n_texts; i++) {
		const char *slash = strrchr(kit_texts[i].path, '/');

		if (strcmp(slash + 1, name) != 0)
			continue;
		if (found)
			return NULL;
		found = &kit_texts[i];
	}
	return found;
}

/* The source that a name in a diff means: everything up to ".../model/" is the place of somebody's checkout.
 */
static const struct kit_file *find_source(const char *name)
{
	const struct kit_file *found;
	char path[DIFF_NAME + 8];

	for (const char *at = name; at; at = strchr(at, '/')) {
		at += *at == '/';
		if ((found = find_text(at)) != NULL)
			return found;
	}
	if ((name[0] == 'a' || name[0] == 'b') && name[1] == '/')
		name += 2;
	(void)snprintf(path, sizeof(path), "model/%s", name);
	if ((found = find_text(path)) != NULL)
		return found;
	return find_name(name);
}

/* May a patch make this file? Then it is somewhere below model/. */
static const char *new_path(const char *name)
{
	if ((name[0] == 'a' || name[0] == 'b') && name[1] == '/')
		name += 2;
	if (strncmp(name, "model/linux/", 12) != 0 && strncmp(name, "model/variants/", 15) != 0)
		return NULL;
	if (strstr(name, "/../") || strstr(name, "/./") || strstr(name, "//") || strchr(name, '\n') ||
	    strlen(name) > 250)
		return NULL;
	return name;
}

/* Which file of the tree; *made: it is a new one. NULL with `e` filled in. */
static const char *target_of(const struct diff_file *f, const char *patch, bool *made, struct error *e)
{
	const struct kit_file *source;
	const char *path;

	*made = strcmp(f->before, "/dev/null") == 0;
	if (*made && find_source(f->after)) {
		error_set(e, "%s:%u: makes %.200s, which is there already", patch, f->line, f->after);
		return NULL;
	}
	if (*made && (path = new_path(f->after)) != NULL)
		return path;
	if ((source = find_source(f->before)) != NULL || (source = find_source(f->after)) != NULL)
		return source->path;
	/* Made by an earlier patch, perhaps. */
	if (!*made && ((path = new_path(f->before)) != NULL || (path = new_path(f->after)) != NULL))
		return path;
	error_set(e,
	          "%s:%u: %.200s is not a source that variants are built from: these are model/variants/*.S "
	          "and "
	          "model/linux/** (`lazyswitch show --source VARIANT' prints one)",
	          patch, f->line, *made ? f->after : f->before);
	return NULL;
}

static int failed(const struct diff_file *f, const char *patch, const char *target, const char *output,
                  struct error *e)
{
	const char *hunk = strstr(output, "FAILED");
	unsigned n = 1;
	char header[128];

	while (hunk && hunk > output && hunk[-1] != '#' && hunk[-1] != '\n')
		hunk--;
	if (!hunk)
		return error_set(e, "%s:%u: the changes of %.200s do not apply: %.300s", patch, f->line,
		                 target, output);
	(void)sscanf(hunk, "%u", &n); /* NOLINT(cert-err34-c): patch(1) counts hunks in small numbers */
	return error_set(
	        e,
	        "%s:%u: hunk %u of %.200s (%s) does not apply: its context is not what is in this program's "
	        "source, or it has been applied already. `lazyswitch show --source %.200s' prints the "
	        "source: make the diff against that",
	        patch, diff_hunk_line(f, n), n, target, diff_hunk(f, n, header, sizeof(header)), target);
}

static int remember(struct build *b, const char *path, struct error *e)
{
	size_t old = b->patched ? strlen(b->patched) : 0, size = old + strlen(path) + 2;
	char *list = realloc(b->patched, size);

	if (!list)
		return error_set(e, "out of memory");
	(void)snprintf(list + old, size - old, "%s\n", path);
	b->patched = list;
	if (strncmp(path, "model/linux/", 12) == 0 || strcmp(path, "model/variants/baseline.S") == 0)
		b->kernel_patched = true;
	return 0;
}

static int apply_file(struct build *b, const struct diff_file *f, const char *patch, struct error *e)
{
	bool made;
	const char *target = target_of(f, patch, &made, e);
	char *text, input[TREE_NAME], output[4096];
	size_t size = f->hunks_length + 2 * DIFF_NAME + 32;
	int n, status;

	if (!target)
		return -1;
	text = malloc(size);
	if (!text)
		return error_set(e, "%s: out of memory", patch);
	n = snprintf(text, size, "--- %s\n+++ %s\n%s", made ? "/dev/null" : target,
	             strcmp(f->after, "/dev/null") == 0 ? "/dev/null" : target, f->hunks);
	status = tree_write(&b->tree, "patch.diff", text, (size_t)n, e);
	free(text);
	if (status)
		return -1;
	/* No fuzz: a hunk whose context is not there might end up in the wrong place, unnoticed. */
	switch (run(&b->tree,
	            (const char *const[]){"patch", "--force", "--fuzz=0", "--strip=0", "--unified",
	                                  "--no-backup-if-mismatch", "--reject-file=-", "--directory",
	                                  b->tree.path, "--input", tree_name(&b->tree, "patch.diff", input),
	                                  NULL},
	            &(struct run_output){.text = output, .size = sizeof(output)})) {
	case RUN_GOOD:
		return remember(b, target, e);
	case RUN_MISSING:
		return error_set(e, "%s: patch(1) is not there: install the package patch", patch);
	case RUN_FAILED:
		return failed(f, patch, target, output, e);
	case RUN_INTERRUPTED:
		return error_set(e, "%s: interrupted", patch);
	default:
		return error_set(e, "%s: patch(1) does not come to an end", patch);
	}
}

static int apply_patch(struct build *b, const struct kit_patch *patch, struct error *e)
{
	size_t size = strlen(patch->text);
	char *text = malloc(size + 1),
	     *hunks = malloc(2 * size + 2); /* blanks that were stripped come back */
	struct diff_reader reader = {
	        .name = patch->place, .at = text, .line = patch->before, .before = hunks};
	struct diff_file file;
	unsigned files = 0;
	int status = 0;

	if (text && hunks)
		memcpy(text, patch->text, size + 1);
	else
		status = error_set(e, "%s: out of memory", patch->place);
	while (status == 0 && (status = diff_next(&reader, &file, e)) > 0) {
		files++;
		status = apply_file(b, &file, patch->place, e);
	}
	if (status == 0 && files == 0)
		status = error_set(e,
		                   "%s: there is no unified diff in it (diff -u, git diff, git format-patch)",
		                   patch->place);
	free(hunks);
	free(text);
	return status;
}

int apply_patches(struct build *b, struct error *e)
{
	for (size_t i = 0; i < b->request->n_patches; i++) {
		if (apply_patch(b, &b->request->patches[i], e)) {
			b->refused = i + 1;
			return -1;
		}
	}
	return 0;
}
