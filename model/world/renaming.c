/* SPDX-License-Identifier: MIT */
#include "renaming.h"

#include <stdlib.h>
#include <string.h>

#include "tags.h"

/* Numbers: the one that is number less + n is written as first + (n << shift). */
static const struct number {
	enum name_domain of;
	uint32_t less, first;
	unsigned shift;
} numbers[NAME_KINDS] = {
        [NAME_CPU] = {DOMAIN_CPU, 0, 0, 0},
        [NAME_TASK] = {DOMAIN_TASK, 0, 0, 0},
        [NAME_VCPU] = {DOMAIN_VCPU, 0, 0, 0},
        [NAME_CPU_PLUS_1] = {DOMAIN_CPU, 0, 1, 0},
        [NAME_VMID] = {DOMAIN_VCPU, 0, 1 << 16, 16},
        [NAME_MPIDR] = {DOMAIN_CPU, 0, 0x80000000u, 0},
        [NAME_THREAD] = {DOMAIN_TASK, NR_CPUS, NR_CPUS, 0},
        [NAME_THREAD_INDEX] = {DOMAIN_TASK, NR_CPUS, 0, 0},
};

static const unsigned domain_size[DOMAINS] = {
        [DOMAIN_CPU] = NR_CPUS, [DOMAIN_TASK] = NR_TASKS, [DOMAIN_VCPU] = NR_VCPUS};

/* Whose a slot of each class is. -1: everybody's. */
static const int class_domain[SLOT_CLASSES] = {
        [SLOT_CORE] = DOMAIN_CPU,      [SLOT_SYS] = DOMAIN_CPU,       [SLOT_FPEXC] = DOMAIN_CPU,
        [SLOT_BANK] = DOMAIN_CPU,      [SLOT_HYP_STACK] = DOMAIN_CPU, [SLOT_HW_STATE] = DOMAIN_CPU,
        [SLOT_HOST_CTX] = DOMAIN_CPU,  [SLOT_TASK] = DOMAIN_TASK,     [SLOT_TASK_VFP] = DOMAIN_TASK,
        [SLOT_VCPU] = DOMAIN_VCPU,     [SLOT_VCPU_VFP] = DOMAIN_VCPU, [SLOT_RUNQUEUE] = -1,
        [SLOT_SIGFRAME] = DOMAIN_TASK, [SLOT_MUTEX] = DOMAIN_VCPU,    [SLOT_GLOBALS] = -1,
};

/* Numbers that are known by their place: words of a slot, counted from its start or (negative) from its end.
 */
#define CORE_WORD(member) ((int)(offsetof(struct cpu_core, member) / 4))
#define SYS_WORD(member)  ((int)(offsetof(struct cpu_sys, member) / 4))
static const struct place {
	enum slot_class class;
	int first, count;
	enum name_kind kind;
} places[] = {
        {SLOT_CORE, CORE_WORD(sp), BANKS, NAME_END}, {SLOT_CORE, -1, 1, NAME_TASK}, /* ghost: running[] */
        {SLOT_SYS, SYS_WORD(vttbr), 2, NAME_VMID},   {SLOT_SYS, SYS_WORD(mpidr), 1, NAME_MPIDR},
        {SLOT_TASK, TI_TASK / 4, 1, NAME_TASK},      {SLOT_TASK, TI_CPU / 4, 1, NAME_CPU},
        {SLOT_TASK, TI_CLAIMED / 4, 1, NAME_THREAD}, {SLOT_TASK_VFP, VFP_CPU / 4, 1, NAME_CPU},
        {SLOT_VCPU, VCPU_CPU / 4, 1, NAME_CPU},      {SLOT_VCPU, VCPU_ID / 4, 1, NAME_VCPU},
        {SLOT_SYS, SYS_WORD(vmpidr), 1, NAME_MPIDR}, {SLOT_RUNQUEUE, 0, NR_TASKS, NAME_CPU_PLUS_1},
};

/* Arrays inside a slot that is everybody's, with `words` for each. */
static const struct array {
	enum slot_class class;
	uint32_t first, words;
	enum name_domain of;
} arrays[] = {
        {SLOT_RUNQUEUE, 0, 1, DOMAIN_TASK},
};

static void note_number(struct naming *n, enum slot_class class, uint32_t i)
{
	if (i + 1 > n->numbers_end[class])
		n->numbers_end[class] = i + 1;
}

