/* SPDX-License-Identifier: MIT */
#include "print.h"

#include <string.h>

#include "happened.h"
#include "sim/replay.h"

enum { FIRST_APP = 1000, FIRST_VMM = 2000, STEP_US = 1000, PRIO = 120 };

struct printing {
	FILE *out;
	const struct world *world;
	const struct story *story;
	struct happenings happenings;
	size_t step; /* the one that is being made, from 1 */
	uint32_t task[NR_CPUS];
	bool inside[NR_CPUS];
	bool leaving[NR_TASKS], signal[NR_TASKS];
};

static unsigned pid_of(const struct printing *p, uint32_t task)
{
	unsigned threads = p->world->config.threads;

	if (task < NR_CPUS)
		return 0;
	return task - NR_CPUS < threads ? FIRST_APP + task - NR_CPUS : FIRST_VMM + task - NR_CPUS - threads;
}

/* As Linux calls them: "swapper/0" in events, "<idle>" in front of the line. */
static const char *comm_of(const struct printing *p, uint32_t task, bool front, char buf[24])
{
	if (task >= NR_CPUS)
		return world_task_name(p->world, task, buf, 24);
	if (front)
		(void)snprintf(buf, 24, "<idle>");
	else
		(void)snprintf(buf, 24, "swapper/%u", (unsigned)task);
	return buf;
}

/* The front of a line; `number`: how many there were in this step. */
static void front(const struct printing *p, unsigned cpu, unsigned number)
{
	size_t us = p->step * STEP_US + 10 * number;
	char comm[24];

	(void)fprintf(p->out, "%16s-%-7u [%03u] d..2. %5zu.%06zu: ", comm_of(p, p->task[cpu], true, comm),
	              pid_of(p, p->task[cpu]), cpu, us / 1000000, us % 1000000);
}

static void print_event(struct printing *p, unsigned cpu, unsigned number, const struct happened *what)
{
	char from[24], to[24];

	if (what->kind == HAPPENED_SWITCH) {
		front(p, cpu, number);
		(void)fprintf(
		        p->out,
		        "sched_switch: prev_comm=%s prev_pid=%u prev_prio=%d prev_state=R ==> next_comm=%s "
		        "next_pid=%u next_prio=%d\n",
		        comm_of(p, what->from, false, from), pid_of(p, what->from), PRIO,
		        comm_of(p, what->task, false, to), pid_of(p, what->task), PRIO);
		p->task[cpu] = what->task;
	} else if (what->kind == HAPPENED_KVM_ENTRY) {
		front(p, cpu, number);
		(void)fprintf(p->out, "kvm_entry: PC: 0x%08x\n", p->world->symbols.guest_choose);
		p->inside[cpu] = true;
	} else if (what->kind == HAPPENED_KVM_EXIT && p->inside[cpu]) {
		front(p, cpu, number);
		(void)fprintf(p->out, "kvm_exit: %s PC: 0x%08x\n",
		              what->exit == FTRACE_EXIT_IRQ    ? "IRQ: HSR_EC: 0x0000 (UNKNOWN),"
		              : what->exit == FTRACE_EXIT_TRAP ? "HVC: HSR_EC: 0x0012 (HVC),"
		                                               : "",
		              p->world->symbols.guest_choose);
		p->inside[cpu] = false;
	} else if (what->kind == HAPPENED_LEAVES) {
		p->leaving[what->task] = true;
		p->signal[what->task] = what->signal;
	} else if (what->kind == HAPPENED_USER && p->leaving[what->task]) {
		front(p, cpu, number);
		(void)fprintf(p->out, "kvm_userspace_exit: reason %s\n",
		              p->signal[what->task] ? "restart (4)" : "KVM_EXIT_MMIO (6)");
		p->leaving[what->task] = false;
	}
}

static void on_event(void *arg, struct machine *m, const struct watch *watch)
{
	struct printing *p = arg;

	happenings_watch(&p->happenings, m, watch);
}

static void on_step(void *arg, struct machine *m, size_t number)
{
	struct printing *p = arg;
	const struct happenings *h = &p->happenings;

	if (number == 0) {
		happenings_listen(&p->happenings, m);
		happenings_begin(&p->happenings);
		return;
	}
	p->step = number;
	happenings_end(&p->happenings, m);
	front(p, h->cpu, 0);
	(void)fprintf(p->out, "tracing_mark_write: step %zu: %s\n", number, story_step(p->story, number - 1));
	for (unsigned i = 0; i < h->n; i++)
		print_event(p, h->cpu, i + 1, &h->list[i]);
	for (unsigned i = 0; i < m->n_violations; i++) {
		const struct violation *v = &m->violations[i];

		front(p, h->cpu, h->n + 1 + i);
		(void)fprintf(p->out, "tracing_mark_write: violates %s: %s\n",
		              world_property_names[v->property], v->text);
	}
	happenings_begin(&p->happenings);
}

int ftrace_print(FILE *out, const struct world *world, const struct learnt *learnt,
                 const struct model_label *labels, size_t length, int property, const struct story *story,
                 struct error *e)
{
	struct printing p = {.out = out, .world = world, .story = story};
	const struct replay_watcher watcher = {&p, on_event, on_step};

	for (unsigned i = 0; i < NR_CPUS; i++)
		p.task[i] = i;
	(void)fprintf(out,
	              "# tracer: nop\n#\n# entries-in-buffer/entries-written: 0/0   #P:%u\n#\n"
	              "#                                _-----=> irqs-off/BH-disabled\n"
	              "#                               / _----=> need-resched\n"
	              "#                              | / _---=> hardirq/softirq\n"
	              "#                              || / _--=> preempt-depth\n"
	              "#                              ||| / _-=> migrate-disable\n"
	              "#                              |||| /     delay\n"
	              "#           TASK-PID     CPU#  |||||  TIMESTAMP  FUNCTION\n"
	              "#              | |         |   |||||     |         |\n",
	              world->config.cpus);
	return replay(world, learnt, labels, length, property, &watcher, NULL, e);
}
