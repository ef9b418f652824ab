/* SPDX-License-Identifier: MIT */
/* What happens to a board that none of its code does. */
#include <stdlib.h>

#include "private.h"

void *board_grow(struct recorder *r, void *array, size_t n, size_t *room, size_t size)
{
	size_t more = *room == 0 ? 64 : 2 * *room;
	void *grown;

	if (n < *room)
		return array;
	grown = realloc(array, more * size);
	if (!grown) {
		r->failed = true;
		error_set(&r->error, "out of memory");
		return array;
	}
	*room = more;
	return grown;
}

void board_note(struct recorder *r, struct pending *list, uint32_t to, uint32_t value)
{
	list->pairs = board_grow(r, list->pairs, list->n, &list->room, sizeof(*list->pairs));
	if (!r->failed)
		list->pairs[list->n++] = (struct board_pair){to, value};
}

/* The monitor has come into Hyp mode by HVC: what that overwrites is nobody's, until something else leads there. */
static bool is_overwritten(unsigned word)
{
	return word == W_ELR_HYP || word == W_SPSR + BANK_HYP - 1 || word == W_HSR;
}

void board_note_core(struct recorder *r, const struct cpu *before)
{
	const struct machine *m = r->m;
	bool big = r->w->image->big_endian;
	uint32_t old[STATE_WORDS], new[STATE_WORDS];

	bool enters_hyp = cpu_mode(before) != MODE_HYP && cpu_mode(m->cpu) == MODE_HYP;

	board_state_words(before, big, old);
	board_state_words(m->cpu, big, new);
	for (uint32_t i = 0; i < STATE_WORDS; i++) {
		if (new[i] != old[i] || (enters_hyp && is_overwritten(i)))
			board_note(r, &r->cores[m->cpu_number], i, board_value(r->newest, new[i]));
	}
}

/* FP data in memory changes its name here, not its bits: events.c says when a save area is really written. */
void board_note_memory(struct recorder *r)
{
	const uint32_t *words = r->m->words;

	for (uint32_t i = 0; i < r->w->ram_words; i++) {
		if (words[i] != r->ram[i] && !is_tag(words[i]) && !is_tag(r->ram[i]))
			board_note(r, &r->memory, r->w->ram_base + 4 * i, words[i]);
	}
}

void board_note_boot(struct recorder *r)
{
	const struct machine *m = r->m;
	uint32_t words[STATE_WORDS];

	for (unsigned cpu = 0; cpu < r->w->config.cpus; cpu++) {
		board_state_words(machine_cpu(m, cpu), r->w->image->big_endian, words);
		/* Its bits that are always 1 (B4.1.64) read on the emulated core as they were written. */
		board_note(r, &r->cores[cpu], W_HCPTR, words[W_HCPTR]);
		for (uint32_t i = W_FPEXC; i < STATE_WORDS; i++)
			board_note(r, &r->cores[cpu], i, board_value(r->newest, words[i]));
	}
	for (uint32_t i = 0; i < r->w->ram_words; i++) {
		if (is_tag(m->words[i]))
			board_note(r, &r->memory, r->w->ram_base + 4 * i,
			           board_value(r->newest, m->words[i]));
	}
}

static void take(struct board_schedule *s, struct board_turn *turn, struct pending *list)
{
	for (size_t i = 0; i < list->n; i++)
		s->changes[turn->change + turn->n_changes++] = list->pairs[i];
	list->n = 0;
}

void board_take_changes(struct recorder *r, struct board_turn *turn)
{
	struct board_schedule *s = r->s;
	struct pending *core = &r->cores[turn->cpu];
	struct board_pair *changes;

	turn->change = s->n_changes;
	if (core->n + r->memory.n == 0)
		return;
	changes = realloc(s->changes, (s->n_changes + core->n + r->memory.n) * sizeof(*changes));
	if (!changes) {
		r->failed = true;
		error_set(&r->error, "out of memory");
		return;
	}
	s->changes = changes;
	take(s, turn, core);
	take(s, turn, &r->memory);
	s->n_changes += turn->n_changes;
}

/* Whose data belongs into the word? BOARD_OWNERS: anybody's, or it is no word of a save area. */
static unsigned belongs_to(const struct world *w, uint32_t i)
{
	const struct slot *slot = w->slot_of[i] < w->n_slots ? &w->slots[w->slot_of[i]] : NULL;

	if (slot && slot->class == SLOT_VCPU_VFP)
		return world_vcpu_owner(w, slot->index);
	if (slot && slot->class == SLOT_TASK_VFP && slot->index >= NR_CPUS)
		return world_thread_owner(w, slot->index);
	if (slot && slot->class == SLOT_SIGFRAME)
		return world_frame_owner(w, slot->index);
	return BOARD_OWNERS;
}

static bool is_guests(const struct world *w, unsigned owner)
{
	return owner >= world_threads(&w->config) &&
	       owner < world_threads(&w->config) + world_vcpus(&w->config);
}

/* Does the word hold data that has no business there? */
static bool is_misplaced(const struct world *w, uint32_t i, uint32_t word)
{
	unsigned due = belongs_to(w, i);

	if (!is_tag(word) || w->slot_of[i] >= w->n_slots)
		return false;
	if (due == BOARD_OWNERS)
		return w->slots[w->slot_of[i]].class == SLOT_HOST_CTX && is_guests(w, tag_owner(word));
	return tag_owner(word) != due || tag_stale(word);
}

void board_find_stored(struct recorder *r, struct board_turn *turn)
{
	const uint32_t *words = r->m->words;

	for (uint32_t i = 0; i < r->w->ram_words; i++) {
		if (!is_misplaced(r->w, i, words[i]) || !r->m->dirty[r->w->slot_of[i]])
			continue;
		turn->owner = belongs_to(r->w, i);
		turn->dump = r->w->ram_base + 4 * i;
		turn->dump_bytes = 4;
		return;
	}
}
