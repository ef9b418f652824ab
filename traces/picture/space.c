/* SPDX-License-Identifier: MIT */
#include "space.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/world/collapsed.h"
#include "model/world/dictionary.h"
#include "model/world/slots.h"

struct explorer {
	struct space *space;
	const struct space_options *options;
	const struct world *world;
	struct collapsed *collapsed;
	struct machine
	        *machine; /* is brought into each state, to look at it and to make its steps once more */
	struct learnt *learnt;
	uint32_t *booted, *here; /* [world->words]: behind boot; in the state at hand */
	uint32_t *state;         /* [words of a state] */
	size_t words;
	struct dictionary states, classes; /* by number; by their rows */
	uint32_t *class_of;                /* [max_states], by state */
	char (*row)[COLUMN_TEXT];          /* of all fields */
	uint32_t *key;                     /* of a class */
	uint32_t from;                     /* the class at hand */
	struct error *error;
	bool failed;
};

static int no_memory(struct explorer *x)
{
	x->failed = true;
	return error_set(x->error, "out of memory");
}

/* Brings the machine into the state. */
static void enter(struct explorer *x, const uint32_t *state)
{
	struct machine *m = x->machine;

	memcpy(m->words, x->booted, x->world->words * sizeof(*m->words));
	for (unsigned s = 0; s < x->world->n_slots; s++) {
		uint32_t count;
		const uint32_t *words = collapsed_contents(x->collapsed, s, state[s], &count);

		slot_scatter(m, &x->world->slots[s], words, count);
	}
}

/* Who it is does not matter, only what. */
static void make_kind(const struct column *column, char value[COLUMN_TEXT])
{
	const char *kind = strncmp(value, "vcpu", 4) == 0 ? "guest" : "thread";
	char made[COLUMN_TEXT] = {0};

	if (strcmp(column->label, "mode") == 0)
		(void)snprintf(made, sizeof(made), "%s", strcmp(value, "guest") == 0 ? value : "host");
	else if (column->context && isdigit((unsigned char)value[strcspn(value, "0123456789")]))
		(void)snprintf(made, sizeof(made), "%s%.20s", kind, value + strcspn(value, " "));
	else
		return;                    /* "nobody", "mixed" */
	memcpy(value, made, sizeof(made)); /* to its last byte: classes are told apart by them */
}

/* The class of the state that the machine is in; UINT32_MAX: one too many, or out of memory. */
static uint32_t classify(struct explorer *x)
{
	struct space *space = x->space;
	size_t bytes = space->row * COLUMN_TEXT;
	char(*values)[COLUMN_TEXT] = (char(*)[COLUMN_TEXT])x->key;
	uint32_t class;

	memset(x->row, 0, space->columns.n * COLUMN_TEXT);
	columns_read(&space->columns, x->machine, x->row);
	for (size_t i = 0; i < space->row; i++) {
		size_t field = x->options->n_fields > 0 ? x->options->fields[i] : i;

		memset(values[i], 0, COLUMN_TEXT);
		(void)strncpy(values[i], x->row[field], COLUMN_TEXT - 1);
		if (x->options->kinds)
			make_kind(&space->columns.column[field], values[i]);
	}
	/* Without fields no two states are alike. */
	x->key[bytes / sizeof(*x->key)] = x->options->n_fields > 0 ? 1 : (uint32_t)space->states + 1;
	class = dictionary_intern(&x->classes, x->key, (uint32_t)(bytes / sizeof(*x->key) + 1));
	if (class == UINT32_MAX) {
		(void)no_memory(x);
		return class;
	}
	if (class >= x->options->max_classes) {
		space->limit = "node limit";
		return UINT32_MAX;
	}
	if (class == space->n_classes) {
		memcpy(space->values + class * space->row, values, bytes);
		space->classes[space->n_classes++].values = space->values + class * space->row;
	}
	return class;
}

/* The number of a state, and its class; UINT32_MAX: one too many. */
static uint32_t reach(struct explorer *x, const uint32_t *state)
{
	uint32_t before = x->states.n, number, class;

	if (before >= x->options->max_states) {
		x->space->limit = "state limit";
		return UINT32_MAX;
	}
	/* A last word that is not zero: vectors are compared whole. */
	memcpy(x->state, state, x->words * sizeof(*state));
	x->state[x->words] = 1;
	number = dictionary_intern(&x->states, x->state, (uint32_t)x->words + 1);
	if (number == UINT32_MAX) {
		(void)no_memory(x);
		return number;
	}
	if (number < before)
		return number;
	enter(x, state);
	class = classify(x);
	x->class_of[number] = class;
	if (class == UINT32_MAX)
		return class;
	x->space->classes[class].states++;
	x->space->states++;
	return number;
}

static int by_ends(const void *a, const void *b)
{
	const struct space_edge *x = a, *y = b;

	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	if (x->violated != y->violated)
		return x->violated < y->violated ? -1 : 1;
	if (x->to != y->to)
		return x->to < y->to ? -1 : 1;
	return strcmp(x->event, y->event);
}

/* Those that are alike become one. */
static void tidy(struct space *space)
{
	size_t kept = 0;

	if (space->n_edges > 1)
		qsort(space->edges, space->n_edges, sizeof(*space->edges), by_ends);
	for (size_t i = 0; i < space->n_edges; i++) {
		if (kept > 0 && by_ends(&space->edges[kept - 1], &space->edges[i]) == 0)
			space->edges[kept - 1].steps += space->edges[i].steps;
		else
			space->edges[kept++] = space->edges[i];
	}
	space->n_edges = kept;
}

