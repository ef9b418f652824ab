/* SPDX-License-Identifier: MIT */
/*
 * The facts that decoding states about an instruction, against what the instruction does: random words are
 * executed on random states. A register outside `uses` is changed, and nothing but that register may come out
 * different; what is in `defs` must not depend on its old value; what `touch` and `flow` leave out must not
 * happen. Every operation that the machine knows has to turn up.
 */
#include <stdlib.h>

#include "machine.h"
#include "model/cpu/decode.h"
#include "model/cpu/exec.h"

#define CODE  0x8000u
#define FLAGS 16u

enum { WORDS = 60000, STATES = 3, POOL = 1024 };

struct fuzz {
	uint64_t seed;
	struct decoder decoder;
	struct image image;
	struct insn insn;
	uint32_t pool[POOL]; /* words that are instructions for certain */
	unsigned n_pool;
	bool seen[OP_FP_COMPUTE + 1];
	struct machine start, base, other;
	enum cpu_status base_status;
};

/* xorshift64*: the same words in every run. */
static uint32_t rnd(struct fuzz *f)
{
	f->seed ^= f->seed >> 12;
	f->seed ^= f->seed << 25;
	f->seed ^= f->seed >> 27;
	return (uint32_t)((f->seed * 0x2545f4914f6cdd1dull) >> 32);
}

static unsigned below(struct fuzz *f, unsigned n)
{
	return n != 0 ? rnd(f) % n : 0;
}

static void add_pool(struct fuzz *f, const char *name)
{
	static struct machine m;

	machine_init(&m, name, false);
	for (uint32_t at = m.image->entry; image_insn(m.image, at) != NULL && f->n_pool < POOL; at += 4) {
		const struct insn *in = image_insn(m.image, at);

		if (in->op == OP_DATA)
			break;
		f->pool[f->n_pool++] = in->raw;
	}
	machine_free(&m);
}

static uint32_t random_word(struct fuzz *f)
{
	uint32_t word;

	if (below(f, 4) == 0)
		return rnd(f);
	word = f->pool[below(f, f->n_pool)];
	for (unsigned flips = below(f, 4); flips > 0; flips--)
		word ^= 1u << below(f, 32);
	return word;
}

static uint32_t random_value(struct fuzz *f)
{
	switch (below(f, 4)) {
	case 0:
		return rnd(f);
	case 1:
		return 4 * below(f, 32);
	default:
		return MEM_BASE + 0x400 + 4 * below(f, 64) + (below(f, 8) == 0 ? below(f, 4) : 0);
	}
}

static void random_state(struct fuzz *f, struct machine *m)
{
	static const uint32_t modes[] = {MODE_USR, MODE_FIQ, MODE_IRQ, MODE_SVC,
	                                 MODE_ABT, MODE_HYP, MODE_UND, MODE_SYS};
	struct cpu *cpu = &m->cpu;

	memset(m, 0, sizeof(*m));
	m->image = &f->image;
	machine_environment(m);
	machine_reset(m);
	m->choices = rnd(f);
	for (unsigned i = 0; i < MEM_BYTES; i += 4)
		machine_set_word(m, MEM_BASE + i, below(f, 2) != 0 ? rnd(f) : 0x13u | (rnd(f) & 0xf00001c0));
	for (unsigned i = 0; i < 13; i++)
		cpu->core.r[i] = random_value(f);
	for (unsigned i = 0; i < 5; i++)
		cpu->core.r_fiq[i] = random_value(f);
	for (unsigned i = 0; i < BANKS; i++) {
		cpu->core.sp[i] = random_value(f);
		cpu->core.lr[i] = i == BANK_HYP ? 0 : random_value(f);
		cpu->core.spsr[i] = i == BANK_USR ? 0 : (rnd(f) & 0xf00001c0) | modes[below(f, 8)];
	}
	cpu->core.elr_hyp = rnd(f);
	cpu->core.pc = CODE;
	cpu->core.cpsr = (rnd(f) & 0xf00003c0) | modes[below(f, 8)];
	cpu->core.exclusive = below(f, 2) != 0 ? cpu->core.r[below(f, 13)] + 1 : 0;
	cpu->fpexc = (below(f, 4) != 0 ? FPEXC_EN : 0) | (below(f, 4) == 0 ? FPEXC_EX : 0);
	cpu->sys.cpacr.value = below(f, 4) != 0 ? 0x00f00000 : rnd(f) & CPACR_WRITABLE;
	cpu->sys.hcptr.value = below(f, 4) != 0 ? HCPTR_ONES : (rnd(f) & HCPTR_WRITABLE) | HCPTR_ONES;
	cpu->sys.hcptr.unsynced = below(f, 4) == 0 ? HCPTR_TCP10 | HCPTR_TCP11 : 0;
	cpu->sys.hcr = rnd(f) & (HCR_VM | HCR_TGE | HCR_IMO | HCR_TWI | HCR_TSC);
	cpu->sys.hstr = below(f, 4) == 0 ? rnd(f) : 0;
	cpu->sys.vbar = rnd(f) & ~31u;
	cpu->sys.hvbar = rnd(f) & ~31u;
	for (unsigned i = 0; i < CPU_CP15_MAX; i++)
		cpu->sys.cp15[i] = rnd(f);
	for (unsigned i = 0; i < 32; i++)
		cpu->fp.d[i] = (uint64_t)rnd(f) << 32 | rnd(f);
	cpu->fp.fpscr = rnd(f);
}

