/* SPDX-License-Identifier: MIT */
/*
 * Internal to model/cpu: the operations of the decoded form, and what the exec
 * files share while one instruction executes.
 */
#ifndef LAZYSWITCH_MODEL_CPU_EXEC_H
#define LAZYSWITCH_MODEL_CPU_EXEC_H

#include <stdbool.h>
#include <stdint.h>

#include "cpu.h"
#include "image.h"
#include "insn.h"

enum insn_op {
	OP_DATA, /* not an instruction: literal pool, gap, Thumb */
	OP_UNKNOWN,
	/* Data processing, in the order of the opcode field (A5.2.1). */
	OP_AND,
	OP_EOR,
	OP_SUB,
	OP_RSB,
	OP_ADD,
	OP_ADC,
	OP_SBC,
	OP_RSC,
	OP_TST,
	OP_TEQ,
	OP_CMP,
	OP_CMN,
	OP_ORR,
	OP_MOV,
	OP_BIC,
	OP_MVN,
	/* Other data instructions: exec_data2(). */
	OP_MOVW,
	OP_MOVT,
	OP_MUL,
	OP_MLA,
	OP_MLS,
	OP_UMAAL,
	OP_UMULL,
	OP_UMLAL,
	OP_SMULL,
	OP_SMLAL,
	OP_SMULXY,
	OP_SMMUL,
	OP_SDIV,
	OP_UDIV,
	OP_BFC,
	OP_BFI,
	OP_SBFX,
	OP_UBFX,
	OP_CLZ,
	OP_REV,
	OP_REV16,
	OP_REVSH,
	OP_RBIT,
	OP_EXTEND,
	OP_PKH,
	/* Memory. */
	OP_LDR,
	OP_LDRB,
	OP_LDRH,
	OP_LDRSB,
	OP_LDRSH,
	OP_STR,
	OP_STRB,
	OP_STRH,
	OP_LDRD,
	OP_STRD,
	OP_LDREX,
	OP_STREX,
	OP_LDM,
	OP_STM,
	OP_SRS,
	OP_RFE,
	/* Branches. */
	OP_B,
	OP_BL,
	OP_BX,
	OP_BLX,
	/* System. */
	OP_NOP,
	OP_ISB,
	OP_CLREX,
	OP_WFI,
	OP_BKPT,
	OP_SVC,
	OP_HVC,
	OP_SMC,
	OP_UDF,
	OP_ERET,
	OP_MRS,
	OP_MSR,
	OP_MRS_BANKED,
	OP_MSR_BANKED,
	OP_CPS,
	OP_SETEND,
	OP_MRC,
	OP_MCR,
	OP_MRRC,
	OP_MCRR,
	/* FP and Advanced SIMD. */
	OP_VMRS,
	OP_VMSR,
	OP_VLDM, /* VLDR too */
	OP_VSTM,
	OP_VLD1,
	OP_VST1,
	OP_VMOV_REG,   /* D or S to the same */
	OP_VMOV_CORE1, /* one core register and one S */
	OP_VMOV_CORE2, /* two core registers and one D or two S */
	OP_VMOV_LANE,  /* one core register and one element of a D register */
	OP_FP_COMPUTE,
};

/* insn.flags of data processing and multiplication. */
enum {
	DP_S = 1,     /* sets flags */
	DP_IMM = 2,   /* operand 2 is imm */
	DP_RSR = 4,   /* operand 2 is a register shifted by a register */
	DP_CARRY = 8, /* imm was rotated: carry out is its bit 31 */
};

/* insn.flags of loads and stores, of LDM, STM, SRS, RFE, VLDM, VSTM, VLD1, VST1. */
enum {
	MEM_P = 1,       /* offset or pre-indexed; LDM: before */
	MEM_U = 2,       /* add */
	MEM_W = 4,       /* writes the base back */
	MEM_REG = 8,     /* offset is a shifted register (in rm); LDM: unused */
	MEM_USER = 0x10, /* LDM, STM: User mode registers */
	MEM_RET = 0x20,  /* LDM: exception return */
};

/* insn.flags of MSR and MRS. */
enum {
	PSR_SPSR = 1,
	PSR_IMM = 2,
};

