/* SPDX-License-Identifier: MIT */
#include "judge.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

struct judge {
	const struct board_schedule *s;
	const struct board_told *told;
	struct board_judgement *j;
	bool big;
};

static uint32_t word_at(const struct judge *judge, size_t at)
{
	const uint8_t *p = judge->told->bytes + at;
	uint32_t value = 0;

	for (unsigned i = 0; i < 4; i++)
		value |= (uint32_t)p[i] << 8 * (judge->big ? 3 - i : i);
	return value;
}

static void differs(struct board_judgement *j, const char *format, ...)
{
	va_list args;

	if (j->differs[0] != '\0')
		return;
	va_start(args, format);
	(void)vsnprintf(j->differs, sizeof(j->differs), format, args);
	va_end(args);
}

/* Is the word part of what the monitor leaves as it was, or of what means something in this mode? */
static bool is_compared(const struct board_state *state, unsigned word)
{
	uint32_t mode = cpu_mode(&state->cpu);

	if (word == W_ELR_HYP || word == W_SPSR + BANK_HYP - 1 || word == W_HSR)
		return mode == MODE_HYP;
	if (word == W_LR + BANK_SVC || word == W_SPSR + BANK_SVC - 1)
		return mode != MODE_USR || (state->cpu.sys.hcr & HCR_VM) != 0;
	return word < W_FPEXC || !state->fp_open;
}

static uint32_t significant(unsigned word, uint32_t value)
{
	switch (word) {
	case W_HSR: /* IL is UNKNOWN where EC is 0 (B3.13.6) */
		return value >> 26 == EC_UNKNOWN ? ~(1u << 25) : UINT32_MAX;
	case W_HCPTR: /* the others are fixed, or trap what is not modelled */
		return HCPTR_TCP10 | HCPTR_TCP11;
	case W_CPACR:
		return 0xfu << 20;
	default:
		return UINT32_MAX;
	}
}

static void compare_state(struct judge *judge, const struct board_turn *turn, size_t at)
{
	const struct board_state *state = &judge->s->states[turn->state];
	uint32_t words[STATE_WORDS];
	char name[32];

	board_state_words(&state->cpu, judge->big, words);
	for (unsigned i = 0; i < STATE_WORDS; i++) {
		uint32_t there = word_at(judge, at + 4 * i), mask = significant(i, words[i]);

		if (!is_compared(state, i) ||
		    (mask != UINT32_MAX ? ((there ^ words[i]) & mask) == 0
		                        : board_agrees(state->newest, words[i], there)))
			continue;
		differs(judge->j,
		        "step %zu, cpu%u before 0x%08x: %s is 0x%08x on the board, 0x%08x in the model",
		        turn->step, turn->cpu, turn->stop, board_word_name(i, judge->big, name, sizeof(name)),
		        there, board_value(state->newest, words[i]));
		return;
	}
	judge->j->states++;
}

/* One word of a register file, as `owner` reads it. */
static bool is_right(const struct board_state *state, unsigned owner, unsigned reg, unsigned half,
                     uint32_t bits)
{
	return bits == board_word(state->newest[owner], reg, half);
}

static const char *whose(const struct judge *judge, const struct board_state *state, unsigned owner,
                         uint32_t bits, char *buf, size_t size)
{
	int found = board_owner(bits);
	char name[32];

	if (found < 0)
		(void)snprintf(buf, size, "nobody's data");
	else if (found == OWNER_JUNK)
		(void)snprintf(buf, size, "what the register held after reset");
	else if ((unsigned)found == state->newest[owner].owner)
		(void)snprintf(buf, size, "an older version of its own data");
	else
		(void)snprintf(buf, size, "data of %s",
		               world_owner_name(judge->s->world, (unsigned)found, name, sizeof(name)));
	return buf;
}

/* The registers as `owner` reads them: 64 words and FPSCR, from `at`, the first in the order of VSTM. */
static void see_registers(struct judge *judge, const struct board_turn *turn, struct board_sight *sight,
                          size_t at, size_t fpscr_at)
{
	const struct board_state *state = &judge->s->states[turn->state];
	uint32_t first = word_at(judge, at), second = word_at(judge, at + 4);
	char who[32], text[64];

	world_owner_name(judge->s->world, turn->owner, who, sizeof(who));
	for (unsigned i = 0; i < 64; i++) {
		unsigned reg = i / 2, half = (i & 1) ^ (judge->big ? 1 : 0);
		uint32_t bits = word_at(judge, at + 4 * i);

		if (is_right(state, turn->owner, reg, half, bits))
			continue;
		first = word_at(judge, at + 8 * reg);
		second = word_at(judge, at + 8 * reg + 4);
		(void)snprintf(sight->text, sizeof(sight->text), "%s reads D%u = 0x%08x%08x: %s", who, reg,
		               judge->big ? first : second, judge->big ? second : first,
		               whose(judge, state, turn->owner, bits, text, sizeof(text)));
		sight->wrong = true;
		return;
	}
	if (!is_right(state, turn->owner, TAG_FPSCR, 0, word_at(judge, fpscr_at))) {
		(void)snprintf(sight->text, sizeof(sight->text), "%s reads FPSCR = 0x%08x: not its own", who,
		               word_at(judge, fpscr_at));
		sight->wrong = true;
		return;
	}
	(void)snprintf(sight->text, sizeof(sight->text),
	               "%s reads D0 = 0x%08x%08x and all others: its own newest data", who,
	               judge->big ? first : second, judge->big ? second : first);
}