static int add_edge(struct explorer *x, const struct space_edge *edge)
{
	struct space *space = x->space;

	if (space->n_edges == space->edges_size)
		tidy(space);
	if (space->n_edges * 2 >= space->edges_size) {
		size_t size = space->edges_size ? 2 * space->edges_size : 1024;
		struct space_edge *edges = realloc(space->edges, size * sizeof(*edges));

		if (!edges)
			return no_memory(x);
		space->edges = edges;
		space->edges_size = size;
	}
	space->edges[space->n_edges++] = *edge;
	return 0;
}

/* The step once more, on the machine: it says what was done. */
static int find_event(struct explorer *x, const struct model_label *label, struct space_edge *edge)
{
	struct machine *m = x->machine;
	int n;

	memcpy(m->words, x->here, x->world->words * sizeof(*m->words));
	*x->learnt = *collapsed_learnt(x->collapsed);
	m->learnt = x->learnt;
	if (machine_step(m, label, x->error)) {
		x->failed = true;
		return -1;
	}
	n = snprintf(edge->event, sizeof(edge->event), "%s", world_action_names[m->action]);
	if (x->world->config.cpus > 1)
		(void)snprintf(edge->event + n, sizeof(edge->event) - (size_t)n, " (cpu%u)", m->cpu_number);
	return 0;
}

static int on_step(void *arg, const struct model_transition *t)
{
	struct explorer *x = arg;
	struct space_edge edge = {
	        .from = x->from, .violated = t->violated & x->options->properties, .steps = 1};
	uint32_t to;

	x->space->transitions++;
	if (find_event(x, &t->label, &edge))
		return 1;
	if (edge.violated == 0 && t->next) {
		to = reach(x, t->next);
		if (to == UINT32_MAX)
			return 1;
		edge.to = x->class_of[to];
	} else if (edge.violated == 0) {
		return 0; /* the run ends, by what nobody asked about */
	}
	return add_edge(x, &edge);
}

/* One pass; model_status as the model says, MODEL_STOPPED with a limit or a failure. */
static enum model_status explore(struct explorer *x)
{
	const struct model *model = collapsed_model(x->collapsed);
	uint32_t *state = x->state + x->words + 1;
	enum model_status status = model->initial(model->self, state, x->error);

	if (status != MODEL_OK)
		return status;
	if (reach(x, state) == UINT32_MAX)
		return MODEL_STOPPED;
	for (uint32_t i = 0; i < x->states.n; i++) {
		uint32_t count;

		memcpy(state, dictionary_words(&x->states, i, &count), x->words * sizeof(*state));
		x->from = x->class_of[i];
		enter(x, state);
		memcpy(x->here, x->machine->words, x->world->words * sizeof(*x->here));
		status = model->successors(model->self, state, on_step, x, x->error);
		if (status != MODEL_OK)
			return status;
	}
	return MODEL_OK;
}

static void begin_again(struct explorer *x)
{
	struct space *space = x->space;

	dictionary_free(&x->states);
	dictionary_free(&x->classes);
	for (uint32_t i = 0; i < space->n_classes; i++)
		space->classes[i] = (struct space_class){0};
	space->n_classes = 0;
	space->n_edges = 0;
	space->states = space->transitions = 0;
	space->limit = NULL;
}

static int make_room(struct explorer *x)
{
	struct space *space = x->space;
	size_t max = x->options->max_classes;

	space->row = x->options->n_fields > 0 ? x->options->n_fields : space->columns.n;
	space->classes = calloc(max, sizeof(*space->classes));
	space->values = calloc(max * space->row, sizeof(*space->values));
	x->words = x->world->n_slots;
	x->state = calloc(2 * x->words + 2, sizeof(*x->state));
	x->class_of = calloc(x->options->max_states, sizeof(*x->class_of));
	x->row = calloc(space->columns.n, sizeof(*x->row));
	x->key = calloc(space->row * COLUMN_TEXT / sizeof(*x->key) + 1, sizeof(*x->key));
	x->booted = calloc(x->world->words, sizeof(*x->booted));
	x->here = calloc(x->world->words, sizeof(*x->here));
	x->learnt = calloc(1, sizeof(*x->learnt));
	x->machine = machine_new(x->world);
	return space->classes && space->values && x->state && x->class_of && x->row && x->key && x->booted &&
	                       x->here && x->learnt && x->machine
	               ? 0
	               : no_memory(x);
}

static void explorer_free(struct explorer *x)
{
	collapsed_free(x->collapsed);
	machine_free(x->machine);
	dictionary_free(&x->states);
	dictionary_free(&x->classes);
	free(x->state);
	free(x->class_of);
	free(x->row);
	free(x->key);
	free(x->booted);
	free(x->here);
	free(x->learnt);
}

static int explore_all(struct explorer *x)
{
	enum model_status status;

	if (machine_boot(x->machine, x->error))
		return -1;
	memcpy(x->booted, x->machine->words, x->world->words * sizeof(*x->booted));
	do {
		begin_again(x);
		status = explore(x);
	} while (status == MODEL_REFINED);
	tidy(x->space);
	return status == MODEL_ERROR || x->failed ? -1 : 0;
}

int space_explore(struct space *space, const struct world *world, const struct space_options *options,
                  struct error *e)
{
	const struct collapsed_options whole = {.symmetry = false};
	struct explorer x = {.space = space, .options = options, .world = world, .error = e};
	int status;

	*space = (struct space){0};
	status = columns_open(&space->columns, world, e);
	if (status == 0)
		status = make_room(&x);
	if (status == 0) {
		x.collapsed = collapsed_new(world, &whole, e);
		status = x.collapsed ? explore_all(&x) : -1;
	}
	explorer_free(&x);
	return status;
}

void space_free(struct space *space)
{
	columns_free(&space->columns);
	free(space->classes);
	free(space->values);
	free(space->edges);
	*space = (struct space){0};
}
