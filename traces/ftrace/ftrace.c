/* SPDX-License-Identifier: MIT */
#include "ftrace.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "line.h"

const char *const ftrace_kind_names[FTRACE_KINDS] = {
        [FTRACE_SWITCH] = "sched_switch",
        [FTRACE_MIGRATE] = "sched_migrate_task",
        [FTRACE_KVM_ENTRY] = "kvm_entry",
        [FTRACE_KVM_EXIT] = "kvm_exit",
        [FTRACE_USERSPACE_EXIT] = "kvm_userspace_exit",
};

struct reading {
	struct ftrace *f;
	size_t room;
	unsigned line;
	struct error *e;
};

static void count_other(struct ftrace *f, const char *name)
{
	for (unsigned i = 0; i < f->n_others; i++) {
		if (strcmp(f->others[i].name, name) == 0) {
			f->others[i].count++;
			return;
		}
	}
	if (f->n_others == FTRACE_OTHERS_MAX) {
		f->others[FTRACE_OTHERS_MAX - 1].count++;
		(void)snprintf(f->others[FTRACE_OTHERS_MAX - 1].name, FTRACE_NAME, "other events");
		return;
	}
	(void)snprintf(f->others[f->n_others].name, FTRACE_NAME, "%s", name);
	f->others[f->n_others++].count = 1;
}

static int add_event(struct reading *r, const struct ftrace_event *event)
{
	struct ftrace *f = r->f;

	if (f->n_events == FTRACE_EVENTS_MAX)
		return error_set(r->e,
		                 "%.400s:%u:1: more than %d events of a schedule: cut the trace, a violation "
		                 "needs few",
		                 f->name, r->line, FTRACE_EVENTS_MAX);
	if (f->n_events == r->room) {
		size_t more = r->room ? 2 * r->room : 64;
		struct ftrace_event *moved = realloc(f->events, more * sizeof(*moved));

		if (!moved)
			return error_set(r->e, "%.400s: out of memory", f->name);
		f->events = moved;
		r->room = more;
	}
	f->events[f->n_events] = *event;
	f->events[f->n_events++].line = r->line;
	f->kinds |= 1u << event->kind;
	return 0;
}

static int read_line(struct reading *r, char *text)
{
	struct line line;

	switch (line_read(text, &line)) {
	case LINE_NOTHING:
		return 0;
	case LINE_LOST:
		/* Before the first event it only means that the recording begins here. */
		if (r->f->lost_line == 0 && r->f->n_events > 0)
			r->f->lost_line = r->line;
		return 0;
	case LINE_EVENT:
		return add_event(r, &line.event);
	case LINE_OTHER:
		count_other(r->f, line.name);
		return 0;
	default:
		return error_set(r->e, "%.400s:%u:%u: %s", r->f->name, r->line, line.column, line.wrong);
	}
}

/* By time; what has the same, as in the file. */
static int compare(const void *a, const void *b)
{
	const struct ftrace_event *x = a, *y = b;

	if (x->time != y->time)
		return x->time < y->time ? -1 : 1;
	return x->line < y->line ? -1 : x->line > y->line;
}

static int read_lines(struct reading *r, const char *bytes, size_t size)
{
	char text[FTRACE_LINE_MAX + 1];
	const char *end = bytes + size;

	for (r->line = 1; bytes < end; r->line++) {
		const char *nul, *stop = memchr(bytes, '\n', (size_t)(end - bytes));
		size_t length = (size_t)((stop ? stop : end) - bytes);

		if (length > FTRACE_LINE_MAX)
			return error_set(r->e, "%.400s:%u:%d: the line is longer than %d bytes", r->f->name,
			                 r->line, FTRACE_LINE_MAX + 1, FTRACE_LINE_MAX);
		memcpy(text, bytes, length);
		text[length] = '\0';
		nul = memchr(text, '\0', length);
		if (nul)
			return error_set(r->e,
			                 "%.400s:%u:%zu: a byte is 0: this is no text (UTF-16? a trace.dat?)",
			                 r->f->name, r->line, (size_t)(nul - text) + 1);
		if (length > 0 && text[length - 1] == '\r')
			text[length - 1] = '\0';
		if (read_line(r, text))
			return -1;
		bytes = stop ? stop + 1 : end;
	}
	return 0;
}

/* Of what lies behind lost events in the file nothing may come before them in time. */
static void cut_at_loss(struct ftrace *f)
{
	f->lost_at = f->n_events;
	for (size_t i = 0; f->lost_line > 0 && i < f->n_events; i++) {
		if (f->events[i].line > f->lost_line) {
			f->lost_at = i;
			return;
		}
	}
}

int ftrace_parse(const char *name, const char *bytes, size_t size, struct ftrace *f, struct error *e)
{
	struct reading r = {.f = f, .e = e};
	int status;

	*f = (struct ftrace){.name = strdup(name)};
	if (!f->name)
		return error_set(e, "%.400s: out of memory", name);
	if (size > FTRACE_FILE_MAX)
		status = error_set(e, "%.400s: larger than %d MiB: cut the trace", name,
		                   FTRACE_FILE_MAX >> 20);
	else
		status = read_lines(&r, bytes, size);
	if (status == 0 && f->n_events == 0)
		status = error_set(e,
		                   "%.400s:%u:1: the file ends, and none of its lines is a sched_switch, "
		                   "kvm_entry, kvm_exit or "
		                   "kvm_userspace_exit: were they enabled?",
		                   name, r.line);
	if (status) {
		ftrace_free(f);
		return -1;
	}
	qsort(f->events, f->n_events, sizeof(*f->events), compare);
	cut_at_loss(f);
	return 0;
}

void ftrace_free(struct ftrace *f)
{
	free(f->name);
	free(f->events);
	*f = (struct ftrace){0};
}

const char *ftrace_event_text(const struct ftrace_event *event, char *buf, size_t size)
{
	const char *name = ftrace_kind_names[event->kind];

	if (event->kind == FTRACE_SWITCH)
		(void)snprintf(buf, size, "[%03u] %s: %s-%u ==> %s-%u", event->cpu, name, event->comm,
		               event->pid, event->other_comm, event->other);
	else if (event->kind == FTRACE_MIGRATE)
		(void)snprintf(buf, size, "[%03u] %s: %s-%u to CPU %u", event->cpu, name, event->other_comm,
		               event->other, event->to);
	else
		(void)snprintf(buf, size, "[%03u] %s-%u: %s", event->cpu, event->comm, event->pid, name);
	return buf;
}
