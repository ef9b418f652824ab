/* SPDX-License-Identifier: MIT */
#include "commute.h"

#include <stdlib.h>
#include <string.h>

/* Whom the alternatives of a question name. */
static const enum name_kind question_names[QUESTIONS] = {
        [QUESTION_CPU] = NAME_CPU,        [QUESTION_ACTION] = NAME_PLAIN,    [QUESTION_PICK] = NAME_TASK,
        [QUESTION_SIGNAL] = NAME_PLAIN,   [QUESTION_USERSPACE] = NAME_PLAIN, [QUESTION_NEON] = NAME_PLAIN,
        [QUESTION_UNSYNCED] = NAME_PLAIN, [QUESTION_TASK] = NAME_TASK,       [QUESTION_VCPU] = NAME_VCPU,
        [QUESTION_WRITE] = NAME_PLAIN,    [QUESTION_LOST] = NAME_PLAIN,      [QUESTION_ENABLE] = NAME_PLAIN,
};

enum name_kind commute_names(enum world_question question)
{
	return question_names[question];
}

/*
 * A step to be compared with those that it is under the permutations. Where it began is the image of where another
 * did, of which only those slots are filled in that somebody has asked for: which contents get numbers, and
 * which ones, must depend on steps alone, and not on the states that they are made from.
 */
struct item {
	uint32_t *state;
	unsigned parent, element;
	struct path_event *path;
	unsigned path_length;
	uint32_t leaf;
};

struct check {
	struct steps *steps;
	struct symmetry *symmetry;
	struct error *error;
	struct item *items;
	unsigned n, capacity;

	/* The comparison in progress, of items[at] with its image. */
	unsigned at, element;
	uint32_t *image; /* of the state, as far as it has been asked for */
	uint32_t *after,
	        *image_after; /* what the step and the image's step wrote; the rest is STEPS_NOT_YET */
	uint8_t *read;        /* [n_slots] */
	struct path_event path[STEPS_PATH_MAX]; /* of the image's step */
	unsigned path_length;
	uint32_t leaf;
};

static enum model_status out_of_memory(struct error *e)
{
	error_set(e, "out of memory");
	return MODEL_ERROR;
}

/* What is in a slot where a step began. UINT32_MAX: out of memory. */
static uint32_t item_number(struct check *c, unsigned at, unsigned slot)
{
	const struct world *w = c->steps->world;
	struct item *item = &c->items[at];

	if (item->state[slot] == STEPS_NOT_YET) {
		unsigned from = c->symmetry->from[item->element * w->n_slots + slot];
		uint32_t number = item_number(c, item->parent, from);

		if (number != UINT32_MAX)
			item->state[slot] =
			        symmetry_rename(c->symmetry, w->slots[slot].class, number, item->element);
	}
	return item->state[slot];
}

/* The same of the image of items[at]. */
static uint32_t image_number(void *arg, unsigned slot)
{
	struct check *c = arg;
	const struct world *w = c->steps->world;

	if (c->image[slot] == STEPS_NOT_YET) {
		uint32_t number = item_number(c, c->at, c->symmetry->from[c->element * w->n_slots + slot]);

		if (number != UINT32_MAX)
			c->image[slot] =
			        symmetry_rename(c->symmetry, w->slots[slot].class, number, c->element);
	}
	return c->image[slot];
}

/* Notes the step made last. */
static enum model_status add(struct check *c, const uint32_t *state)
{
	const struct steps *s = c->steps;
	size_t words = s->world->n_slots;
	struct item *item;

	if (c->n == c->capacity) {
		unsigned capacity = c->capacity ? c->capacity * 2 : 16;
		struct item *items = realloc(c->items, capacity * sizeof(*items));

		if (!items)
			return out_of_memory(c->error);
		c->items = items;
		c->capacity = capacity;
	}
	item = &c->items[c->n];
	*item = (struct item){
	        .path_length = s->path_length, .leaf = s->leaf, .parent = c->at, .element = c->element};
	item->state = calloc(words, sizeof(*state));
	item->path = calloc(s->path_length + 1, sizeof(*item->path));
	c->n++;
	if (!item->state || !item->path)
		return out_of_memory(c->error);
	memcpy(item->state, state, words * sizeof(*state));
	memcpy(item->path, s->path, s->path_length * sizeof(*item->path));
	return MODEL_OK;
}

/* What is chosen in the image of a step, by its meaning. */
static unsigned wanted_choices(const struct check *c, const struct item *item, struct world_choice *wanted)
{
	const struct renaming *r = &c->symmetry->elements[c->element];
	unsigned n = 0;

	for (unsigned i = 0; i < item->path_length; i++) {
		const struct path_event *event = &item->path[i];
		const struct question *q;
		uint32_t meaning;

		if (event->node.kind != NODE_CHOICE)
			continue;
		q = &c->steps->cache.questions[node_question(event->node)];
		meaning = q->meaning[event->value];
		meaning = renaming_word(r, c->steps->world, question_names[q->asked], meaning);
		wanted[n++] = (struct world_choice){.question = (enum world_question)q->asked,
		                                    .alternatives = q->alternatives,
		                                    .meaning = meaning};
	}
	return n;
}

