/* SPDX-License-Identifier: MIT */
/* What a variant overrides, and what its author probably meant to. */
#include <stdio.h>
#include <string.h>

#include "model/images/images.h"
#include "nearest.h"
#include "variant.h"

bool variant_overrides(const struct image *image, const struct image *baseline, size_t i)
{
	const struct image_symbol *symbol = &image->symbols[i], *base;

	if (!symbol->global || symbol->weak)
		return false;
	base = image_symbol(baseline, symbol->name);
	return base && base->weak;
}

/* What the assembly of a kernel tree has for callers that the modelled kernel lacks. */
static bool called_in_linux(const char *symbol)
{
	static const char *const names[] = {
	        "__kvm_flush_vm_context", "__kvm_hyp_code_end",       "__kvm_hyp_code_start",
	        "__kvm_tlb_flush_vmid",   "__kvm_tlb_flush_vmid_ipa", "vfp_get_double",
	        "vfp_get_float",          "vfp_put_double",           "vfp_put_float",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(symbol, names[i]) == 0)
			return true;
	}
	return false;
}

static void warn_symbol(const struct variant *v, const struct kit_symbol *symbol,
                        const struct image *baseline, void (*warn)(void *arg, const char *text), void *arg)
{
	struct nearest nearest = {.word = symbol->name};
	char text[1024], hint[128];

	if (symbol->effect == KIT_WEAK_TOO) {
		(void)snprintf(text, sizeof(text),
		               "%s: %.200s in %.300s overrides nothing: it is weak there, too, so that the "
		               "kernel's own counts; make it global",
		               v->name, symbol->name, symbol->file);
		warn(arg, text);
	}
	if (symbol->effect != KIT_UNUSED || (v->of_kernel && called_in_linux(symbol->name)))
		return;
	for (size_t i = 0; baseline && i < baseline->n_symbols; i++) {
		if (baseline->symbols[i].weak)
			nearest_offer(&nearest, baseline->symbols[i].name);
	}
	(void)snprintf(text, sizeof(text),
	               "%s: %.200s in %.300s overrides nothing in the kernel, and nothing refers to it%s",
	               v->name, symbol->name, symbol->file, nearest_hint(&nearest, hint, sizeof(hint)));
	warn(arg, text);
}

void variant_warnings(const struct variant *v, bool uniprocessor, void (*warn)(void *arg, const char *text),
                      void *arg)
{
	struct error e;
	struct image *baseline;
	bool different = false;

	for (size_t i = 0; i < v->n_notes; i++)
		warn(arg, v->notes[i]);
	if (v->shipped)
		return;
	if (v->unchanged) {
		char text[512];

		(void)snprintf(text, sizeof(text),
		               "%.300s: -I and -D change nothing in it: is a name misspelt?", v->name);
		warn(arg, text);
	}
	baseline = shipped_image(shipped_variant("baseline"), v->image->big_endian, uniprocessor, &e);
	for (size_t i = 0; i < v->n_symbols; i++)
		warn_symbol(v, &v->symbols[i], baseline, warn, arg);
	for (size_t i = 0; baseline && !different && i < v->image->n_symbols; i++)
		different = variant_overrides(v->image, baseline, i);
	if (baseline && !different && strcmp(v->name, "baseline") != 0) {
		char text[512];

		(void)snprintf(text, sizeof(text),
		               "%.300s: overrides nothing: what runs is the baseline (`lazyswitch show "
		               "baseline' marks what can be overridden)",
		               v->name);
		warn(arg, text);
	}
	image_free(baseline);
}
