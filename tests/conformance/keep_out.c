/* SPDX-License-Identifier: MIT */
#include "keep_out.h"

#include "model/cpu/exec.h"

static bool is_fp(const struct insn *in)
{
	return in->op >= OP_VMRS;
}

bool keep_out_insn(const struct insn *in, const struct cpu *cpu, uint32_t value,
                   const struct monitor *monitor)
{
	switch ((enum insn_op)in->op) {
	case OP_WFI:
	case OP_BKPT:
	case OP_SMC:
	case OP_FP_COMPUTE:
		return true;
	case OP_SVC:
		return in->imm == 0x123456; /* semihosting */
	case OP_VMSR:
		if (in->imm == 8 && (value & ~FPEXC_EN) != 0) /* the emulator's FPEXC has EN only */
			return true;
		if (in->imm == 1 && (value & ~PSR_FLAGS) != 0) /* FPSCR: what computes is abstract here */
			return true;
		break;
	case OP_MCR:
		if (in->shift_type == SYS_HCPTR &&
		    (value & ~(HCPTR_TCP10 | HCPTR_TCP11 | HCPTR_TASE | HCPTR_TTA)) != HCPTR_ONES)
			return true; /* they read as written in the emulator */
		if (in->shift_type == SYS_HCPTR)
			return (value & HCPTR_TASE) != 0 || ((value ^ value >> 1) & HCPTR_TCP10) != 0;
		if (in->shift_type == SYS_CPACR)
			return (value & (CPACR_ASEDIS | CPACR_D32DIS)) != 0 ||
			       ((value >> 22 ^ value >> 20) & 3) != 0;
		break;
	case OP_STREX:
		if (cpu->core.exclusive != 0 && (!monitor->open || in->imm != monitor->bytes))
			return true;
		break;
	default:
		break;
	}
	if (is_fp(in) && (in->imm == 9 || in->imm == 10) && (in->op == OP_VMRS || in->op == OP_VMSR))
		return true; /* FPINST, FPINST2: no emulator has them */
	/* The emulator tests HCPTR before EN. */
	if (is_fp(in) && (cpu->fpexc & FPEXC_EN) == 0 && (cpu->sys.hcptr.value & HCPTR_TCP10) != 0)
		return true;
	return false;
}

/* UNPREDICTABLE in this mode, and taken here as UNDEFINED; or UNDEFINED in Hyp mode (B9.3.5, B9.3.6, B9.3.13, B9.3.20), but not in the emulator. */
bool keep_out_exception(const struct insn *in, uint32_t mode)
{
	if (mode == MODE_HYP && in->flow == FLOW_EXCEPTION_RETURN && in->op != OP_ERET)
		return true;
	switch ((enum insn_op)in->op) {
	case OP_MRS_BANKED:
	case OP_MSR_BANKED:
		return true;
	case OP_LDM:
	case OP_STM:
		return mode != MODE_HYP || (in->flags & (MEM_USER | MEM_RET)) != 0;
	default:
		return in->op < OP_MRC && in->op != OP_SVC && in->op != OP_HVC && in->op != OP_UDF &&
		       mode != MODE_HYP;
	}
}

bool keep_out_spsr(const struct cpu *cpu)
{
	for (unsigned bank = 0; bank < BANKS; bank++)
		if ((cpu->core.spsr[bank] & 0x00f00000u) != 0)
			return true;
	return false;
}
