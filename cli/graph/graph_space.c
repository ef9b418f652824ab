/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "graph.h"
#include "output.h"
#include "session/nearest.h"
#include "session/parse.h"
#include "system_text.h"
#include "traces/picture/space_picture.h"

enum { STATES_MAX = 2000000, NODES_USUAL = 400, FIELDS_MAX = 64 };
_Static_assert((int)FIELDS_MAX >= (int)LIFE_FIELDS_MAX, "there is room for either");

static void list_fields(const struct columns *columns)
{
	for (size_t i = 0; i < columns->n; i++)
		(void)printf("%-24s %s\n", columns->column[i].name, columns->column[i].label);
}

static int find_field(const struct columns *columns, const char *name, size_t length, size_t *field,
                      struct error *e)
{
	char word[64], hint[96];
	struct nearest nearest = {.word = word};

	*field = columns_find(columns, name, length);
	if (*field < columns->n)
		return 0;
	(void)snprintf(word, sizeof(word), "%.*s", (int)length, name);
	for (size_t i = 0; i < columns->n; i++)
		nearest_offer(&nearest, columns->column[i].name);
	return error_set(e, "--by: there is no field '%s'%s (`--by help' lists them)", word,
	                 nearest_hint(&nearest, hint, sizeof(hint)));
}

/* The fields that nodes are made by. */
struct wanted {
	size_t fields[FIELDS_MAX];
	size_t n;
	bool listed; /* they were only asked for */
};

static int find_fields(const struct columns *columns, const char *by, struct wanted *wanted, struct error *e)
{
	for (;; by++) {
		size_t length = strcspn(by, ",");

		if (wanted->n == FIELDS_MAX)
			return error_set(e, "--by takes at most %d fields", FIELDS_MAX);
		if (find_field(columns, by, length, &wanted->fields[wanted->n++], e))
			return -1;
		by += length;
		if (*by == '\0')
			return 0;
	}
}

static int choose_fields(const struct graph_settings *s, const struct world *world, struct wanted *wanted,
                         struct error *e)
{
	struct columns columns;
	int status = columns_open(&columns, world, e);

	if (status == 0 && s->kind == GRAPH_MACHINE) {
		wanted->n = life_fields(&columns, wanted->fields);
	} else if (status == 0 && s->by && strcmp(s->by, "help") == 0) {
		list_fields(&columns);
		wanted->listed = true;
	} else if (status == 0 && s->by) {
		status = find_fields(&columns, s->by, wanted, e);
	}
	columns_free(&columns);
	return status;
}

static char *system_of(const struct world_config *config)
{
	char *text = NULL, env[128];
	size_t size;
	FILE *f = open_memstream(&text, &size);

	if (!f)
		return NULL;
	system_text(f, config);
	if (config->env != 0)
		(void)fprintf(f, ", with %s",
		              parse_set_text(world_env_names, ENV_NAMES, config->env, env, sizeof(env)));
	if (fclose(f) == 0)
		return text;
	free(text);
	return NULL;
}

static struct drawing *draw(const struct graph_settings *s, const char *variant, const struct world *world,
                            const struct wanted *wanted, enum exit_status *status, struct error *e)
{
	uint64_t max_states = s->search.max_states;
	const struct space_options options = {
	        .fields = wanted->fields,
	        .n_fields = wanted->n,
	        .kinds = s->kind == GRAPH_MACHINE,
	        .properties = s->search.properties,
	        .max_states = max_states == 0 || max_states > STATES_MAX ? STATES_MAX : (uint32_t)max_states,
	        .max_classes = s->max_nodes == 0 ? NODES_USUAL : (uint32_t)s->max_nodes,
	};
	char title[256], *system = system_of(&world->config);
	const struct space_picture picture = {
	        .title = title,
	        .system = system,
	        .life = s->kind == GRAPH_MACHINE,
	        .fields = wanted->fields,
	        .n_fields = wanted->n,
	};
	struct drawing *drawing = NULL;
	struct space space = {0};

	(void)snprintf(title, sizeof(title), "%s: %s", variant,
	               s->kind == GRAPH_MACHINE ? "FP life cycle of a CPU"
	               : wanted->n > 0          ? "states by chosen fields"
	                                        : "states");
	if (!system)
		error_set(e, "out of memory for the picture");
	else if (space_explore(&space, world, &options, e) == 0)
		drawing = space_draw(&space, world, &picture, e);
	if (space.limit)
		*status = STATUS_UNFINISHED;
	if (!drawing)
		*status = STATUS_USAGE;
	space_free(&space);
	free(system);
	return drawing;
}

struct drawing *graph_space(const struct graph_settings *s, enum exit_status *status, struct error *e)
{
	const struct variant_options options = {
	        .endian = s->search.endian,
	        .uniprocessor = s->search.config.uniprocessor,
	        .build = &s->search.build,
	        .say = output_compiler,
	};
	struct drawing *drawing = NULL;
	struct wanted wanted = {0};
	struct variant variant;
	struct world *world;

	*status = STATUS_USAGE;
	if (variant_open(&variant, s->name, &options, e))
		return NULL;
	world = world_new(&s->search.config, variant.image, e);
	if (world && choose_fields(s, world, &wanted, e) == 0) {
		*status = STATUS_HOLDS;
		if (!wanted.listed)
			drawing = draw(s, variant.name, world, &wanted, status, e);
	}
	world_free(world);
	variant_close(&variant);
	return drawing;
}