static bool is_number(enum name_kind kind)
{
	return kind != NAME_NONE && kind != NAME_PLAIN && kind != NAME_END;
}

int naming_init(struct naming *n, const struct world *w, struct error *e)
{
	*n = (struct naming){.world = w};
	n->insns = (w->image->code_end - w->image->code_start) / 4;
	n->registers = calloc((size_t)n->insns * 16 + 1, sizeof(*n->registers));
	for (unsigned s = 0; s < w->n_slots; s++)
		n->words[w->slots[s].class] = w->slots[s].words;
	for (unsigned c = 0; c < SLOT_CLASSES; c++) {
		n->kinds[c] = calloc((size_t)n->words[c] + 1, sizeof(*n->kinds[c]));
		n->stack[c] = calloc((size_t)n->words[c] + 1, sizeof(*n->stack[c]));
		if (!n->kinds[c] || !n->stack[c] || !n->registers) {
			naming_free(n);
			return error_set(e, "out of memory");
		}
	}
	for (unsigned s = 0; s < w->n_slots; s++) {
		const struct slot *slot = &w->slots[s];
		uint32_t i = 0;

		for (unsigned k = 0; k < slot->spans; k++) {
			for (uint32_t end = i + slot->span[k].count; i < end; i++)
				n->stack[slot->class][i] = slot->span[k].reversed;
		}
	}
	for (size_t p = 0; p < sizeof(places) / sizeof(places[0]); p++) {
		enum slot_class class = places[p].class;
		uint32_t first = (uint32_t)places[p].first + (places[p].first < 0 ? n->words[class] : 0);

		for (uint32_t i = first; i < first + (uint32_t)places[p].count && i < n->words[class]; i++) {
			n->kinds[class][i] = (uint8_t)places[p].kind;
			if (is_number(places[p].kind))
				note_number(n, class, i);
		}
	}
	for (size_t a = 0; a < sizeof(arrays) / sizeof(arrays[0]); a++)
		note_number(n, arrays[a].class,
		            arrays[a].first + arrays[a].words * domain_size[arrays[a].of] - 1);
	return 0;
}

void naming_free(struct naming *n)
{
	for (unsigned c = 0; c < SLOT_CLASSES; c++) {
		free(n->kinds[c]);
		free(n->stack[c]);
	}
	free(n->registers);
	*n = (struct naming){0};
}

/* What a general register is depends on where the program is. */
static uint8_t *kind_at(const struct naming *n, enum slot_class class, const uint32_t *words, uint32_t i)
{
	if (class == SLOT_CORE && i < 13) {
		uint32_t insn = (words[CORE_WORD(pc)] - n->world->image->code_start) / 4;

		if (insn < n->insns)
			return &n->registers[(size_t)insn * 16 + i];
	}
	return &n->kinds[class][i];
}

enum name_kind naming_kind(const struct naming *n, enum slot_class class, const uint32_t *words, uint32_t i)
{
	return (enum name_kind) * kind_at(n, class, words, i);
}

struct renaming renaming_identity(void)
{
	struct renaming r;

	for (unsigned d = 0; d < DOMAINS; d++) {
		for (unsigned i = 0; i < NR_TASKS; i++)
			r.of[d][i] = (uint8_t)i;
	}
	return r;
}

unsigned renaming_index(const struct renaming *r, enum slot_class class, unsigned index)
{
	return class_domain[class] < 0 ? index : r->of[class_domain[class]][index];
}

unsigned renaming_owner(const struct renaming *r, const struct world *w, unsigned owner)
{
	unsigned threads = world_threads(&w->config), vcpus = world_vcpus(&w->config);

	if (owner < threads)
		return r->of[DOMAIN_TASK][NR_CPUS + owner] - NR_CPUS;
	if (owner < threads + vcpus)
		return threads + r->of[DOMAIN_VCPU][owner - threads];
	if (owner < threads + vcpus + threads) /* world_frame_owner() */
		return threads + vcpus + r->of[DOMAIN_TASK][NR_CPUS + owner - threads - vcpus] - NR_CPUS;
	return owner;
}

