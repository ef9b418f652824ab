/* SPDX-License-Identifier: MIT */
/*
 * One decoded instruction. Capstone says which instruction an encoding is; the
 * operand fields come straight from the encoding. Beside what execution needs,
 * an instruction carries the facts that analyses need (liveness, step
 * boundaries), so that nobody else has to know encodings.
 */
#ifndef LAZYSWITCH_MODEL_CPU_INSN_H
#define LAZYSWITCH_MODEL_CPU_INSN_H

#include <stdint.h>

/* Where control goes. */
enum insn_flow {
	FLOW_NEXT,             /* falls through (also if its condition fails, for all others) */
	FLOW_BRANCH,           /* b: to `target` */
	FLOW_CALL,             /* bl: to `target`, comes back behind itself */
	FLOW_RETURN,           /* bx lr, mov pc, lr, pop {..., pc} and other loads of PC from the stack */
	FLOW_INDIRECT,         /* any other write of PC; target unknown */
	FLOW_INDIRECT_CALL,    /* blx reg */
	FLOW_EXCEPTION_RETURN, /* eret, rfe, movs pc, ldm ^ with pc */
	FLOW_EXCEPTION,        /* svc, hvc, smc, udf: to a vector, may come back behind itself */
	FLOW_END,              /* data or unknown: never executes without an error */
};

/* What it touches beyond R0-R14 and the flags; a set. */
enum insn_touch {
	TOUCH_MEMORY = 1 << 0,
	TOUCH_STORE = 1 << 1,  /* with TOUCH_MEMORY: writes it */
	TOUCH_FP = 1 << 2,     /* D registers, FPSCR, FPEXC and the other FP system registers */
	TOUCH_SYSTEM = 1 << 3, /* CP15 */
	TOUCH_PSR =
	        1 << 4, /* CPSR beyond NZCV, SPSR, banked registers, modes: cps, msr, mrs, srs, rfe, setend */
	TOUCH_ENV = 1 << 5,  /* bkpt, wfi */
	TOUCH_SYNC = 1 << 6, /* isb */
};

/* Bits of `uses` and `defs`: 0-14 for R0-R14, and the condition flags. */
#define INSN_FLAGS (1u << 16)

struct insn {
	uint32_t raw;    /* the encoding */
	uint32_t imm;    /* immediate, offset, or storage slot: by op */
	uint32_t target; /* FLOW_BRANCH, FLOW_CALL: address */
	uint32_t uses;   /* registers and flags read, its condition's included */
	uint32_t defs;   /* registers and flags certainly written when it executes unconditionally; 0 if
	                    conditional */
	uint16_t op;     /* enum insn_op, private to decode.c and the exec files */
	uint16_t regs;   /* register list, or bits by op */
	uint8_t cond;    /* 0-14 */
	uint8_t rd, rn, rm, rs;
	uint8_t shift_type, shift_amount;
	uint8_t flags; /* by op: S bit, write-back, P, U, ... */
	uint8_t flow;  /* enum insn_flow */
	uint8_t touch; /* set of enum insn_touch */
	uint8_t pad[2];
};

#endif
