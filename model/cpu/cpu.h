/* SPDX-License-Identifier: MIT */
/*
 * An ARMv7-A core with the Virtualization Extensions, VFPv4 and Advanced SIMD,
 * as far as world switches and lazy FP switching can see it. Section numbers are
 * those of the ARM Architecture Reference Manual, ARMv7-A and ARMv7-R edition
 * (DDI 0406C).
 *
 * The core owns registers; memory and chance belong to its environment. One call
 * of cpu_step() executes one instruction. The Security Extensions are not
 * modelled: everything is Non-secure.
 */
#ifndef LAZYSWITCH_MODEL_CPU_CPU_H
#define LAZYSWITCH_MODEL_CPU_CPU_H

#include <stdbool.h>
#include <stdint.h>

#include "../error.h"

struct image;
struct insn;

/* CPSR.M, section B1.3.1. */
enum cpu_mode {
	MODE_USR = 0x10,
	MODE_FIQ = 0x11,
	MODE_IRQ = 0x12,
	MODE_SVC = 0x13,
	MODE_ABT = 0x17,
	MODE_HYP = 0x1a,
	MODE_UND = 0x1b,
	MODE_SYS = 0x1f,
};

#define PSR_MODE  0x1fu
#define PSR_T     (1u << 5)
#define PSR_F     (1u << 6)
#define PSR_I     (1u << 7)
#define PSR_A     (1u << 8)
#define PSR_E     (1u << 9)
#define PSR_V     (1u << 28)
#define PSR_C     (1u << 29)
#define PSR_Z     (1u << 30)
#define PSR_N     (1u << 31)
#define PSR_FLAGS (PSR_N | PSR_Z | PSR_C | PSR_V)

/* Which copy of SP, LR and SPSR a mode sees; SYS sees USR's, HYP has its own SP and the LR of USR. */
enum cpu_bank { BANK_USR, BANK_SVC, BANK_ABT, BANK_UND, BANK_IRQ, BANK_FIQ, BANK_HYP, BANKS };

/* General registers. The current mode's SP and LR live in their bank, not in a copy. */
struct cpu_core {
	uint32_t r[13];       /* R0-R12, as seen by every mode but FIQ */
	uint32_t r_fiq[5];    /* R8_fiq-R12_fiq */
	uint32_t sp[BANKS];   /* R13 */
	uint32_t lr[BANKS];   /* R14; [BANK_HYP] is unused and 0 */
	uint32_t spsr[BANKS]; /* [BANK_USR] is unused and 0 */
	uint32_t elr_hyp;
	uint32_t pc; /* address of the next instruction (not +8) */
	uint32_t cpsr;
	uint32_t exclusive; /* address tagged by LDREX plus 1, or 0 */
};

/*
 * A trap register whose writes wait for a context synchronisation event (section
 * B3.15.5): `value` is what was written last and what a read returns; a bit set
 * in `unsynced` may still act as the opposite of its value.
 */
struct cpu_trapreg {
	uint32_t value;
	uint32_t unsynced;
};

enum { CPU_CP15_MAX = 96 };

/* System control registers. */
struct cpu_sys {
	struct cpu_trapreg hcptr;    /* p15, 4, c1, c1, 2 */
	struct cpu_trapreg cpacr;    /* p15, 0, c1, c0, 2 */
	uint32_t hcr;                /* p15, 4, c1, c1, 0 */
	uint32_t hstr;               /* p15, 4, c1, c1, 3 */
	uint32_t hdcr;               /* p15, 4, c1, c1, 1 */
	uint32_t hsr;                /* p15, 4, c5, c2, 0 */
	uint32_t hvbar;              /* p15, 4, c12, c0, 0 */
	uint32_t htpidr;             /* p15, 4, c13, c0, 2 */
	uint32_t vbar;               /* p15, 0, c12, c0, 0 */
	uint32_t sctlr;              /* p15, 0, c1, c0, 0 */
	uint64_t vttbr;              /* p15, 6, c2 */
	uint32_t mpidr;              /* p15, 0, c0, c0, 5; read-only, its Aff0 is the core's number */
	uint32_t vmpidr;             /* p15, 4, c0, c0, 5; what PL1 reads as its MPIDR */
	uint32_t cp15[CPU_CP15_MAX]; /* every other CP15 register that the image names: storage (see image.h)
	                              */
};

/* FPEXC, section B4.1.57: one register per core, banked for nobody. */
#define FPEXC_EX   (1u << 31)
#define FPEXC_EN   (1u << 30)
#define FPEXC_DEX  (1u << 29)
#define FPEXC_FP2V (1u << 28)

/* HCPTR, section B4.1.64. */
#define HCPTR_TCP10 (1u << 10)
#define HCPTR_TCP11 (1u << 11)
#define HCPTR_TASE  (1u << 15)
#define HCPTR_TTA   (1u << 20)

/* HCR, section B4.1.65: the bits with a meaning here. */
#define HCR_VM  (1u << 0)
#define HCR_FMO (1u << 3)
#define HCR_IMO (1u << 4)
#define HCR_AMO (1u << 5)
#define HCR_TGE (1u << 27)

/* HSR.EC, section B3.13.6. */
enum cpu_hsr_ec {
	EC_UNKNOWN = 0x00,
	EC_CP15_32 = 0x03,
	EC_CP15_64 = 0x04,
	EC_CP_0_13 = 0x07,
	EC_SVC_HYP = 0x11,
	EC_HVC = 0x12,
	EC_DABT_HYP = 0x25,
};

