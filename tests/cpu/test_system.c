/* SPDX-License-Identifier: MIT */
/* Modes, banks, exceptions, status and system control registers, branches. */
#include "machine.h"

#define VBAR  0x4000u
#define HVBAR 0x5000u

static struct machine m;

/* A core in `mode`: interrupts enabled, all banks distinct, vectors set. */
static void start(uint32_t mode, uint32_t hcr)
{
	struct cpu_core *c = &m.cpu.core;

	machine_reset(&m);
	c->cpsr = (c->cpsr & PSR_E) | mode | PSR_C;
	for (unsigned i = 0; i < 13; i++)
		c->r[i] = 0xa0 + i;
	for (unsigned i = 0; i < 5; i++)
		c->r_fiq[i] = 0xf8 + i;
	for (unsigned i = 0; i < BANKS; i++) {
		c->sp[i] = MEM_BASE + 0x100 + 0x40 * i;
		c->lr[i] = i == BANK_HYP ? 0 : 0x9000 + 0x40 * i;
		c->spsr[i] = i == BANK_USR ? 0 : (MODE_USR | PSR_Z | (c->cpsr & PSR_E));
	}
	c->elr_hyp = 0x7770;
	m.cpu.sys.hcr = hcr;
	m.cpu.sys.vbar = VBAR;
	m.cpu.sys.hvbar = HVBAR;
}

static uint32_t ok(const char *symbol)
{
	if (machine_step(&m, symbol) != CPU_OK)
		fail_msg("%s: %s", symbol, m.e.text);
	return machine_symbol(&m, symbol);
}

static void faults(const char *symbol, const char *message)
{
	struct cpu was = m.cpu;

	was.core.pc = machine_symbol(&m, symbol);
	assert_int_equal(machine_step(&m, symbol), CPU_FAULT);
	assert_memory_equal(&m.cpu, &was, sizeof(was));
	if (strstr(m.e.text, message) == NULL || strstr(m.e.text, symbol) == NULL)
		fail_msg("%s: message is \"%s\"", symbol, m.e.text);
}

/* The exception that the last step took; `link` is LR or ELR_hyp. */
static void took(uint32_t mode, enum cpu_vector vector, uint32_t link, uint32_t old_cpsr, uint32_t masks)
{
	const struct cpu_core *c = &m.cpu.core;
	const struct cpu_event *ev = machine_event(&m, CPU_EXCEPTION);

	assert_non_null(ev);
	assert_int_equal(ev->a, vector);
	assert_int_equal(ev->b, old_cpsr & PSR_MODE);
	assert_int_equal(ev->c, mode);
	assert_int_equal(c->pc, (mode == MODE_HYP ? HVBAR : VBAR) + vector);
	assert_int_equal(mode == MODE_HYP ? c->elr_hyp : c->lr[cpu_mode_bank(mode)], link);
	assert_int_equal(c->spsr[cpu_mode_bank(mode)], old_cpsr);
	assert_int_equal(c->cpsr, (old_cpsr & ~PSR_MODE) | mode | masks);
}

static void undefined(const char *symbol)
{
	uint32_t old = m.cpu.core.cpsr, address = ok(symbol);

	if ((old & PSR_MODE) == MODE_HYP)
		took(MODE_HYP, VECTOR_UNDEF, address, old, PSR_A | PSR_I | PSR_F);
	else
		took(MODE_UND, VECTOR_UNDEF, address + 4, old, PSR_I);
}

