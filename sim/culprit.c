/* SPDX-License-Identifier: MIT */
#include "culprit.h"

#include "replay.h"

/* What has happened so far, on each CPU. */
struct history {
	int property;
	uint32_t saved; /* the first early warning; 0: none */
	const char *what_saved;
	uint32_t loaded[NR_CPUS]; /* registers, since somebody computed with them; 0: not since then */
	uint32_t fpexc[NR_CPUS];
	struct culprit *culprit;
};

static const char *who_observes(const struct machine *m)
{
	uint32_t task = machine_task(m, m->cpu_number), mode = cpu_mode(m->cpu);

	if (cpu_in_guest(m->cpu))
		return "guest";
	if (mode == MODE_HYP)
		return "Hyp mode";
	if (mode != MODE_USR)
		return "host kernel";
	return task - NR_CPUS < m->world->config.threads ? "plain thread" : "VMM thread";
}

static void blame(struct history *h, const struct machine *m, const struct watch *watch)
{
	struct culprit *c = h->culprit;
	unsigned cpu = watch->cpu;
	bool data = h->property == PROPERTY_FP_LEAK || h->property == PROPERTY_FP_LOST;
	bool fpexc = h->property == PROPERTY_FPEXC_HOST || h->property == PROPERTY_FPEXC_GUEST;

	c->observer = who_observes(m);
	if (data && h->saved != 0)
		*c = (struct culprit){c->observer, h->saved, h->what_saved};
	else if (data && h->loaded[cpu] != 0)
		*c = (struct culprit){c->observer, h->loaded[cpu], "loads the registers that are read"};
	else if ((data || fpexc) && h->fpexc[cpu] != 0)
		*c = (struct culprit){c->observer, h->fpexc[cpu], "writes the FPEXC that is in force"};
	else
		*c = (struct culprit){c->observer, watch->violation->pc, "was at work"};
}

static void cpu_event(struct history *h, const struct watch *watch)
{
	switch (watch->event->kind) {
	case CPU_FP_LOAD:
		h->loaded[watch->cpu] = watch->pc;
		break;
	case CPU_FP_COMPUTE:
		h->loaded[watch->cpu] = 0;
		break;
	case CPU_FPEXC_WRITE:
		h->fpexc[watch->cpu] = watch->pc;
		break;
	default:
		break;
	}
}

static void on_event(void *arg, struct machine *m, const struct watch *watch)
{
	struct history *h = arg;

	if (watch->kind == WATCH_VIOLATION) {
		enum world_property property = watch->violation->property;

		if ((1u << property & PROPERTIES_EARLY) != 0 && h->saved == 0) {
			h->saved = watch->pc;
			h->what_saved = property == PROPERTY_FP_LEAK_SAVED
			                        ? "stores one context's data into another's save area"
			                        : "stores old data, or nobody's, into a save area";
		}
		if ((int)property == h->property)
			blame(h, m, watch);
	} else if (watch->kind == WATCH_CPU) {
		cpu_event(h, watch);
	}
}

int culprit_find(const struct world *world, const struct learnt *learnt, const struct model_label *trace,
                 size_t length, int property, struct culprit *culprit, struct error *e)
{
	struct history history = {.property = property, .culprit = culprit};
	const struct replay_watcher watcher = {.arg = &history, .event = on_event};

	*culprit = (struct culprit){"nobody", 0, "nothing can go on"};
	if (replay(world, learnt, trace, length, property, &watcher, NULL, e) == 0)
		return 0;
	return property == PROPERTY_STUCK && culprit->pc == 0 ? 0 : -1;
}
