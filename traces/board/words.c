/* SPDX-License-Identifier: MIT */
/* The words of a core's state, in the monitor's order. */
#include <string.h>

#include "schedule.h"

void board_state_words(const struct cpu *cpu, bool big_endian, uint32_t words[STATE_WORDS])
{
	const struct cpu_core *c = &cpu->core;
	const struct cpu_sys *s = &cpu->sys;

	memset(words, 0, STATE_WORDS * sizeof(*words));
	memcpy(words + W_R, c->r, sizeof(c->r));
	memcpy(words + W_R_FIQ, c->r_fiq, sizeof(c->r_fiq));
	for (unsigned bank = 0; bank < BANKS; bank++) {
		words[W_SP + bank] = c->sp[bank];
		if (bank != BANK_HYP)
			words[W_LR + bank] = c->lr[bank];
		if (bank != BANK_USR)
			words[W_SPSR + bank - 1] = c->spsr[bank];
	}
	words[W_ELR_HYP] = c->elr_hyp;
	words[W_PC] = c->pc;
	words[W_CPSR] = c->cpsr;
	words[W_HCPTR] = s->hcptr.value;
	words[W_CPACR] = s->cpacr.value;
	words[W_HCR] = s->hcr;
	words[W_HSR] = s->hsr;
	words[W_VBAR] = s->vbar;
	words[W_HVBAR] = s->hvbar;
	words[W_FPEXC] = cpu->fpexc;
	words[W_FPSCR] = cpu->fp.fpscr;
	for (unsigned i = 0; i < 32; i++) {
		uint32_t low = (uint32_t)cpu->fp.d[i], high = (uint32_t)(cpu->fp.d[i] >> 32);

		words[W_D + 2 * i] = big_endian ? high : low;
		words[W_D + 2 * i + 1] = big_endian ? low : high;
	}
}

const char *board_word_name(unsigned word, bool big_endian, char *buf, size_t size)
{
	static const char *const banks[BANKS] = {"usr", "svc", "abt", "und", "irq", "fiq", "hyp"};
	static const char *const rest[] = {"ELR_hyp", "PC",   "CPSR",  "HCPTR", "CPACR", "HCR",
	                                   "HSR",     "VBAR", "HVBAR", "FPEXC", "FPSCR"};

	if (word < W_R_FIQ)
		(void)snprintf(buf, size, "R%u", word - W_R);
	else if (word < W_SP)
		(void)snprintf(buf, size, "R%u_fiq", 8 + word - W_R_FIQ);
	else if (word < W_LR)
		(void)snprintf(buf, size, "SP_%s", banks[word - W_SP]);
	else if (word < W_SPSR)
		(void)snprintf(buf, size, "LR_%s", banks[word - W_LR]);
	else if (word < W_ELR_HYP)
		(void)snprintf(buf, size, "SPSR_%s", banks[word - W_SPSR + 1]);
	else if (word < W_D)
		(void)snprintf(buf, size, "%s", rest[word - W_ELR_HYP]);
	else
		(void)snprintf(buf, size, "D%u[%s]", (word - W_D) / 2,
		               ((word & 1) != 0) != big_endian ? "63:32" : "31:0");
	return buf;
}