static void test_exception_entry(void **state)
{
	uint32_t old, address;
	const uint32_t all = PSR_A | PSR_I | PSR_F;

	(void)state;
	start(MODE_USR, 0);
	old = m.cpu.core.cpsr;
	address = ok("i_svc");
	took(MODE_SVC, VECTOR_SVC, address + 4, old, PSR_I);

	start(MODE_USR, HCR_TGE);
	address = ok("i_svc");
	took(MODE_HYP, VECTOR_HYP_TRAP, address + 4, old, all);
	assert_int_equal(m.cpu.sys.hsr, 0x46001234); /* EC 0x11, IL, imm */

	start(MODE_USR, HCR_TGE);
	address = ok("i_udf");
	took(MODE_HYP, VECTOR_HYP_TRAP, address, old, all);
	assert_int_equal(m.cpu.sys.hsr >> 26, EC_UNKNOWN);

	start(MODE_SVC, HCR_VM);
	old = m.cpu.core.cpsr;
	address = ok("i_hvc");
	took(MODE_HYP, VECTOR_HYP_TRAP, address + 4, old, all);
	assert_int_equal(m.cpu.sys.hsr, 0x4a001234); /* EC 0x12 */

	start(MODE_HYP, HCR_VM);
	old = m.cpu.core.cpsr;
	address = ok("i_hvc");
	took(MODE_HYP, VECTOR_SVC, address + 4, old, all);
	start(MODE_HYP, 0);
	address = ok("i_svc");
	took(MODE_HYP, VECTOR_SVC, address + 4, old, all);
	start(MODE_HYP, 0);
	undefined("i_udf");

	start(MODE_USR, 0);
	undefined("i_hvc");
	start(MODE_USR, 0);
	undefined("i_smc");
	start(MODE_UND, 0);
	undefined("i_udf");

	/* High vectors. */
	start(MODE_USR, 0);
	m.cpu.sys.sctlr |= 1u << 13;
	ok("i_svc");
	assert_int_equal(m.cpu.core.pc, 0xffff0008);

	/* WFI and SMC in a guest whose hypervisor wants to know. */
	start(MODE_SVC, HCR_VM | 1u << 13 | 1u << 19);
	old = m.cpu.core.cpsr;
	address = ok("i_wfi");
	took(MODE_HYP, VECTOR_HYP_TRAP, address, old, all);
	assert_int_equal(m.cpu.sys.hsr, 0x07e00000);
	start(MODE_SVC, HCR_VM | 1u << 13 | 1u << 19);
	address = ok("i_smc");
	took(MODE_HYP, VECTOR_HYP_TRAP, address, old, all);
	assert_int_equal(m.cpu.sys.hsr >> 26, 0x13);
	start(MODE_SVC, 0);
	faults("i_smc", "not modelled");
}

static void irq(uint32_t mode, uint32_t hcr, uint32_t to)
{
	uint32_t old;

	start(mode, hcr);
	old = m.cpu.core.cpsr;
	m.cpu.core.pc = 0x6000;
	cpu_take_irq(&m.cpu, m.image, &m.env);
	if (to == MODE_IRQ)
		took(to, VECTOR_IRQ, 0x6004, old, PSR_I | PSR_A);
	else
		took(to, VECTOR_IRQ, 0x6000, old, PSR_I | PSR_A | PSR_F);
}

static void test_irq(void **state)
{
	static const struct {
		uint32_t mode, hcr, i;
		bool masked;
	} masks[] = {
	        {MODE_USR, 0, 0, false},          {MODE_USR, 0, PSR_I, true},
	        {MODE_SVC, 0, PSR_I, true},       {MODE_SVC, HCR_IMO, PSR_I, false},
	        {MODE_HYP, HCR_IMO, PSR_I, true}, {MODE_HYP, HCR_IMO, 0, false},
	        {MODE_HYP, 0, PSR_I, true},
	};

	(void)state;
	irq(MODE_USR, 0, MODE_IRQ);
	irq(MODE_SVC, 0, MODE_IRQ);
	irq(MODE_USR, HCR_IMO, MODE_HYP);
	irq(MODE_SVC, HCR_IMO, MODE_HYP);
	irq(MODE_HYP, 0, MODE_HYP);
	for (unsigned i = 0; i < sizeof(masks) / sizeof(masks[0]); i++) {
		start(masks[i].mode, masks[i].hcr);
		m.cpu.core.cpsr |= masks[i].i;
		assert_int_equal(cpu_irq_masked(&m.cpu), masks[i].masked);
	}
}

