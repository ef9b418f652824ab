/* SPDX-License-Identifier: MIT */
/* A walk on the machine itself, one step at a time. */
#include <stdlib.h>
#include <string.h>

#include "model/world/collapsed.h"
#include "private.h"
#include "session/causes.h"
#include "traces/columns.h"
#include "traces/names.h"
#include "traces/standstill.h"

enum { PLACE_TEXT = 192 };

struct choice {
	struct model_label label;
	char text[CHOICES_TEXT];
};

struct lazyswitch_cursor {
	const struct lazyswitch_system *system;
	struct machine *machine;
	struct learnt *learnt; /* where steps end */
	uint32_t *state;       /* the machine's words between steps */

	struct choice *choices;
	size_t n_choices, room;
	struct violation violated[VIOLATIONS_MAX];
	size_t n_violated;
	struct columns columns;
	char (*values)[COLUMN_TEXT]; /* of the state */
	char place[NR_CPUS][PLACE_TEXT];
};

/* A search learns where steps end before it begins; a walk is to make the same steps. */
static int learn(struct lazyswitch_cursor *c, struct error *e)
{
	struct collapsed *collapsed =
	        collapsed_new(c->system->world, &(struct collapsed_options){.symmetry = false}, e);
	const struct model *model = collapsed ? collapsed_model(collapsed) : NULL;
	uint32_t *initial = model ? calloc(model->words, sizeof(*initial)) : NULL;
	int status = -1;

	if (!initial)
		error_set(e, "out of memory");
	else if (model->initial(model->self, initial, e) == MODEL_OK)
		status = 0;
	if (status == 0)
		*c->learnt = *collapsed_learnt(collapsed);
	c->learnt->refined = false;
	free(initial);
	collapsed_free(collapsed);
	return status;
}

static void restore(struct lazyswitch_cursor *c)
{
	memcpy(c->machine->words, c->state, c->system->world->words * sizeof(*c->state));
}

static int add_choice(struct lazyswitch_cursor *c, const uint32_t tasks[NR_CPUS], struct error *e)
{
	struct choice *choice;

	if (c->n_choices == c->room) {
		size_t room = c->room == 0 ? 16 : 2 * c->room;
		struct choice *choices = realloc(c->choices, room * sizeof(*choices));

		if (!choices)
			return error_set(e, "out of memory");
		c->choices = choices;
		c->room = room;
	}
	choice = &c->choices[c->n_choices++];
	machine_label(c->machine, &choice->label);
	choices_text(c->machine, tasks[c->machine->cpu_number], choice->text, sizeof(choice->text));
	return 0;
}

/*
 * Finds what is possible, by making every step. One that teaches where steps end ends at once: then all are made again, as they are
 * now. What is learnt only grows.
 */
static int find_choices(struct lazyswitch_cursor *c, struct error *e)
{
	struct machine *m = c->machine;
	struct model_label label = {0};
	uint32_t tasks[NR_CPUS];
	bool more = true;

	for (unsigned cpu = 0; cpu < c->system->world->config.cpus; cpu++)
		tasks[cpu] = machine_task(m, cpu);
	c->n_choices = 0;
	while (more) {
		int status = machine_step(m, &label, e);

		if (status == 0 && c->learnt->refined) {
			c->learnt->refined = false;
			c->n_choices = 0;
			label = (struct model_label){0};
			restore(c);
			continue;
		}
		if (status || (!m->disabled && add_choice(c, tasks, e)))
			return -1;
		more = machine_next_label(m, &label);
		restore(c);
	}
	return 0;
}

static void look(struct lazyswitch_cursor *c)
{
	columns_read(&c->columns, c->machine, c->values);
	for (unsigned cpu = 0; cpu < c->system->world->config.cpus; cpu++)
		(void)causes_place(c->system->world->image, machine_cpu(c->machine, cpu)->core.pc,
		                   c->place[cpu], sizeof(c->place[cpu]));
}

static bool is_searched(const struct lazyswitch_cursor *c, enum world_property property)
{
	return (c->system->search.properties >> property & 1) != 0;
}