/* Register n, or the flags, of the state before: where it is stored. */
static uint32_t *place(struct fuzz *f, struct machine *m, unsigned n)
{
	struct cpu_core *c = &m->cpu.core;
	uint32_t mode = f->start.cpu.core.cpsr & PSR_MODE;

	if (n == FLAGS)
		return &c->cpsr;
	if (n < 13)
		return mode == MODE_FIQ && n >= 8 ? &c->r_fiq[n - 8] : &c->r[n];
	return n == 13 ? &c->sp[cpu_mode_bank(mode)]
	               : &c->lr[mode == MODE_HYP ? BANK_USR : cpu_mode_bank(mode)];
}

static enum cpu_status run(struct machine *m)
{
	machine_environment(m);
	return cpu_step(&m->cpu, m->image, &m->env, &m->e);
}

static void complain(struct fuzz *f, const char *what, unsigned n)
{
	char text[128];

	fail_msg("%08x %s: %s (register %u) in mode %02x; uses %05x, defs %05x, status %d", f->insn.raw,
	         image_disassemble(CODE, f->insn.raw, text, sizeof(text)), what, n,
	         f->start.cpu.core.cpsr & PSR_MODE, f->insn.uses, f->insn.defs, (int)f->base_status);
}

/* Changes register n, which is not in `uses`, and compares everything else. */
static void check_unused(struct fuzz *f, unsigned n)
{
	uint32_t changed = rnd(f), mask = n == FLAGS ? PSR_FLAGS : ~0u, a, b;
	const struct cpu_event *taken;
	struct machine *o = &f->other;

	*o = f->start;
	*place(f, o, n) = (*place(f, o, n) & ~mask) | (changed & mask);
	if (run(o) != f->base_status)
		complain(f, "status depends on what is not used", n);
	taken = machine_event(o, CPU_EXCEPTION);
	a = *place(f, &f->base, n) & mask;
	b = *place(f, o, n) & mask;
	if (f->base_status == CPU_OK && taken == NULL && (f->insn.defs >> n & 1) != 0 && a != b)
		complain(f, "what is in defs depends on its old value", n);
	if (b != a && b != (changed & mask))
		complain(f, "neither kept nor written", n);
	*place(f, o, n) = (*place(f, o, n) & ~mask) | a;
	if (n == FLAGS && taken != NULL)
		o->cpu.core.spsr[cpu_mode_bank(taken->c)] = f->base.cpu.core.spsr[cpu_mode_bank(taken->c)];
	if (!same_words(&o->cpu, &f->base.cpu, sizeof(o->cpu)))
		complain(f, "the core depends on what is not used", n);
	if (memcmp(o->memory, f->base.memory, MEM_BYTES) != 0)
		complain(f, "memory depends on what is not used", n);
	if (o->n_events != f->base.n_events || memcmp(o->events, f->base.events, sizeof(o->events)) != 0 ||
	    o->n_choices != f->base.n_choices || o->n_access != f->base.n_access)
		complain(f, "the environment sees what is not used", n);
}