static void test_exception_return(void **state)
{
	uint32_t e;

	(void)state;
	start(MODE_HYP, 0);
	e = m.cpu.core.cpsr & PSR_E;
	m.cpu.core.spsr[BANK_HYP] = MODE_SVC | PSR_N | PSR_I | e;
	ok("i_eret");
	assert_int_equal(m.cpu.core.pc, 0x7770);
	assert_int_equal(m.cpu.core.cpsr, MODE_SVC | PSR_N | PSR_I | e);
	start(MODE_SVC, 0);
	ok("i_eret");
	assert_int_equal(m.cpu.core.pc, 0x9000 + 0x40 * BANK_SVC);
	assert_int_equal(m.cpu.core.cpsr, MODE_USR | PSR_Z | e);
	start(MODE_UND, 0);
	ok("i_movs_pc");
	assert_int_equal(m.cpu.core.pc, 0x9000 + 0x40 * BANK_UND);
	assert_int_equal(m.cpu.core.cpsr, MODE_USR | PSR_Z | e);
	start(MODE_IRQ, 0);
	ok("i_subs_pc");
	assert_int_equal(m.cpu.core.pc, 0x9000 + 0x40 * BANK_IRQ - 4);

	start(MODE_SVC, 0);
	machine_set_word(&m, m.cpu.core.sp[BANK_SVC], 0x11);
	machine_set_word(&m, m.cpu.core.sp[BANK_SVC] + 4, 0x6000);
	ok("i_ldm_ret");
	assert_int_equal(m.cpu.core.pc, 0x6000);
	assert_int_equal(m.cpu.core.r[0], 0x11);
	assert_int_equal(m.cpu.core.sp[BANK_SVC], MEM_BASE + 0x100 + 0x40 * BANK_SVC + 8);
	assert_int_equal(m.cpu.core.cpsr, MODE_USR | PSR_Z | e);

	start(MODE_SVC, 0);
	machine_set_word(&m, m.cpu.core.sp[BANK_SVC], 0x6000);
	machine_set_word(&m, m.cpu.core.sp[BANK_SVC] + 4, MODE_IRQ | PSR_A | e);
	ok("i_rfe");
	assert_int_equal(m.cpu.core.pc, 0x6000);
	assert_int_equal(m.cpu.core.cpsr, MODE_IRQ | PSR_A | e);

	/* No SPSR, or not from here. */
	start(MODE_USR, 0);
	undefined("i_eret");
	start(MODE_SYS, 0);
	undefined("i_movs_pc");
	start(MODE_HYP, 0);
	undefined("i_movs_pc");
	start(MODE_HYP, 0);
	undefined("i_ldm_ret");
	start(MODE_USR, 0);
	undefined("i_rfe");

	/* To modes that cannot be entered so, and to Thumb. */
	start(MODE_SVC, 0);
	m.cpu.core.spsr[BANK_SVC] = MODE_HYP;
	faults("i_movs_pc", "Hyp mode cannot be entered");
	m.cpu.core.spsr[BANK_SVC] = 0x16;
	faults("i_eret", "no such mode");
	m.cpu.core.spsr[BANK_SVC] = MODE_USR | PSR_T;
	faults("i_ldm_ret", "ARM state only");
}

static void test_user_bank_transfers(void **state)
{
	(void)state;
	start(MODE_SVC, 0);
	m.cpu.core.r[0] = MEM_BASE;
	ok("i_stm_user");
	assert_int_equal(machine_word(&m, MEM_BASE), 0xa8);
	assert_int_equal(machine_word(&m, MEM_BASE + 4), m.cpu.core.sp[BANK_USR]);
	assert_int_equal(machine_word(&m, MEM_BASE + 8), m.cpu.core.lr[BANK_USR]);
	machine_set_word(&m, MEM_BASE + 4, 0x51);
	ok("i_ldm_user");
	assert_int_equal(m.cpu.core.r[1], 0xa8);
	assert_int_equal(m.cpu.core.sp[BANK_USR], 0x51);
	assert_int_equal(m.cpu.core.sp[BANK_SVC], MEM_BASE + 0x100 + 0x40 * BANK_SVC);
	/* In FIQ mode the User mode's R8. */
	start(MODE_FIQ, 0);
	m.cpu.core.r[0] = MEM_BASE;
	ok("i_stm_user");
	assert_int_equal(machine_word(&m, MEM_BASE), 0xa8);
	start(MODE_HYP, 0);
	undefined("i_stm_user");
	start(MODE_USR, 0);
	undefined("i_ldm_user");

	start(MODE_IRQ, 0);
	ok("i_srs");
	assert_int_equal(m.cpu.core.sp[BANK_SVC], MEM_BASE + 0x100 + 0x40 * BANK_SVC - 8);
	assert_int_equal(machine_word(&m, m.cpu.core.sp[BANK_SVC]), 0x9000 + 0x40 * BANK_IRQ);
	assert_int_equal(machine_word(&m, m.cpu.core.sp[BANK_SVC] + 4), m.cpu.core.spsr[BANK_IRQ]);
	start(MODE_USR, 0);
	undefined("i_srs");
}

