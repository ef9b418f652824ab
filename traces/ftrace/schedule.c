/* SPDX-License-Identifier: MIT */
#include "schedule.h"

#include <stdlib.h>
#include <string.h>

/* What is known while the events are gone through in their order. */
struct building {
	const struct ftrace *f;
	const struct mapping *m;
	struct schedule *s;
	struct error *e;
	uint32_t room[NR_CPUS];
	bool known[NR_CPUS];     /* who runs there */
	uint32_t pid[NR_CPUS];   /* who does */
	unsigned since[NR_CPUS]; /* the line that says so */
	bool inside[NR_CPUS];    /* a guest runs */
	/* Behind the last event of each CPU, and of each task: what had happened. */
	uint32_t behind_cpu[NR_CPUS][NR_CPUS], behind_task[NR_TASKS][NR_CPUS];
};

static int out_of_memory(struct building *b)
{
	return error_set(b->e, "%.400s: out of memory", b->f->name);
}

static int wrong(struct building *b, const struct ftrace_event *event, const char *what, unsigned line)
{
	char text[160];

	return error_set(b->e,
	                 "%.400s:%u:1: %s: %s (line %u): events are missing, or clocks of CPUs disagree",
	                 b->f->name, event->line, ftrace_event_text(event, text, sizeof(text)), what, line);
}

static int add(struct building *b, unsigned cpu, const struct scheduled *event)
{
	struct schedule *s = b->s;

	if (s->n[cpu] == b->room[cpu]) {
		uint32_t more = b->room[cpu] ? 2 * b->room[cpu] : 16;
		struct scheduled *moved = realloc(s->of[cpu], more * sizeof(*moved));

		if (!moved)
			return out_of_memory(b);
		s->of[cpu] = moved;
		b->room[cpu] = more;
	}
	s->of[cpu][s->n[cpu]++] = *event;
	return 0;
}

static void at_least(uint32_t to[NR_CPUS], const uint32_t from[NR_CPUS])
{
	for (unsigned i = 0; i < NR_CPUS; i++)
		to[i] = from[i] > to[i] ? from[i] : to[i];
}

/*
 * An event of the trace. All before the last event of its CPU has happened by then, whatever led up to this one began
 * behind that; and so has all that its tasks did.
 */
static int add_next(struct building *b, unsigned cpu, struct scheduled event, uint32_t leaving)
{
	uint32_t now[NR_CPUS];

	memcpy(event.needs, b->behind_cpu[cpu], sizeof(event.needs));
	at_least(event.needs, b->behind_task[event.task]);
	at_least(event.needs, b->behind_task[leaving]);
	if (add(b, cpu, &event))
		return -1;
	b->s->events++;
	for (unsigned i = 0; i < NR_CPUS; i++)
		now[i] = b->s->n[i];
	memcpy(b->behind_cpu[cpu], now, sizeof(now));
	memset(b->behind_task[event.task], 0, sizeof(now));
	b->behind_task[event.task][cpu] = now[cpu];
	memset(b->behind_task[leaving], 0, sizeof(now));
	b->behind_task[leaving][cpu] = now[cpu];
	return 0;
}

/* The first kvm_entry or kvm_exit of a CPU, before it switches: is it an exit? Then a guest runs there from the first. */
static bool begins_in_guest(const struct building *b, unsigned cpu)
{
	for (size_t i = 0; i < b->f->lost_at; i++) {
		const struct ftrace_event *event = &b->f->events[i];

		if (event->kind == FTRACE_MIGRATE || mapping_cpu(b->m, event->cpu) != cpu)
			continue;
		if (event->kind == FTRACE_SWITCH || event->kind == FTRACE_KVM_ENTRY ||
		    event->kind == FTRACE_USERSPACE_EXIT)
			return false;
		return event->kind == FTRACE_KVM_EXIT;
	}
	return false;
}

