/* SPDX-License-Identifier: MIT */
/*
 * Who may use the FP unit: every mode x EN x EX x TCP10 x TCP11 x TASE x CPACR x instruction, against the
 * decision table below; then the same with writes of HCPTR and CPACR that no context synchronisation event
 * has made certain.
 */
#include "machine.h"

/* What an instruction is, in the terms of the architecture's checks. */
enum {
	SIMD = 1,       /* Advanced SIMD: ASEDIS and TASE apply */
	HIGH = 2,       /* names D16-D31: D32DIS applies */
	PRIVILEGED = 4, /* no access from PL0 */
	EXEMPT = 8,     /* works with EN = 0 */
	CALM = 16,      /* does not bounce when EX = 1 */
};

static const struct kind {
	const char *symbol;
	unsigned is;
} kinds[] = {
        {"i_vadd_f64", 0},
        {"i_vadd_f32", 0},
        {"i_vadd_f64_high", HIGH},
        {"i_vcmp", 0},
        {"i_vldr", 0},
        {"i_vldr_high", HIGH},
        {"i_vldr_s", 0},
        {"i_vstm", 0},
        {"i_vstm_high", HIGH},
        {"i_vmov_core", 0},
        {"i_vmov_dd", 0},
        {"i_vmov_lane32", 0},
        {"i_vmov_lane8", SIMD},
        {"i_vdup", SIMD},
        {"i_neon_vadd", SIMD},
        {"i_neon_vadd_high", SIMD | HIGH},
        {"i_neon_vmov", SIMD},
        {"i_vld1", SIMD},
        {"i_vmrs_fpscr", 0},
        {"i_vmrs_apsr", 0},
        {"i_vmsr_fpscr", 0},
        {"i_vmrs_fpexc", PRIVILEGED | EXEMPT | CALM},
        {"i_vmsr_fpexc", PRIVILEGED | EXEMPT | CALM},
        {"i_vmrs_fpsid", PRIVILEGED | EXEMPT | CALM},
        {"i_vmsr_fpsid", PRIVILEGED | EXEMPT | CALM},
        {"i_vmrs_mvfr0", PRIVILEGED | EXEMPT | CALM},
        {"i_vmrs_mvfr1", PRIVILEGED | EXEMPT | CALM},
        {"i_vmrs_fpinst", PRIVILEGED | CALM},
        {"i_vmsr_fpinst2", PRIVILEGED | CALM},
        {"i_cond", 0},
};

static const struct place {
	const char *name;
	uint32_t mode;
	bool guest;
} places[] = {
        {"host USR", MODE_USR, false}, {"host SVC", MODE_SVC, false}, {"host SYS", MODE_SYS, false},
        {"guest USR", MODE_USR, true}, {"guest SVC", MODE_SVC, true}, {"guest UND", MODE_UND, true},
        {"HYP", MODE_HYP, true},
};

/* CPACR values: what each denies at PL0 and PL1, to plain FP, to Advanced SIMD, to D16-D31. */
static const struct access_control {
	uint32_t cpacr;
	bool pl0, pl1, simd, high;
} controls[] = {
        {0x00f00000, false, false, false, false}, /* full access */
        {0x00500000, true, false, false, false},  /* PL1 only */
        {0x00000000, true, true, true, true},     /* none */
        {0x00300000, true, true, true, true},     /* cp10 only */
        {0x00c00000, true, true, true, true},     /* cp11 only */
        {0x00700000, true, false, false, false},  /* cp10 for all, cp11 for PL1 */
        {0x80f00000, false, false, true, false},  /* ASEDIS */
        {0xc0f00000, false, false, true, true},   /* ASEDIS, D32DIS */
        {0x40f00000, false, false, false, true},  /* D32DIS */
};

enum outcome { EXECUTES, UNDEF_OWN, UNDEF_HYP, UNDEF_HYP_CP, TRAP_HYP };

/*
 * The architecture's order, as a decision table. Columns: the register is Forbidden to PL0 and this is PL0;
 * CPACR denies and this is not Hyp; the unit is Off (EN = 0, not exempt); HCPTR Traps; this is Hyp; EX = 1
 * and the instruction Bounces. The first row that fits decides; '-' is any.
 */