static void test_status_registers(void **state)
{
	uint32_t e;

	(void)state;
	start(MODE_SVC, 0);
	e = m.cpu.core.cpsr & PSR_E;
	ok("i_mrs");
	assert_int_equal(m.cpu.core.r[0], MODE_SVC | PSR_C | e);
	ok("i_mrs_spsr");
	assert_int_equal(m.cpu.core.r[0], MODE_USR | PSR_Z | e);
	m.cpu.core.r[0] = PSR_N | PSR_I | MODE_UND | e;
	ok("i_msr_all");
	assert_int_equal(m.cpu.core.cpsr, PSR_N | PSR_I | MODE_UND | e);
	m.cpu.core.r[0] = PSR_V | PSR_F | MODE_SVC;
	ok("i_msr_c");
	assert_int_equal(m.cpu.core.cpsr, PSR_N | PSR_F | MODE_SVC | e);
	ok("i_msr_f");
	assert_int_equal(m.cpu.core.cpsr, PSR_FLAGS | PSR_F | MODE_SVC | e);
	ok("i_msr_spsr");
	assert_int_equal(m.cpu.core.spsr[BANK_SVC], PSR_V | PSR_F | MODE_SVC);
	ok("i_cpsid");
	assert_int_equal(m.cpu.core.cpsr, PSR_FLAGS | PSR_I | PSR_F | MODE_SVC | e);
	ok("i_cpsie");
	assert_int_equal(m.cpu.core.cpsr, PSR_FLAGS | PSR_F | MODE_SVC | e);
	ok("i_cps_irq");
	assert_int_equal(m.cpu.core.cpsr, PSR_FLAGS | PSR_I | PSR_F | MODE_IRQ | e);
	ok("i_setend_be");
	assert_int_equal(m.cpu.core.cpsr & PSR_E, PSR_E);
	ok("i_setend_le");
	assert_int_equal(m.cpu.core.cpsr & PSR_E, 0);
	faults("i_cps_hyp", "Hyp mode cannot be entered");
	start(MODE_HYP, 0);
	faults("i_cps_irq", "Hyp mode can be left");
	start(MODE_SVC, 0);
	m.cpu.core.r[0] = MODE_HYP;
	faults("i_msr_c", "Hyp mode cannot be entered");
	m.cpu.core.r[0] = 0x16;
	faults("i_msr_all", "no such mode");

	/* PL0: the flags, and nothing else that matters. */
	start(MODE_USR, 0);
	m.cpu.core.r[0] = PSR_N | PSR_I | PSR_A | MODE_SVC | e;
	ok("i_msr_all");
	assert_int_equal(m.cpu.core.cpsr, PSR_N | MODE_USR | e);
	ok("i_cpsid");
	ok("i_cps_irq");
	assert_int_equal(m.cpu.core.cpsr, PSR_N | MODE_USR | e);
	undefined("i_msr_spsr");
	start(MODE_SYS, 0);
	undefined("i_mrs_spsr");
}