/* The FP register file: shared by host, Hyp and guest alike. */
struct cpu_bank_fp {
	uint64_t d[32];
	uint32_t fpscr;
	uint32_t fpinst;
	uint32_t fpinst2;
	uint32_t pad; /* 0 */
};

struct cpu {
	struct cpu_core core;
	struct cpu_sys sys;
	uint32_t fpexc;
	struct cpu_bank_fp fp;
};

/* Exceptions, as vector offsets (section B1.8.1). */
enum cpu_vector {
	VECTOR_RESET = 0x00,
	VECTOR_UNDEF = 0x04,
	VECTOR_SVC = 0x08, /* HVC from Hyp mode, too */
	VECTOR_PABT = 0x0c,
	VECTOR_DABT = 0x10,
	VECTOR_HYP_TRAP = 0x14, /* Hyp vector table only */
	VECTOR_IRQ = 0x18,
	VECTOR_FIQ = 0x1c,
};

/* Things that happen inside an instruction and that an environment may want to know. */
enum cpu_event_kind {
	CPU_EXCEPTION,  /* taken: a = vector offset, b = mode it came from, c = mode it went to; PC is already
	                   the vector */
	CPU_BKPT,       /* BKPT #a executed: a call to the environment; the core goes on behind it */
	CPU_WFI,        /* WFI executed */
	CPU_FP_COMPUTE, /* an FP or SIMD data-processing instruction passed its checks; a = 1 if it writes D
	                   registers, 0 if it only reads them (VCMP and the like) */
	CPU_FPEXC_READ, /* VMRS of FPEXC: a = value */
	CPU_FPEXC_WRITE,  /* VMSR to FPEXC: a = new value, b = old value */
	CPU_HCPTR_WRITE,  /* a = new value, b = old value */
	CPU_FP_LOAD,      /* D registers loaded from memory: a = first, b = count */
	CPU_FP_STORE,     /* D registers stored to memory: a = first, b = count */
	CPU_CONTEXT_SYNC, /* ISB executed (exception entry and return synchronise without this event) */
};

struct cpu_event {
	enum cpu_event_kind kind;
	uint32_t a, b, c;
};

/* What an environment answers to an intended access. */
enum cpu_access {
	ACCESS_OK,
	ACCESS_STOP,  /* not now: the instruction must have no effect, cpu_step() returns CPU_STOPPED */
	ACCESS_FAULT, /* no memory there: cpu_step() returns CPU_FAULT, `e` is filled in by the environment */
};

/* Memory and chance. Every function gets `self`. Addresses are physical; there is no translation. */
struct cpu_env {
	void *self;
	/*
	 * Called once for each contiguous range that an instruction will touch, before it changes anything.
	 * After ACCESS_OK, load and store within [address, address + bytes) cannot fail.
	 */
	enum cpu_access (*access)(void *self, uint32_t address, uint32_t bytes, bool write, struct error *e);
	/* bytes is 1, 2 or 4; values are in the core's register order (the environment applies the data
	 * endianness). */
	uint32_t (*load)(void *self, uint32_t address, unsigned bytes);
	void (*store)(void *self, uint32_t address, unsigned bytes, uint32_t value);
	/* Picks one of n >= 2 possibilities that the architecture leaves open; 0 <= result < n. */
	unsigned (*choose)(void *self, unsigned n);
	/* Returns false to stop: cpu_step() returns CPU_STOPPED after the instruction's effects are complete.
	 */
	bool (*event)(void *self, const struct cpu_event *event);
};

enum cpu_status {
	CPU_OK,      /* one instruction executed, or one exception taken */
	CPU_STOPPED, /* the environment asked to stop */
	CPU_FAULT,   /* access to unmapped memory or unaligned where that faults, jump outside code; `e` says
	                where */
	CPU_UNKNOWN, /* an instruction this machine does not know; `e` has address, encoding, disassembly,
	                symbol, line */
};

/* Puts a core into its reset state: SVC mode, A, I and F masked, FPEXC.EN clear, traps clear, registers 0. */
void cpu_reset(struct cpu *cpu, unsigned number);

/*
 * Executes the instruction at PC. `data_big_endian` images run with CPSR.E set; exception entry copies
 * SCTLR.EE (HSCTLR.EE) which the image's endianness fixes.
 */
enum cpu_status cpu_step(struct cpu *cpu, const struct image *image, const struct cpu_env *env,
                         struct error *e);

/* Does the condition of an instruction pass (section A8.3) with the flags as they are? */
bool cpu_passes(const struct cpu *cpu, const struct insn *insn);

/*
 * Takes an asynchronous IRQ before the next instruction, routed by HCR.IMO (section B1.8.4). The caller has
 * checked that it is not masked: cpu_irq_masked().
 */
void cpu_take_irq(struct cpu *cpu, const struct image *image, const struct cpu_env *env);
bool cpu_irq_masked(const struct cpu *cpu);

/* The bank whose SP, LR and SPSR the mode sees. */
enum cpu_bank cpu_mode_bank(uint32_t mode);

/* Registers as an instruction of the current mode sees them; n is 0-14. */
uint32_t cpu_reg(const struct cpu *cpu, unsigned n);
void cpu_set_reg(struct cpu *cpu, unsigned n, uint32_t value);

static inline uint32_t cpu_mode(const struct cpu *cpu)
{
	return cpu->core.cpsr & PSR_MODE;
}

/* A guest runs: second-stage translation is on and the core is not in Hyp mode. */
static inline bool cpu_in_guest(const struct cpu *cpu)
{
	return (cpu->sys.hcr & HCR_VM) != 0 && cpu_mode(cpu) != MODE_HYP;
}

#endif
