/* SPDX-License-Identifier: MIT */
/* Loads, stores and moves of FP registers against expectations made by hand: mem_cases.c. */
#include "machine.h"

#define B (MEM_BASE + 0x100)

struct word {
	uint32_t at, value;
};

struct mem_case {
	const char *text;
	uint32_t at;
	int sp;
	uint32_t in[13], out[15], zero, be, pc, monitor_in, monitor;
	struct word m[5], m_be[5];
	uint64_t d[32], d_be[32];
};

#define CASE(assembly, ...) {.text = assembly, __VA_ARGS__},

static const struct mem_case cases[] = {
#include "mem_cases.c" /* NOLINT(bugprone-suspicious-include): the assembler gets it, too */
};

#define COUNT (sizeof(cases) / sizeof(cases[0]))

/* D0-D15 hold two equal words, d<n>00000<n>; D16-D31 likewise d<n><n>0... */
static uint64_t d_before(unsigned n)
{
	uint32_t word = 0xd0000000u | (n & 15) << 24 | (n >= 16 ? n << 16 : 0) | n;

	return (uint64_t)word << 32 | word;
}

static void before(struct machine *m, const struct mem_case *c)
{
	struct cpu *cpu = &m->cpu;

	machine_reset(m);
	for (unsigned i = 0; i < 8; i++)
		machine_set_word(m, B + 4 * i, 0x01010101u * (i + 1) * 16 + 0x00010203u);
	for (unsigned i = 0; i < 13; i++)
		cpu->core.r[i] = c->in[i] != 0 ? c->in[i] : 0xa0000000u + i;
	cpu->core.r[1] = B + c->at;
	cpu->core.sp[BANK_SVC] = B + 0x20 + (uint32_t)c->sp;
	cpu->core.lr[BANK_SVC] = 0xa000000e;
	cpu->core.exclusive = c->monitor_in;
	cpu->fpexc = FPEXC_EN;
	cpu->sys.cpacr.value = 0x00f00000;
	for (unsigned i = 0; i < 32; i++)
		cpu->fp.d[i] = d_before(i);
}

static void after(struct machine *m, const struct mem_case *c, uint32_t address)
{
	struct cpu *cpu = &m->cpu;
	const struct word *words = m->image->big_endian && c->m_be[0].value != 0 ? c->m_be : c->m;
	bool be = m->image->big_endian;
	bool d_be = false;

	cpu->core.pc = c->pc != 0 ? c->pc : address + 4;
	cpu->core.exclusive = c->monitor;
	for (unsigned i = 0; i < 15; i++)
		if (c->out[i] != 0)
			cpu_set_reg(cpu, i, i == 0 && be && c->be != 0 ? c->be : c->out[i]);
	if (c->zero != 0)
		cpu->core.r[0] = 0;
	for (unsigned i = 0; i < 5 && words[i].value != 0; i++)
		machine_set_word(m, B + words[i].at, words[i].value);
	for (unsigned i = 0; i < 32; i++)
		d_be = d_be || (be && c->d_be[i] != 0);
	for (unsigned i = 0; i < 32; i++) {
		uint64_t value = d_be ? c->d_be[i] : c->d[i];

		if (value != 0)
			cpu->fp.d[i] = value;
	}
}

static void compare(const struct machine *got, const struct machine *want, const struct mem_case *c)
{
	for (unsigned i = 0; i < 15; i++)
		if (cpu_reg(&got->cpu, i) != cpu_reg(&want->cpu, i))
			fail_msg("%s: r%u is %08x, expected %08x", c->text, i, cpu_reg(&got->cpu, i),
			         cpu_reg(&want->cpu, i));
	for (unsigned i = 0; i < 32; i++)
		if (got->cpu.fp.d[i] != want->cpu.fp.d[i])
			fail_msg("%s: d%u is %016llx, expected %016llx", c->text, i,
			         (unsigned long long)got->cpu.fp.d[i], (unsigned long long)want->cpu.fp.d[i]);
	for (unsigned i = 0; i < MEM_BYTES; i++)
		if (got->memory[i] != want->memory[i])
			fail_msg("%s: byte B + %#x is %02x, expected %02x", c->text, i - 0x100,
			         got->memory[i], want->memory[i]);
	if (!same_words(&got->cpu, &want->cpu, sizeof(got->cpu)))
		fail_msg("%s: pc %08x exclusive %08x cpsr %08x, expected %08x %08x %08x", c->text,
		         got->cpu.core.pc, got->cpu.core.exclusive, got->cpu.core.cpsr, want->cpu.core.pc,
		         want->cpu.core.exclusive, want->cpu.core.cpsr);
}

