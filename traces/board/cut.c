/* SPDX-License-Identifier: MIT */
/*
 * Cuts what a core does into turns. A core stops where the monitor has put an instruction in place of the kernel's. On its
 * way there it must not come past a place that is changed; where it would, it stops there first.
 */
#include <stdlib.h>

#include "private.h"

#define HVC 0xe1400070u
#define SVC 0xef000000u

static uint32_t as_stored(const struct recorder *r, uint32_t insn)
{
	return r->w->image->big_endian ? __builtin_bswap32(insn) : insn;
}

static uint32_t branch(uint32_t from, uint32_t to)
{
	return 0xea000000u | ((to - from - 8) >> 2 & 0xffffffu);
}

static void patch(struct recorder *r, struct board_turn *turn, uint32_t address, uint32_t insn)
{
	turn->patches[turn->n_patches++] = (struct board_pair){address, as_stored(r, insn)};
}

/* How the core in a mode comes from a place to the monitor. */
static void lay_traps(struct recorder *r, struct board_turn *turn, uint32_t mode)
{
	const struct cpu_sys *sys = &machine_cpu(r->m, turn->cpu)->sys;
	uint32_t pc = turn->stop;

	turn->n_patches = 0;
	if (mode == MODE_HYP) {
		turn->kind = KIND_HYP;
		patch(r, turn, pc, branch(pc, BOARD_STOP));
		return;
	}
	turn->kind = mode == MODE_USR ? KIND_USR : KIND_PL1;
	patch(r, turn, pc, mode == MODE_USR ? SVC : HVC);
	patch(r, turn, sys->hvbar + VECTOR_HYP_TRAP, branch(sys->hvbar + VECTOR_HYP_TRAP, BOARD_STOP));
	if (mode == MODE_USR)
		patch(r, turn, sys->vbar + VECTOR_SVC, HVC);
}

static bool is_trap(const struct board_turn *turn, uint32_t pc)
{
	for (unsigned i = 0; i < turn->n_patches; i++) {
		if (turn->patches[i].to == pc)
			return true;
	}
	return false;
}

static struct board_turn *add_turn(struct recorder *r)
{
	struct board_schedule *s = r->s;
	struct board_turn *turns = realloc(s->turns, (s->n_turns + 1) * sizeof(*turns));

	if (!turns) {
		r->failed = true;
		error_set(&r->error, "out of memory");
		return NULL;
	}
	s->turns = turns;
	turns[s->n_turns] = (struct board_turn){.cpu = r->m->cpu_number, .step = r->step, .state = SIZE_MAX};
	board_take_changes(r, &turns[s->n_turns]);
	return &turns[s->n_turns++];
}

/* The first place on path[from, n) at which the turn would go astray, or n. */
static size_t astray(const struct recorder *r, const struct board_turn *turn, size_t from, size_t to)
{
	while (from < to && !is_trap(turn, r->path[from].pc))
		from++;
	return from;
}

/* Lays traps so that the core, which is about to execute path[from], stops at path[n_path], or as far as it can go; returns where. */
static size_t aim(struct recorder *r, struct board_turn *turn, size_t from)
{
	size_t to = r->n_path;

	for (;;) {
		size_t hit;

		turn->stop = r->path[to].pc;
		lay_traps(r, turn, r->path[to].mode);
		hit = astray(r, turn, from, to);
		if (hit == to)
			return to;
		if (hit == from && to == from + 1) {
			r->failed = true;
			error_set(&r->error, "a core cannot be stopped between 0x%08x and 0x%08x",
			          r->path[from].pc, r->path[to].pc);
			return to;
		}
		to = hit == from ? from + 1 : hit;
	}
}

/* Keeps what the machine holds at the end of a turn. */
static void keep_state(struct recorder *r, struct board_turn *turn, const struct cpu *at)
{
	struct board_schedule *s = r->s;
	struct board_state *states = realloc(s->states, (s->n_states + 1) * sizeof(*states));

	if (!states) {
		r->failed = true;
		error_set(&r->error, "out of memory");
		return;
	}
	s->states = states;
	turn->state = s->n_states;
	states[s->n_states] = (struct board_state){.cpu = *at, .fp_open = r->step == 0};
	for (unsigned i = 0; i < BOARD_OWNERS; i++)
		states[s->n_states].newest[i] = r->newest[i];
	s->n_states++;
}

struct board_turn *board_cut(struct recorder *r, const struct cpu *at, enum board_look look)
{
	struct board_turn *turn = NULL;

	r->path = board_grow(r, r->path, r->n_path, &r->path_room, sizeof(*r->path));
	if (r->failed)
		return NULL;
	r->path[r->n_path] = (struct visit){at->core.pc, cpu_mode(at)};
	if (r->n_path == 0 && look == BOARD_LOOKS_NOT)
		return NULL;
	if (r->n_path == 0) {
		turn = add_turn(r);
		if (turn) {
			turn->kind = KIND_NONE;
			turn->stop = at->core.pc;
		}
	}
	for (size_t i = 0; i < r->n_path && !r->failed;) {
		turn = add_turn(r);
		if (turn)
			i = aim(r, turn, i);
	}
	r->n_path = 0;
	if (r->failed || !turn)
		return NULL;
	turn->look = look;
	keep_state(r, turn, at);
	if (turn->kind == KIND_USR) { /* what the SVC that stops it overwrites: nobody's in User mode */
		board_note(r, &r->cores[turn->cpu], W_LR + BANK_SVC, at->core.lr[BANK_SVC]);
		board_note(r, &r->cores[turn->cpu], W_SPSR + BANK_SVC - 1, at->core.spsr[BANK_SVC]);
	}
	return turn;
}
