/* SPDX-License-Identifier: MIT */
/*
 * A case is made by executing it: an instruction is drawn, tried on our core, and kept if it is one that says something
 * (keep_out.h). So addresses are inside, branches go forward, and returns go to modes that exist.
 */
#include "generate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "keep_out.h"
#include "model/cpu/decode.h"
#include "model/cpu/exec.h"
#include "replay.h"
#include "sim/random.h"
#include "state.h"

enum {
	SLOT_WORDS = 32, /* code of a case; the last two words are HVC */
	SCRIPT_MAX = 12,
	TRIES = 60,
	HVC_END = (int)0xe1400070,
	UDF = (int)0xe7f000f0,
};

struct form {
	const char *name;
	uint32_t value, fixed;
	unsigned weight;
};

#define FORM(name, value, fixed, weight) {#name, value, fixed, weight},
static const struct form forms[] = {
#include "forms.def"
};
#undef FORM
enum { N_FORMS = sizeof(forms) / sizeof(forms[0]) };

/* System registers that an instruction may name beside those of cp15.def: MRC's word, and whether it is written, too. */
static const struct system_register {
	uint32_t mrc;
	bool write;
} system_registers[] = {
        {0xee911f51, true},  /* HCPTR */
        {0xee110f50, true},  /* CPACR */
        {0xee911f71, true},  /* HSTR */
        {0xee950f12, true},  /* HSR: CRm 2 */
        {0xee9c0f10, false}, /* HVBAR */
        {0xee1c0f10, false}, /* VBAR */
        {0xee110f10, false}, /* SCTLR */
        {0xee911f11, false}, /* HCR */
        {0xee100fb0, false}, /* MPIDR */
        {0xee070f95, true},  /* CP15ISB, write-only */
        {0xee070f9a, true},  /* CP15DSB */
        {0xee070fba, true},  /* CP15DMB */
};

struct generator {
	uint64_t rng; /* state of a stream of random numbers */
	struct batch *b;
	struct image *image;
	struct decoder decoder;
	struct replay r;
	uint8_t window[WINDOW_BYTES], saved_window[WINDOW_BYTES];
	uint32_t script[SCRIPT_MAX]; /* instructions that belong together, to be emitted next */
	unsigned scripted, script_at;
	uint32_t slot; /* address of the case's code */
	struct monitor monitor;
	size_t form_used[N_FORMS];
	unsigned total_weight;
	struct generated *g;
};

static uint32_t rng_word(uint64_t *rng)
{
	return (uint32_t)random_next(rng);
}

static unsigned rng_below(uint64_t *rng, unsigned n)
{
	return (unsigned)random_below(rng, n);
}

static bool rng_one_in(uint64_t *rng, unsigned n)
{
	return random_below(rng, n) == 0;
}

/* Addresses in the window, small numbers, and the ends of the range, so that instructions have something to meet. */
static uint32_t interesting(uint64_t *rng)
{
	static const uint32_t edges[] = {0,          1,          2,          0x7f,       0x80,
	                                 0xff,       0x7fff,     0x8000,     0xffff,     0x7fffffff,
	                                 0x80000000, 0x80000001, 0xfffffffe, 0xffffffff, 31,
	                                 32,         33,         255,        256};
	unsigned kind = rng_below(rng, 10);

	if (kind < 4)
		return WINDOW + 64 + 8 * rng_below(rng, (WINDOW_BYTES - 128) / 8) +
		       (rng_one_in(rng, 4) ? rng_below(rng, 8) : 0);
	if (kind < 6)
		return rng_below(rng, 40);
	if (kind < 8)
		return edges[rng_below(rng, sizeof(edges) / sizeof(edges[0]))];
	return rng_word(rng);
}

static uint32_t random_mode(uint64_t *rng, bool hyp)
{
	static const uint32_t modes[] = {MODE_USR, MODE_FIQ, MODE_IRQ, MODE_SVC,
	                                 MODE_ABT, MODE_UND, MODE_SYS, MODE_HYP};

	return modes[rng_below(rng, hyp ? 8 : 7)];
}

/* A PSR in ARM state, without IT: flags, Q, GE, E and the masks are random. */
static uint32_t random_psr(uint64_t *rng, bool hyp, bool big_endian)
{
	uint32_t psr = rng_word(rng) & (PSR_FLAGS | PSR_Q | PSR_GE | PSR_A | PSR_I | PSR_F);
	bool e = rng_one_in(rng, 6) ? !big_endian : big_endian;

	return psr | random_mode(rng, hyp) | (e ? PSR_E : 0);
}