static void test_banked_registers(void **state)
{
	static const struct {
		const char *symbol;
		uint32_t mode;
		bool allowed;
		uint32_t value;
	} reads[] = {
	        {"i_mrs_sp_usr", MODE_HYP, true, MEM_BASE + 0x100 + 0x40 * BANK_USR},
	        {"i_mrs_sp_usr", MODE_SVC, true, MEM_BASE + 0x100 + 0x40 * BANK_USR},
	        {"i_mrs_sp_usr", MODE_SYS, false, 0},
	        {"i_mrs_sp_usr", MODE_USR, false, 0},
	        {"i_mrs_lr_usr", MODE_SVC, true, 0x9000 + 0x40 * BANK_USR},
	        {"i_mrs_lr_usr", MODE_HYP, false, 0}, /* it is LR itself */
	        {"i_mrs_sp_svc", MODE_HYP, true, MEM_BASE + 0x100 + 0x40 * BANK_SVC},
	        {"i_mrs_sp_svc", MODE_SVC, false, 0},
	        {"i_mrs_lr_irq", MODE_HYP, true, 0x9000 + 0x40 * BANK_IRQ},
	        {"i_mrs_r8_fiq", MODE_HYP, true, 0xf8},
	        {"i_mrs_r8_fiq", MODE_FIQ, false, 0},
	        {"i_mrs_elr_hyp", MODE_HYP, true, 0x7770},
	        {"i_mrs_elr_hyp", MODE_SVC, false, 0},
	        {"i_mrs_spsr_hyp", MODE_HYP, false, 0},
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(reads) / sizeof(reads[0]); i++) {
		start(reads[i].mode, 0);
		if (!reads[i].allowed) {
			undefined(reads[i].symbol);
			continue;
		}
		ok(reads[i].symbol);
		assert_int_equal(m.cpu.core.r[0], reads[i].value);
	}
	start(MODE_HYP, 0);
	m.cpu.core.spsr[BANK_UND] = 0x77;
	ok("i_mrs_spsr_und");
	assert_int_equal(m.cpu.core.r[0], 0x77);
	ok("i_msr_elr_hyp");
	ok("i_msr_sp_abt");
	ok("i_msr_spsr_fiq");
	ok("i_msr_lr_svc");
	assert_int_equal(m.cpu.core.elr_hyp, 0x77);
	assert_int_equal(m.cpu.core.sp[BANK_ABT], 0x77);
	assert_int_equal(m.cpu.core.spsr[BANK_FIQ], 0x77);
	assert_int_equal(m.cpu.core.lr[BANK_SVC], 0x77);
}

static void test_cp15(void **state)
{
	uint32_t old, address;

	(void)state;
	start(MODE_HYP, 0);
	m.cpu.core.r[0] = 0xffffffff;
	m.cpu.core.r[1] = 0x12345678;
	ok("i_write_hcr");
	ok("i_write_hstr");
	ok("i_write_hdcr");
	ok("i_write_htpidr");
	ok("i_write_hvbar");
	ok("i_write_vttbr");
	ok("i_write_vbar");
	ok("i_write_cpacr");
	ok("i_write_cntvoff");
	ok("i_write_ttbr0_64");
	ok("i_tlbiall");
	ok("i_iciallu");
	assert_int_equal(m.cpu.sys.hcr, 0xffffffff);
	assert_int_equal(m.cpu.sys.hstr, 0xffffffff);
	assert_int_equal(m.cpu.sys.hdcr, 0xffffffff);
	assert_int_equal(m.cpu.sys.htpidr, 0xffffffff);
	assert_int_equal(m.cpu.sys.hvbar, 0xffffffe0);
	assert_int_equal(m.cpu.sys.vbar, 0xffffffe0);
	assert_true(m.cpu.sys.vttbr == 0x12345678ffffffffull);
	assert_int_equal(m.cpu.sys.cpacr.value, 0xc0f00000);
	ok("i_read_vttbr");
	assert_int_equal(m.cpu.core.r[3], 0x12345678);
	ok("i_read_ttbr0_64");
	assert_int_equal(m.cpu.core.r[2], 0xffffffff);
	assert_int_equal(m.cpu.core.r[3], 0x12345678);
	m.cpu.core.r[0] = 0x4321;
	ok("i_write_ttbr0"); /* the low word of the 64-bit register */
	ok("i_read_ttbr0_64");
	assert_int_equal(m.cpu.core.r[2], 0x4321);
	ok("i_write_cp14");
	m.cpu.core.r[0] = 0;
	ok("i_read_cp14");
	assert_int_equal(m.cpu.core.r[0], 0x4321);

	start(MODE_SVC, 0);
	m.cpu.sys.vmpidr = 0x80000003;
	ok("i_read_mpidr");
	assert_int_equal(m.cpu.core.r[0], 0x80000003);
	ok("i_write_tpidrprw");
	m.cpu.core.r[0] = 5;
	ok("i_write_tpidrurw");
	ok("i_read_tpidrprw");
	assert_int_equal(m.cpu.core.r[0], 0x80000003);
	undefined("i_write_mpidr");
	start(MODE_SVC, 0);
	undefined("i_read_hcr"); /* PL2 only */
	start(MODE_SVC, 0);
	undefined("i_write_vttbr");
	start(MODE_SVC, 0);
	undefined("i_write_cntvoff");
	start(MODE_USR, 0);
	ok("i_write_tpidrurw");
	ok("i_read_tpidruro");
	ok("i_cp15dsb");
	undefined("i_write_tpidruro");
	start(MODE_USR, 0);
	undefined("i_read_sctlr");
	start(MODE_USR, 0);
	undefined("i_read_cp14");

	/* HSTR.T1: CRn = 1 traps, with the access in the syndrome; UNDEFINED wins. */
	start(MODE_SVC, HCR_VM);
	old = m.cpu.core.cpsr;
	m.cpu.sys.hstr = 1u << 1 | 1u << 2;
	address = ok("i_read_sctlr");
	took(MODE_HYP, VECTOR_HYP_TRAP, address, old, PSR_A | PSR_I | PSR_F);
	assert_int_equal(m.cpu.sys.hsr, 0x0fe00401); /* EC 3, IL, CV, AL, CRn 1, Rt 0, read */
	start(MODE_SVC, HCR_VM);
	m.cpu.sys.hstr = 1u << 2;
	address = ok("i_write_ttbr0_64");
	took(MODE_HYP, VECTOR_HYP_TRAP, address, old, PSR_A | PSR_I | PSR_F);
	assert_int_equal(m.cpu.sys.hsr, 0x13e00404); /* EC 4, Rt2 1, Rt 0, CRm 2, write */
	start(MODE_USR, HCR_VM);
	m.cpu.sys.hstr = 1u << 1;
	undefined("i_read_sctlr");
	start(MODE_HYP, HCR_VM);
	m.cpu.sys.hstr = 1u << 1;
	ok("i_read_sctlr");
	assert_null(machine_event(&m, CPU_EXCEPTION));

	/* HCPTR.TCPAC, certain and pending. */
	start(MODE_SVC, HCR_VM);
	m.cpu.sys.hcptr.value |= 1u << 31;
	address = ok("i_read_cpacr");
	took(MODE_HYP, VECTOR_HYP_TRAP, address, old, PSR_A | PSR_I | PSR_F);
	for (unsigned choice = 0; choice < 2; choice++) {
		start(MODE_SVC, HCR_VM);
		m.cpu.sys.hcptr.unsynced = 1u << 31;
		m.choices = choice;
		ok("i_read_cpacr");
		assert_int_equal(m.n_choices, 1);
		assert_int_equal(machine_event(&m, CPU_EXCEPTION) != NULL, choice == 1);
	}
}