static uint32_t rename_address(const struct renaming *r, const struct world *w, uint32_t address)
{
	const struct world_symbols *s = &w->symbols;
	const struct {
		uint32_t start, size;
		enum name_domain of;
	} elements[] = {
	        {s->thread_union, THREAD_SIZE, DOMAIN_TASK},
	        {s->kvm_vcpus, VCPU_SIZE, DOMAIN_VCPU},
	        {s->kvm_vms, KVM_SIZE, DOMAIN_VCPU},
	        {s->kvm_host_cpu_state, VFP_STATE_SIZE, DOMAIN_CPU},
	        {s->kvm_arm_hyp_stack, HYP_STACK_SIZE, DOMAIN_CPU},
	        {s->vfp_current_hw_state, 4, DOMAIN_CPU},
	        {s->on_cpu, 4, DOMAIN_TASK},
	        {s->user_sigframe, VFP_STATE_SIZE, DOMAIN_TASK},
	        {s->kvm_vcpu_mutex, 4, DOMAIN_VCPU},
	};

	if (address - w->ram_base >= w->ram_words * 4)
		return address;
	for (size_t i = 0; i < sizeof(elements) / sizeof(elements[0]); i++) {
		uint32_t index = (address - elements[i].start) / elements[i].size;

		if (index < domain_size[elements[i].of])
			return address + (r->of[elements[i].of][index] - index) * elements[i].size;
	}
	return address;
}

uint32_t renaming_word(const struct renaming *r, const struct world *w, enum name_kind kind, uint32_t word)
{
	const struct number *number = &numbers[kind];

	if (kind == NAME_PLAIN)
		return word;
	if (kind == NAME_END)
		return rename_address(r, w, word - 1) + 1;
	if (is_number(kind)) {
		uint32_t n = (word - number->first) >> number->shift;

		if (n + number->less >= number->less && n + number->less < domain_size[number->of] &&
		    word == number->first + (n << number->shift))
			return number->first +
			       ((r->of[number->of][n + number->less] - number->less) << number->shift);
	}
	if (is_tag(word)) {
		unsigned owner = tag_owner(word);

		return (word & ~TAG_OWNER) | renaming_owner(r, w, owner) << TAG_OWNER_SHIFT;
	}
	return rename_address(r, w, word);
}

/* Where a word goes: the elements of an array change places. */
static uint32_t place_of(const struct renaming *r, enum slot_class class, uint32_t i)
{
	for (size_t a = 0; a < sizeof(arrays) / sizeof(arrays[0]); a++) {
		uint32_t in_array = i - arrays[a].first, index = in_array / arrays[a].words;

		if (arrays[a].class == class && index < domain_size[arrays[a].of])
			return i + (r->of[arrays[a].of][index] - index) * arrays[a].words;
	}
	return i;
}

uint32_t renaming_contents(const struct renaming *r, const struct naming *n, enum slot_class class,
                           const uint32_t *in, uint32_t count, uint32_t *out)
{
	uint32_t end = count > n->numbers_end[class] ? count : n->numbers_end[class];

	for (uint32_t i = 0; i < end; i++)
		out[place_of(r, class, i)] = renaming_word(r, n->world, naming_kind(n, class, in, i), in[i]);
	return end;
}

/* The next kind that a word can be of, if it becomes `actual` under the renaming; NAME_KINDS: none. */
static unsigned explain(const struct renaming *r, const struct world *w, unsigned kind, uint32_t word,
                        uint32_t actual)
{
	while (++kind < NAME_KINDS && renaming_word(r, w, (enum name_kind)kind, word) != actual)
		;
	return kind;
}

bool naming_learn(struct naming *n, const struct renaming *r, enum slot_class class, const uint32_t *words,
                  const uint32_t *expected, const uint32_t *actual)
{
	/* First whether, then how. */
	for (int pass = 0; pass < 2; pass++) {
		for (uint32_t i = 0; i < n->words[class]; i++) {
			uint32_t place = place_of(r, class, i);
			uint8_t *kind = kind_at(n, class, words, i);
			unsigned better;

			if (expected[place] == actual[place])
				continue;
			better = explain(r, n->world, *kind, words[i], actual[place]);
			if (better == NAME_KINDS || (is_number((enum name_kind)better) && n->stack[class][i]))
				return false;
			if (pass == 0)
				continue;
			*kind = (uint8_t)better;
			if (is_number((enum name_kind)better))
				note_number(n, class, i);
		}
	}
	return true;
}
