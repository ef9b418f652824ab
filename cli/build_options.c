/* SPDX-License-Identifier: MIT */
#include "build_options.h"

#include <errno.h>

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

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct command_parse *p = state->input;
	struct build_settings *b = p->search ? &p->search->build : p->build;

	switch (key) {
	case 'I':
		return build_settings_include(b, arg, p->error) ? EINVAL : 0;
	case 'D':
		return build_settings_define(b, arg, p->error) ? EINVAL : 0;
	case KEY_AS:
		return build_settings_as(b, arg, p->error) ? EINVAL : 0;
	case KEY_PATCH:
		return build_settings_patch(b, arg, p->error) ? EINVAL : 0;
	case KEY_APPLY:
		return build_settings_apply(b, arg, p->error) ? EINVAL : 0;
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
