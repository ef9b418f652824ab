/* SPDX-License-Identifier: MIT */
/* The system control registers of a world switch keep what is written, each for itself, and know their level.
 */
#include "machine.h"

static struct machine m;

static const struct {
	const char *name;
	unsigned level;
	bool wide;
} registers[] = {
#define R32(name, level, opc1, crn, crm, opc2) {#name, level, false},
#define R64(name, level, opc1, crm)            {#name, level, true},
#include "cp15_registers.def"
};
enum { REGISTERS = sizeof(registers) / sizeof(registers[0]) };

static enum cpu_status act(uint32_t mode, const char *verb, const char *name)
{
	char symbol[64];

	(void)snprintf(symbol, sizeof(symbol), "%s_%s", verb, name);
	machine_mode(&m, mode);
	m.n_events = 0;
	return machine_step(&m, symbol);
}

static bool is_undefined(uint32_t mode, const char *verb, const char *name)
{
	const struct cpu_event *event;

	if (act(mode, verb, name) != CPU_OK)
		fail_msg("%s %s: %s", verb, name, m.e.text);
	event = machine_event(&m, CPU_EXCEPTION);
	if (event && event->a != VECTOR_UNDEF)
		fail_msg("%s %s: exception 0x%x", verb, name, event->a);
	return event != NULL;
}

static uint32_t value(unsigned i, unsigned half)
{
	return 0x1000000u * (i + 1) + 0x80u * half + 0x11;
}

static void test_each_keeps_its_value(void **state)
{
	(void)state;
	machine_reset(&m);
	for (unsigned i = 0; i < REGISTERS; i++) {
		m.cpu.core.r[0] = value(i, 0);
		m.cpu.core.r[1] = value(i, 1);
		assert_false(is_undefined(MODE_HYP, "write", registers[i].name));
	}
	for (unsigned i = 0; i < REGISTERS; i++) {
		m.cpu.core.r[0] = m.cpu.core.r[1] = 0;
		assert_false(is_undefined(MODE_HYP, "read", registers[i].name));
		if (m.cpu.core.r[0] != value(i, 0) || (registers[i].wide && m.cpu.core.r[1] != value(i, 1)))
			fail_msg("%s is 0x%08x, 0x%08x", registers[i].name, m.cpu.core.r[0], m.cpu.core.r[1]);
	}
}

static void test_levels(void **state)
{
	(void)state;
	for (unsigned i = 0; i < REGISTERS; i++) {
		bool hyp_only = registers[i].level == 2;

		machine_reset(&m);
		if (is_undefined(MODE_SVC, "read", registers[i].name) != hyp_only ||
		    is_undefined(MODE_SVC, "write", registers[i].name) != hyp_only)
			fail_msg("%s in SVC mode", registers[i].name);
		if (strncmp(registers[i].name, "tpidrur", 7) != 0 &&
		    !is_undefined(MODE_USR, "read", registers[i].name))
			fail_msg("%s in USR mode", registers[i].name);
	}
}

static void test_par(void **state)
{
	(void)state;
	machine_reset(&m);
	m.cpu.core.r[0] = 0x12345678;
	m.cpu.core.r[1] = 0x9abcdef0;
	assert_false(is_undefined(MODE_SVC, "write", "par"));
	m.cpu.core.r[0] = 0;
	assert_false(is_undefined(MODE_SVC, "read", "par_32"));
	assert_int_equal(m.cpu.core.r[0], 0x12345678);
}

static void test_identification(void **state)
{
	(void)state;
	machine_reset(&m);
	assert_false(is_undefined(MODE_SVC, "read", "midr"));
	assert_true(is_undefined(MODE_SVC, "write", "midr"));
	/* PL1 sees the MPIDR that Hyp mode wants it to see. */
	assert_false(is_undefined(MODE_SVC, "read", "mpidr"));
	assert_int_equal(m.cpu.core.r[0], m.cpu.sys.mpidr);
	m.cpu.core.r[0] = 0x80000123;
	assert_false(is_undefined(MODE_HYP, "write", "vmpidr"));
	m.cpu.core.r[0] = 0;
	assert_false(is_undefined(MODE_SVC, "read", "mpidr"));
	assert_int_equal(m.cpu.core.r[0], 0x80000123);
	assert_false(is_undefined(MODE_HYP, "read", "mpidr"));
	assert_int_equal(m.cpu.core.r[0], m.cpu.sys.mpidr);
}

static void test_operations(void **state)
{
	static const char *const names[] = {"ats1cpr",   "iciallu",       "icialluis",
	                                    "tlbiallis", "tlbiallnsnhis", "tlbiallh"};

	(void)state;
	for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct cpu_sys was;

		machine_reset(&m);
		m.cpu.core.r[0] = 0xffffffff;
		was = m.cpu.sys;
		assert_false(is_undefined(MODE_HYP, "op", names[i]));
		assert_true(same_words(&m.cpu.sys, &was, sizeof(was)));
	}
	assert_true(is_undefined(MODE_SVC, "op", "tlbiallnsnhis"));
	assert_true(is_undefined(MODE_SVC, "op", "tlbiallh"));
	assert_false(is_undefined(MODE_SVC, "op", "tlbiallis"));
}

static int setup_little(void **state)
{
	(void)state;
	machine_init(&m, "cp15", false);
	return 0;
}

static int setup_big(void **state)
{
	(void)state;
	machine_init(&m, "cp15", true);
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
	        cmocka_unit_test(test_each_keeps_its_value),
	        cmocka_unit_test(test_levels),
	        cmocka_unit_test(test_par),
	        cmocka_unit_test(test_identification),
	        cmocka_unit_test(test_operations),
	};
	int failed = cmocka_run_group_tests_name("little endian", tests, setup_little, teardown);

	return failed + cmocka_run_group_tests_name("big endian", tests, setup_big, teardown);
}
