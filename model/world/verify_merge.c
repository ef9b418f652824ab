/* SPDX-License-Identifier: MIT */
/*
 * Merged steps: what another CPU does in the middle of a step might as well be done before or behind it, and so might
 * a preemption. Both are tried, between instructions of each step.
 */
#include <string.h>

#include "boundary.h"
#include "poison.h"
#include "verify_private.h"

/* Places are tried when they are new; of those known, one in so many. */
enum { SELDOM = 16 };

/* Two steps, one behind the other or one inside the other, and where that led. */
struct outcome {
	bool possible; /* both could be made */
	uint32_t violated;
	bool ends;
	uint32_t *words;
};

/* A step of another in the middle of the one that is being made. */
struct interruption {
	struct verify *v;
	unsigned at, now; /* instructions */
	const struct world_choice *wanted;
	unsigned n_wanted;
	bool failed, possible, ends;
	uint32_t violated;
};

enum { WANTED_MAX = MODEL_LABEL_MAX + FORCED_MAX };

/* What a step chose, whatever else there is to choose. */
static unsigned wanted_choices(const struct world_choice *choices, unsigned n, struct world_choice *wanted)
{
	for (unsigned i = 0; i < n; i++) {
		wanted[i] = choices[i];
		wanted[i].alternatives = WANTED_ANY;
	}
	return n;
}

/* Has the machine made a step by these choices, asked or not? */
static bool as_wanted(const struct machine *m, const struct world_choice *wanted, unsigned n)
{
	uint32_t used = m->wanted_used;

	if (m->disabled || m->unwanted || m->n_choices + m->n_forced != n)
		return false;
	for (unsigned i = 0; i < m->n_forced; i++) {
		unsigned k = 0;

		while (k < n && ((used >> k & 1) != 0 || wanted[k].question != m->forced[i].question ||
		                 wanted[k].meaning != m->forced[i].meaning))
			k++;
		if (k == n)
			return false;
		used |= 1u << k;
	}
	return true;
}

/* Makes the same choices as `t` from the words of a machine; *possible: they could be made. */
static int again(struct verify *v, struct machine *m, const struct taken *t, bool *possible)
{
	struct world_choice wanted[WANTED_MAX];
	unsigned n = wanted_choices(t->choices, t->n_all, wanted);

	if (verify_step(v, m, NULL, wanted, n))
		return -1;
	*possible = as_wanted(m, wanted, n);
	return 0;
}

/* One step behind the other; *known stays if that teaches nothing. */
static int in_order(struct verify *v, const struct taken *first, const struct taken *second,
                    struct outcome *o, bool *known)
{
	struct machine *m = v->m;

	o->violated = first->t.violated;
	o->ends = first->ends;
	o->possible = true;
	if (first->ends)
		return 0;
	memcpy(m->words, first->next, v->world->words * sizeof(*m->words));
	v->may_learn = true;
	if (again(v, m, second, &o->possible))
		return -1;
	v->may_learn = false;
	*known &= !v->unknown;
	o->violated |= m->violated;
	o->ends = m->ended;
	memcpy(o->words, m->words, v->world->words * sizeof(*m->words));
	return 0;
}

static void interrupt(void *arg, struct machine *m)
{
	struct interruption *x = arg;
	struct verify *v = x->v;
	struct machine *other = v->other;

	if (x->now++ != x->at || x->failed)
		return;
	other->words = m->words;
	other->ghosts = m->ghosts;
	x->failed = verify_step(v, other, NULL, x->wanted, x->n_wanted) != 0;
	x->possible = as_wanted(other, x->wanted, x->n_wanted);
	x->violated = other->violated;
	x->ends = other->ended;
	/* A task that the other has taken is for him to bring into canonical form. */
	for (unsigned s = 0; s < v->world->n_slots; s++) {
		if (other->dirty[s] && v->world->slots[s].class == SLOT_TASK)
			m->dirty[s] = 0;
	}
	other->words = v->own;
	other->ghosts = (struct ghosts *)(void *)(v->own + v->world->ghosts_at);
}

static bool same(const struct verify *v, const struct outcome *a, const struct outcome *b)
{
	return a->possible && b->possible && a->violated == b->violated && a->ends == b->ends &&
	       (a->ends || verify_difference(v, a->words, b->words, SLOT_NONE) == v->world->words);
}

/* The whole of `other` before instruction number `at` of `t`. */
static int inside(struct verify *v, const struct taken *t, const struct taken *other, unsigned at,
                  struct outcome *o)
{
	struct world_choice wanted[WANTED_MAX];
	struct interruption x = {.v = v, .at = at, .wanted = wanted};
	int status;

	x.n_wanted = wanted_choices(other->choices, other->n_all, wanted);
	memcpy(v->m->words, v->state, v->world->words * sizeof(*v->state));
	v->m->between = interrupt;
	v->m->between_arg = &x;
	status = again(v, v->m, t, &o->possible);
	v->m->between = NULL;
	if (status || x.failed)
		return -1;
	o->possible &= x.possible;
	o->violated = x.violated | (x.ends ? 0 : v->m->violated);
	o->ends = x.ends || v->m->ended;
	o->words = v->m->words;
	return 0;
}

