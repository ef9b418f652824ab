/* SPDX-License-Identifier: MIT */
#include "replay_ftrace.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checker/check.h"
#include "output.h"
#include "progress.h"
#include "search_options.h"
#include "signals.h"
#include "system_text.h"
#include "traces/ftrace/filling.h"
#include "traces/story.h"
#include "traces/writer.h"
#include "session/variant.h"

/* What a search needs, and what came of it. */
struct run {
	const struct ftrace_settings *settings;
	const char *trace_out;
	uint32_t properties;
	struct ftrace trace;
	struct mapping mapping;
	struct schedule schedule;
	struct variant variant;
	struct world *world;
	struct collapsed *collapsed;
	struct filling *filling;
	struct check_result result;
	struct error error;
};

static int read_trace(struct run *run, const char *file, struct error *e)
{
	bool standard = strcmp(file, "-") == 0;
	FILE *f = standard ? stdin : fopen(file, "rb");
	size_t size = 0, room = 1 << 16;
	char *bytes = malloc(room);
	int status;

	if (!f || !bytes) {
		status = error_set(e, "%.400s: %s", file, f ? "out of memory" : strerror(errno));
		goto out;
	}
	while ((size += fread(bytes + size, 1, room - size, f)) == room && size <= FTRACE_FILE_MAX) {
		char *moved = realloc(bytes, 2 * room);

		if (!moved) {
			status = error_set(e, "%.400s: out of memory", file);
			goto out;
		}
		bytes = moved;
		room *= 2;
	}
	status = ferror(f) ? error_set(e, "%.400s: cannot be read: %s", file, strerror(errno))
	                   : ftrace_parse(standard ? "<stdin>" : file, bytes, size, &run->trace, e);
out:
	free(bytes);
	if (f && !standard)
		(void)fclose(f);
	return status;
}

/* What the schedule says, and what not. */
static void print_heading(const struct run *run)
{
	const struct ftrace *f = &run->trace;
	bool open = false;

	(void)printf("%s: %zu event%s of a schedule, on %s: ", f->name, run->schedule.events,
	             run->schedule.events == 1 ? "" : "s", run->variant.name);
	system_text(stdout, &run->mapping.config);
	(void)putchar('\n');
	mapping_print(&run->mapping, stdout);
	for (unsigned kind = 0; kind < FTRACE_KINDS; kind++) {
		if (kind == FTRACE_MIGRATE || (f->kinds >> kind & 1) != 0)
			continue;
		(void)printf("%s%s",
		             open ? ", " : "  not in the trace, and so open: ", ftrace_kind_names[kind]);
		open = true;
	}
	if (open)
		(void)putchar('\n');
	for (unsigned i = 0; i < f->n_others; i++)
		(void)printf("%s%u %s%s", i > 0 ? ", " : "  left alone: ", f->others[i].count,
		             f->others[i].name, i + 1 == f->n_others ? "\n" : "");
	if (f->lost_line > 0)
		(void)printf("  %s:%u: events were lost: the schedule ends there\n", f->name, f->lost_line);
	(void)putchar('\n');
	(void)fflush(stdout);
}

/* What a CPU would have done, for people. */
static void print_instead(const struct run *run, const struct happened *what)
{
	char task[24];

	world_task_name(run->world, what->task, task, sizeof(task));
	if (what->kind == HAPPENED_SWITCH)
		complain("  instead: sched_switch to %s", task);
	else if (what->kind == HAPPENED_USER)
		complain("  instead: %s is back in user mode without kvm_userspace_exit", task);
	else
		complain("  instead: %s of %s", ftrace_kind_names[what->kind], task);
}

/* No completion comes to the end: the first event that none has. */
static void print_end(const struct run *run)
{
	const struct filling_reach *r = filling_reach(run->filling);
	const struct scheduled *first = NULL;
	const struct ftrace_event *event = NULL;
	unsigned at = 0;
	char text[160];

	for (unsigned cpu = 0; cpu < run->schedule.cpus; cpu++) {
		const struct scheduled *next = &run->schedule.of[cpu][r->at[cpu]];

		if (r->at[cpu] < run->schedule.n[cpu] && (!first || next->line < first->line)) {
			first = next;
			at = cpu;
		}
	}
	for (size_t i = 0; first && i < run->trace.n_events; i++) {
		if (run->trace.events[i].line == first->line)
			event = &run->trace.events[i];
	}
	if (!event)
		complain("%s: what the CPUs run when the recording begins is not possible: cpu%u",
		         run->trace.name, at);
	else
		complain("%s:%u:1: %s: no run of the model has this here, behind %zu of the %zu events",
		         run->trace.name, event->line, ftrace_event_text(event, text, sizeof(text)),
		         r->events > r->all - run->schedule.events
		                 ? r->events - (r->all - run->schedule.events)
		                 : 0,
		         run->schedule.events);
	for (unsigned i = 0; i < r->n_refused; i++) {
		if (r->refused[i].cpu == at)
			print_instead(run, &r->refused[i].what);
	}
}

static enum exit_status write_completion(const struct run *run, const struct story *story)
{
	const struct trace_header header = {
	        .variant = run->variant.name,
	        .hash = run->variant.hash,
	        .world = run->world,
	        .property = (enum world_property)run->result.property,
	        .searched = run->properties,
	        .learnt = collapsed_learnt(run->collapsed),
	};
	const char *slash = strrchr(run->trace.name, '/'), *name = slash ? slash + 1 : run->trace.name;
	char path[4096];
	struct error e;