static bool find_answer(const struct question *q, const struct world_choice *wanted, uint32_t *answer)
{
	for (*answer = 0; q->asked == wanted->question && q->alternatives == wanted->alternatives &&
	                  *answer < q->alternatives;
	     ++*answer) {
		if (q->meaning[*answer] == wanted->meaning)
			return true;
	}
	return false;
}

enum found { FOUND, UNKNOWN, DIFFERENT, NO_MEMORY };

/* Looks for the image's step among those that are remembered. */
static enum found find(struct check *c, const struct world_choice *wanted, unsigned n_wanted)
{
	const struct step_cache *cache = &c->steps->cache;
	uint32_t node = STEP_CACHE_ROOT, value;
	unsigned chosen = 0;

	for (c->path_length = 0; c->path_length < STEPS_PATH_MAX; c->path_length++) {
		struct node at = cache->nodes[node];

		if (at.kind == NODE_UNKNOWN)
			return UNKNOWN;
		if (at.kind == NODE_LEAF) {
			c->leaf = at.what;
			return chosen == n_wanted ? FOUND : DIFFERENT;
		}
		if (at.kind == NODE_READ)
			value = image_number(c, at.what);
		else if (chosen == n_wanted ||
		         !find_answer(&cache->questions[node_question(at)], &wanted[chosen++], &value))
			return DIFFERENT;
		if (value == UINT32_MAX)
			return NO_MEMORY;
		c->path[c->path_length] = (struct path_event){at, value};
		node = step_cache_next(cache, node, value);
		if (node == STEP_CACHE_NONE)
			return UNKNOWN;
	}
	return UNKNOWN;
}

/* Did both read the same things, but for the names? */
static bool same_reads(struct check *c, const struct item *item)
{
	const struct world *w = c->steps->world;
	const uint16_t *from = c->symmetry->from + (size_t)c->element * w->n_slots;
	unsigned reads = 0;

	memset(c->read, 0, w->n_slots);
	for (unsigned i = 0; i < item->path_length; i++) {
		if (item->path[i].node.kind == NODE_READ) {
			c->read[item->path[i].node.what] = 1;
			reads++;
		}
	}
	for (unsigned i = 0; i < c->path_length; i++) {
		if (c->path[i].node.kind != NODE_READ)
			continue;
		if (!c->read[from[c->path[i].node.what]])
			return false;
		reads--;
	}
	return reads == 0;
}

static bool same_outcome(const struct check *c, const struct leaf *leaf, const struct leaf *image)
{
	const struct world *w = c->steps->world;
	const uint16_t *from = c->symmetry->from + (size_t)c->element * w->n_slots;

	if (leaf->violated != image->violated || leaf->ended != image->ended ||
	    leaf->disabled != image->disabled || (leaf->wrote < 0) != (image->wrote < 0))
		return false;
	if (leaf->wrote < 0)
		return true;
	if (renaming_owner(&c->symmetry->elements[c->element], w, (unsigned)leaf->wrote) !=
	    (unsigned)image->wrote)
		return false;
	return image->fresh < w->n_slots ? leaf->fresh == from[image->fresh] : leaf->fresh == image->fresh;
}

static void note_writes(const struct check *c, const struct leaf *leaf, uint32_t *after)
{
	for (unsigned i = 0; i < c->steps->world->n_slots; i++)
		after[i] = STEPS_NOT_YET;
	for (uint32_t i = 0; i < leaf->n_writes; i++) {
		const struct slot_write *write = &c->steps->cache.writes[leaf->writes + i];

		after[write->slot] = write->number;
	}
}

static void fetch(struct check *c, enum slot_class class, uint32_t number, uint32_t *words)
{
	uint32_t count, size = c->symmetry->naming.words[class];
	const uint32_t *contents = dictionary_words(&c->steps->dictionary[class], number, &count);

	memcpy(words, contents, count * sizeof(*words));
	memset(words + count, 0, (size - count) * sizeof(*words));
}

/* The contents of a slot differ from what they should be: do words in them name somebody, unknown to us? */
static enum model_status learn_names(struct check *c, enum slot_class class, uint32_t number,
                                     uint32_t expected, uint32_t actual, bool *learnt)
{
	const struct symmetry *s = c->symmetry;
	const struct renaming *r = &s->elements[c->element];
	uint32_t n = s->naming.words[class];
	uint32_t *words = calloc((size_t)n * 3 + 1, sizeof(*words));

	*learnt = false;
	if (!words)
		return out_of_memory(c->error);
	fetch(c, class, number, words);
	fetch(c, class, expected, words + n);
	fetch(c, class, actual, words + 2 * (size_t)n);
	*learnt = naming_learn(&c->symmetry->naming, r, class, words, words + n, words + 2 * (size_t)n);
	free(words);
	return MODEL_OK;
}