/* Has the same been tried before? Then only now and then. */
static int worth_it(struct verify *v, uint32_t pc, const struct taken *t, uint32_t other_start,
                    unsigned other_action, bool *worth)
{
	uint64_t key = ((uint64_t)pc << 32 | t->start) * UINT64_C(0x9e3779b97f4a7c15) ^
	               ((uint64_t)other_start << 16 | (uint64_t)t->action << 8 | other_action);
	uint32_t value;

	*worth = verify_random(v) % SELDOM == 0;
	if (map_get(&v->seen, key | 1, &value))
		return 0;
	*worth = true;
	return map_put(&v->seen, key | 1, 0) ? 0 : error_set(v->error, "out of memory");
}

/* Another CPU's step at all places inside of `t`. */
static int check_pair(struct verify *v, const struct taken *t, const struct taken *other)
{
	struct outcome before = {.words = v->a}, behind = {.words = v->b}, o;
	const struct outcome alone = {true, other->t.violated, other->ends, other->next};
	bool done = false, known = true;

	for (unsigned at = 0; at < t->n_pcs; at++) {
		bool worth;

		if (worth_it(v, t->pcs[at], t, other->start, other->action, &worth))
			return -1;
		if (!worth)
			continue;
		if (!done &&
		    (in_order(v, other, t, &before, &known) || in_order(v, t, other, &behind, &known)))
			return -1;
		done = true;
		if (!known)
			return 0;
		if (inside(v, t, other, at, &o))
			return -1;
		v->counts.interleavings++;
		if (same(v, &o, &before) || same(v, &o, &behind))
			continue;
		/* Who comes second may find taken what he wanted: then he could not have begun. */
		if (!before.possible && (!o.possible || same(v, &o, &alone)))
			continue;
		if (!o.possible && !behind.possible)
			continue;
		return verify_differs(
		        v, t,
		        "before its instruction %u, at 0x%08x, cpu%u can do what makes a difference (%s%s)",
		        at, t->pcs[at], other->cpu, world_action_names[other->action],
		        o.possible ? "" : "; then it is not possible any more");
	}
	return 0;
}

/* A preemption in the middle of a step. */
struct preemption {
	struct verify *v;
	const struct taken *t;
	unsigned now;
	bool failed;
};

/* The state behind a preemption from some words: those that pick the same differ in the preempted thread alone. */
static int preempt(struct verify *v, const uint32_t *words, unsigned cpu, const struct world_choice *choices,
                   unsigned n_choices, struct outcome *o)
{
	struct machine *m = v->other;

	memcpy(m->words, words, v->world->words * sizeof(*words));
	if (verify_step(v, m, NULL, choices, n_choices))
		return -1;
	o->possible = !v->unknown && as_wanted(m, choices, n_choices) && m->cpu_number == cpu &&
	              m->action == ACTION_PREEMPT;
	o->violated = m->violated;
	o->ends = m->ended;
	o->words = m->words;
	return 0;
}

static void copy_claimed(const struct verify *v, const uint32_t *from, uint32_t *to)
{
	const struct world *w = v->world;
	uint32_t at = (w->symbols.thread_union + v->preempted * THREAD_SIZE + TI_CLAIMED - w->ram_base) / 4;

	for (unsigned s = 0; s < w->n_slots; s++) {
		enum slot_class class = w->slots[s].class;

		if ((class != SLOT_TASK && class != SLOT_TASK_VFP) || from[at] < NR_CPUS ||
		    w->slots[s].index != from[at])
			continue;
		for (unsigned k = 0; k < w->slots[s].spans; k++)
			memcpy(to + w->slots[s].span[k].first, from + w->slots[s].span[k].first,
			       w->slots[s].span[k].count * sizeof(*to));
	}
}

/* The first word in which both differ, unless it is dead in one; only some of what is dead is found in time. */
static uint32_t live_difference(const struct verify *v, uint32_t *a, uint32_t *b, unsigned except)
{
	uint32_t i;

	while ((i = verify_difference(v, a, b, except)) < v->world->words &&
	       (is_poison(a[i]) || is_poison(b[i])))
		a[i] = b[i] = POISON_ANONYMOUS;
	return i;
}

/*
 * Registers that stay as they are until somebody else needs them: SP and LR of user mode, which whoever goes there
 * loads; the masks of FIQs and asynchronous aborts, of which there are none.
 */
static void copy_rest(const struct verify *v, unsigned cpu, const uint32_t *from, uint32_t *to)
{
	uint32_t first = v->world->cpus_at + cpu * v->world->cpu_words;
	uint32_t sp = first + offsetof(struct cpu, core.sp[BANK_USR]) / 4;
	uint32_t lr = first + offsetof(struct cpu, core.lr[BANK_USR]) / 4;

	uint32_t cpsr = first + offsetof(struct cpu, core.cpsr) / 4;

	to[sp] = from[sp];
	to[lr] = from[lr];
	to[cpsr] = (to[cpsr] & ~(PSR_A | PSR_F)) | (from[cpsr] & (PSR_A | PSR_F));
}