static const struct row {
	const char *fcothb;
	enum outcome outcome;
} table[] = {
        {"Y-----", UNDEF_OWN},    /* not a thing for PL0, traps or not */
        {"-Y--N-", UNDEF_OWN},    /* CPACR comes first */
        {"--Y-N-", UNDEF_OWN},    /* then EN: UNDEF, not a trap, though TCP be set */
        {"--Y-Y-", UNDEF_HYP},    /* Hyp code has nobody below it to blame */
        {"---YN-", TRAP_HYP},     /* allowed and on: the hypervisor sees it */
        {"---YY-", UNDEF_HYP_CP}, /* HCPTR holds for Hyp mode, too: UNDEF */
        {"----NY", UNDEF_OWN},    /* an exception is pending in the unit */
        {"----YY", UNDEF_HYP},    {"------", EXECUTES},
};

struct setting {
	const struct place *place;
	const struct kind *kind;
	const struct access_control *control;
	bool en, ex, tcp10, tcp11, tase;
};

static enum outcome expected(const struct setting *s)
{
	bool pl0 = s->place->mode == MODE_USR, simd = (s->kind->is & SIMD) != 0,
	     high = (s->kind->is & HIGH) != 0;
	const bool facts[6] = {
	        pl0 && (s->kind->is & PRIVILEGED) != 0,
	        (pl0 ? s->control->pl0 : s->control->pl1) || (simd && s->control->simd) ||
	                (high && s->control->high),
	        !s->en && (s->kind->is & EXEMPT) == 0,
	        s->tcp10 || s->tcp11 || (s->tase && simd),
	        s->place->mode == MODE_HYP,
	        s->ex && (s->kind->is & CALM) == 0,
	};

	for (unsigned i = 0;; i++) {
		unsigned column = 0;

		while (column < 6 &&
		       (table[i].fcothb[column] == '-' || (table[i].fcothb[column] == 'Y') == facts[column]))
			column++;
		if (column == 6)
			return table[i].outcome;
	}
}

static uint32_t hcptr_of(const struct setting *s)
{
	return (s->tcp10 ? HCPTR_TCP10 : 0) | (s->tcp11 ? HCPTR_TCP11 : 0) | (s->tase ? HCPTR_TASE : 0) |
	       HCPTR_TTA;
}

static void prepare(struct machine *m, const struct setting *s)
{
	struct cpu *cpu = &m->cpu;

	m->n_events = m->n_access = m->n_choices = 0;
	machine_mode(m, s->place->mode);
	cpu->core.cpsr = (cpu->core.cpsr & ~(PSR_A | PSR_I | PSR_F | PSR_FLAGS)) | PSR_C;
	for (unsigned i = 0; i < BANKS; i++) {
		cpu->core.sp[i] = 0x1000 + i;
		cpu->core.lr[i] = i == BANK_HYP ? 0 : 0x2000 + i;
		cpu->core.spsr[i] = i == BANK_USR ? 0 : 0x10;
	}
	cpu->core.r[0] = 0x40000000;
	cpu->core.r[1] = MEM_BASE;
	cpu->core.elr_hyp = 0x3333;
	cpu->fpexc = (s->en ? FPEXC_EN : 0) | (s->ex ? FPEXC_EX : 0);
	cpu->sys.hcr = s->place->guest ? HCR_VM | HCR_IMO | HCR_FMO | HCR_AMO : 0;
	cpu->sys.hcptr = (struct cpu_trapreg){hcptr_of(s), 0};
	cpu->sys.cpacr = (struct cpu_trapreg){s->control->cpacr, 0};
	cpu->sys.hsr = 0x12345678;
	cpu->sys.vbar = 0x4000;
	cpu->sys.hvbar = 0x5000;
}