static void see_stored(struct judge *judge, const struct board_turn *turn, struct board_sight *sight,
                       size_t at)
{
	const struct board_state *state = &judge->s->states[turn->state];
	uint32_t bits = word_at(judge, at);
	unsigned due = turn->owner;
	char into[32] = "the host", text[64];

	if (due < BOARD_OWNERS)
		world_owner_name(judge->s->world, due, into, sizeof(into));
	sight->wrong = board_owner(bits) >= 0 &&
	               (due >= BOARD_OWNERS || (unsigned)board_owner(bits) != state->newest[due].owner ||
	                (bits & 127) != (state->newest[due].number & 127u));
	(void)snprintf(sight->text, sizeof(sight->text), "the save area of %s at 0x%08x holds 0x%08x: %s",
	               into, turn->dump, bits,
	               whose(judge, state, due < BOARD_OWNERS ? due : (unsigned)OWNER_JUNK - 1, bits, text,
	                     sizeof(text)));
}

static void see_fpexc(const struct judge *judge, const struct board_turn *turn, struct board_sight *sight,
                      size_t at)
{
	uint32_t fpexc = word_at(judge, at + 4 * W_FPEXC);

	sight->wrong = fpexc != turn->due;
	(void)snprintf(sight->text, sizeof(sight->text),
	               "FPEXC is 0x%08x: whoever looks at it there left 0x%08x", fpexc, turn->due);
}

static int see(struct judge *judge, const struct board_turn *turn, size_t at, struct error *e)
{
	struct board_judgement *j = judge->j;
	struct board_sight *sights = realloc(j->sights, (j->n_sights + 1) * sizeof(*sights)), *sight;
	size_t dump = at + 4 * STATE_WORDS;
	char where[128];

	if (!sights)
		return error_set(e, "out of memory");
	j->sights = sights;
	sight = &sights[j->n_sights++];
	*sight = (struct board_sight){.step = turn->step, .cpu = turn->cpu, .violates = turn->violates};
	switch (turn->look) {
	case BOARD_LOOKS_BANK:
		see_registers(judge, turn, sight, at + 4 * W_D, at + 4 * W_FPSCR);
		break;
	case BOARD_LOOKS_AREA:
		see_registers(judge, turn, sight, dump, dump + VFP_FPSCR);
		break;
	case BOARD_LOOKS_STORE:
		see_stored(judge, turn, sight, dump);
		break;
	case BOARD_LOOKS_FPEXC:
		see_fpexc(judge, turn, sight, at);
		break;
	default:
		sight->wrong = word_at(judge, at + 4 * W_PC) == turn->stop;
		(void)snprintf(sight->text, sizeof(sight->text), "the core has come to %s",
		               image_where(judge->s->world->image, turn->stop, where, sizeof(where)));
		break;
	}
	j->observed |= sight->violates && sight->wrong;
	return 0;
}

/* A vCPU's copy of HCPTR: the bits that are always 1 (B4.1.64) read on the emulated core as they were written. */
static bool is_hcptr(const struct world *w, uint32_t address, uint32_t difference)
{
	uint32_t offset = address - w->symbols.kvm_vcpus;

	return offset < world_vcpus(&w->config) * VCPU_SIZE && offset % VCPU_SIZE == VCPU_HCPTR &&
	       (difference & ~0x000033ffu) == 0;
}

/* Memory at the end. */
static void compare_memory(struct judge *judge, size_t at)
{
	const struct board_schedule *s = judge->s;
	const struct world *w = s->world;
	char where[128];

	for (uint32_t i = 0; i < w->ram_words; i++) {
		uint32_t there = word_at(judge, at + 4 * (size_t)i), address = w->ram_base + 4 * i;

		if (board_agrees(s->newest, s->ram[i], there) || is_hcptr(w, address, s->ram[i] ^ there))
			continue;
		differs(judge->j,
		        "in the end the word at 0x%08x (%s) is 0x%08x on the board, 0x%08x in the model",
		        address, image_where(w->image, address, where, sizeof(where)), there,
		        board_value(s->newest, s->ram[i]));
		return;
	}
}

int board_judge(const struct board_schedule *s, const struct board_told *told, struct board_judgement *j,
                struct error *e)
{
	struct judge judge = {s, told, j, s->world->image->big_endian};
	size_t at = 0;

	*j = (struct board_judgement){0};
	for (size_t i = 0; i < s->n_turns; i++) {
		const struct board_turn *turn = &s->turns[i];
		size_t end = at + 4 * STATE_WORDS + turn->dump_bytes;

		if (end > told->n) {
			differs(j, "step %zu: cpu%u does not come to 0x%08x on the board", turn->step,
			        turn->cpu, turn->stop);
			return 0;
		}
		j->turns++;
		if (turn->state != SIZE_MAX)
			compare_state(&judge, turn, at);
		if (turn->look != BOARD_LOOKS_NOT && see(&judge, turn, at, e))
			return -1;
		at = end;
	}
	j->whole = at + 4 * (size_t)s->world->ram_words <= told->n;
	if (j->whole)
		compare_memory(&judge, at);
	else
		differs(j, "the board does not tell its memory");
	return 0;
}

void board_judgement_free(struct board_judgement *j)
{
	free(j->sights);
	*j = (struct board_judgement){0};
}
