/* SPDX-License-Identifier: MIT */
#include "build_options.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "model/series/series.h"
#include "parse.h"
#include "search_options.h"

enum { KEY_PATCH = 0x280, KEY_APPLY, KEY_AS };

static const struct argp_option options[] = {
        {0, 0, 0, 0, "Variants that are built first, with ${CROSS_COMPILE}gcc (arm-linux-gnueabihf-gcc):", 5},
        {"include", 'I', "DIR", 0, "Look for headers in DIR, too", 0},
        {"define", 'D', "NAME[=VALUE]", 0, "Define a macro", 0},
        {"patch", KEY_PATCH, "FILE", 0,
         "Apply a unified diff, the patches of a mail or a mailbox, or those of a directory, to the sources "
         "of "
         "shipped variants and of the modelled kernel",
         0},
        {"apply", KEY_APPLY, "N", 0, "Apply only the first N of the patches (all)", 0},
        {"as", KEY_AS, "kvm|vfp", 0,
         "The files are from a kernel tree, unmodified: `kvm', arch/arm/kvm/interrupts.S, or `vfp', "
         "arch/arm/vfp/vfphw.S",
         0},
        {0},
};

static int add_option(struct build_settings *b, const char *option, const char *arg, struct error *e)
{
	struct stat status;

	if (b->n_options + 2 > BUILD_OPTIONS_MAX)
		return error_set(e, "%s %s: more than %d such options", option, arg, BUILD_OPTIONS_MAX / 2);
	if (*arg == '\0')
		return error_set(e, "%s takes a %s, not nothing", option,
		                 option[1] == 'I' ? "directory" : "name");
	if (option[1] == 'I' && (stat(arg, &status) != 0 || !S_ISDIR(status.st_mode)))
		return error_set(e, "-I %s: there is no such directory", arg);
	b->options[b->n_options++] = option;
	b->options[b->n_options++] = arg;
	return 0;
}

static int set_as(struct build_settings *b, const char *kind, struct error *e)
{
	if (strcmp(kind, "kvm") == 0)
		b->as = KIT_AS_KVM;
	else if (strcmp(kind, "vfp") == 0)
		b->as = KIT_AS_VFP;
	else
		return error_set(e, "--as %s: kvm and vfp are all there is", kind);
	return 0;
}

static int set_apply(struct build_settings *b, const char *arg, struct error *e)
{
	uint64_t n;

	if (parse_number("--apply", arg, 0, SERIES_PATCHES_MAX, &n, e))
		return -1;
	b->apply_said = true;
	b->apply = (size_t)n;
	return 0;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct command_parse *p = state->input;
	struct build_settings *b = p->search ? &p->search->build : p->build;

	switch (key) {
	case 'I':
		return add_option(b, "-I", arg, p->error) ? EINVAL : 0;
	case 'D':
		return add_option(b, "-D", arg, p->error) ? EINVAL : 0;
	case KEY_AS:
		return set_as(b, arg, p->error) ? EINVAL : 0;
	case KEY_PATCH:
		if (b->n_patches == BUILD_PATCHES_MAX) {
			error_set(p->error, "--patch %s: more than %d patches", arg, BUILD_PATCHES_MAX);
			return EINVAL;
		}
		b->patches[b->n_patches++] = arg;
		return 0;
	case KEY_APPLY:
		return set_apply(b, arg, p->error) ? EINVAL : 0;
	case ARGP_KEY_END:
		if (!b->apply_said || b->n_patches > 0)
			return 0;
		error_set(p->error, "--apply says how many patches, but there is no --patch");
		return EINVAL;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

const struct argp build_options = {.options = options, .parser = parse};
const struct argp_child build_children[] = {{&build_options, 0, NULL, 0}, {&command_common, 0, NULL, 0}, {0}};

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
