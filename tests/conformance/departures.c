/* SPDX-License-Identifier: MIT */
#include "departures.h"

#include <stddef.h>

#include "model/cpu/exec.h"

enum { HSR_TA = 1 << 5, HSR_CV_COND = 0x1f << 20, HSR_CV_AL = 0x1e << 20 };

/* UNPREDICTABLE if they are unlike (B4.1.64): here either one traps. */
static void sees_tcp10_only(uint32_t in[STATE_WORDS], const struct insn *insn)
{
	(void)insn;
	in[W_HCPTR] &= ~HCPTR_TCP11;
	if ((in[W_HCPTR] & HCPTR_TCP10) != 0)
		in[W_HCPTR] |= HCPTR_TCP11;
}

/* It may be RAZ/WI (B4.1.64); there it is kept, and without effect. */
static void sees_no_tase(uint32_t in[STATE_WORDS], const struct insn *insn)
{
	(void)insn;
	in[W_HCPTR] &= ~HCPTR_TASE;
}

/* UNPREDICTABLE if they are unlike (B4.1.40): here either one denies. */
static void sees_cp10_only(uint32_t in[STATE_WORDS], const struct insn *insn)
{
	uint32_t cp10 = in[W_CPACR] >> 20 & 3;

	(void)insn;
	in[W_CPACR] = (in[W_CPACR] & ~(3u << 22)) | cp10 << 22;
}

/* It may be RAZ/WI (B4.1.40); there it is kept, and without effect. */
static void sees_no_asedis(uint32_t in[STATE_WORDS], const struct insn *insn)
{
	(void)insn;
	in[W_CPACR] &= ~CPACR_ASEDIS;
}

/* The same, and UNPREDICTABLE without ASEDIS (B4.1.40). */
static void sees_no_d32dis(uint32_t in[STATE_WORDS], const struct insn *insn)
{
	(void)insn;
	in[W_CPACR] &= ~CPACR_D32DIS;
}

/* An implementation without bounces has no EX (B4.1.57). */
static void sees_en_only(uint32_t in[STATE_WORDS], const struct insn *insn)
{
	(void)insn;
	in[W_FPEXC] &= FPEXC_EN;
}

static void leaves_en_only(uint32_t end[STATE_WORDS])
{
	end[W_FPEXC] &= FPEXC_EN;
}

/* UNDEFINED for want of EN is to come first (B1.14.12): there the trap does, as if EN was set. */
static void sees_en_behind_traps(uint32_t in[STATE_WORDS], const struct insn *insn)
{
	(void)insn;
	if ((in[W_HCPTR] & HCPTR_TCP10) != 0)
		in[W_FPEXC] |= FPEXC_EN;
}

/* Optional (D6): there they are UNDEFINED whatever HCPTR says, as they are here without EN. */
static void sees_no_fpinst(uint32_t in[STATE_WORDS], const struct insn *insn)
{
	if ((insn->op == OP_VMRS || insn->op == OP_VMSR) && (insn->imm == 9 || insn->imm == 10))
		in[W_FPEXC] &= ~FPEXC_EN;
}

static bool reports(const uint32_t end[STATE_WORDS], enum cpu_hsr_ec ec)
{
	return end[W_VECTOR] != VECTOR_STOP && end[W_HSR] >> 26 == ec;
}

/* What was trapped was an Advanced SIMD instruction (B3.13.6). */
static void leaves_no_ta(uint32_t end[STATE_WORDS])
{
	if (reports(end, EC_CP_0_13))
		end[W_HSR] &= ~(uint32_t)HSR_TA;
}

/* A condition that has passed may be reported as it is, or as AL (B3.13.6). */
static void leaves_al(uint32_t end[STATE_WORDS])
{
	if (reports(end, EC_CP_0_13) || reports(end, EC_CP15_32) || reports(end, EC_CP15_64))
		end[W_HSR] = (end[W_HSR] & ~(uint32_t)HSR_CV_COND) | HSR_CV_AL;
}

/* IL is UNKNOWN where EC is 0 (B3.13.6). */
static void leaves_no_il(uint32_t end[STATE_WORDS])
{
	if (reports(end, EC_UNKNOWN))
		end[W_HSR] &= ~HSR_IL;
}

/* In the order in which they act: each sees what those before it have made of the case. */
const struct departure departures[] = {
        {"TCP11 without effect", "B4.1.64", sees_tcp10_only, NULL},
        {"TASE without effect", "B4.1.64", sees_no_tase, NULL},
        {"cp11 of CPACR without effect", "B4.1.40", sees_cp10_only, NULL},
        {"ASEDIS without effect", "B4.1.40", sees_no_asedis, NULL},
        {"D32DIS without effect", "B4.1.40", sees_no_d32dis, NULL},
        {"FPEXC has EN only", "B4.1.57", sees_en_only, leaves_en_only},
        {"HCPTR before FPEXC.EN", "B1.14.12", sees_en_behind_traps, NULL},
        {"no FPINST, FPINST2", "D6", sees_no_fpinst, NULL},
        {"HSR.TA always 0", "B3.13.6", NULL, leaves_no_ta},
        {"HSR.COND always AL", "B3.13.6", NULL, leaves_al},
        {"HSR.IL 0 where EC is 0", "B3.13.6", NULL, leaves_no_il},
};
const unsigned n_departures = sizeof(departures) / sizeof(departures[0]);
_Static_assert(sizeof(departures) / sizeof(departures[0]) <= DEPARTURES_MAX, "there is room to count them");

void departures_report(uint32_t end[STATE_WORDS])
{
	leaves_no_ta(end);
	leaves_al(end);
	leaves_no_il(end);
}