static void test_branches(void **state)
{
	uint32_t nop = machine_symbol(&m, "i_nop"), address;

	(void)state;
	start(MODE_SVC, 0);
	ok("i_b");
	assert_int_equal(m.cpu.core.pc, nop);
	address = ok("i_bl");
	assert_int_equal(m.cpu.core.pc, nop);
	assert_int_equal(m.cpu.core.lr[BANK_SVC], address + 4);
	m.cpu.core.r[0] = nop;
	address = ok("i_blx");
	assert_int_equal(m.cpu.core.pc, nop);
	assert_int_equal(m.cpu.core.lr[BANK_SVC], address + 4);
	m.cpu.core.lr[BANK_SVC] = nop;
	address = ok("i_blx_lr");
	assert_int_equal(m.cpu.core.pc, nop);
	assert_int_equal(m.cpu.core.lr[BANK_SVC], address + 4);
	m.cpu.core.r[0] = nop | 1;
	faults("i_bx", "Thumb");
	faults("i_blx", "Thumb");
	/* Outside code the next step says so. */
	assert_int_equal(machine_step_at(&m, 0xfff00000), CPU_FAULT);
	assert_non_null(strstr(m.e.text, "jump outside code: pc is 0xfff00000"));
	assert_int_equal(machine_step_at(&m, nop + 2), CPU_FAULT);
	assert_non_null(strstr(m.e.text, "unaligned"));
	/* Data, and what this machine does not know. */
	assert_int_equal(machine_step_at(&m, machine_symbol(&m, "i_qadd") + 4), CPU_FAULT);
	assert_non_null(strstr(m.e.text, "runs into data"));
	assert_int_equal(machine_step(&m, "i_qadd"), CPU_UNKNOWN);
	assert_non_null(strstr(m.e.text, "qadd r0, r1, r2"));
	assert_non_null(strstr(m.e.text, "<i_qadd>"));
	assert_non_null(strstr(m.e.text, "system.S:"));
	assert_non_null(strstr(m.e.text, "e1020051"));
}