/* Which outcome it was, with everything that an exception changes checked. */
static enum outcome observed(struct machine *m, const struct setting *s, uint32_t address)
{
	struct cpu was = m->cpu;
	const struct cpu *now = &m->cpu;
	const struct cpu_event *taken;
	bool simd = (s->kind->is & SIMD) != 0;
	uint32_t cond = strcmp(s->kind->symbol, "i_cond") == 0 ? 1 : 14;
	uint32_t syndrome = 0x07u << 26 | 1u << 25 | 1u << 24 | cond << 20 | (simd ? 0x20 : 0) | 10;

	if (machine_step_at(m, address) != CPU_OK)
		fail_msg("%s in %s: %s", s->kind->symbol, s->place->name, m->e.text);
	taken = machine_event(m, CPU_EXCEPTION);
	if (taken == NULL) {
		assert_int_equal(now->core.pc, address + 4);
		assert_int_equal(now->core.cpsr & PSR_MODE, s->place->mode);
		assert_int_equal(now->sys.hsr, was.sys.hsr);
		assert_int_equal(now->sys.hcptr.unsynced, was.sys.hcptr.unsynced);
		assert_int_equal(now->sys.cpacr.unsynced, was.sys.cpacr.unsynced);
		return EXECUTES;
	}
	/* No effect but the exception's; and it is a context synchronisation event. */
	assert_int_equal(m->n_access, 0);
	assert_int_equal(m->n_events, 1);
	assert_memory_equal(&now->fp, &was.fp, sizeof(was.fp));
	assert_memory_equal(now->core.r, was.core.r, sizeof(was.core.r));
	assert_int_equal(now->fpexc, was.fpexc);
	assert_int_equal(now->sys.hcptr.unsynced, 0);
	assert_int_equal(now->sys.cpacr.unsynced, 0);
	assert_int_equal(taken->b, s->place->mode);
	if (taken->c == MODE_UND) {
		assert_int_equal(taken->a, 0x04);
		assert_int_equal(now->core.pc, 0x4004);
		assert_int_equal(now->core.lr[BANK_UND], address + 4);
		assert_int_equal(now->core.spsr[BANK_UND], was.core.cpsr);
		assert_int_equal(now->core.cpsr, (was.core.cpsr & ~PSR_MODE) | MODE_UND | PSR_I);
		assert_int_equal(now->sys.hsr, was.sys.hsr);
		return UNDEF_OWN;
	}
	assert_int_equal(taken->c, MODE_HYP);
	assert_int_equal(now->core.elr_hyp, address);
	assert_int_equal(now->core.spsr[BANK_HYP], was.core.cpsr);
	assert_int_equal(now->core.cpsr, (was.core.cpsr & ~PSR_MODE) | MODE_HYP | PSR_A | PSR_I | PSR_F);
	assert_memory_equal(now->core.lr, was.core.lr, sizeof(was.core.lr));
	if (taken->a == 0x14) {
		assert_int_equal(now->core.pc, 0x5014);
		assert_int_equal(now->sys.hsr, syndrome);
		return TRAP_HYP;
	}
	assert_int_equal(taken->a, 0x04);
	assert_int_equal(now->core.pc, 0x5004);
	if (now->sys.hsr == syndrome)
		return UNDEF_HYP_CP;
	assert_int_equal(now->sys.hsr >> 26, EC_UNKNOWN);
	return UNDEF_HYP;
}

static const char *const outcome_names[] = {"executes", "UNDEF at its own level", "UNDEF in Hyp",
                                            "UNDEF in Hyp by HCPTR", "trap to Hyp"};

static void complain(const struct setting *s, enum outcome got, enum outcome want)
{
	fail_msg("%s in %s, EN %d EX %d TCP10 %d TCP11 %d TASE %d CPACR %08x: %s, expected: %s",
	         s->kind->symbol, s->place->name, s->en, s->ex, s->tcp10, s->tcp11, s->tase,
	         s->control->cpacr, outcome_names[got], outcome_names[want]);
}

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Calls back for every setting of the matrix. */
static void for_all(struct machine *m,
                    void (*each)(struct machine *m, const struct setting *s, uint32_t address))
{
	for (unsigned k = 0; k < COUNT(kinds); k++) {
		uint32_t address = machine_symbol(m, kinds[k].symbol);

		for (unsigned p = 0; p < COUNT(places); p++)
			for (unsigned c = 0; c < COUNT(controls); c++)
				for (unsigned b = 0; b < 32; b++) {
					const struct setting s = {
					        &places[p],   &kinds[k],    &controls[c], (b & 1) != 0,
					        (b & 2) != 0, (b & 4) != 0, (b & 8) != 0, (b & 16) != 0,
					};

					each(m, &s, address);
				}
	}
}