static void run(bool big_endian)
{
	static struct machine m, want;

	machine_init(&m, "mem_cases", big_endian);
	for (unsigned i = 0; i < COUNT; i++) {
		const struct mem_case *c = &cases[i];
		uint32_t address = m.image->entry + 4 * i, touched = 0;

		before(&m, c);
		want = m;
		after(&want, c, address);
		if (c->pc != 0) {
			/* The words end in binary 11: make the loaded address one of ARM code. */
			machine_set_word(&m, B, machine_word(&m, B) & ~(strstr(c->text, "ldr pc") ? 3u : 0));
			machine_set_word(&m, B + 4, machine_word(&m, B + 4) & ~3u);
			memcpy(want.memory, m.memory, sizeof(m.memory));
		}
		if (machine_step_at(&m, address) != CPU_OK)
			fail_msg("%s: %s", c->text, m.e.text);
		compare(&m, &want, c);
		for (unsigned n = 0; n < m.n_access; n++)
			touched += m.access_bytes[n];
		assert_true(m.n_access <= 1);
		assert_true((image_insn(m.image, address)->touch & TOUCH_MEMORY) != 0 || touched == 0);

		/* The same with an environment that says: not now. Nothing at all may have changed. */
		before(&m, c);
		want = m;
		m.answer = ACCESS_STOP;
		want.cpu.core.pc = address;
		if (touched != 0) {
			assert_int_equal(machine_step_at(&m, address), CPU_STOPPED);
			compare(&m, &want, c);
			assert_int_equal(m.n_events, 0);
		}
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

/* With SETEND the core runs against the image's endianness: the other one's expectations hold for its bytes.
 */
static void test_setend(void **state)
{
	static struct machine m;

	(void)state;
	machine_init(&m, "mem_cases", false);
	before(&m, &cases[0]);
	m.cpu.core.cpsr |= PSR_E;
	assert_int_equal(machine_step_at(&m, m.image->entry), CPU_OK);
	assert_int_equal(m.cpu.core.r[0], 0x13121110);
	machine_free(&m);
}

/* Addresses that fault, with their messages; the core stays as it was. */
static void test_faults(void **state)
{
	static struct machine m, want;
	static const struct {
		const char *text;
		uint32_t at;
		bool strict; /* SCTLR.A */
		const char *message;
	} faults[] = {
	        {"ldr r0, [r1]", 0x80000000u, false, "no memory"},
	        {"ldr r0, [r1]", 0x1000 - 0x102, false, "no memory"},
	        {"ldr r0, [r1]", 2, true, "unaligned access of 4 bytes"},
	        {"ldrh r0, [r1]", 1, true, "unaligned access of 2 bytes"},
	        {"ldr pc, [r1]", 1, false, "unaligned access"},
	        {"ldr pc, [r1]", 0, false, "Thumb"},
	        {"ldrd r2, r3, [r1, #8]", 2, false, "unaligned access of a double word"},
	        {"ldm r1, {r2, r3}", 2, false, "unaligned LDM"},
	        {"stm r1!, {r1, r2}", 1, false, "unaligned STM"},
	        {"ldrex r0, [r1]", 2, false, "unaligned exclusive"},
	        {"ldrexd r2, r3, [r1]", 4, false, "unaligned exclusive"},
	        {"vldr d1, [r1]", 2, false, "unaligned load of FP registers"},
	        {"vstmia r1!, {d1-d2}", 2, false, "unaligned store of FP registers"},
	        {"vld1.64 {d1}, [r1]!", 4, true, "unaligned load of FP registers"},
	};

	(void)state;
	machine_init(&m, "mem_cases", false);
	for (unsigned f = 0; f < sizeof(faults) / sizeof(faults[0]); f++) {
		unsigned i = 0;

		while (i < COUNT && strcmp(cases[i].text, faults[f].text) != 0)
			i++;
		assert_true(i < COUNT);
		before(&m, &cases[i]);
		m.cpu.core.r[1] = B + faults[f].at;
		m.cpu.sys.sctlr |= faults[f].strict ? 2 : 0;
		want = m;
		want.cpu.core.pc = m.image->entry + 4 * i;
		assert_int_equal(machine_step_at(&m, m.image->entry + 4 * i), CPU_FAULT);
		compare(&m, &want, &cases[i]);
		if (strstr(m.e.text, faults[f].message) == NULL)
			fail_msg("%s: message is \"%s\"", faults[f].text, m.e.text);
	}
	machine_free(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_little),
	        cmocka_unit_test(test_big),
	        cmocka_unit_test(test_setend),
	        cmocka_unit_test(test_faults),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