static void random_state(struct generator *g, struct conformance_case *c)
{
	uint64_t *rng = &g->rng;
	uint32_t *w = c->in;
	const uint32_t *reads;

	for (unsigned i = 0; i < W_SPSR; i++)
		w[i] = interesting(rng);
	for (unsigned i = W_SP; i < W_LR; i++)
		w[i] = WINDOW + 128 + 4 * rng_below(rng, (WINDOW_BYTES - 256) / 4);
	for (unsigned i = W_SPSR; i < W_ELR_HYP; i++)
		w[i] = random_psr(rng, false, g->b->big_endian);
	w[W_PC] = g->slot;
	w[W_CPSR] = random_psr(rng, true, g->b->big_endian);
	w[W_HCPTR] = HCPTR_ONES | (rng_one_in(rng, 8) ? HCPTR_TCP10 | HCPTR_TCP11 : 0);
	w[W_CPACR] = rng_one_in(rng, 8) ? (rng_one_in(rng, 2) ? 0x00500000 : 0)
	                                : 0x00f00000; /* PL1 only, nobody, all */
	w[W_HCR] = rng_one_in(rng, 4) ? HCR_IMO | HCR_FMO | HCR_AMO : 0;
	w[W_HSTR] = rng_one_in(rng, 8) ? rng_word(rng) & 0xafef : 0;
	w[W_VBAR] = RUNNER_VECTORS;
	w[W_HVBAR] = RUNNER_HYP_VECTORS;
	for (unsigned i = 0; i < state_cp15_code(&reads); i++)
		w[W_CP15 + i] = rng_word(rng);
	w[W_FPEXC] = rng_one_in(rng, 12) ? 0 : FPEXC_EN;
	w[W_FPSCR] = rng_word(rng) & PSR_FLAGS;
	for (unsigned i = W_D; i < W_VECTOR; i++)
		w[i] = rng_word(rng);
	w[W_WINDOW] = WINDOW;
	for (unsigned i = 0; i < WINDOW_BYTES; i++)
		c->window[i] = (uint8_t)rng_word(rng);
}

/* Registers of the present mode. */
static uint32_t reg_now(const struct generator *g, unsigned n)
{
	return n == 15 ? g->r.cpu.core.pc + 8 : cpu_reg(&g->r.cpu, n);
}

static void put_code(struct generator *g, uint32_t address, uint32_t raw)
{
	for (unsigned i = 0; i < g->b->n_segments; i++)
		if (g->b->segments[i].address == CODE)
			put_word(g->b->segments[i].data + (address - CODE), raw, false);
	for (size_t i = 0; i < g->image->n_segments; i++) {
		struct image_segment *s = &g->image->segments[i];

		if (address >= s->address && address - s->address < s->bytes)
			put_word(s->data + (address - s->address), raw, false);
	}
}

static void note_monitor(struct generator *g, const struct cpu *before, const struct insn *in)
{
	if (!cpu_passes(before, in))
		return;
	if (in->op == OP_LDREX) {
		g->monitor.open = true;
		g->monitor.bytes = in->imm;
	} else if ((in->touch & TOUCH_STORE) != 0 || in->flow == FLOW_EXCEPTION_RETURN ||
	           in->op == OP_SETEND || in->op == OP_MSR) {
		g->monitor.open = false;
	}
}

/* Tries a word at PC; if it is kept, the machine has executed it. */
static bool emit(struct generator *g, uint32_t raw)
{
	struct cpu before = g->r.cpu;
	uint32_t pc = before.core.pc, to;
	struct insn *in = &g->image->insns[(pc - g->image->code_start) / 4], old = *in;
	struct error e;
	unsigned vector;

	if (!decode_insn(&g->decoder, g->image, pc, raw, in, &e) || in->op == OP_UNKNOWN ||
	    in->op == OP_DATA || keep_out_insn(in, &g->r.cpu, reg_now(g, in->rd), &g->monitor) ||
	    (in->flow == FLOW_EXCEPTION_RETURN && g->script_at == 0)) {
		*in = old;
		return false;
	}
	memcpy(g->saved_window, g->window, sizeof(g->window));
	put_code(g, pc, raw);
	if (replay_step(&g->r, &e) == END_VECTOR) {
		bool exception;

		to = g->r.cpu.core.pc;
		exception = replay_at_end(&g->r, &vector) || (to >= RUNNER_VECTORS && to < RUNNER_STOP);
		if (keep_out_spsr(&g->r.cpu))
			; /* undone below */
		else if (exception ? !keep_out_exception(in, before.core.cpsr & PSR_MODE)
		                   : (to > pc && to < g->slot + 4 * (SLOT_WORDS - 2))) {
			g->g->ops[in->op]++;
			note_monitor(g, &before, in);
			return true;
		}
	}
	g->r.cpu = before;
	g->r.insns--;
	memcpy(g->window, g->saved_window, sizeof(g->window));
	put_code(g, pc, (uint32_t)UDF);
	*in = old;
	return false;
}