/* What goes before the recording: each CPU takes up whom it runs when it turns up first. */
static int add_beginning(struct building *b)
{
	const struct ftrace *f = b->f;
	uint32_t now[NR_CPUS];

	for (size_t i = 0; i < f->lost_at; i++) {
		const struct ftrace_event *event = &f->events[i];
		unsigned cpu = event->kind == FTRACE_MIGRATE ? b->s->cpus : mapping_cpu(b->m, event->cpu);
		uint32_t task;

		if (cpu >= b->s->cpus || b->known[cpu])
			continue;
		b->known[cpu] = true;
		b->pid[cpu] = event->pid;
		b->since[cpu] = event->line;
		task = mapping_task(b->m, event->pid, cpu);
		for (unsigned k = 0; task != cpu && k < b->s->cpus; k++) {
			if (k != cpu && b->known[k] && b->pid[k] == event->pid &&
			    (b->s->kinds >> FTRACE_SWITCH & 1) != 0)
				return wrong(b, event, "the same task began on another CPU", b->since[k]);
		}
		if (task != cpu && (b->s->kinds >> FTRACE_SWITCH & 1) != 0 &&
		    add(b, cpu, &(struct scheduled){.kind = FTRACE_SWITCH, .task = task}))
			return -1;
		b->inside[cpu] = begins_in_guest(b, cpu);
		if (b->inside[cpu] && (b->s->kinds >> FTRACE_KVM_ENTRY & 1) != 0 &&
		    add(b, cpu, &(struct scheduled){.kind = FTRACE_KVM_ENTRY, .task = task}))
			return -1;
	}
	for (unsigned i = 0; i < NR_CPUS; i++)
		now[i] = b->s->n[i];
	for (unsigned i = 0; i < NR_CPUS; i++)
		memcpy(b->behind_cpu[i], now, sizeof(now));
	return 0;
}

/* Does it fit what went before? */
static int check(struct building *b, const struct ftrace_event *event, unsigned cpu)
{
	char what[120];

	/* Who switches when, is open if no switch was recorded. */
	if ((b->s->kinds >> FTRACE_SWITCH & 1) != 0 && b->pid[cpu] != event->pid) {
		(void)snprintf(what, sizeof(what), "that CPU runs pid %u", b->pid[cpu]);
		return wrong(b, event, what, b->since[cpu]);
	}
	for (unsigned i = 0; event->kind == FTRACE_SWITCH && event->other != 0 && i < b->s->cpus; i++) {
		if (i == cpu || !b->known[i] || b->pid[i] != event->other)
			continue;
		(void)snprintf(what, sizeof(what), "pid %u still runs on CPU %u", event->other, b->m->cpu[i]);
		return wrong(b, event, what, b->since[i]);
	}
	if (event->kind == FTRACE_SWITCH && b->inside[cpu] && (b->s->kinds >> FTRACE_KVM_EXIT & 1) != 0)
		return wrong(b, event, "a guest runs there, and has not exited", b->since[cpu]);
	if (event->kind == FTRACE_KVM_ENTRY && b->inside[cpu] && (b->s->kinds >> FTRACE_KVM_EXIT & 1) != 0)
		return wrong(b, event, "a guest runs there already", b->since[cpu]);
	if (event->kind == FTRACE_KVM_EXIT && !b->inside[cpu] && (b->s->kinds >> FTRACE_KVM_ENTRY & 1) != 0)
		return wrong(b, event, "no guest was entered there", b->since[cpu]);
	return 0;
}

static int take(struct building *b, const struct ftrace_event *event)
{
	unsigned cpu = mapping_cpu(b->m, event->cpu);
	uint32_t task = mapping_task(b->m, event->pid, cpu), next = task;

	if (check(b, event, cpu))
		return -1;
	if (event->kind == FTRACE_SWITCH) {
		b->pid[cpu] = event->other;
		b->since[cpu] = event->line;
		next = mapping_task(b->m, event->other, cpu);
		if (next == task)
			return 0; /* both are idle */
	} else if (event->kind == FTRACE_KVM_ENTRY || event->kind == FTRACE_KVM_EXIT) {
		b->inside[cpu] = event->kind == FTRACE_KVM_ENTRY;
		b->since[cpu] = event->line;
	}
	return add_next(b, cpu,
	                (struct scheduled){
	                        .kind = event->kind, .task = next, .exit = event->exit, .line = event->line},
	                task);
}

int schedule_make(const struct ftrace *f, const struct mapping *m, struct schedule *s, struct error *e)
{
	struct building *b = calloc(1, sizeof(*b));
	int status;

	*s = (struct schedule){.cpus = m->config.cpus, .kinds = f->kinds & ~(1u << FTRACE_MIGRATE)};
	if (!b)
		return error_set(e, "%.400s: out of memory", f->name);
	*b = (struct building){.f = f, .m = m, .s = s, .e = e};
	status = add_beginning(b);
	for (size_t i = 0; status == 0 && i < f->lost_at; i++) {
		if (f->events[i].kind != FTRACE_MIGRATE)
			status = take(b, &f->events[i]);
	}
	free(b);
	if (status)
		schedule_free(s);
	return status;
}

void schedule_free(struct schedule *s)
{
	for (unsigned i = 0; i < NR_CPUS; i++)
		free(s->of[i]);
	*s = (struct schedule){0};
}
