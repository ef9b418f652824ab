/* SPDX-License-Identifier: MIT */
#include "promela.h"

#include <stdlib.h>

static unsigned size_of(uint32_t largest)
{
	/* A word is exclusive-ored with its initial value: no wider than the wider of both. */
	return largest <= UINT8_MAX ? 1 : largest <= UINT16_MAX ? 2 : 4;
}

static unsigned append(struct packing *p, const struct frozen *f, unsigned at, unsigned size)
{
	unsigned n = 0;

	for (uint32_t i = 0; i < f->model.words; i++)
		if (size_of(f->largest[i]) == size)
			p->order[at + n++] = i;
	p->bytes += (size_t)n * size;
	return n;
}

int packing_init(struct packing *p, const struct frozen *f)
{
	*p = (struct packing){.order = calloc(f->model.words, sizeof(*p->order))};
	if (!p->order)
		return -1;
	p->of_1 = append(p, f, 0, 1);
	p->of_2 = append(p, f, p->of_1, 2);
	p->of_4 = append(p, f, p->of_1 + p->of_2, 4);
	return 0;
}

void packing_free(struct packing *p)
{
	free(p->order);
	*p = (struct packing){0};
}

/*
 * SPIN tries the options of a loop in the order in which they stand, the first of them once for each state
 * that it enters. That one computes the steps and is never possible; the others each take one. SPIN takes a
 * call in a guard for a side effect, hence the macros.
 */
void promela_print(FILE *f, size_t bytes, unsigned branching)
{
	(void)fprintf(f, "c_decl {\n"
	                 "\\#define ENTER (bench_enter(now.words, depth), 0)\n"
	                 "extern void bench_enter(const unsigned char *words, long depth);\n"
	                 "extern unsigned bench_steps(const unsigned char *words, long depth);\n"
	                 "extern void bench_take(unsigned char *words, long depth, unsigned step);\n");
	for (unsigned i = 0; i < branching; i++)
		(void)fprintf(f,
		              "\\#define CAN%u (bench_steps(now.words, depth) > %u)\n"
		              "\\#define TAKE%u bench_take(now.words, depth, %u)\n",
		              i, i, i, i);
	(void)fprintf(f, "}\nc_state \"unsigned char words[%zu]\" \"Global\"\n\n", bytes);
	(void)fprintf(f, "active proctype engine()\n{\nend:\n\tdo\n\t:: c_expr { ENTER } -> skip\n");
	for (unsigned i = 0; i < branching; i++)
		(void)fprintf(f, "\t:: d_step { c_expr { CAN%u }; c_code { TAKE%u; } }\n", i, i);
	(void)fprintf(f, "\tod\n}\n");
}