static uint32_t movw(unsigned rd, uint32_t imm)
{
	return 0xe3000000u | (imm >> 12 & 15) << 16 | rd << 12 | (imm & 0xfff);
}

static uint32_t movt(unsigned rd, uint32_t imm)
{
	return movw(rd, imm) | 0x00400000u;
}

static void script(struct generator *g, uint32_t raw)
{
	g->script[g->scripted++] = raw;
}

static void script_constant(struct generator *g, unsigned rd, uint32_t value)
{
	script(g, movw(rd, value & 0xffff));
	script(g, movt(rd, value >> 16));
}

/* Control transfers through a register or memory, which hit nothing by chance: with the constants that they need. */
static void write_script(struct generator *g)
{
	uint64_t *rng = &g->rng;
	bool hyp = cpu_mode(&g->r.cpu) == MODE_HYP, back = rng_one_in(rng, 2);
	unsigned kind = rng_below(rng, 9), a = rng_below(rng, 8), p = 8 + rng_below(rng, 4), s = (a + 1) % 8;
	uint32_t pc = g->r.cpu.core.pc, target, psr = random_psr(rng, hyp, g->b->big_endian);
	uint32_t memory = WINDOW + 128 + 8 * rng_below(rng, 16);

	g->scripted = g->script_at = 0;
	target = pc + 4 * (12 + rng_below(rng, 3));
	if (target >= g->slot + 4 * (SLOT_WORDS - 3))
		return;
	script_constant(g, a, target);
	switch (kind) {
	case 0:
		script(g, 0xe12fff10 | a); /* bx */
		break;
	case 1:
		script(g, 0xe12fff30 | a); /* blx */
		break;
	case 2:
		script(g, 0xe1a0f000 | a); /* mov pc, a */
		break;
	case 3: /* ldr pc, [p] with or without write-back */
		script_constant(g, p, memory);
		script(g, 0xe5800000 | p << 16 | a << 12);
		script(g, back ? 0xe490f004 | p << 16 : 0xe590f000 | p << 16);
		break;
	case 4: /* ldmia p{!}, {s, pc} */
		script_constant(g, p, memory);
		script(g, 0xe5800004 | p << 16 | a << 12);
		script(g, (back ? 0xe8b08000 : 0xe8908000) | p << 16 | 1u << s);
		break;
	case 5: /* movs pc, a, or subs pc, a, #4 */
		script_constant(g, s, psr);
		script(g, 0xe16ff000 | s);
		script(g, back ? 0xe1b0f000 | a : 0xe250f004 | a << 16);
		break;
	case 6: /* ldmia p{!}, {s, pc}^ */
		script_constant(g, s, psr);
		script(g, 0xe16ff000 | s);
		script_constant(g, p, memory);
		script(g, 0xe5800004 | p << 16 | a << 12);
		script(g, (back ? 0xe8f08000 : 0xe8d08000) | p << 16 | 1u << s);
		break;
	case 7: {                                  /* rfe in its four forms */
		unsigned form = rng_below(rng, 4); /* P, U */
		uint32_t low = (form & 1) != 0 ? memory : memory - 8;

		if (((form & 2) != 0) == ((form & 1) != 0))
			low += 4;
		script_constant(g, s, psr);
		script_constant(g, p, memory);
		script(g, ((int32_t)(low - memory) < 0 ? 0xe5000000u | (memory - low)
		                                       : 0xe5800000u | (low - memory)) |
		                  p << 16 | a << 12);
		low += 4;
		script(g, ((int32_t)(low - memory) < 0 ? 0xe5000000u | (memory - low)
		                                       : 0xe5800000u | (low - memory)) |
		                  p << 16 | s << 12);
		script(g, 0xf8100a00 | (form & 2) << 23 | (form & 1) << 23 | (back ? 1u << 21 : 0) | p << 16);
		break;
	}
	default: /* eret */
		script_constant(g, s, psr);
		script(g, 0xe16ff000 | s);
		script(g, hyp ? 0xe12ef300 | a : 0xe1a0e000 | a); /* msr ELR_hyp, a; mov lr, a */
		script(g, 0xe160006e);
		break;
	}
}

