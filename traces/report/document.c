/* SPDX-License-Identifier: MIT */
#include "document.h"

#include <stdio.h>
#include <string.h>

#include "../story_private.h"
#include "columns_json.h"
#include "meanings.h"
#include "path.h"
#include "text.h"

/* What is recorded of the run, beside its story. */
struct recorded {
	struct report_sources sources;
	struct path path;
	struct columns columns;
};

static json_t *place_json(struct report_place place)
{
	return place.line == 0 ? json_null()
	                       : json_pack("[I, I]", (json_int_t)place.source, (json_int_t)place.line);
}

/* The comment as it was meant: without what makes it one. */
static json_t *comment_json(const char *comment)
{
	char *text = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);
	json_t *string;
	int failed;

	if (!f)
		return NULL;
	for (const char *at = comment, *end; *at; at = end + (*end == '\n')) {
		end = at + strcspn(at, "\n");
		at += *at == '#';
		at += *at == ' ';
		(void)fprintf(f, "%.*s\n", (int)(end > at ? end - at : 0), at);
	}
	failed = ferror(f);
	string = fclose(f) == 0 && !failed ? text_json(text, size > 0 ? size - 1 : 0) : NULL;
	free(text);
	return string;
}

static json_t *title_json(const struct report *r)
{
	char title[512];

	if (r->property >= 0)
		(void)snprintf(title, sizeof(title), "%.300s violates %s", r->variant,
		               world_property_names[r->property]);
	else
		(void)snprintf(title, sizeof(title), "%.200s on %.200s", r->file, r->variant);
	return text_json_string(title);
}

static json_t *property_json(int property)
{
	if (property < 0)
		return json_null();
	return json_pack("{s:s, s:s, s:s}", "name", world_property_names[property], "meaning",
	                 world_property_meanings[property], "more", report_meanings[property]);
}

static json_t *seen_json(const struct report *r)
{
	const struct violation *v = story_violation(r->story);
	const struct image *image = r->world->image;
	char where[256], text[128], all[512];

	if (r->property < 0)
		return json_null();
	if (!v)
		return json_pack("{s:s, s:s}", "text",
		                 story_loop(r->story) < story_steps(r->story)
		                         ? "the kernel runs for ever, and nobody gets any further"
		                         : "no CPU can do anything any more",
		                 "where", "");
	story_where(image, v->pc, where, sizeof(where));
	(void)snprintf(all, sizeof(all), "cpu%u, %s%s%s", v->cpu, where, image_insn(image, v->pc) ? ": " : "",
	               image_insn(image, v->pc)
	                       ? story_instruction(v->pc, image_insn(image, v->pc)->raw, text, sizeof(text))
	                       : "");
	return json_pack("{s:o, s:o}", "text", text_json_string(v->text), "where", text_json_string(all));
}

static json_t *verdict_json(const struct report *r)
{
	json_t *notes = json_array();

	for (size_t i = 1; r->lines[0] && r->lines[i]; i++)
		text_append(&notes, text_json_string(r->lines[i]));
	return json_pack("{s:s, s:o, s:o}", "sign", r->sign, "sentence", text_json_string(r->lines[0]),
	                 "notes", notes);
}

/* Threads, then vCPUs. */
static json_t *contexts_json(const struct world *w)
{
	json_t *names = json_array();
	char name[32];

	for (unsigned i = 0; i < world_threads(&w->config) + world_vcpus(&w->config); i++)
		text_append(&names, json_string(world_owner_name(w, i, name, sizeof(name))));
	return names;
}

static json_t *details_json(const struct story_step *step, struct report_sources *sources)
{
	json_t *details = json_array();

	for (size_t i = 0; i < step->n_details; i++) {
		const struct detail *d = &step->details[i];
		const char *bad = d->kind == DETAIL_SEEN       ? "seen"
		                  : d->kind == DETAIL_SEEN_TOO ? "also"
		                                               : NULL;
		struct report_place place = {0};

		if (d->pc != 0 && sources_place(sources, d->pc, &place))
			return json_decref(details), NULL;
		text_append(&details, json_pack("{s:o, s:o, s:s?}", "text", text_json_string(d->text), "at",
		                                place_json(place), "bad", bad));
	}
	return details;
}

static json_t *stands_json(const struct path_step *step, unsigned cpus)
{
	json_t *stands = json_array();

	for (unsigned cpu = 0; cpu < cpus; cpu++)
		text_append(&stands, place_json(step->stands[cpu]));
	return stands;
}

