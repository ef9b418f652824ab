/* SPDX-License-Identifier: MIT */
#include "matrix.h"

#include <stdio.h>
#include <string.h>

#include "model/cpu/exec.h"
#include "sim/random.h"

enum { CELL_BYTES = 8 };

static const struct place {
	const char *name;
	uint32_t mode, hcr;
} places[] = {
        {"User", MODE_USR, 0},      {"User with HCR.TGE", MODE_USR, HCR_TGE},
        {"SVC", MODE_SVC, 0},       {"IRQ", MODE_IRQ, 0},
        {"Undefined", MODE_UND, 0}, {"Hyp", MODE_HYP, 0},
};

static const uint32_t fpexcs[] = {0, FPEXC_EN, FPEXC_EX | FPEXC_EN};

/* cp10 and cp11: nobody, PL1, reserved, all; then unlike each other; then with ASEDIS and D32DIS. */
static const uint32_t cpacrs[] = {
        0x00000000, 0x00500000, 0x00a00000, 0x00f00000, 0x00c00000, 0x00300000,
        0x00d00000, 0x00700000, 0x80f00000, 0x40f00000, 0xc0f00000,
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* TCP10, TCP11 and TASE: all eight. */
static uint32_t hcptr_of(unsigned n)
{
	return HCPTR_ONES | ((n & 1) != 0 ? HCPTR_TCP10 : 0) | ((n & 2) != 0 ? HCPTR_TCP11 : 0) |
	       ((n & 4) != 0 ? HCPTR_TASE : 0);
}

/* What matrix.S wants: addresses, values for FPEXC, and numbers that sums with zero leave alone. */
static void set_operands(uint32_t in[STATE_WORDS])
{
	static const unsigned zero[] = {1, 17, 18, 19}, one[] = {0, 16};

	in[W_R] = WINDOW;
	in[W_R + 1] = FPEXC_EN;
	in[W_R + 2] = ~0u;
	in[W_R + 3] = 0x3f800000;
	in[W_R + 6] = PSR_N | PSR_V;
	in[W_R + 7] = 0;
	for (unsigned i = W_SP; i < W_LR; i++)
		in[i] = WINDOW + MATRIX_WINDOW_BYTES / 2;
	for (unsigned i = 0; i < 2; i++) {
		for (unsigned k = 0; k < COUNT(zero); k++)
			in[W_D + 2 * zero[k] + i] = 0;
		for (unsigned k = 0; k < COUNT(one); k++)
			in[W_D + 2 * one[k] + i] = 0x3f800000;
	}
	in[W_FPSCR] = PSR_Z | PSR_C; /* as comparing equals leaves it */
}

static void make_cell(struct batch *b, uint64_t *rng, const struct place *place, unsigned hcptr,
                      unsigned fpexc, unsigned cpacr, unsigned insn)
{
	struct conformance_case *c = batch_case(b);
	uint32_t *in = c->in, masks = PSR_A | PSR_I | PSR_F;

	for (unsigned i = 0; i < W_SPSR; i++)
		in[i] = (uint32_t)random_next(rng);
	for (unsigned i = W_SPSR; i < W_ELR_HYP; i++)
		in[i] = ((uint32_t)random_next(rng) & (PSR_FLAGS | masks)) | MODE_USR;
	for (unsigned i = W_D; i < W_VECTOR; i++)
		in[i] = (uint32_t)random_next(rng);
	for (unsigned i = 0; i < b->window_bytes; i++)
		c->window[i] = (uint8_t)random_next(rng);
	set_operands(in);
	/* NE passes, EQ fails. */
	in[W_CPSR] = ((uint32_t)random_next(rng) & ((PSR_FLAGS & ~PSR_Z) | masks)) | place->mode |
	             (b->big_endian ? PSR_E : 0);
	in[W_PC] = CODE + CELL_BYTES * insn;
	in[W_HCPTR] = hcptr_of(hcptr);
	in[W_CPACR] = cpacrs[cpacr];
	in[W_HCR] = place->hcr;
	in[W_HSR] = 0xfc000000; /* an EC that there is not: what is reported is new */
	in[W_VBAR] = RUNNER_VECTORS;
	in[W_HVBAR] = RUNNER_HYP_VECTORS;
	in[W_FPEXC] = fpexcs[fpexc];
	in[W_WINDOW] = WINDOW;
}

static bool add_code(struct batch *b, const char *path, unsigned *n, struct error *e)
{
	uint8_t code[4096];
	FILE *f = fopen(path, "rb");
	size_t bytes = f ? fread(code, 1, sizeof(code), f) : 0;
	struct segment *s;

	if (f)
		(void)fclose(f);
	if (bytes == 0 || bytes == sizeof(code) || bytes % CELL_BYTES != 0) {
		error_set(e, "%s: this is not the matrix's code", path);
		return false;
	}
	s = batch_segment(b, CODE, (uint32_t)bytes, true);
	memcpy(s->data, code, bytes);
	*n = (unsigned)bytes / CELL_BYTES;
	return true;
}

bool matrix_make(struct batch *b, const char *runner, const char *code, uint64_t seed, unsigned one_in,
                 struct error *e)
{
	uint64_t rng = seed;
	unsigned n;

	if (!add_code(b, code, &n, e) || !batch_add_runner(b, runner, e))
		return false;
	batch_add_cp15(b);
	for (unsigned insn = 0; insn < n; insn++)
		for (unsigned place = 0; place < COUNT(places); place++)
			for (unsigned cpacr = 0; cpacr < COUNT(cpacrs); cpacr++)
				for (unsigned hcptr = 0; hcptr < 8; hcptr++)
					for (unsigned fpexc = 0; fpexc < COUNT(fpexcs); fpexc++)
						if (random_below(&rng, one_in) == 0)
							make_cell(b, &rng, &places[place], hcptr, fpexc,
							          cpacr, insn);
	return true;
}

struct image *matrix_image(const struct batch *b, struct error *e)
{
	for (unsigned i = 0; i < b->n_segments; i++)
		if (b->segments[i].address == CODE)
			return batch_image(b, CODE, CODE + b->segments[i].bytes, e);
	error_set(e, "the matrix has no code");
	return NULL;
}

const char *matrix_cell(const struct image *image, const struct conformance_case *c, char *buf, size_t size)
{
	const uint32_t *in = c->in;
	const char *place = "?";
	char text[96];

	for (unsigned i = 0; i < COUNT(places); i++)
		if (places[i].mode == (in[W_CPSR] & PSR_MODE) && places[i].hcr == in[W_HCR])
			place = places[i].name;
	image_disassemble(in[W_PC], image_insn(image, in[W_PC])->raw, text, sizeof(text));
	(void)snprintf(buf, size, "%s, EN %d EX %d, TCP10 %d TCP11 %d TASE %d, CPACR 0x%08x, %s", place,
	               (in[W_FPEXC] & FPEXC_EN) != 0, (in[W_FPEXC] & FPEXC_EX) != 0,
	               (in[W_HCPTR] & HCPTR_TCP10) != 0, (in[W_HCPTR] & HCPTR_TCP11) != 0,
	               (in[W_HCPTR] & HCPTR_TASE) != 0, in[W_CPACR], text);
	return buf;
}

const char *const matrix_outcomes[OUTCOMES] = {"executes", "UNDEF", "Hyp trap", "neither"};

/* The runner's vectors below Hyp mode call it with their number. */
static bool called(const uint32_t end[STATE_WORDS], enum cpu_vector vector)
{
	return end[W_VECTOR] == VECTOR_HYP_TRAP / 4 && end[W_HSR] >> 26 == EC_HVC &&
	       (end[W_HSR] & 0xffff) == 0x100u + vector / 4;
}

enum outcome matrix_outcome(const uint32_t end[STATE_WORDS])
{
	uint32_t vector = end[W_VECTOR], ec = end[W_HSR] >> 26;

	if (called(end, VECTOR_SVC) ||
	    (ec == EC_SVC_HYP && (vector == VECTOR_SVC / 4 || vector == VECTOR_HYP_TRAP / 4)))
		return EXECUTES;
	if (called(end, VECTOR_UNDEF) || vector == VECTOR_UNDEF / 4 ||
	    (vector == VECTOR_HYP_TRAP / 4 && ec == EC_UNKNOWN))
		return UNDEF;
	return vector == VECTOR_HYP_TRAP / 4 && ec == EC_CP_0_13 ? HYP_TRAP : OTHER;
}

const char *matrix_end(const uint32_t end[STATE_WORDS], char *buf, size_t size)
{
	enum outcome outcome = matrix_outcome(end);
	int used = snprintf(buf, size, "%s", matrix_outcomes[outcome]);

	if (outcome == EXECUTES || used < 0 || (size_t)used >= size)
		return buf;
	buf += used;
	size -= (size_t)used;
	if (called(end, VECTOR_UNDEF))
		(void)snprintf(buf, size, " in Undefined mode, vector 0x04, LR 0x%08x, SPSR 0x%08x",
		               end[W_LR + BANK_UND], end[W_SPSR + BANK_UND - 1]);
	else
		(void)snprintf(buf, size,
		               " in Hyp mode, vector 0x%02x, EC 0x%02x, ISS 0x%07x, ELR 0x%08x, SPSR 0x%08x",
		               4 * end[W_VECTOR], end[W_HSR] >> 26, end[W_HSR] & 0x1ffffff, end[W_ELR_HYP],
		               end[W_SPSR + BANK_HYP - 1]);
	return buf - used;
}
