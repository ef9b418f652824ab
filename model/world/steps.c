/* SPDX-License-Identifier: MIT */
#include "steps.h"

#include <stdlib.h>
#include <string.h>

#include "memory.h"
#include "slots.h"

static void on_path(struct steps *s, enum node_kind kind, uint32_t what, uint32_t value)
{
	if (s->path_length == STEPS_PATH_MAX) {
		s->path_too_long = true;
		return;
	}
	s->path[s->path_length++] = (struct path_event){{kind, what}, value};
}

static void load_slot(void *arg, struct machine *m, unsigned slot)
{
	struct steps *s = arg;
	uint32_t count, number = s->state[slot];
	const uint32_t *words;

	if (number == STEPS_NOT_YET)
		number = s->fill_in(s->fill_in_arg, slot);
	if (number == UINT32_MAX) {
		s->out_of_memory = true;
		number = 0;
	}
	words = dictionary_words(steps_dictionary(s, slot), number, &count);
	slot_scatter(m, &s->world->slots[slot], words, count);
	on_path(s, NODE_READ, slot, number);
}

static void choice_made(void *arg, struct machine *m, const uint32_t *meanings)
{
	struct steps *s = arg;
	const struct world_choice *choice = &m->choices[m->n_choices - 1];
	uint32_t question = step_cache_question(&s->cache, choice->question, meanings, choice->alternatives);

	if (question == STEP_CACHE_NONE)
		s->out_of_memory = true;
	on_path(s, NODE_CHOICE, question, choice->answer);
}

static uint32_t intern_slot(struct steps *s, unsigned slot)
{
	uint32_t n = slot_gather(s->machine, &s->world->slots[slot], s->scratch);
	uint32_t number = dictionary_intern(steps_dictionary(s, slot), s->scratch, n);

	if (number == UINT32_MAX)
		s->out_of_memory = true;
	return number;
}

/* What the step that the machine has just made leaves behind. */
static struct leaf make_leaf(struct steps *s)
{
	struct machine *m = s->machine;
	struct leaf leaf = {
	        .violated = m->violated, .wrote = m->wrote, .ended = m->ended, .disabled = m->disabled};
	unsigned first = s->world->slot_cpu[m->cpu_number];

	leaf.cause = machine_cause(m);
	leaf.progress = m->progress;
	leaf.process = (uint8_t)machine_process(m);
	machine_label(m, &leaf.label);
	leaf.fresh = (uint16_t)m->fresh;
	if (m->ended || m->disabled) {
		memory_forget_spent(m);
		return leaf;
	}
	machine_canonicalise(m);
	for (unsigned i = first; i < first + 4; i++)
		m->dirty[i] = m->loaded[i];
	for (unsigned i = 0; i < s->world->n_slots; i++) {
		uint32_t number;

		if (!m->dirty[i])
			continue;
		number = intern_slot(s, i);
		/* Writing what was read is no write, unless the read's value gets lost: new FP data. */
		if (number != s->state[i])
			s->writes[leaf.n_writes++] = (struct slot_write){i, number};
	}
	return leaf;
}

/* Enters the step just made into the cache. Returns the leaf's index, or STEP_CACHE_NONE when out of memory.
 */
static uint32_t remember(struct steps *s, const struct leaf *leaf)
{
	uint32_t node = STEP_CACHE_ROOT;

	for (unsigned i = 0; i < s->path_length; i++) {
		const struct node *at = &s->cache.nodes[node], *made = &s->path[i].node;

		if (at->kind == NODE_UNKNOWN) {
			if (!step_cache_define(&s->cache, node, made->kind, made->what))
				return STEP_CACHE_NONE;
		} else if (at->kind != made->kind || at->what != made->what) {
			/* The step was no function of what it read: a bug in the model, not in the image. */
			s->inconsistent = true;
			return STEP_CACHE_NONE;
		}
		node = step_cache_extend(&s->cache, node, s->path[i].value);
		if (node == STEP_CACHE_NONE)
			return STEP_CACHE_NONE;
	}
	s->is_new = s->cache.nodes[node].kind == NODE_UNKNOWN;
	if (s->is_new) {
		uint32_t index = step_cache_leaf(&s->cache, leaf, s->writes);

		if (index == STEP_CACHE_NONE || !step_cache_define(&s->cache, node, NODE_LEAF, index))
			return STEP_CACHE_NONE;
	}
	return s->cache.nodes[node].what;
}

static enum model_status out_of_memory(struct error *e)
{
	error_set(e, "out of memory");
	return MODEL_ERROR;
}

