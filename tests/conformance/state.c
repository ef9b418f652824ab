/* SPDX-License-Identifier: MIT */
#include "state.h"

#include <stdio.h>
#include <string.h>

#include "model/cpu/exec.h"

#define CP15(name, opc1, crn, crm, opc2) CP_KEY32(opc1, crn, crm, opc2),
static const uint16_t keys[] = {
#include "cp15.def"
};
#undef CP15

#define CP15(name, opc1, crn, crm, opc2) 0xee100f10u | (opc1) << 21 | (crn) << 16 | (opc2) << 5 | (crm),
static const uint32_t reads[] = {
#include "cp15.def"
};
#undef CP15

#define CP15(name, opc1, crn, crm, opc2) #name,
static const char *const cp15_names[] = {
#include "cp15.def"
};
#undef CP15

enum { N_CP15 = sizeof(keys) / sizeof(keys[0]) };
_Static_assert(N_CP15 <= W_CP15_MAX, "there is room for them in a state");

unsigned state_cp15_code(const uint32_t **code)
{
	*code = reads;
	return N_CP15;
}

/* Where our core keeps a register of cp15.def. */
static uint32_t *cp15_slot(struct cpu *cpu, const struct image *image, unsigned n)
{
	if (keys[n] == CP_KEY32(4, 13, 0, 2))
		return &cpu->sys.htpidr;
	if (keys[n] == CP_KEY32(4, 0, 0, 5))
		return &cpu->sys.vmpidr;
	for (unsigned i = 0; i < image->n_cp15; i++)
		if (image->cp15_key[i] == keys[n])
			return &cpu->sys.cp15[i];
	return NULL;
}

void state_enter(struct cpu *cpu, const struct image *image, const uint32_t words[STATE_WORDS])
{
	struct cpu_core *c = &cpu->core;
	struct cpu_sys *s = &cpu->sys;

	cpu_reset(cpu, 0);
	memcpy(c->r, words + W_R, sizeof(c->r));
	memcpy(c->r_fiq, words + W_R_FIQ, sizeof(c->r_fiq));
	for (unsigned b = 0; b < BANKS; b++) {
		c->sp[b] = words[W_SP + b];
		if (b != BANK_HYP)
			c->lr[b] = words[W_LR + b];
		if (b != BANK_USR)
			c->spsr[b] = words[W_SPSR + b - 1];
	}
	c->pc = c->elr_hyp = words[W_PC];
	c->cpsr = c->spsr[BANK_HYP] = words[W_CPSR];
	s->hcptr.value = words[W_HCPTR];
	s->cpacr.value = words[W_CPACR];
	s->hcr = words[W_HCR];
	s->hstr = words[W_HSTR];
	s->hdcr = words[W_HDCR];
	s->hsr = words[W_HSR];
	s->vbar = words[W_VBAR];
	s->hvbar = words[W_HVBAR];
	if (image->big_endian)
		s->sctlr |= 1u << 25; /* EE: the runner sets it */
	for (unsigned i = 0; i < N_CP15; i++) {
		uint32_t *slot = cp15_slot(cpu, image, i);

		if (slot != NULL)
			*slot = words[W_CP15 + i];
	}
	cpu->fpexc = words[W_FPEXC];
	cpu->fp.fpscr = words[W_FPSCR];
	for (unsigned i = 0; i < 32; i++) {
		uint64_t first = words[W_D + 2 * i], second = words[W_D + 2 * i + 1];

		cpu->fp.d[i] = image->big_endian ? first << 32 | second : second << 32 | first;
	}
}

void state_leave(const struct cpu *cpu, const struct image *image, unsigned vector,
                 uint32_t words[STATE_WORDS])
{
	const struct cpu_core *c = &cpu->core;
	const struct cpu_sys *s = &cpu->sys;

	memcpy(words + W_R, c->r, sizeof(c->r));
	memcpy(words + W_R_FIQ, c->r_fiq, sizeof(c->r_fiq));
	for (unsigned b = 0; b < BANKS; b++) {
		words[W_SP + b] = c->sp[b];
		if (b != BANK_HYP)
			words[W_LR + b] = c->lr[b];
		if (b != BANK_USR)
			words[W_SPSR + b - 1] = c->spsr[b];
	}
	words[W_ELR_HYP] = c->elr_hyp;
	words[W_CPSR] = c->cpsr;
	words[W_HCPTR] = s->hcptr.value;
	words[W_CPACR] = s->cpacr.value;
	words[W_HCR] = s->hcr;
	words[W_HSTR] = s->hstr;
	words[W_HDCR] = s->hdcr;
	words[W_HSR] = s->hsr;
	words[W_VBAR] = s->vbar;
	words[W_HVBAR] = s->hvbar;
	memset(words + W_CP15, 0, W_CP15_MAX * sizeof(*words));
	for (unsigned i = 0; i < N_CP15; i++) {
		const uint32_t *slot = cp15_slot((struct cpu *)cpu, image, i);

		words[W_CP15 + i] = slot != NULL ? *slot : 0;
	}
	words[W_FPEXC] = cpu->fpexc;
	words[W_FPSCR] = cpu->fp.fpscr;
	for (unsigned i = 0; i < 32; i++) {
		uint32_t low = (uint32_t)cpu->fp.d[i], high = (uint32_t)(cpu->fp.d[i] >> 32);

		words[W_D + 2 * i] = image->big_endian ? high : low;
		words[W_D + 2 * i + 1] = image->big_endian ? low : high;
	}
	words[W_VECTOR] = vector;
}

const char *state_name(unsigned word, bool big_endian, char buf[32])
{
	static const char *const banks[BANKS] = {"usr", "svc", "abt", "und", "irq", "fiq", "hyp"};
	static const char *const rest[] = {"ELR_hyp", "PC",   "CPSR", "HCPTR", "CPACR", "HCR",
	                                   "HSTR",    "HDCR", "HSR",  "VBAR",  "HVBAR"};

	if (word < W_R_FIQ)
		(void)snprintf(buf, 32, "R%u", word - W_R);
	else if (word < W_SP)
		(void)snprintf(buf, 32, "R%u_fiq", 8 + word - W_R_FIQ);
	else if (word < W_LR)
		(void)snprintf(buf, 32, "SP_%s", banks[word - W_SP]);
	else if (word < W_SPSR)
		(void)snprintf(buf, 32, "LR_%s", banks[word - W_LR]);
	else if (word < W_ELR_HYP)
		(void)snprintf(buf, 32, "SPSR_%s", banks[word - W_SPSR + 1]);
	else if (word < W_CP15)
		(void)snprintf(buf, 32, "%s", rest[word - W_ELR_HYP]);
	else if (word < W_CP15 + N_CP15)
		(void)snprintf(buf, 32, "%s", cp15_names[word - W_CP15]);
	else if (word == W_FPEXC || word == W_FPSCR)
		(void)snprintf(buf, 32, "%s", word == W_FPEXC ? "FPEXC" : "FPSCR");
	else if (word >= W_D && word < W_VECTOR)
		(void)snprintf(buf, 32, "D%u[%s]", (word - W_D) / 2,
		               ((word & 1) != 0) != big_endian ? "63:32" : "31:0");
	else
		(void)snprintf(buf, 32, "%s", word == W_VECTOR ? "vector" : "word");
	return buf;
}
