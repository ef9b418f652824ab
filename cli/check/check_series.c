/* SPDX-License-Identifier: MIT */
#include "check_series.h"

#include <stdio.h>
#include <string.h>

#include "model/images/images.h"
#include "model/series/series.h"

/* Does this patch make the file, "variants/mine.S"? */
static bool makes(const struct series_patch *patch, const char *path)
{
	static const char header[] = "--- /dev/null\n+++ ";
	size_t length = strlen(path);

	for (const char *at = strstr(patch->text, header); at; at = strstr(at + 1, header)) {
		const char *name = at + strlen(header);
		size_t n = strcspn(name, "\t\r\n");

		if (n >= length && strncmp(name + n - length, path, length) == 0)
			return true;
	}
	return false;
}

/* How many patches it takes until the variant is there. */
static size_t first_prefix(const char *name, const struct series *series)
{
	char path[256];

	if (variant_is_path(name) || shipped_variant(name))
		return 0;
	(void)snprintf(path, sizeof(path), "variants/%.200s.S", name);
	for (size_t i = 0; i < series->n; i++) {
		if (makes(&series->patch[i], path))
			return i + 1;
	}
	return series->n;
}

/* What does not apply will not apply with more patches, either. */
static void give_up(struct check_run *run, const struct check_run *refused, const char *name,
                    const struct prefix *prefix)
{
	*run = (struct check_run){.result = {.verdict = CHECK_ERROR, .property = -1},
	                          .status = STATUS_USAGE,
	                          .prefix = *prefix};
	run->variant.name = name;
	run->variant.refused = refused->variant.refused;
	(void)snprintf(run->label, sizeof(run->label), "%.150s + %zu/%zu", name, prefix->n,
	               prefix->series->n);
	error_set(&run->error, "not tried: patch %zu/%zu does not apply", run->variant.refused,
	          prefix->series->n);
}

int check_series_open(struct check_run *runs, size_t *n, const char *name, const struct check_settings *s,
                      const struct series *series, struct error *e)
{
	struct prefix prefix = {.series = series, .n = series ? series->n : 0, .each = s->each};
	const struct check_run *refused = NULL;

	if (!s->each || !series) {
		if (check_run_open_prefix(&runs[*n], name, s, &prefix, e))
			return -1;
		++*n;
		return 0;
	}
	for (prefix.n = first_prefix(name, series); prefix.n <= series->n; prefix.n++) {
		struct check_run *run = &runs[*n];

		if (refused)
			give_up(run, refused, name, &prefix);
		else if (check_run_open_prefix(run, name, s, &prefix, e))
			return -1;
		if (run->variant.refused > 0 && !refused)
			refused = run;
		++*n;
	}
	if (series->n > 0 && runs[*n - 1].world && !runs[*n - 1].variant.patched)
		return error_set(e, "%s: --patch changes nothing that this variant is built from", name);
	return 0;
}

static bool is_of_same(const struct check_run *a, const struct check_run *b)
{
	return strcmp(a->variant.name, b->variant.name) == 0 && a->prefix.each && b->prefix.each;
}

const struct check_run *check_series_same(const struct check_run *runs, size_t i)
{
	for (size_t k = i; k-- > 0 && is_of_same(&runs[k], &runs[i]);) {
		if (runs[k].world && runs[k].variant.hash == runs[i].variant.hash)
			return runs[k].same ? runs[k].same : &runs[k];
	}
	return NULL;
}

static bool is_known(const struct check_run *run)
{
	return run->result.verdict == CHECK_PASS || run->result.verdict == CHECK_FAIL;
}

/* The last run before it that has a verdict. */
static const struct check_run *before(const struct check_run *runs, size_t i)
{
	for (size_t k = i;
	     k-- > 0 && is_of_same(&runs[k], &runs[i]) && runs[k].prefix.n < runs[i].prefix.n;) {
		if (is_known(&runs[k]))
			return &runs[k];
	}
	return NULL;
}

enum patch_effect check_series_effect(const struct check_run *runs, size_t i)
{
	const struct check_run *run = &runs[i], *old = before(runs, i);

	if (run->result.verdict == CHECK_ERROR && !run->world)
		return run->variant.refused > 0 ? PATCH_REFUSED : PATCH_UNBUILT;
	if (!is_known(run))
		return PATCH_UNKNOWN;
	if (run->prefix.n == 0)
		return PATCH_NONE;
	if (run->result.verdict == CHECK_PASS)
		return old && old->result.verdict == CHECK_FAIL ? PATCH_MENDS : PATCH_HOLDS;
	if (!old || old->result.verdict == CHECK_PASS)
		return PATCH_BREAKS;
	return old->result.property == run->result.property ? PATCH_STILL : PATCH_OTHER;
}