static void each_settled(struct machine *m, const struct setting *s, uint32_t address)
{
	enum outcome want = expected(s), got;

	prepare(m, s);
	got = observed(m, s, address);
	if (got != want)
		complain(s, got, want);
	assert_int_equal(m->n_choices, 0);
}

static void test_matrix(void **state)
{
	static struct machine m;

	(void)state;
	machine_init(&m, "traps", false);
	for_all(&m, each_settled);
	machine_free(&m);
	machine_init(&m, "traps", true);
	for_all(&m, each_settled);
	machine_free(&m);
}

/* One register pending: a choice exactly where the two values' outcomes differ, 0 the new value, 1 the old
 * one. */
static void check_pending(struct machine *m, const struct setting *new, const struct setting *old,
                          uint32_t address)
{
	enum outcome want[2] = {expected(new), expected(old)}, got;

	for (unsigned choice = 0; choice < 2; choice++) {
		prepare(m, new);
		m->cpu.sys.hcptr.unsynced = hcptr_of(new) ^ hcptr_of(old);
		m->cpu.sys.cpacr.unsynced = new->control->cpacr ^ old->control->cpacr;
		m->choices = choice;
		got = observed(m, new, address);
		if (got != want[choice])
			complain(choice == 0 ? new : old, got, want[choice]);
		assert_int_equal(m->n_choices, want[0] != want[1]);
	}
}

/* A pending change of both TCP bits, of one of them, of TASE. */
static void each_pending_hcptr(struct machine *m, const struct setting *s, uint32_t address)
{
	struct setting old = *s;

	old.tcp10 = !s->tcp10;
	check_pending(m, s, &old, address);
	old.tcp11 = !s->tcp11;
	check_pending(m, s, &old, address);
	old = *s;
	old.tase = !s->tase;
	check_pending(m, s, &old, address);
}

static void each_pending_cpacr(struct machine *m, const struct setting *s, uint32_t address)
{
	/* Among the settings of the two access fields; ASEDIS and D32DIS one at a time. */
	for (unsigned c = 0; c < COUNT(controls); c++) {
		struct setting old = *s;
		uint32_t changed = s->control->cpacr ^ controls[c].cpacr;

		old.control = &controls[c];
		if ((changed & 0xc0000000u) == 0 || changed == 0x80000000u || changed == 0x40000000u)
			check_pending(m, s, &old, address);
	}
}

static void test_pending(void **state)
{
	static struct machine m;

	(void)state;
	machine_init(&m, "traps", false);
	for_all(&m, each_pending_hcptr);
	for_all(&m, each_pending_cpacr);
	machine_free(&m);
}

/* TCP going off while TASE goes on: each bit of the write may come alone, so SIMD may slip through between
 * them. */
static void test_pending_mixed(void **state)
{
	static struct machine m;
	const struct setting s = {&places[4], &kinds[14], &controls[0], true, false, false, false, true};
	uint32_t address;

	(void)state;
	assert_string_equal(kinds[14].symbol, "i_neon_vadd");
	machine_init(&m, "traps", false);
	address = machine_symbol(&m, kinds[14].symbol);
	for (unsigned choices = 0; choices < 4; choices++) {
		bool tcp = (choices & 1) != 0, tase = (choices & 2) == 0; /* 1 is the old value */

		prepare(&m, &s);
		m.cpu.sys.hcptr.unsynced = HCPTR_TCP10 | HCPTR_TCP11 | HCPTR_TASE;
		m.choices = choices;
		assert_int_equal(observed(&m, &s, address), tcp || tase ? TRAP_HYP : EXECUTES);
	}
	machine_free(&m);
}

