/* SPDX-License-Identifier: MIT */
#include "build_settings.h"

#include <string.h>
#include <sys/stat.h>

#include "model/series/series.h"
#include "parse.h"

static int add_option(struct build_settings *b, const char *option, const char *value, struct error *e)
{
	if (b->n_options + 2 > BUILD_OPTIONS_MAX)
		return error_set(e, "%s %s: more than %d such options", option, value, BUILD_OPTIONS_MAX / 2);
	if (*value == '\0')
		return error_set(e, "%s takes a %s, not nothing", option,
		                 option[1] == 'I' ? "directory" : "name");
	b->options[b->n_options++] = option;
	b->options[b->n_options++] = value;
	return 0;
}

int build_settings_include(struct build_settings *b, const char *directory, struct error *e)
{
	struct stat status;

	if (*directory != '\0' && (stat(directory, &status) != 0 || !S_ISDIR(status.st_mode)))
		return error_set(e, "-I %s: there is no such directory", directory);
	return add_option(b, "-I", directory, e);
}

int build_settings_define(struct build_settings *b, const char *macro, struct error *e)
{
	return add_option(b, "-D", macro, e);
}

int build_settings_patch(struct build_settings *b, const char *file, struct error *e)
{
	if (b->n_patches == BUILD_PATCHES_MAX)
		return error_set(e, "--patch %s: more than %d patches", file, BUILD_PATCHES_MAX);
	b->patches[b->n_patches++] = file;
	return 0;
}

int build_settings_apply(struct build_settings *b, const char *number, struct error *e)
{
	uint64_t n;

	if (parse_number("--apply", number, 0, SERIES_PATCHES_MAX, &n, e))
		return -1;
	b->apply_said = true;
	b->apply = (size_t)n;
	return 0;
}

int build_settings_as(struct build_settings *b, const char *kind, struct error *e)
{
	if (strcmp(kind, "kvm") == 0)
		b->as = KIT_AS_KVM;
	else if (strcmp(kind, "vfp") == 0)
		b->as = KIT_AS_VFP;
	else
		return error_set(e, "--as %s: kvm and vfp are all there is", kind);
	return 0;
}

static bool same_words(const char *const *a, size_t n, const char *const *b, size_t m)
{
	bool same = n == m;

	for (size_t i = 0; i < n && same; i++)
		same = strcmp(a[i], b[i]) == 0;
	return same;
}

bool build_settings_equal(const struct build_settings *a, const struct build_settings *b)
{
	return same_words(a->options, a->n_options, b->options, b->n_options) &&
	       same_words(a->patches, a->n_patches, b->patches, b->n_patches) &&
	       a->apply_said == b->apply_said && a->apply == b->apply;
}