static const char *property_of(const struct check_run *run)
{
	return run && run->result.property >= 0 ? world_property_names[run->result.property] : "?";
}

const char *check_series_words(const struct check_run *runs, size_t i, char *buf, size_t size)
{
	const struct check_run *run = &runs[i], *old = before(runs, i);
	char reason[128];
	const char *why;

	switch (check_series_effect(runs, i)) {
	case PATCH_NONE:
		(void)snprintf(buf, size, "%s%s", run->result.verdict == CHECK_PASS ? "holds" : "violates ",
		               run->result.verdict == CHECK_PASS ? "" : property_of(run));
		break;
	case PATCH_HOLDS:
		(void)snprintf(buf, size, "holds");
		break;
	case PATCH_BREAKS:
		(void)snprintf(buf, size, "breaks %s", property_of(run));
		break;
	case PATCH_MENDS:
		(void)snprintf(buf, size, "mends %s", property_of(old));
		break;
	case PATCH_STILL:
		(void)snprintf(buf, size, "still violates %s", property_of(run));
		break;
	case PATCH_OTHER:
		(void)snprintf(buf, size, "violates %s, and no longer first %s", property_of(run),
		               property_of(old));
		break;
	case PATCH_REFUSED:
		(void)snprintf(buf, size,
		               run->variant.refused == run->prefix.n ? "does not apply" : "not tried");
		break;
	case PATCH_UNBUILT:
		(void)snprintf(buf, size, "does not build");
		break;
	default:
		why = check_run_reason(run, reason, sizeof(reason));
		(void)snprintf(buf, size, "not known: %s", why ? why : "something went wrong");
		break;
	}
	return buf;
}

bool check_series_is_base(const struct check_run *run)
{
	return run->prefix.each && run->prefix.n == 0;
}

enum exit_status check_series_status(const struct check_run *run)
{
	if (check_series_is_base(run) && (run->status == STATUS_VIOLATED || run->status == STATUS_UNFINISHED))
		return STATUS_HOLDS;
	return run->status;
}

const struct series_patch *check_series_patch(const struct check_run *run)
{
	return run->prefix.n > 0 ? &run->prefix.series->patch[run->prefix.n - 1] : NULL;
}

size_t check_series_end(const struct check_run *runs, size_t n, size_t i)
{
	size_t end = i + 1;

	while (end < n && is_of_same(&runs[end], &runs[i]) && runs[end].prefix.n > runs[end - 1].prefix.n)
		end++;
	return end;
}

bool check_series_bisectable(const struct check_run *runs, size_t first, size_t end, bool *unknown)
{
	bool good = true;

	*unknown = false;
	for (size_t i = first; i < end; i++) {
		if (runs[i].prefix.n == 0)
			continue;
		if (runs[i].result.verdict == CHECK_INCOMPLETE)
			*unknown = true;
		else
			good &= runs[i].result.verdict == CHECK_PASS;
	}
	return good && !*unknown;
}

void check_series_print_patches(const struct series *s, FILE *out)
{
	(void)fprintf(out, "a series of %zu patch%s, each prefix of which is checked:\n", s->n,
	              s->n == 1 ? "" : "es");
	for (size_t i = 0; i < s->n; i++)
		(void)fprintf(out, "  %zu/%zu  %s\n", i + 1, s->n, s->patch[i].title);
}

void check_series_print_effects(const struct check_run *runs, size_t n, FILE *out)
{
	for (size_t first = 0; first < n; first = check_series_end(runs, n, first)) {
		size_t end = check_series_end(runs, n, first);
		bool unknown, good = check_series_bisectable(runs, first, end, &unknown);
		char words[256];

		if (!runs[first].prefix.each)
			continue;
		(void)fprintf(out, "\n%s, patch by patch:\n", runs[first].variant.name);
		for (size_t i = first; i < end; i++) {
			const struct series_patch *patch = check_series_patch(&runs[i]);

			(void)check_series_words(runs, i, words, sizeof(words));
			if (patch)
				(void)fprintf(out, "  %zu/%zu  %s: %s\n", runs[i].prefix.n,
				              runs[i].prefix.series->n, words, patch->title);
			else
				(void)fprintf(out, "  base %s\n", words);
		}
		(void)fprintf(out, "  %s\n",
		              good      ? "bisectable: every prefix of the series builds, and holds"
		              : unknown ? "bisectable? not every prefix is known"
		                        : "not bisectable: not every prefix of the series builds, and holds");
	}
}