/* insn.flags of FP instructions, beside MEM_P, MEM_U and MEM_W. */
enum {
	FP_DOUBLE = 8,     /* D registers; else S */
	FP_SIMD = 0x10,    /* an Advanced SIMD instruction: CPACR.ASEDIS and HCPTR.TASE apply */
	FP_HIGH = 0x20,    /* names D16-D31: CPACR.D32DIS applies */
	FP_SYSTEM = 0x40,  /* FP system register access that never bounces */
	FP_NO_EN = 0x80,   /* exempt from FPEXC.EN */
	FP_TO_CORE = 1,    /* VMOV: direction */
	FP_READS_ONLY = 1, /* FP_COMPUTE: writes no D register */
};

/* insn.shift_type: SRType of A8.4; RRX has its own. */
enum { SHIFT_LSL, SHIFT_LSR, SHIFT_ASR, SHIFT_ROR, SHIFT_RRX };

/* insn.shift_type of MRC, MCR, MRRC, MCRR: which register. */
enum sysreg {
	SYS_STORAGE, /* insn.imm: slot of the (low) word, and << 16 that of the high word */
	SYS_NOP,     /* cache, TLB and barrier operations without effect here */
	SYS_ISB,     /* CP15ISB */
	SYS_HCPTR,
	SYS_CPACR,
	SYS_HCR,
	SYS_HSTR,
	SYS_HDCR,
	SYS_HSR,
	SYS_HVBAR,
	SYS_HTPIDR,
	SYS_VBAR,
	SYS_SCTLR,
	SYS_VTTBR,
	SYS_MPIDR,
	SYS_VMPIDR,
};

/* insn.flags of MRC, MCR, MRRC, MCRR. */
enum {
	SYS_PL0 = 1,   /* accessible from PL0 */
	SYS_PL2 = 2,   /* Hyp mode only */
	SYS_UNDEF = 4, /* writes a read-only or reads a write-only register */
	SYS_CP14 = 8,
};

#define PSR_Q          (1u << 27)
#define PSR_J          (1u << 24)
#define PSR_GE         (0xfu << 16)
#define PSR_IT         0x0600fc00u
#define SCTLR_A        (1u << 1)
#define SCTLR_V        (1u << 13)
#define HCR_TWI        (1u << 13)
#define HCR_TSC        (1u << 19)
#define HCPTR_TCPAC    (1u << 31)
#define HCPTR_WRITABLE (HCPTR_TCP10 | HCPTR_TCP11 | HCPTR_TASE | HCPTR_TTA | HCPTR_TCPAC)
/* TCPn of coprocessors that are not there are RAO/WI (B4.1.64); 14 and 15 have no bit. */
#define HCPTR_ONES     0x33ffu
#define CPACR_ASEDIS   (1u << 31)
#define CPACR_D32DIS   (1u << 30)
#define CPACR_WRITABLE (CPACR_ASEDIS | CPACR_D32DIS | 0x00f00000u)
#define HSR_IL         (1u << 25)

/* One instruction being executed. */
struct exec {
	struct cpu *cpu;
	const struct image *image;
	const struct cpu_env *env;
	struct error *e;
	uint32_t pc;   /* address of the instruction */
	uint32_t next; /* PC afterwards */
	bool stop;     /* an event asked to stop */
};

/* Bank of each value of CPSR.M; illegal modes read as USR and are never entered. */
extern const uint8_t cpu_bank_of[32];

static inline uint32_t *reg_slot(struct cpu_core *c, unsigned n)
{
	uint32_t mode = c->cpsr & PSR_MODE;

	if (n < 8)
		return &c->r[n];
	if (n < 13)
		return mode == MODE_FIQ ? &c->r_fiq[n - 8] : &c->r[n];
	if (n == 13)
		return &c->sp[cpu_bank_of[mode]];
	return &c->lr[mode == MODE_HYP ? BANK_USR : cpu_bank_of[mode]];
}

/* R[n] of the pseudocode: PC reads as the instruction's address plus 8. */
static inline uint32_t reg(struct exec *x, unsigned n)
{
	return n == 15 ? x->pc + 8 : *reg_slot(&x->cpu->core, n);
}

static inline void set_reg(struct exec *x, unsigned n, uint32_t value)
{
	*reg_slot(&x->cpu->core, n) = value;
}

static inline bool privileged(const struct exec *x)
{
	return cpu_mode(x->cpu) != MODE_USR;
}

static inline bool in_hyp(const struct exec *x)
{
	return cpu_mode(x->cpu) == MODE_HYP;
}