/* Does it come to the same, but for the thread's own stack and thread_info, as `from` then preempted? */
static int comes_to(struct verify *v, const uint32_t *from, const struct preemption *x,
                    const struct outcome *o, const struct world_choice *choices, unsigned n, bool *possible,
                    bool *alike, uint32_t *where)
{
	struct outcome other;
	unsigned own = 0;
	const struct world *w = v->world;

	while (w->slots[own].class != SLOT_TASK || w->slots[own].index != v->preempted)
		own++;
	if (preempt(v, from, x->t->cpu, choices, n, &other))
		return -1;
	*possible = other.possible;
	/* Nobody else touches a task that the thread has in hand. */
	copy_claimed(v, o->words, other.words);
	copy_rest(v, x->t->cpu, o->words, other.words);
	*where = live_difference(v, other.words, o->words, own);
	*alike = other.possible && other.violated == o->violated && other.ends == o->ends &&
	         (o->ends || *where == w->words);
	return 0;
}

static int check_preemption(struct preemption *x, struct machine *m, unsigned at)
{
	struct verify *v = x->v;
	const struct world *w = v->world;
	struct model_label label = {0};
	struct outcome o = {.words = v->b};
	bool more = true;

	memcpy(v->a, m->words, w->words * sizeof(*v->a));
	v->preempted = machine_task(m, m->cpu_number);
	while (more) {
		struct world_choice choices[WANTED_MAX];
		bool before, behind = false, alike;
		unsigned n;
		uint32_t where = 0;
		char place[64];

		memcpy(v->other->words, v->a, w->words * sizeof(*v->a));
		if (verify_step(v, v->other, &label, NULL, 0))
			return -1;
		more = machine_next_label(v->other, &label);
		if (v->unknown || v->other->disabled || v->other->cpu_number != x->t->cpu ||
		    v->other->action != ACTION_PREEMPT)
			continue;
		/* Where the step ends before the other task runs, the registers are still the thread's own. */
		if (!v->other->ended && machine_task(v->other, x->t->cpu) == v->preempted)
			continue;
		/* It is also for the preempted thread's CPU to bring into canonical form what that thread has written. */
		for (unsigned s = 0; s < w->n_slots; s++)
			v->other->dirty[s] |= m->dirty[s];
		if (!v->other->ended)
			machine_canonicalise(v->other);
		n = wanted_choices(v->other->choices, v->other->n_choices, choices);
		n += wanted_choices(v->other->forced, v->other->n_forced, choices + n);
		o.possible = true;
		o.violated = v->other->violated;
		o.ends = v->other->ended;
		memcpy(o.words, v->other->words, w->words * sizeof(*o.words));
		v->counts.preemptions++;
		if (comes_to(v, v->state, x, &o, choices, n, &before, &alike, &where))
			return -1;
		if (!alike && !x->t->ends &&
		    comes_to(v, x->t->next, x, &o, choices, n, &behind, &alike, &where))
			return -1;
		if (!alike && (before || behind))
			return verify_differs(v, x->t,
			                      "before its instruction %u, at 0x%08x, a preemption makes a "
			                      "difference, at %s (0x%08x)",
			                      at, x->t->pcs[at], verify_place(v, where, place, sizeof(place)),
			                      v->other->words[where] ^ o.words[where]);
	}
	return 0;
}

static void try_preemption(void *arg, struct machine *m)
{
	struct preemption *x = arg;
	unsigned at = x->now++;
	bool worth = false, preemptible;

	if (at == 0 || at >= x->t->n_pcs || x->failed)
		return;
	m->learnt = NULL; /* that we ask teaches nothing: a preempt count that is dead is not 0 */
	preemptible = boundary_preemptible(m);
	m->learnt = &x->v->learnt;
	if (!preemptible)
		return;
	x->failed = worth_it(x->v, x->t->pcs[at], x->t, 0, ACTION_PREEMPT, &worth) != 0;
	if (!x->failed && worth) {
		x->v->may_learn = true;
		x->failed = check_preemption(x, m, at) != 0;
		x->v->may_learn = false;
	}
}

static int check_preemptions(struct verify *v, const struct taken *t)
{
	struct preemption x = {.v = v, .t = t};
	int status;

	memcpy(v->m->words, v->state, v->world->words * sizeof(*v->state));
	v->m->between = try_preemption;
	v->m->between_arg = &x;
	status = verify_step(v, v->m, &t->t.label, NULL, 0);
	v->m->between = NULL;
	return status || x.failed ? -1 : 0;
}

int verify_merge(struct verify *v)
{
	if (v->world->config.granularity == GRANULARITY_INSN)
		return 0;
	for (unsigned k = 0; k < v->n; k++) {
		for (unsigned i = 0; i < v->n; i++) {
			if (v->taken[i].cpu != v->taken[k].cpu && check_pair(v, &v->taken[k], &v->taken[i]))
				return -1;
		}
		/* What is dead differs, and only the canonical form says what that is. */
		if ((v->world->config.unreduced & REDUCTION_DEAD) == 0 && check_preemptions(v, &v->taken[k]))
			return -1;
	}
	return 0;
}
