/* SPDX-License-Identifier: MIT */
/* Registers, modes and reset of a core. */
#include <string.h>

#include "exec.h"

const uint8_t cpu_bank_of[32] = {
        [MODE_USR] = BANK_USR, [MODE_FIQ] = BANK_FIQ, [MODE_IRQ] = BANK_IRQ, [MODE_SVC] = BANK_SVC,
        [MODE_ABT] = BANK_ABT, [MODE_HYP] = BANK_HYP, [MODE_UND] = BANK_UND, [MODE_SYS] = BANK_USR,
};

/* Reset values of Cortex-A15 where they matter. */
enum {
	SCTLR_RESET = 0x00c50078,
};

/* TakeReset(), section B1.9.1; FPEXC, CPACR and HCPTR reset to "no access", "no traps" (B4.1). */
void cpu_reset(struct cpu *cpu, unsigned number)
{
	memset(cpu, 0, sizeof(*cpu));
	cpu->core.cpsr = MODE_SVC | PSR_A | PSR_I | PSR_F;
	cpu->sys.hcptr.value = HCPTR_ONES;
	cpu->sys.sctlr = SCTLR_RESET;
	cpu->sys.mpidr = 0x80000000u | (number & 0xff);
	cpu->sys.vmpidr = cpu->sys.mpidr;
}

/* Section B1.3.2. */
enum cpu_bank cpu_mode_bank(uint32_t mode)
{
	return (enum cpu_bank)cpu_bank_of[mode & PSR_MODE];
}

uint32_t cpu_reg(const struct cpu *cpu, unsigned n)
{
	return *reg_slot((struct cpu_core *)&cpu->core, n);
}

void cpu_set_reg(struct cpu *cpu, unsigned n, uint32_t value)
{
	*reg_slot(&cpu->core, n) = value;
}

/* Table B1-18: with HCR.IMO set CPSR.I masks only virtual interrupts outside Hyp mode. */
bool cpu_irq_masked(const struct cpu *cpu)
{
	if ((cpu->sys.hcr & HCR_IMO) != 0 && cpu_mode(cpu) != MODE_HYP)
		return false;
	return (cpu->core.cpsr & PSR_I) != 0;
}