/* Compares what the two steps left. What neither wrote is each other's image still. */
static enum model_status compare(struct check *c, const struct item *item, bool *same, bool *learnt)
{
	const struct step_cache *cache = &c->steps->cache;
	const struct leaf *leaf = &cache->leaves[item->leaf], *image = &cache->leaves[c->leaf];
	const struct world *w = c->steps->world;

	*same = *learnt = false;
	if (!same_reads(c, item) || !same_outcome(c, leaf, image))
		return MODEL_OK;
	if (leaf->ended || leaf->disabled) {
		*same = true;
		return MODEL_OK;
	}
	note_writes(c, leaf, c->after);
	note_writes(c, image, c->image_after);
	for (unsigned i = 0; i < w->n_slots; i++) {
		unsigned from = c->symmetry->from[c->element * w->n_slots + i];
		enum slot_class class = w->slots[i].class;
		uint32_t number = c->after[from], actual = c->image_after[i], expected = UINT32_MAX;

		if (number == STEPS_NOT_YET && actual == STEPS_NOT_YET)
			continue;
		if (number == STEPS_NOT_YET)
			number = item_number(c, c->at, from);
		if (actual == STEPS_NOT_YET)
			actual = image_number(c, i);
		if (number != UINT32_MAX)
			expected = symmetry_rename(c->symmetry, class, number, c->element);
		if (actual == UINT32_MAX || expected == UINT32_MAX)
			return out_of_memory(c->error);
		if (expected != actual)
			return learn_names(c, class, number, expected, actual, learnt);
	}
	*same = true;
	return MODEL_OK;
}

/* A step and its image under a generator. */
static enum model_status check_one(struct check *c, unsigned at, unsigned generator)
{
	const struct item item = c->items[at]; /* they may move */
	struct world_choice wanted[MODEL_LABEL_MAX];
	enum model_status status = MODEL_OK;
	bool same = false, learnt = false;
	unsigned n_wanted;
	enum found found;

	c->at = at;
	c->element = c->symmetry->generators[generator].element;
	for (unsigned i = 0; i < c->steps->world->n_slots; i++)
		c->image[i] = STEPS_NOT_YET;
	n_wanted = wanted_choices(c, &item, wanted);
	found = find(c, wanted, n_wanted);
	if (found == NO_MEMORY)
		return out_of_memory(c->error);
	if (found == UNKNOWN) {
		status = steps_run(c->steps, c->image, NULL, wanted, n_wanted, c->error);
		if (status == MODEL_OK && c->steps->is_new)
			status = add(c, c->image);
		if (status != MODEL_OK)
			return status;
		memcpy(c->path, c->steps->path, c->steps->path_length * sizeof(*c->path));
		c->path_length = c->steps->path_length;
		c->leaf = c->steps->leaf;
		if (!c->steps->machine->unwanted && c->steps->machine->n_choices == n_wanted)
			found = FOUND;
	}
	if (found == FOUND)
		status = compare(c, &item, &same, &learnt);
	if (status != MODEL_OK || same)
		return status;
	if (!learnt && symmetry_give_up(c->symmetry, generator, c->error))
		return MODEL_ERROR;
	symmetry_forget(c->symmetry);
	return steps_forget(c->steps, false, c->error) ? MODEL_ERROR : MODEL_REFINED;
}

enum model_status commute_check(struct steps *steps, struct symmetry *symmetry, struct error *e)
{
	size_t words = steps->world->n_slots;
	struct check *c;
	enum model_status status = MODEL_OK;

	if (symmetry->n_generators == 0 || !steps->is_new)
		return MODEL_OK;
	c = calloc(1, sizeof(*c));
	if (!c)
		return out_of_memory(e);
	c->steps = steps;
	c->symmetry = symmetry;
	c->error = e;
	steps->fill_in = image_number;
	steps->fill_in_arg = c;
	c->image = calloc(words * 3, sizeof(*c->image));
	c->read = calloc(words, 1);
	if (c->image && c->read) {
		c->after = c->image + words;
		c->image_after = c->after + words;
		status = add(c, steps->state);
	} else {
		status = out_of_memory(e);
	}
	for (unsigned i = 0; status == MODEL_OK && i < c->n; i++) {
		for (unsigned g = 0; status == MODEL_OK && g < symmetry->n_generators; g++)
			status = check_one(c, i, g);
	}
	for (unsigned i = 0; i < c->n; i++) {
		free(c->items[i].state);
		free(c->items[i].path);
	}
	free(c->items);
	free(c->image);
	free(c->read);
	free(c);
	steps->fill_in = NULL;
	steps->fill_in_arg = NULL;
	return status;
}
