/* SPDX-License-Identifier: MIT */
/* A read and a write of each register in cp15_registers.def, under a label each, and operations without effect here. */
	.syntax unified
	.arch_extension virt
	.text
#define INSN(name, ...) .global name; name: __VA_ARGS__
#define R32(name, level, opc1, crn, crm, opc2)                                                               \
	INSN(read_##name, mrc p15, opc1, r0, c##crn, c##crm, opc2);                                              \
	INSN(write_##name, mcr p15, opc1, r0, c##crn, c##crm, opc2);
#define R64(name, level, opc1, crm)                                                                          \
	INSN(read_##name, mrrc p15, opc1, r0, r1, c##crm);                                                       \
	INSN(write_##name, mcrr p15, opc1, r0, r1, c##crm);
#include "cp15_registers.def"
INSN(read_par_32, mrc p15, 0, r0, c7, c4, 0)
INSN(read_mpidr, mrc p15, 0, r0, c0, c0, 5)
INSN(read_midr, mrc p15, 0, r0, c0, c0, 0)
INSN(write_midr, mcr p15, 0, r0, c0, c0, 0)
INSN(op_ats1cpr, mcr p15, 0, r0, c7, c8, 0)
INSN(op_iciallu, mcr p15, 0, r0, c7, c5, 0)
INSN(op_icialluis, mcr p15, 0, r0, c7, c1, 0)
INSN(op_tlbiallis, mcr p15, 0, r0, c8, c3, 0)
INSN(op_tlbiallnsnhis, mcr p15, 4, r0, c8, c3, 4)
INSN(op_tlbiallh, mcr p15, 4, r0, c8, c7, 0)