int steps_forget(struct steps *s, bool with_contents, struct error *e)
{
	for (unsigned i = 0; with_contents && i < SLOT_CLASSES; i++)
		dictionary_free(&s->dictionary[i]);
	step_cache_free(&s->cache);
	return step_cache_init(&s->cache) ? 0 : error_set(e, "out of memory");
}

enum model_status steps_run(struct steps *s, const uint32_t *state, const struct model_label *label,
                            const struct world_choice *wanted, unsigned n_wanted, struct error *e)
{
	struct machine *m = s->machine;
	struct leaf leaf;

	memset(m->loaded, 0, s->world->n_slots);
	memset(m->dirty, 0, s->world->n_slots);
	m->wanted = wanted;
	m->n_wanted = n_wanted;
	s->state = state;
	s->path_length = 0;
	s->run++;
	if (machine_step(m, label, e))
		return MODEL_ERROR;
	if (s->learnt.refined) {
		s->learnt.refined = false;
		memory_forget_spent(m);
		return steps_forget(s, false, e) ? MODEL_ERROR : MODEL_REFINED;
	}
	if (s->path_too_long) {
		error_set(e, "a step reads more than %d parts of the state", STEPS_PATH_MAX);
		return MODEL_ERROR;
	}
	leaf = make_leaf(s);
	if (s->out_of_memory)
		return out_of_memory(e);
	s->leaf = remember(s, &leaf);
	if (s->leaf != STEP_CACHE_NONE)
		return MODEL_OK;
	if (s->inconsistent) {
		error_set(e, "internal fault: a step depends on more than it reads");
		return MODEL_ERROR;
	}
	return out_of_memory(e);
}

enum model_status steps_boot(struct steps *s, uint32_t *state, struct error *e)
{
	struct machine *m = s->machine;
	int failed;

	memset(m->loaded, 1, s->world->n_slots);
	m->learnt = NULL;
	failed = machine_boot(m, e);
	m->learnt = &s->learnt;
	if (failed)
		return MODEL_ERROR;
	memory_forget_spent(m);
	memory_never_stored(m);
	for (unsigned i = 0; i < s->world->config.cpus; i++) {
		/* Of the idle tasks, only its own: the others run elsewhere. */
		for (unsigned k = 0; k < s->world->n_slots; k++)
			m->dirty[k] = s->world->slots[k].class != SLOT_TASK ||
			              s->world->slots[k].index >= NR_CPUS || s->world->slots[k].index == i;
		m->cpu_number = i;
		m->cpu = machine_cpu(m, i);
		machine_canonicalise(m);
	}
	for (unsigned i = 0; i < s->world->n_slots; i++)
		state[i] = intern_slot(s, i);
	return s->out_of_memory ? out_of_memory(e) : MODEL_OK;
}

int steps_init(struct steps *s, const struct world *w, struct error *e)
{
	uint32_t largest = 1;

	*s = (struct steps){.world = w, .machine = machine_new(w)};
	for (unsigned i = 0; i < SLOT_CLASSES; i++)
		s->dictionary[i].versions = world_versions(&w->config);
	for (unsigned i = 0; i < w->n_slots; i++)
		largest = w->slots[i].words > largest ? w->slots[i].words : largest;
	s->scratch = calloc(largest, sizeof(*s->scratch));
	s->writes = calloc(w->n_slots + 1, sizeof(*s->writes));
	if (s->machine) {
		s->machine->spent = calloc(w->ram_words, 1);
		s->machine->coverage = coverage_new(w->image);
	}
	if (!s->machine || !s->machine->spent || !s->machine->coverage || !s->scratch || !s->writes ||
	    !step_cache_init(&s->cache)) {
		steps_free(s);
		return error_set(e, "out of memory");
	}
	s->machine->learnt = &s->learnt;
	s->machine->load = load_slot;
	s->machine->load_arg = s;
	s->machine->chosen = choice_made;
	s->machine->chosen_arg = s;
	return 0;
}

void steps_free(struct steps *s)
{
	for (unsigned i = 0; i < SLOT_CLASSES; i++)
		dictionary_free(&s->dictionary[i]);
	step_cache_free(&s->cache);
	machine_free(s->machine);
	free(s->scratch);
	free(s->writes);
	s->machine = NULL;
	s->scratch = NULL;
	s->writes = NULL;
}

size_t steps_memory(const struct steps *s)
{
	size_t bytes = step_cache_memory(&s->cache);

	for (unsigned i = 0; i < SLOT_CLASSES; i++)
		bytes += dictionary_memory(&s->dictionary[i]);
	return bytes;
}