static uint32_t system_access(struct generator *g)
{
	const uint32_t *reads;
	unsigned n = state_cp15_code(&reads), extra = sizeof(system_registers) / sizeof(system_registers[0]);
	unsigned i = rng_below(&g->rng, n + extra);
	uint32_t raw = i < n ? reads[i] : system_registers[i - n].mrc;
	bool write = (i < n || system_registers[i - n].write) && rng_one_in(&g->rng, 2);

	if ((raw & 1u << 20) == 0)
		write = true;
	raw &= ~(1u << 20);
	return raw | (write ? 0 : 1u << 20) | rng_below(&g->rng, 15) << 12;
}

static uint32_t conditional(struct generator *g, uint32_t raw)
{
	return (raw & 0x0fffffffu) | (rng_one_in(&g->rng, 4) ? rng_below(&g->rng, 14) << 28 : 0xe0000000u);
}

/* A register that holds an address inside, so that fewer draws are wasted. */
static uint32_t pointer_base(struct generator *g, uint32_t raw)
{
	for (unsigned tries = 0; tries < 4; tries++) {
		unsigned n = rng_below(&g->rng, 15);
		uint32_t value = reg_now(g, n);

		if (value >= WINDOW && value < WINDOW + WINDOW_BYTES)
			return (raw & ~(15u << 16)) | n << 16;
	}
	return raw;
}

static uint32_t draw(struct generator *g, unsigned form)
{
	const struct form *f = &forms[form];
	uint32_t raw = f->value | (rng_word(&g->rng) & ~f->fixed);

	if ((f->fixed & 0xf0000000u) == 0)
		raw = conditional(g, raw);
	if ((raw & 0x0e000000u) == 0x08000000u &&
	    (f->fixed & 0xf0000000u) == 0) /* short lists, mostly without PC */
		raw &= ~(rng_word(&g->rng) & 0x7fff) & ~(rng_one_in(&g->rng, 8) ? 0 : 0x8000u);
	if ((raw & 0x0c000000u) == 0x04000000u || (raw & 0x0e000000u) == 0x08000000u ||
	    (raw & 0x0e000090u) == 0x00000090u || (raw & 0x0e000000u) == 0x0c000000u || raw >> 24 == 0xf4)
		raw = pointer_base(g, raw);
	if (strcmp(f->name, "exclusive_load") == 0 || strcmp(f->name, "exclusive_store") == 0)
		raw = pointer_base(g, raw);
	return raw;
}

/* VMOV of D or Q registers is VORR with two equal operands. */
static uint32_t vorr(struct generator *g)
{
	uint32_t raw = 0xf2200110u | (rng_word(&g->rng) & 0x0040f060u) | rng_below(&g->rng, 2) << 22,
	         m = rng_below(&g->rng, 32);

	raw &= ~0x20u;
	return raw | (m & 15) | (m >> 4) << 5 | (m & 15) << 16 | (m >> 4) << 7;
}

static uint32_t call(struct generator *g)
{
	switch (rng_below(&g->rng, 3)) {
	case 0:
		return 0xe1400070u | (rng_word(&g->rng) & 0x000fff0fu);
	case 1:
		return 0xef000000u | (rng_word(&g->rng) & 0xffffff);
	default:
		return 0xe7f000f0u | (rng_word(&g->rng) & 0x000fff0fu);
	}
}

/* A store that belongs to the exclusive load just executed. */
static uint32_t store_exclusive(struct generator *g)
{
	static const uint8_t size_bits[9] = {[4] = 0, [8] = 1, [1] = 2, [2] = 3};
	uint32_t address = g->r.cpu.core.exclusive - 1;
	unsigned rn = 0;

	for (unsigned i = 0; i < 15; i++)
		if (reg_now(g, i) == address)
			rn = i;
	return conditional(g, 0x01800f90u | (uint32_t)size_bits[g->monitor.bytes] << 21 | rn << 16 |
	                              rng_below(&g->rng, 15) << 12 | rng_below(&g->rng, 15));
}

static unsigned pick_form(struct generator *g)
{
	unsigned at = rng_below(&g->rng, g->total_weight), i = 0;

	while (at >= forms[i].weight)
		at -= forms[i++].weight;
	return i;
}

