/* SPDX-License-Identifier: MIT */
/* One instruction: fetch, condition, dispatch, branches; and the messages. */
#include "exec.h"

#include <stdarg.h>
#include <stdio.h>

/* ConditionPassed(), section A8.3: for each condition the set of NZCV values that pass. */
static const uint16_t cond_pass[16] = {
        0xf0f0, 0x0f0f, 0xcccc, 0x3333, 0xff00, 0x00ff, 0xaaaa, 0x5555,
        0x0c0c, 0xf3f3, 0xaa55, 0x55aa, 0x0a05, 0xf5fa, 0xffff, 0xffff,
};

void event(struct exec *x, enum cpu_event_kind kind, uint32_t a, uint32_t b, uint32_t c)
{
	const struct cpu_event ev = {kind, a, b, c};

	if (!x->env->event(x->env->self, &ev))
		x->stop = true;
}

const char *describe(const struct image *image, uint32_t pc, char *buf, unsigned size)
{
	const struct insn *in = image_insn(image, pc);
	char where[128], text[128] = "no instruction", source[256] = "";
	const char *file;
	int line;

	image_where(image, pc, where, sizeof(where));
	if (image_line(image, pc, &file, &line))
		(void)snprintf(source, sizeof(source), " (%s:%d)", file, line);
	if (in != NULL) {
		int n = snprintf(text, sizeof(text), "%08x ", in->raw);

		image_disassemble(pc, in->raw, text + n, sizeof(text) - (size_t)n);
	}
	(void)snprintf(buf, size, "0x%08x <%s>%s: %s", pc, where, source, text);
	return buf;
}

enum cpu_status fault(struct exec *x, const char *format, ...)
{
	char text[256], where[640];
	va_list args;

	va_start(args, format);
	(void)vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	error_set(x->e, "%s, at %s", text, describe(x->image, x->pc, where, sizeof(where)));
	return CPU_FAULT;
}

enum cpu_status bx_write_pc(struct exec *x, uint32_t address)
{
	if ((address & 1) != 0)
		return fault(
		        x, "jump to Thumb code at 0x%08x (this machine has ARM state only; build with -marm)",
		        address & ~1u);
	x->next = address;
	return CPU_OK;
}

static enum cpu_status unknown(struct exec *x, const struct insn *in)
{
	char where[640];

	describe(x->image, x->pc, where, sizeof(where));
	if (in->op == OP_DATA)
		error_set(x->e, "execution runs into data at %s", where);
	else
		error_set(x->e, "instruction not known to this machine, or UNPREDICTABLE, at %s", where);
	return in->op == OP_DATA ? CPU_FAULT : CPU_UNKNOWN;
}

static enum cpu_status bad_fetch(struct exec *x)
{
	char lr[160];
	uint32_t link = reg(x, 14);

	image_where(x->image, link, lr, sizeof(lr));
	error_set(x->e, "jump outside code: pc is 0x%08x%s (code is 0x%08x-0x%08x; lr is 0x%08x <%s>)", x->pc,
	          (x->pc & 3) != 0 ? ", which is unaligned" : "", x->image->code_start, x->image->code_end,
	          link, lr);
	return CPU_FAULT;
}

static enum cpu_status dispatch(struct exec *x, const struct insn *in)
{
	uint32_t to;

	switch ((enum insn_op)in->op) {
	case OP_DATA:
	case OP_UNKNOWN:
		return unknown(x, in);
	case OP_AND:
	case OP_EOR:
	case OP_SUB:
	case OP_RSB:
	case OP_ADD:
	case OP_ADC:
	case OP_SBC:
	case OP_RSC:
	case OP_TST:
	case OP_TEQ:
	case OP_CMP:
	case OP_CMN:
	case OP_ORR:
	case OP_MOV:
	case OP_BIC:
	case OP_MVN:
		return exec_data(x, in);
	case OP_MOVW:
	case OP_MOVT:
	case OP_MUL:
	case OP_MLA:
	case OP_MLS:
	case OP_UMAAL:
	case OP_UMULL:
	case OP_UMLAL:
	case OP_SMULL:
	case OP_SMLAL:
	case OP_SMULXY:
	case OP_SMMUL:
	case OP_SDIV:
	case OP_UDIV:
	case OP_BFC:
	case OP_BFI:
	case OP_SBFX:
	case OP_UBFX:
	case OP_CLZ:
	case OP_REV:
	case OP_REV16:
	case OP_REVSH:
	case OP_RBIT:
	case OP_EXTEND:
	case OP_PKH:
		return exec_data2(x, in);
	case OP_LDR:
	case OP_LDRB:
	case OP_LDRH:
	case OP_LDRSB:
	case OP_LDRSH:
	case OP_STR:
	case OP_STRB:
	case OP_STRH:
		return exec_load_store(x, in);
	case OP_LDRD:
	case OP_STRD:
		return exec_dual(x, in);
	case OP_LDREX:
	case OP_STREX:
		return exec_exclusive(x, in);
	case OP_LDM:
	case OP_STM:
		return exec_multiple(x, in);
	case OP_SRS:
		return exec_srs(x, in);
	case OP_RFE:
		return exec_rfe(x, in);
	case OP_B:
		x->next = in->target;
		return CPU_OK;
	case OP_BL:
		set_reg(x, 14, x->pc + 4);
		x->next = in->target;
		return CPU_OK;
	case OP_BX:
		return bx_write_pc(x, reg(x, in->rm));
	case OP_BLX:
		to = reg(x, in->rm);
		if (bx_write_pc(x, to) != CPU_OK)
			return CPU_FAULT;
		set_reg(x, 14, x->pc + 4);
		return CPU_OK;
	case OP_NOP:
	case OP_ISB:
	case OP_CLREX:
	case OP_WFI:
	case OP_BKPT:
	case OP_SVC:
	case OP_HVC:
	case OP_SMC:
	case OP_UDF:
	case OP_ERET:
	case OP_MRS:
	case OP_MSR:
	case OP_MRS_BANKED:
	case OP_MSR_BANKED:
	case OP_CPS:
	case OP_SETEND:
		return exec_system(x, in);
	case OP_MRC:
	case OP_MCR:
	case OP_MRRC:
	case OP_MCRR:
		return exec_sysreg(x, in);
	case OP_VMRS:
	case OP_VMSR:
	case OP_VLDM:
	case OP_VSTM:
	case OP_VLD1:
	case OP_VST1:
	case OP_VMOV_REG:
	case OP_VMOV_CORE1:
	case OP_VMOV_CORE2:
	case OP_VMOV_LANE:
	case OP_FP_COMPUTE:
		return exec_vfp(x, in);
	}
	return unknown(x, in);
}

bool cpu_passes(const struct cpu *cpu, const struct insn *insn)
{
	return (cond_pass[insn->cond] >> (cpu->core.cpsr >> 28) & 1) != 0;
}

enum cpu_status cpu_step(struct cpu *cpu, const struct image *image, const struct cpu_env *env,
                         struct error *e)
{
	struct exec x = {cpu, image, env, e, cpu->core.pc, cpu->core.pc + 4, false};
	const struct insn *in = image_insn(image, x.pc);
	enum cpu_status status;

	if (in == NULL)
		return bad_fetch(&x);
	if (!cpu_passes(cpu, in)) {
		cpu->core.pc = x.next;
		return CPU_OK;
	}
	status = dispatch(&x, in);
	if (status != CPU_OK)
		return status;
	cpu->core.pc = x.next;
	return x.stop ? CPU_STOPPED : CPU_OK;
}