	(void)snprintf(path, sizeof(path), "%s/%.200s-%s-%s.trace", run->trace_out,
	               strcmp(run->trace.name, "<stdin>") == 0 ? "stdin" : name, run->variant.stem,
	               world_property_names[header.property]);
	if (strlen(path) + 1 == sizeof(path) || trace_write(run->trace_out, path, &header, story, &e)) {
		complain("%s", strlen(path) + 1 == sizeof(path)
		                       ? "--trace-out: the name of the directory is too long"
		                       : e.text);
		return STATUS_USAGE;
	}
	(void)printf("trace: %s\n", path);
	return STATUS_VIOLATED;
}

static enum exit_status print_violation(const struct run *run)
{
	const struct check_result *r = &run->result;
	enum exit_status status = STATUS_VIOLATED;
	struct error e;
	struct story *story =
	        story_record(run->world, collapsed_learnt(run->collapsed), r->trace, r->trace_length,
	                     r->trace_length, (enum world_property)r->property, &e);

	if (!story) {
		complain("internal fault: a completion that violates %s was found, but does not replay: %s",
		         world_property_names[r->property], e.text);
		return STATUS_INTERNAL;
	}
	story_print(story, stdout);
	(void)printf("\nviolated: this way to fill the schedule in violates %s\n",
	             world_property_names[r->property]);
	if (run->trace_out)
		status = write_completion(run, story);
	story_free(story);
	return status;
}

static enum exit_status print_result(const struct run *run)
{
	const struct filling_reach *reach = filling_reach(run->filling);

	switch (run->result.verdict) {
	case CHECK_FAIL:
		return print_violation(run);
	case CHECK_INCOMPLETE:
		(void)printf("incomplete: %s, %" PRIu64
		             " states; no way to fill this schedule in was found that violates "
		             "a property, but not all were looked at\n",
		             run->result.reason, run->result.states);
		return STATUS_UNFINISHED;
	case CHECK_PASS:
		if (reach->events < reach->all) {
			(void)fflush(stdout);
			print_end(run);
			return STATUS_USAGE;
		}
		(void)printf("holds: no way to fill this schedule in violates a property (%" PRIu64
		             " states)\n",
		             run->result.states);
		return run->trace.lost_line > 0 ? STATUS_UNFINISHED : STATUS_HOLDS;
	default:
		complain("%s: %s", run->variant.name, run->error.text);
		return run->variant.shipped ? STATUS_INTERNAL : STATUS_USAGE;
	}
}

static int prepare(struct run *run, const char *variant, const struct build_settings *build, struct error *e)
{
	const struct ftrace_settings *s = run->settings;
	const struct variant_options options = {
	        .endian = s->big_endian ? ENDIAN_BIG : ENDIAN_LITTLE, .build = build, .say = output_compiler};

	if (read_trace(run, s->file, e) ||
	    mapping_make(&run->trace, s->tasks, s->n_tasks, &run->mapping, e) ||
	    schedule_make(&run->trace, &run->mapping, &run->schedule, e) ||
	    variant_open(&run->variant, variant, &options, e))
		return -1;
	run->mapping.config.env = s->env;
	run->world = world_new(&run->mapping.config, run->variant.image, e);
	if (run->world)
		run->collapsed = collapsed_new(run->world, &(struct collapsed_options){0}, e);
	if (run->collapsed)
		run->filling = filling_new(run->world, run->collapsed, &run->schedule, run->properties, e);
	return run->filling ? 0 : -1;
}

static void search(struct run *run)
{
	const struct search_settings usual = search_settings_default();
	const struct ftrace_settings *s = run->settings;
	struct progress progress = {.variant = run->variant.name};
	bool shown = progress_wanted();
	const struct check_options options = {
	        .properties = run->properties,
	        .max_states = s->max_states,
	        .max_memory = s->max_memory > 0 ? s->max_memory : usual.max_memory,
	        .timeout = s->timeout,
	        .progress = shown ? progress_show : NULL,
	        .progress_arg = &progress,
	        .interrupt = signals_catch(),
	};

	(void)check_breadth_first(filling_model(run->filling), &options, &run->result, &run->error);
	if (shown)
		progress_erase(&progress);
}

enum exit_status replay_ftrace(const struct ftrace_settings *s, const char *variant,
                               const struct build_settings *build, const char *trace_out)
{
	struct run *run = calloc(1, sizeof(*run));
	enum exit_status status = STATUS_USAGE;
	struct error e = {0};

	if (!run) {
		complain("out of memory");
		return STATUS_USAGE;
	}
	run->settings = s;
	run->trace_out = trace_out;
	run->properties = s->properties ? s->properties : (uint32_t)PROPERTIES_USUAL;
	if (prepare(run, variant, build, &e)) {
		complain("%s", e.text);
	} else {
		print_heading(run);
		search(run);
		status = print_result(run);
	}
	check_result_free(&run->result);
	filling_free(run->filling);
	collapsed_free(run->collapsed);
	world_free(run->world);
	variant_close(&run->variant);
	schedule_free(&run->schedule);
	ftrace_free(&run->trace);
	free(run);
	return status;
}