static bool one_more(struct generator *g)
{
	if (g->script_at < g->scripted) {
		if (emit(g, g->script[g->script_at++]))
			return true;
		g->scripted = 0;
	}
	if (rng_one_in(&g->rng, 20)) {
		write_script(g);
		if (g->scripted > 0)
			return emit(g, g->script[g->script_at++]);
	}
	if (g->monitor.open && g->r.cpu.core.exclusive != 0 && !rng_one_in(&g->rng, 3) &&
	    emit(g, store_exclusive(g)))
		return true;
	if (rng_one_in(&g->rng, 12))
		return emit(g, conditional(g, system_access(g)));
	if (rng_one_in(&g->rng, 40))
		return emit(g, vorr(g));
	if (rng_one_in(&g->rng, 60))
		return emit(g, call(g));
	for (unsigned form = pick_form(g), tries = 0; tries < TRIES; tries++)
		if (emit(g, draw(g, form))) {
			g->form_used[form]++;
			return true;
		}
	return false;
}

static void generate_case(struct generator *g, size_t number)
{
	struct conformance_case *c = batch_case(g->b);
	unsigned length = 4 + rng_below(&g->rng, 22), vector;
	struct error e = {""};
	uint32_t words[STATE_WORDS];

	g->slot = CODE + 4 * SLOT_WORDS * (uint32_t)number;
	random_state(g, c);
	(void)snprintf(c->name, sizeof(c->name), "case %zu at 0x%08x", number, g->slot);
	for (unsigned i = 0; i < SLOT_WORDS; i++) {
		uint32_t raw = i < SLOT_WORDS - 2 ? (uint32_t)UDF : (uint32_t)HVC_END, at = g->slot + 4 * i;

		put_code(g, at, raw);
		(void)decode_insn(&g->decoder, g->image, at, raw,
		                  &g->image->insns[(at - g->image->code_start) / 4], &e);
	}
	g->scripted = g->script_at = 0;
	g->monitor.open = false;
	replay_enter(&g->r, g->image, c, g->window);
	for (unsigned i = 0; i < length && g->r.cpu.core.pc >= g->slot; i++) {
		if (replay_at_end(&g->r, &vector) || g->r.cpu.core.pc >= g->slot + 4 * (SLOT_WORDS - 2))
			break;
		(void)one_more(g);
	}
	if (g->r.cpu.core.pc >= g->slot && g->r.cpu.core.pc < g->slot + 4 * (SLOT_WORDS - 2)) {
		uint32_t pc = g->r.cpu.core.pc;

		put_code(g, pc, (uint32_t)HVC_END);
		(void)decode_insn(&g->decoder, g->image, pc, (uint32_t)HVC_END,
		                  &g->image->insns[(pc - g->image->code_start) / 4], &e);
	}
	if (replay_run(&g->r, REPLAY_LIMIT, words, &e) != END_VECTOR)
		g->b->n_cases--; /* cannot be: all of it has been executed before */
	c->insns = g->r.insns;
	g->g->insns += g->r.insns;
}

static void count_forms(const struct generator *g)
{
	size_t used = 0;

	g->g->never[0] = '\0';
	for (unsigned i = 0; i < N_FORMS; i++) {
		if (g->form_used[i] > 0)
			continue;
		g->g->forms_never++;
		if (used < sizeof(g->g->never))
			used += (size_t)snprintf(g->g->never + used, sizeof(g->g->never) - used, " %s",
			                         forms[i].name);
	}
}

bool generate(struct batch *b, const char *runner, size_t cases, uint64_t seed, struct generated *out,
              struct error *e)
{
	struct generator *g = calloc(1, sizeof(*g));
	uint32_t bytes = (uint32_t)cases * SLOT_WORDS * 4;
	bool good = false;

	if (g == NULL || bytes > CODE_BYTES) {
		error_set(e, "out of memory, or too many cases");
		free(g);
		return false;
	}
	memset(out, 0, sizeof(*out));
	g->g = out;
	g->rng = seed;
	g->b = b;
	for (unsigned i = 0; i < N_FORMS; i++)
		g->total_weight += forms[i].weight;
	(void)batch_segment(b, CODE, bytes, true);
	batch_add_cp15(b);
	if (batch_add_runner(b, runner, e) && decoder_open(&g->decoder, e)) {
		g->image = batch_image(b, CODE, CODE + bytes, e);
		for (size_t i = 0; g->image != NULL && i < cases; i++)
			generate_case(g, i);
		good = g->image != NULL;
		if (good) {
			image_free(g->image);
			count_forms(g);
		}
		decoder_close(&g->decoder);
	}
	free(g);
	return good;
}