/* What the facts leave out has not happened. */
static void check_touch_and_flow(struct fuzz *f)
{
	const struct insn *in = &f->insn;
	const struct cpu *was = &f->start.cpu, *now = &f->base.cpu;
	bool stored = false;

	for (unsigned i = 0; i < f->base.n_access; i++)
		stored = stored || f->base.access_write[i];
	if (f->base.n_access != 0 && (in->touch & TOUCH_MEMORY) == 0)
		complain(f, "touches memory", 0);
	if (stored && (in->touch & TOUCH_STORE) == 0)
		complain(f, "stores", 0);
	if (f->base_status != CPU_OK || machine_event(&f->base, CPU_EXCEPTION) != NULL)
		return;
	if ((in->touch & TOUCH_FP) == 0 &&
	    (memcmp(&was->fp, &now->fp, sizeof(was->fp)) != 0 || was->fpexc != now->fpexc))
		complain(f, "touches FP registers", 0);
	if ((in->touch & (TOUCH_SYSTEM | TOUCH_SYNC)) == 0 && in->flow != FLOW_EXCEPTION_RETURN &&
	    !same_words(&was->sys, &now->sys, sizeof(was->sys)))
		complain(f, "touches system registers", 0);
	if ((in->touch & TOUCH_PSR) == 0 &&
	    (((was->core.cpsr ^ now->core.cpsr) & ~PSR_FLAGS) != 0 ||
	     memcmp(was->core.spsr, now->core.spsr, sizeof(was->core.spsr)) != 0))
		complain(f, "touches status registers", 0);
	if ((in->touch & TOUCH_ENV) == 0 &&
	    (machine_event(&f->base, CPU_BKPT) != NULL || machine_event(&f->base, CPU_WFI) != NULL))
		complain(f, "calls the environment", 0);
	if (in->flow == FLOW_NEXT && now->core.pc != CODE + 4)
		complain(f, "does not fall through", 0);
	if ((in->flow == FLOW_BRANCH || in->flow == FLOW_CALL) && now->core.pc != CODE + 4 &&
	    now->core.pc != in->target)
		complain(f, "goes elsewhere", 0);
	if (in->cond != 14 && in->defs != 0)
		complain(f, "conditional, but defines", 0);
}

/* An environment that stops the access finds the core and memory as they were. */
static void check_stop(struct fuzz *f)
{
	struct machine *o = &f->other;

	if (f->base.n_access == 0)
		return;
	*o = f->start;
	o->answer = ACCESS_STOP;
	if (f->base_status == CPU_OK && run(o) != CPU_STOPPED)
		complain(f, "ignores ACCESS_STOP", 0);
	if (!same_words(&o->cpu, &f->start.cpu, sizeof(o->cpu)) ||
	    memcmp(o->memory, f->start.memory, MEM_BYTES) != 0)
		complain(f, "has effects before it is stopped", 0);
}

static void check_word(struct fuzz *f, uint32_t word)
{
	struct error e;

	f->image.n_cp15 = 0;
	assert_true(decode_insn(&f->decoder, &f->image, CODE, word, &f->insn, &e));
	for (unsigned s = 0; s < STATES; s++) {
		random_state(f, &f->start);
		f->base = f->start;
		f->base_status = run(&f->base);
		if (f->insn.op == OP_UNKNOWN) {
			assert_int_equal(f->base_status, CPU_UNKNOWN);
			assert_non_null(strstr(f->base.e.text, "0x00008000"));
			assert_memory_equal(&f->base.cpu, &f->start.cpu, sizeof(f->start.cpu));
			assert_int_equal(f->insn.flow, FLOW_END);
			return;
		}
		assert_int_not_equal(f->base_status, CPU_UNKNOWN);
		if (f->base_status == CPU_OK)
			f->seen[f->insn.op] = true;
		else
			assert_memory_equal(&f->base.cpu, &f->start.cpu, sizeof(f->start.cpu));
		check_touch_and_flow(f);
		check_stop(f);
		for (unsigned n = 0; n <= FLAGS; n++)
			if (n != 15 && (f->insn.uses >> n & 1) == 0)
				check_unused(f, n);
	}
}

static void fuzz(bool big_endian, uint64_t seed)
{
	static struct fuzz f;
	struct error e;

	memset(&f, 0, sizeof(f));
	f.seed = seed;
	f.image.big_endian = big_endian;
	f.image.code_start = CODE;
	f.image.code_end = CODE + 4;
	f.image.insns = &f.insn;
	assert_true(decoder_open(&f.decoder, &e));
	add_pool(&f, "data_cases");
	add_pool(&f, "mem_cases");
	add_pool(&f, "system");
	add_pool(&f, "traps");
	for (unsigned i = 0; i < f.n_pool; i++)
		check_word(&f, f.pool[i]);
	for (unsigned i = 0; i < WORDS; i++)
		check_word(&f, random_word(&f));
	for (unsigned op = OP_AND; op <= OP_FP_COMPUTE; op++)
		if (!f.seen[op])
			fail_msg("operation %u of enum insn_op never executed", op);
	decoder_close(&f.decoder);
}

static void test_little(void **state)
{
	(void)state;
	fuzz(false, 0x9e3779b97f4a7c15ull);
}

static void test_big(void **state)
{
	(void)state;
	fuzz(true, 0xd1b54a32d192ed03ull);
}

