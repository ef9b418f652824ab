/* SPDX-License-Identifier: MIT */
/* Data processing against expectations made by hand: data_cases.c. */
#include "machine.h"

struct data_case {
	const char *text;
	uint32_t r1, r2, r3, r4;
	const char *f;
	uint32_t r0; /* after */
	uint32_t r4_to;
	const char *to;
	bool r0_is_pc; /* r0 is relative to the instruction's address */
};

#define CASE(assembly, ...) {.text = assembly, __VA_ARGS__},
#define R0_BEFORE           0xdeadbeefu

/* A comparison leaves r0 alone: then .r0 is not given. */
static const struct data_case cases[] = {
#include "data_cases.c" /* NOLINT(bugprone-suspicious-include): the assembler gets it, too */
};

static bool compares(const char *text)
{
	return strncmp(text, "cmp", 3) == 0 || strncmp(text, "cmn", 3) == 0 || strncmp(text, "tst", 3) == 0 ||
	       strncmp(text, "teq", 3) == 0;
}

static void check(struct machine *m, const struct data_case *c, uint32_t address)
{
	struct cpu_core *core = &m->cpu.core;
	uint32_t other = core->cpsr & ~PSR_FLAGS;
	struct cpu expected;
	char got[5], want[5];

	core->cpsr = other | flags_of(c->f != NULL ? c->f : "");
	for (unsigned i = 0; i < 13; i++)
		core->r[i] = 0x01010101u * i;
	core->r[0] = R0_BEFORE;
	core->r[1] = c->r1;
	core->r[2] = c->r2;
	core->r[3] = c->r3;
	core->r[4] = c->r4;
	expected = m->cpu;
	expected.core.pc = address + 4;
	expected.core.r[0] = compares(c->text) ? R0_BEFORE : c->r0 + (c->r0_is_pc ? address : 0);
	if (strstr(c->text, "r4, ") != NULL)
		expected.core.r[4] = c->r4_to;
	if (c->to != NULL)
		expected.core.cpsr = other | flags_of(c->to);

	if (machine_step_at(m, address) != CPU_OK)
		fail_msg("%s: %s", c->text, m->e.text);
	if (!same_words(&m->cpu, &expected, sizeof(expected)))
		fail_msg("%s (r1 %08x r2 %08x r3 %08x): r0 %08x r4 %08x %s, expected %08x %08x %s", c->text,
		         c->r1, c->r2, c->r3, core->r[0], core->r[4], flags_text(core->cpsr, got),
		         expected.core.r[0], expected.core.r[4], flags_text(expected.core.cpsr, want));
	assert_int_equal(m->n_access + m->n_events + m->n_choices, 0);
}

static void run(bool big_endian)
{
	struct machine m;

	machine_init(&m, "data_cases", big_endian);
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		machine_reset(&m);
		check(&m, &cases[i], m.image->entry + 4 * i);
	}
	machine_free(&m);
}

static void test_little(void **state)
{
	(void)state;
	run(false);
}

static void test_big(void **state)
{
	(void)state;
	run(true);
}

/* The code is what the cases say: Capstone reads the same instruction (spaces and register aliases aside). */
static void test_cases_are_in_order(void **state)
{
	struct machine m;
	char text[128];

	(void)state;
	machine_init(&m, "data_cases", false);
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint32_t address = m.image->entry + 4 * i;

		image_disassemble(address, image_insn(m.image, address)->raw, text, sizeof(text));
		/* mov with a shift may print as the shift, adr as add. */
		if (strncmp(cases[i].text, "mov", 3) != 0 && strncmp(cases[i].text, "adr", 3) != 0 &&
		    strncmp(text, cases[i].text, 3) != 0)
			fail_msg("case %u is %s, the code %s", i, cases[i].text, text);
	}
	machine_free(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_cases_are_in_order),
	        cmocka_unit_test(test_little),
	        cmocka_unit_test(test_big),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