static json_t *ran_json(const struct path_step *step)
{
	json_t *ran = json_array();

	for (size_t i = 0; i < step->n_ranges; i++) {
		const struct path_range *range = &step->ranges[i];

		text_append(&ran, json_pack("[I, I, I]", (json_int_t)range->source, (json_int_t)range->first,
		                            (json_int_t)range->last));
	}
	return ran;
}

static json_t *step_json(const struct report *r, struct recorded *recorded, size_t i)
{
	const struct story_step *step = &r->story->steps[i];
	const struct path_step *path = &recorded->path.steps[i + 1];

	return json_pack("{s:I, s:s, s:o, s:o, s:o, s:o, s:o, s:o}", "cpu", (json_int_t)step->cpu, "who",
	                 step->occupant[step->cpu], "headline", text_json_string(step->headline), "choices",
	                 text_json_string(step->choices), "details", details_json(step, &recorded->sources),
	                 "set", columns_changes(&recorded->columns, i + 1), "stands",
	                 stands_json(path, r->world->config.cpus), "ran", ran_json(path));
}

static json_t *steps_json(const struct report *r, struct recorded *recorded)
{
	json_t *steps = json_array();

	for (size_t i = 0; steps && i < story_steps(r->story); i++)
		text_append(&steps, step_json(r, recorded, i));
	return steps;
}

static json_t *sources_json(const struct report_sources *s)
{
	json_t *sources = json_array();

	for (size_t i = 0; i < s->n; i++) {
		const struct report_source *source = &s->source[i];
		size_t size = source->size;

		size -= size > 0 && source->text[size - 1] == '\n';
		text_append(&sources,
		            json_pack("{s:o, s:o, s:s, s:o}", "name", text_json_string(source->name), "path",
		                      text_json_string(source->path), "kind",
		                      source->listing ? "listing" : "source", "text",
		                      text_json(source->text, size)));
	}
	return sources;
}

static int fill(json_t *document, const struct report *r, struct recorded *recorded)
{
	const struct world_config *c = &r->world->config;
	bool loops = story_loop(r->story) < story_steps(r->story);
	int status = 0;

	status |= json_object_set_new(document, "title", title_json(r));
	status |= json_object_set_new(document, "program", json_string(r->program));
	status |= json_object_set_new(
	        document, "trace",
	        json_pack("{s:o, s:o, s:o, s:s?, s:s}", "file", text_json_string(r->file), "comment",
	                  comment_json(r->comment), "variant", text_json_string(r->variant), "note", r->note,
	                  "system", r->system));
	status |= json_object_set_new(document, "verdict", verdict_json(r));
	status |= json_object_set_new(document, "property", property_json(r->property));
	status |= json_object_set_new(document, "seen", seen_json(r));
	status |= json_object_set_new(document, "cpus", json_integer(c->cpus));
	status |= json_object_set_new(document, "contexts", contexts_json(r->world));
	status |= json_object_set_new(document, "fields", columns_json(&recorded->columns));
	status |= json_object_set_new(document, "lanes", columns_lanes(&recorded->columns));
	status |= json_object_set_new(document, "start", columns_start(&recorded->columns));
	status |= json_object_set_new(document, "start_at", stands_json(&recorded->path.steps[0], c->cpus));
	status |= json_object_set_new(document, "steps", steps_json(r, recorded));
	status |= json_object_set_new(
	        document, "loop", loops ? json_integer((json_int_t)story_loop(r->story) + 1) : json_null());
	/* Last: the steps add to them. */
	status |= json_object_set_new(document, "sources", sources_json(&recorded->sources));
	return status;
}

json_t *document_make(const struct report *r, struct error *e)
{
	size_t n = story_steps(r->story);
	struct recorded recorded = {0};
	json_t *document = NULL;

	if (n > REPORT_STEPS_MAX) {
		error_set(e,
		          "%.300s: an HTML report has at most %d steps, not %zu; --until %d makes the first "
		          "of them",
		          r->file, REPORT_STEPS_MAX, n, REPORT_STEPS_MAX);
		return NULL;
	}
	if (sources_open(&recorded.sources, r->world->image, r->texts)) {
		error_set(e, "out of memory");
	} else if (path_record(&recorded.path, r->world, r->learnt, r->labels, n, r->property,
	                       &recorded.sources, e) == 0 &&
	           columns_record(&recorded.columns, r->world, r->learnt, r->labels, n, r->property, e) ==
	                   0) {
		document = json_object();
		if (fill(document, r, &recorded)) {
			json_decref(document);
			document = NULL;
			error_set(e, "out of memory");
		}
	}
	columns_free(&recorded.columns);
	path_free(&recorded.path);
	sources_close(&recorded.sources);
	return document;
}