/* Every word decodes to something; every condition of everything; nothing reads outside. */
static void test_all_prefixes(void **state)
{
	static struct image image;
	struct decoder d;
	struct error e;
	struct insn in;

	(void)state;
	assert_true(decoder_open(&d, &e));
	for (uint32_t high = 0; high < 0x10000; high += 3)
		for (uint32_t low = 0; low < 16; low++) {
			image.n_cp15 = 0;
			assert_true(decode_insn(&d, &image, CODE, high << 16 | low * 0x1111u, &in, &e));
			assert_true(in.cond <= 14);
			assert_true(in.op >= OP_UNKNOWN && in.op <= OP_FP_COMPUTE);
			assert_int_equal(in.uses & ~0x17fffu, 0);
			assert_int_equal(in.defs & ~0x17fffu, 0);
		}
	decoder_close(&d);
}

/* Facts by hand for a few, whose meaning analyses rely on. */
static void test_facts(void **state)
{
	static const struct {
		uint32_t raw;
		const char *text;
		uint32_t uses, defs;
		enum insn_flow flow;
		unsigned touch;
	} facts[] = {
	        {0xe12fff1e, "bx lr", 1u << 14, 0, FLOW_RETURN, 0},
	        {0xe1a0f00e, "mov pc, lr", 1u << 14, 0, FLOW_RETURN, 0},
	        {0xe8bd8010, "pop {r4, pc}", 1u << 13, 1u << 13 | 1u << 4, FLOW_RETURN, TOUCH_MEMORY},
	        {0xe49df004, "pop {pc}", 1u << 13, 1u << 13, FLOW_RETURN, TOUCH_MEMORY},
	        {0xe12fff33, "blx r3", 1u << 3, 1u << 14, FLOW_INDIRECT_CALL, 0},
	        {0xe59ff004, "ldr pc, [pc, #4]", 0, 0, FLOW_INDIRECT, TOUCH_MEMORY},
	        {0xe0a10002, "adc r0, r1, r2", 1u << 1 | 1u << 2 | INSN_FLAGS, 1, FLOW_NEXT, 0},
	        {0xe0910002, "adds r0, r1, r2", 1u << 1 | 1u << 2, 1 | INSN_FLAGS, FLOW_NEXT, 0},
	        {0x00810002, "addeq r0, r1, r2", 1u << 1 | 1u << 2 | INSN_FLAGS, 0, FLOW_NEXT, 0},
	        {0xe92d4010, "push {r4, lr}", 1u << 4 | 1u << 13 | 1u << 14, 1u << 13, FLOW_NEXT,
	         TOUCH_MEMORY | TOUCH_STORE},
	        {0xe1400070, "hvc #0", 0x17fff, 0, FLOW_EXCEPTION, TOUCH_PSR},
	        {0xe160006e, "eret", 0x17fff, 0, FLOW_EXCEPTION_RETURN, TOUCH_PSR},
	        {0xeef80a10, "vmrs r0, fpexc", 0, 1, FLOW_NEXT, TOUCH_FP},
	        {0xeef1fa10, "vmrs apsr_nzcv, fpscr", 0, INSN_FLAGS, FLOW_NEXT, TOUCH_FP},
	        {0xf57ff06f, "isb sy", 0, 0, FLOW_NEXT, TOUCH_SYNC},
	        {0xee811f51, "mcr p15, #4, r1, c1, c1, #2", 2, 0, FLOW_NEXT, TOUCH_SYSTEM},
	        {0xe10f0000, "mrs r0, apsr", INSN_FLAGS, 1, FLOW_NEXT, TOUCH_PSR},
	        {0xf10c0080, "cpsid i", 0, 0, FLOW_NEXT, TOUCH_PSR},
	        {0xe1200075, "bkpt #5", 0x17fff, 0, FLOW_NEXT, TOUCH_ENV},
	};
	static struct image image;
	struct decoder d;
	struct error e;
	struct insn in;
	char text[128];

	(void)state;
	assert_true(decoder_open(&d, &e));
	for (unsigned i = 0; i < sizeof(facts) / sizeof(facts[0]); i++) {
		assert_string_equal(image_disassemble(CODE, facts[i].raw, text, sizeof(text)), facts[i].text);
		assert_true(decode_insn(&d, &image, CODE, facts[i].raw, &in, &e));
		if (in.uses != facts[i].uses || in.defs != facts[i].defs || in.flow != facts[i].flow ||
		    in.touch != facts[i].touch)
			fail_msg("%s: uses %05x defs %05x flow %u touch %02x", facts[i].text, in.uses,
			         in.defs, in.flow, in.touch);
	}
	decoder_close(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_facts),
	        cmocka_unit_test(test_all_prefixes),
	        cmocka_unit_test(test_little),
	        cmocka_unit_test(test_big),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
