/* SPDX-License-Identifier: MIT */
#include "code_coverage.h"

#include <stdlib.h>
#include <string.h>

#include "model/images/images.h"

/* A function, or a label that others can see: code up to the next one is its own. */
static bool is_head(const struct image *image, const struct image_symbol *symbol)
{
	return (symbol->function || symbol->global) && symbol->address >= image->code_start &&
	       symbol->address < image->code_end;
}

/* Does the variant bring it? A function of that name in the kernel is the kernel's, unless it may be replaced. */
static bool is_variants(const struct image *image, const struct image *baseline, size_t symbol)
{
	return variant_overrides(image, baseline, symbol) ||
	       !image_symbol(baseline, image->symbols[symbol].name);
}

static bool brings_something(const struct image *image, const struct image *baseline)
{
	for (size_t i = 0; i < image->n_symbols; i++) {
		if (is_head(image, &image->symbols[i]) && is_variants(image, baseline, i))
			return true;
	}
	return false;
}

/* What lies between functions to align them. */
static bool is_padding(const struct insn *insn)
{
	return insn->raw == 0 || insn->raw == 0xe320f000 /* nop */ ||
	       insn->raw == 0xe1a00000 /* mov r0, r0 */;
}

static struct code_place place_of(const struct image *image, const struct image_symbol *head, uint32_t pc)
{
	struct code_place place = {.pc = pc};

	if (head) {
		place.function = head->name;
		place.offset = pc - head->address;
	}
	if (!image_line(image, pc, &place.file, &place.line))
		place.file = NULL;
	return place;
}

static bool same_file(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

/* `goes_on`: the instruction before was not executed either; `whole`: none of the function was. */
static void add_gap(struct code_coverage *found, const struct code_place *place, bool goes_on, bool whole)
{
	struct code_gap *gap = found->gaps + found->n_gaps;

	if (goes_on && found->n_gaps > 0 && gap[-1].place.function == place->function &&
	    (whole || same_file(gap[-1].place.file, place->file))) {
		gap--;
	} else {
		*gap = (struct code_gap){.place = *place, .last_line = place->line, .whole = whole};
		found->n_gaps++;
	}
	gap->instructions++;
	if (whole)
		return;
	if (place->line < gap->place.line)
		gap->place.line = place->line;
	if (place->line > gap->last_line)
		gap->last_line = place->line;
}

/* Was anything executed from here to the next function? */
static bool entered(const struct image *image, const struct coverage *recorded, size_t symbol)
{
	uint32_t end = image->code_end;

	for (size_t i = symbol + 1; i < image->n_symbols && end == image->code_end; i++) {
		if (is_head(image, &image->symbols[i]) &&
		    image->symbols[i].address > image->symbols[symbol].address)
			end = image->symbols[i].address;
	}
	for (uint32_t pc = image->symbols[symbol].address; pc < end; pc += 4) {
		if (coverage_at(recorded, image, pc) != 0)
			return true;
	}
	return false;
}

static void count(struct code_part *part, unsigned seen, bool conditional)
{
	part->instructions++;
	part->executed += seen != 0;
	part->conditional += seen != 0 && conditional;
	part->both += seen == (COVERAGE_PASSED | COVERAGE_FAILED);
}

static void walk(const struct image *image, const struct image *baseline, const struct coverage *recorded,
                 struct code_coverage *found)
{
	const struct image_symbol *head = NULL;
	bool variants = false, in_gap = false, whole = false;
	size_t next = 0;

	for (uint32_t pc = image->code_start; pc < image->code_end; pc += 4) {
		const struct insn *insn = image_insn(image, pc);
		unsigned seen = coverage_at(recorded, image, pc);
		bool conditional = insn->cond < 14;
		struct code_place place;

		for (; next < image->n_symbols && image->symbols[next].address <= pc; next++) {
			if (!is_head(image, &image->symbols[next]))
				continue;
			head = &image->symbols[next];
			variants = found->overrides ? is_variants(image, baseline, next) : head->weak;
			whole = !entered(image, recorded, next);
		}
		if (insn->flow == FLOW_END || (seen == 0 && is_padding(insn)))
			continue;
		count(variants ? &found->variant : &found->kernel, seen, conditional);
		place = place_of(image, head, pc);
		if (variants && seen == 0)
			add_gap(found, &place, in_gap, whole);
		in_gap = seen == 0;
		if (variants && conditional && (seen == COVERAGE_PASSED || seen == COVERAGE_FAILED))
			found->one_way[found->n_one_way++] =
			        (struct code_branch){.place = place,
			                             .branches = insn->flow != FLOW_NEXT,
			                             .passed = seen == COVERAGE_PASSED};
	}
}

int code_coverage_find(const struct variant *v, bool uniprocessor, const struct coverage *recorded,
                       struct code_coverage *found, struct error *e)
{
	struct image *baseline;

	*found = (struct code_coverage){0};
	found->gaps = calloc((size_t)recorded->insns + 1, sizeof(*found->gaps));
	found->one_way = calloc((size_t)recorded->insns + 1, sizeof(*found->one_way));
	if (!found->gaps || !found->one_way)
		return error_set(e, "out of memory");
	baseline = shipped_image(shipped_variant("baseline"), v->image->big_endian, uniprocessor, e);
	if (!baseline)
		return -1;
	found->overrides = brings_something(v->image, baseline);
	walk(v->image, baseline, recorded, found);
	image_free(baseline);
	return 0;
}

void code_coverage_free(struct code_coverage *found)
{
	free(found->gaps);
	free(found->one_way);
	*found = (struct code_coverage){0};
}