static void test_events(void **state)
{
	uint32_t address;

	(void)state;
	start(MODE_USR, 0);
	address = ok("i_bkpt");
	assert_int_equal(m.n_events, 1);
	assert_int_equal(machine_event(&m, CPU_BKPT)->a, 0x55);
	assert_int_equal(m.cpu.core.pc, address + 4);
	start(MODE_SVC, 0);
	ok("i_wfi");
	assert_non_null(machine_event(&m, CPU_WFI));
	start(MODE_SVC, 0);
	m.stop_at_event = true;
	address = machine_symbol(&m, "i_isb");
	m.cpu.sys.hcptr.unsynced = HCPTR_TCP10;
	assert_int_equal(machine_step(&m, "i_isb"), CPU_STOPPED);
	assert_int_equal(m.cpu.sys.hcptr.unsynced, 0); /* stopped, but done */
	assert_int_equal(m.cpu.core.pc, address + 4);
	start(MODE_USR, 0);
	m.stop_at_event = true;
	assert_int_equal(machine_step(&m, "i_svc"), CPU_STOPPED);
	assert_int_equal(m.cpu.core.pc, VBAR + 8);
	start(MODE_USR, 0);
	ok("i_wfe");
	ok("i_dsb");
	ok("i_dmb");
	assert_int_equal(m.n_events, 0);
}

static void test_reset_and_banks(void **state)
{
	static const uint32_t modes[] = {MODE_USR, MODE_SVC, MODE_ABT, MODE_UND,
	                                 MODE_IRQ, MODE_FIQ, MODE_HYP};
	struct cpu cpu;

	(void)state;
	cpu_reset(&cpu, 3);
	assert_int_equal(cpu.core.cpsr, MODE_SVC | PSR_A | PSR_I | PSR_F);
	assert_int_equal(cpu.sys.mpidr & 0xff, 3);
	assert_int_equal(cpu.fpexc, 0);
	assert_int_equal(cpu.sys.hcptr.value & (HCPTR_TCP10 | HCPTR_TCP11 | HCPTR_TASE | HCPTR_TTA), 0);
	for (unsigned i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		cpu.core.cpsr = modes[i];
		for (unsigned n = 0; n < 15; n++)
			if (!(modes[i] == MODE_HYP && n == 14))
				cpu_set_reg(&cpu, n, 0x100 * (i + 1) + n);
	}
	for (unsigned i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		cpu.core.cpsr = modes[i];
		assert_int_equal(cpu_reg(&cpu, 13), 0x100 * (i + 1) + 13);
		if (modes[i] != MODE_HYP)
			assert_int_equal(cpu_reg(&cpu, 14), 0x100 * (i + 1) + 14);
	}
	cpu.core.cpsr = MODE_HYP;
	assert_int_equal(cpu_reg(&cpu, 14), 0x10e); /* LR_usr */
	cpu.core.cpsr = MODE_SYS;
	assert_int_equal(cpu_reg(&cpu, 13), 0x10d);
	cpu.core.cpsr = MODE_FIQ;
	assert_int_equal(cpu_reg(&cpu, 8), 0x608);
	cpu.core.cpsr = MODE_SVC;
	assert_int_equal(cpu_reg(&cpu, 8), 0x708);
	assert_int_equal(cpu.core.lr[BANK_HYP], 0);
}

static int setup_little(void **state)
{
	(void)state;
	machine_init(&m, "system", false);
	return 0;
}

static int setup_big(void **state)
{
	(void)state;
	machine_init(&m, "system", true);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	machine_free(&m);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_reset_and_banks),
	        cmocka_unit_test(test_exception_entry),
	        cmocka_unit_test(test_irq),
	        cmocka_unit_test(test_exception_return),
	        cmocka_unit_test(test_user_bank_transfers),
	        cmocka_unit_test(test_status_registers),
	        cmocka_unit_test(test_banked_registers),
	        cmocka_unit_test(test_cp15),
	        cmocka_unit_test(test_branches),
	        cmocka_unit_test(test_events),
	};
	int failed = cmocka_run_group_tests_name("little endian", tests, setup_little, teardown);

	return failed + cmocka_run_group_tests_name("big endian", tests, setup_big, teardown);
}