/* USR and SYS have no SPSR. */
static inline bool has_spsr(const struct exec *x)
{
	return cpu_mode(x->cpu) != MODE_USR && cpu_mode(x->cpu) != MODE_SYS;
}

/* Raises an event for the environment. */
void event(struct exec *x, enum cpu_event_kind kind, uint32_t a, uint32_t b, uint32_t c);

/* "0x00010074 <__hyp_trap+0x10> (v3.S:17): ee081f10 mcr ..." into buf; returns buf. */
const char *describe(const struct image *image, uint32_t pc, char *buf, unsigned size);

/* CPU_FAULT with a message that says where. */
enum cpu_status fault(struct exec *x, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* BXWritePC (A2.3.1): there is no Thumb here. */
enum cpu_status bx_write_pc(struct exec *x, uint32_t address);

/* exception.c */
void context_sync(struct cpu *cpu);
enum cpu_status take_undef(struct exec *x);
enum cpu_status take_undef_or_trap(struct exec *x, uint32_t hsr);
enum cpu_status take_hyp_trap(struct exec *x, uint32_t hsr);
enum cpu_status take_svc(struct exec *x, uint32_t imm);
enum cpu_status take_hvc(struct exec *x, uint32_t imm);
enum cpu_status exception_return(struct exec *x, uint32_t pc, uint32_t psr);
/* CPSRWriteByInstr() for MSR and CPS; CPU_FAULT if the new mode is illegal. */
enum cpu_status write_cpsr(struct exec *x, uint32_t value, unsigned byte_mask);
/* NULL if CPSR may become `psr` (by MSR, CPS: its mode only), else why not. */
const char *psr_error(const struct exec *x, uint32_t psr, bool is_return);

/* The pseudocode's shifts and ALU. */
uint32_t shift_c(uint32_t value, unsigned type, unsigned amount, bool carry_in, bool *carry_out);

/* One function a group; see exec.c. */
enum cpu_status exec_data(struct exec *x, const struct insn *in);
enum cpu_status exec_data2(struct exec *x, const struct insn *in);
enum cpu_status exec_load_store(struct exec *x, const struct insn *in);
enum cpu_status exec_dual(struct exec *x, const struct insn *in);
enum cpu_status exec_exclusive(struct exec *x, const struct insn *in);
enum cpu_status exec_multiple(struct exec *x, const struct insn *in);
enum cpu_status exec_srs(struct exec *x, const struct insn *in);
enum cpu_status exec_rfe(struct exec *x, const struct insn *in);
enum cpu_status exec_system(struct exec *x, const struct insn *in);
enum cpu_status exec_sysreg(struct exec *x, const struct insn *in);
enum cpu_status exec_vfp(struct exec *x, const struct insn *in);

/* Memory, shared by exec_mem.c and vfp.c. */
enum cpu_status mem_access(struct exec *x, uint32_t address, uint32_t bytes, bool write);
bool data_big_endian(const struct exec *x);
uint32_t mem_load(struct exec *x, uint32_t address, unsigned bytes);
void mem_store(struct exec *x, uint32_t address, unsigned bytes, uint32_t value);
uint32_t mem_load_any(struct exec *x, uint32_t address, unsigned bytes);
void mem_store_any(struct exec *x, uint32_t address, unsigned bytes, uint32_t value);
bool alignment_checked(const struct exec *x);

/*
 * cp15_key: a 32-bit register is opc1 << 11 | CRn << 7 | CRm << 3 | opc2, with bit 14 set for
 * coprocessor 14. A 64-bit one is 0x8000 | opc1 << 4 | CRm for the low word and the same with bit 14 set for
 * the high word; where the low word is also a 32-bit register (TTBR0, TTBR1, PAR) it has that register's key.
 */
#define CP_KEY32(opc1, crn, crm, opc2)                                                                       \
	((uint16_t)((unsigned)(opc1) << 11 | (unsigned)(crn) << 7 | (unsigned)(crm) << 3 | (unsigned)(opc2)))
#define CP_KEY64(opc1, crm) ((uint16_t)(0x8000u | (unsigned)(opc1) << 4 | (unsigned)(crm)))
#define CP_KEY_14           0x4000u
#define CP_KEY_HIGH         0x4000u

/*
 * Fills in kind, slot and permissions of MRC, MCR, MRRC, MCRR (op, raw and rd set). Returns false if the
 * image names more storage registers than there are slots; then `e` is filled in.
 */
bool sysreg_decode(struct image *image, struct insn *in, struct error *e);

#endif