/* What makes a write of HCPTR or CPACR certain, and what does not. */
static void test_synchronisation(void **state)
{
	static struct machine m;
	static const struct {
		const char *symbol;
		bool synchronises;
	} steps[] = {
	        {"i_isb", true},  {"i_isb_cp15", true},    {"i_svc", true},         {"i_hvc", true},
	        {"i_eret", true}, {"i_vmsr_fpexc", false}, {"i_vmrs_fpexc", false}, {"i_read_hcptr", false},
	};
	const struct setting s = {&places[6], &kinds[0], &controls[0], true, false, false, false, false};

	(void)state;
	machine_init(&m, "traps", false);
	for (unsigned i = 0; i < COUNT(steps); i++) {
		prepare(&m, &s);
		assert_int_equal(machine_step(&m, "i_write_cpacr"), CPU_OK);
		m.cpu.core.r[0] = HCPTR_TASE;
		assert_int_equal(machine_step(&m, "i_write_hcptr"), CPU_OK);
		assert_int_equal(m.cpu.sys.hcptr.unsynced, HCPTR_TASE | HCPTR_TTA);
		assert_int_equal(m.events[0].kind, CPU_HCPTR_WRITE);
		assert_int_equal(m.events[0].b, HCPTR_TTA);
		assert_int_equal(machine_step(&m, "i_read_hcptr"), CPU_OK);
		assert_int_equal(m.cpu.core.r[0], HCPTR_TASE | 0x33ff);
		assert_int_equal(machine_step(&m, "i_read_cpacr"), CPU_OK);
		assert_int_equal(m.cpu.core.r[0], 0x40000000);
		assert_int_equal(machine_step(&m, steps[i].symbol), CPU_OK);
		assert_int_equal(m.cpu.sys.hcptr.unsynced,
		                 steps[i].synchronises ? 0 : HCPTR_TASE | HCPTR_TTA);
		assert_int_equal(m.cpu.sys.cpacr.unsynced,
		                 steps[i].synchronises ? 0 : 0x00f00000 ^ 0x40000000);
	}
	/* There and back again without a barrier: the value in between may still act. */
	prepare(&m, &s);
	m.cpu.core.r[0] = HCPTR_TCP10 | HCPTR_TCP11 | HCPTR_TTA;
	assert_int_equal(machine_step(&m, "i_write_hcptr"), CPU_OK);
	m.cpu.core.r[0] = HCPTR_TTA;
	assert_int_equal(machine_step(&m, "i_write_hcptr"), CPU_OK);
	assert_int_equal(m.cpu.sys.hcptr.unsynced, HCPTR_TCP10 | HCPTR_TCP11);
	/* The bug of 2015: on the way out of a guest Hyp code touches FPEXC, and may still be trapped, in
	 * Hyp. */
	m.choices = 1;
	m.n_choices = m.n_events = 0;
	assert_int_equal(machine_step(&m, "i_vmsr_fpexc"), CPU_OK);
	assert_int_equal(m.n_choices, 1);
	assert_int_equal(machine_event(&m, CPU_EXCEPTION)->a, VECTOR_UNDEF);
	machine_free(&m);
}

/* Every instruction decides for itself whether the old value still acts. */
static void test_choices_are_independent(void **state)
{
	static struct machine m;
	const struct setting s = {&places[4], &kinds[0], &controls[0], true, false, false, false, false};

	(void)state;
	machine_init(&m, "traps", false);
	prepare(&m, &s);
	m.cpu.sys.hcptr.unsynced = HCPTR_TCP10 | HCPTR_TCP11;
	m.choices = 2;
	assert_int_equal(machine_step(&m, "i_vadd_f64"), CPU_OK);
	assert_null(machine_event(&m, CPU_EXCEPTION));
	assert_int_equal(machine_step(&m, "i_vadd_f64"), CPU_OK);
	assert_int_equal(machine_event(&m, CPU_EXCEPTION)->a, VECTOR_HYP_TRAP);
	assert_int_equal(m.n_choices, 2);
	machine_free(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_matrix),
	        cmocka_unit_test(test_pending),
	        cmocka_unit_test(test_pending_mixed),
	        cmocka_unit_test(test_synchronisation),
	        cmocka_unit_test(test_choices_are_independent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