static int open_cursor(struct lazyswitch_cursor *c, struct error *e)
{
	const struct world *w = c->system->world;

	c->machine = machine_new(w);
	c->learnt = calloc(1, sizeof(*c->learnt));
	c->state = calloc(w->words, sizeof(*c->state));
	if (!c->machine || !c->learnt || !c->state)
		return error_set(e, "out of memory");
	if (columns_open(&c->columns, w, e))
		return -1;
	c->values = calloc(c->columns.n, sizeof(*c->values));
	if (!c->values)
		return error_set(e, "out of memory");
	if (learn(c, e) || machine_boot(c->machine, e))
		return -1;
	c->machine->learnt = c->learnt;
	memcpy(c->state, c->machine->words, w->words * sizeof(*c->state));
	look(c);
	return find_choices(c, e);
}

struct lazyswitch_cursor *lazyswitch_cursor_new(const struct lazyswitch_system *system,
                                                struct lazyswitch_error *e)
{
	struct lazyswitch_cursor *c = calloc(1, sizeof(*c));
	struct error why = {.text = "out of memory"};

	if (c && system) {
		c->system = system;
		if (open_cursor(c, &why) == 0)
			return c;
	} else if (!system) {
		error_set(&why, "a cursor needs a system");
	}
	(void)lib_fail(e, &why);
	lazyswitch_cursor_free(c);
	return NULL;
}

void lazyswitch_cursor_free(struct lazyswitch_cursor *c)
{
	if (!c)
		return;
	machine_free(c->machine);
	columns_free(&c->columns);
	free(c->learnt);
	free(c->state);
	free(c->choices);
	free(c->values);
	free(c);
}

size_t lazyswitch_cursor_choices(const struct lazyswitch_cursor *c)
{
	return c->n_choices;
}

const char *lazyswitch_cursor_choice(const struct lazyswitch_cursor *c, size_t i)
{
	return i < c->n_choices ? c->choices[i].text : NULL;
}

/* What the step that was just made violated, of what is searched for. */
static void note_violations(struct lazyswitch_cursor *c)
{
	const struct machine *m = c->machine;

	c->n_violated = 0;
	for (unsigned i = 0; i < m->n_violations; i++) {
		if (is_searched(c, m->violations[i].property))
			c->violated[c->n_violated++] = m->violations[i];
	}
}

static void note_standstill(struct lazyswitch_cursor *c)
{
	if (!is_searched(c, PROPERTY_STUCK) || c->n_violated > 0 || !standstill(c->machine))
		return;
	c->violated[c->n_violated++] = (struct violation){
	        .property = PROPERTY_STUCK, .text = "no CPU can do anything that changes anything"};
}

int lazyswitch_cursor_take(struct lazyswitch_cursor *c, size_t i, struct lazyswitch_error *e)
{
	struct machine *m = c->machine;
	struct model_label label;
	struct error why = {0};
	int status = 0;

	if (i >= c->n_choices)
		return lib_error(e, "there is no choice %zu; choices: %zu", i, c->n_choices);
	label = c->choices[i].label;
	c->n_choices = 0;
	if (machine_step(m, &label, &why))
		return lib_fail(e, &why);
	note_violations(c);
	memcpy(c->state, m->words, c->system->world->words * sizeof(*c->state));
	look(c);
	if (!m->ended) {
		status = find_choices(c, &why);
		if (status == 0)
			note_standstill(c);
	}
	return status ? lib_fail(e, &why) : 0;
}

const char *lazyswitch_cursor_violated(const struct lazyswitch_cursor *c, size_t i, const char **seen)
{
	if (i >= c->n_violated)
		return NULL;
	if (seen)
		*seen = c->violated[i].text;
	return world_property_names[c->violated[i].property];
}

const char *lazyswitch_cursor_place(const struct lazyswitch_cursor *c, unsigned cpu)
{
	return cpu < c->system->world->config.cpus ? c->place[cpu] : NULL;
}

const char *lazyswitch_cursor_field(const struct lazyswitch_cursor *c, size_t i, const char **value)
{
	if (i >= c->columns.n)
		return NULL;
	if (value)
		*value = c->values[i];
	return c->columns.column[i].name;
}
