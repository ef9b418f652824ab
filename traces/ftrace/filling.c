/* SPDX-License-Identifier: MIT */
#include "filling.h"

#include <stdlib.h>
#include <string.h>

#include "model/world/slots.h"

/* How much of the schedule has happened; the words of a state behind the world's. */
struct position {
	uint32_t at[NR_CPUS]; /* events of each CPU */
	uint32_t inside;      /* CPUs between kvm_entry and kvm_exit, a bit set */
	uint32_t
	        leaving; /* threads between the decision to leave KVM_RUN and kvm_userspace_exit, a bit set */
};
enum { POSITION_WORDS = sizeof(struct position) / sizeof(uint32_t) };

struct filling {
	const struct world *world;
	struct collapsed *collapsed;
	const struct model *base;
	const struct schedule *schedule;
	uint32_t properties;
	struct model model;
	struct filling_reach reach;

	/* A machine that makes the steps again, to see what happens in them. */
	struct machine *machine;
	struct learnt learnt;
	struct happenings happenings;

	/* The state that is being expanded, and who asks. */
	const uint32_t *state;
	uint32_t *next;
	model_emit *emit;
	void *arg;
	struct error *error;
	bool failed;
};

static bool recorded(const struct filling *f, enum ftrace_kind kind)
{
	return (f->schedule->kinds >> kind & 1) != 0;
}

/* The next event of a CPU, if whatever must have happened before has; NULL: there is none. */
static const struct scheduled *next_event(const struct filling *f, const struct position *p, unsigned cpu)
{
	const struct scheduled *event;

	if (p->at[cpu] == f->schedule->n[cpu])
		return NULL;
	event = &f->schedule->of[cpu][p->at[cpu]];
	for (unsigned i = 0; i < f->schedule->cpus; i++) {
		if (p->at[i] < event->needs[i])
			return NULL;
	}
	return event;
}

static uint32_t thread_bit(uint32_t task)
{
	return task >= NR_CPUS ? 1u << (task - NR_CPUS) : 0;
}

/*
 * kvm_userspace_exit lies somewhere between the decision to leave and the return to user mode. Where, makes no difference to
 * the machine: as soon as the schedule has it next.
 */
static void settle(const struct filling *f, struct position *p)
{
	for (unsigned cpu = 0; cpu < f->schedule->cpus; cpu++) {
		const struct scheduled *event = next_event(f, p, cpu);

		if (!event || event->kind != FTRACE_USERSPACE_EXIT ||
		    (p->leaving & thread_bit(event->task)) == 0)
			continue;
		p->leaving &= ~thread_bit(event->task);
		p->at[cpu]++;
		cpu = UINT32_MAX; /* others may have waited for it: from the first again */
	}
}

/* Does the schedule have this next on that CPU? */
static bool advance(const struct filling *f, struct position *p, unsigned cpu, const struct happened *what)
{
	enum ftrace_kind kind = (enum ftrace_kind)what->kind;
	const struct scheduled *event;

	if (!recorded(f, kind))
		return true;
	event = next_event(f, p, cpu);
	if (!event || event->kind != kind || event->task != what->task)
		return false;
	if (kind == FTRACE_KVM_EXIT && event->exit != FTRACE_EXIT_UNSAID && event->exit != what->exit)
		return false;
	p->at[cpu]++;
	settle(f, p);
	return true;
}

static bool happen(const struct filling *f, struct position *p, unsigned cpu, const struct happened *what)
{
	switch (what->kind) {
	case HAPPENED_KVM_ENTRY:
		if (recorded(f, FTRACE_KVM_EXIT))
			p->inside |= 1u << cpu;
		return advance(f, p, cpu, what);
	case HAPPENED_KVM_EXIT:
		if ((p->inside >> cpu & 1) == 0) /* something else was called in Hyp mode, or nobody asks */
			return true;
		p->inside &= ~(1u << cpu);
		return advance(f, p, cpu, what);
	case HAPPENED_LEAVES:
		if (recorded(f, FTRACE_USERSPACE_EXIT))
			p->leaving |= thread_bit(what->task);
		settle(f, p);
		return true;
	case HAPPENED_USER:
		return (p->leaving & thread_bit(what->task)) == 0;
	default:
		return advance(f, p, cpu, what);
	}
}

static size_t total(const struct filling *f, const struct position *p)
{
	size_t n = 0;

	for (unsigned i = 0; i < f->schedule->cpus; i++)
		n += p->at[i];
	return n;
}

static void reached(struct filling *f, const struct position *p)
{
	size_t n = total(f, p);

	if (n <= f->reach.events)
		return;
	f->reach.events = n;
	memcpy(f->reach.at, p->at, sizeof(f->reach.at));
	f->reach.n_refused = 0;
}

/* For whoever wants to know why nothing came any further. */
static void refused(struct filling *f, const struct position *p, unsigned cpu, const struct happened *what)
{
	struct filling_reach *r = &f->reach;

	if (total(f, p) < r->events || r->n_refused == FILLING_REFUSED_MAX)
		return;
	for (unsigned i = 0; i < r->n_refused; i++) {
		if (r->refused[i].cpu == cpu && r->refused[i].what.kind == what->kind &&
		    r->refused[i].what.task == what->task)
			return;
	}
	r->refused[r->n_refused].cpu = cpu;
	r->refused[r->n_refused++].what = *what;
}

static void load_slot(void *arg, struct machine *m, unsigned slot)
{
	const struct filling *f = arg;
	uint32_t count;
	const uint32_t *words = collapsed_contents(f->collapsed, slot, f->state[slot], &count);

	slot_scatter(m, &f->world->slots[slot], words, count);
}

/* Makes a step again. Returns 0, or -1 with the error filled in. */
static int make_again(struct filling *f, const struct model_label *label)
{
	struct machine *m = f->machine;
	struct model_label made;

	memset(m->loaded, 0, f->world->n_slots);
	memset(m->dirty, 0, f->world->n_slots);
	happenings_begin(&f->happenings);
	if (machine_step(m, label, f->error))
		return -1;
	happenings_end(&f->happenings, m);
	machine_label(m, &made);
	if (f->learnt.refined || memcmp(&made, label, sizeof(made)) != 0)
		return error_set(f->error,
		                 "internal fault: a step of the search is another one when it is repeated");
	if (f->happenings.too_many)
		return error_set(f->error, "more than %d scheduling events in one step", HAPPENED_MAX);
	return 0;
}

/* Does the step fit the schedule? Takes *p behind it. */
static bool fits(struct filling *f, struct position *p)
{
	const struct happenings *h = &f->happenings;

	for (unsigned i = 0; i < h->n; i++) {
		const struct happened *what = &h->list[i];
		struct position before = *p;

		/* What would come behind a violation nobody sees any more. */
		if (what->kind == HAPPENED_VIOLATION) {
			if ((f->properties >> what->property & 1) != 0)
				return true;
			continue;
		}
		if (!happen(f, p, h->cpu, what)) {
			refused(f, &before, h->cpu, what);
			return false;
		}
		reached(f, p);
	}
	return true;
}

static int on_transition(void *arg, const struct model_transition *t)
{
	struct filling *f = arg;
	struct model_transition mine = *t;
	struct position p;

	memcpy(&p, f->state + f->base->words, sizeof(p));
	if (make_again(f, &t->label)) {
		f->failed = true;
		return 1;
	}
	if (!fits(f, &p))
		return 0;
	mine.stutters = t->stutters && memcmp(&p, f->state + f->base->words, sizeof(p)) == 0;
	if (t->next) {
		memcpy(f->next, t->next, f->base->words * sizeof(*f->next));
		memcpy(f->next + f->base->words, &p, sizeof(p));
		mine.next = f->next;
	}
	return f->emit(f->arg, &mine);
}

static enum model_status successors(void *self, const uint32_t *state, model_emit *emit, void *arg,
                                    struct error *e)
{
	struct filling *f = self;
	enum model_status status;

	f->state = state;
	f->emit = emit;
	f->arg = arg;
	f->error = e;
	f->failed = false;
	status = f->base->successors(f->base->self, state, on_transition, f, e);
	return f->failed ? MODEL_ERROR : status;
}

static enum model_status initial(void *self, uint32_t *state, struct error *e)
{
	struct filling *f = self;
	enum model_status status = f->base->initial(f->base->self, state, e);

	/* What is learnt later ends the search, which begins again, here. */
	f->learnt = *collapsed_learnt(f->collapsed);
	f->reach = (struct filling_reach){.all = f->reach.all};
	memset(state + f->base->words, 0, POSITION_WORDS * sizeof(*state));
	return status;
}

static size_t memory(void *self)
{
	const struct filling *f = self;

	return f->base->memory(f->base->self);
}

struct filling *filling_new(const struct world *world, struct collapsed *collapsed,
                            const struct schedule *schedule, uint32_t properties, struct error *e)
{
	struct filling *f = calloc(1, sizeof(*f));
	const struct model *base = collapsed_model(collapsed);

	if (f) {
		*f = (struct filling){.world = world,
		                      .collapsed = collapsed,
		                      .base = base,
		                      .schedule = schedule,
		                      .properties = properties,
		                      .machine = machine_new(world),
		                      .next = calloc(base->words + POSITION_WORDS, sizeof(*f->next))};
	}
	if (!f || !f->machine || !f->next) {
		filling_free(f);
		error_set(e, "out of memory");
		return NULL;
	}
	for (unsigned i = 0; i < schedule->cpus; i++)
		f->reach.all += schedule->n[i];
	f->model = (struct model){
	        .self = f,
	        .words = base->words + POSITION_WORDS,
	        .properties = base->properties,
	        .property_names = base->property_names,
	        .deadlock_property = -1, /* where the schedule ends, nothing need go on */
	        .processes = base->processes,
	        .initial = initial,
	        .successors = successors,
	        .memory = memory,
	};
	f->machine->learnt = &f->learnt;
	f->machine->load = load_slot;
	f->machine->load_arg = f;
	happenings_attach(&f->happenings, f->machine);
	return f;
}

void filling_free(struct filling *f)
{
	if (!f)
		return;
	machine_free(f->machine);
	free(f->next);
	free(f);
}

const struct model *filling_model(struct filling *f)
{
	return &f->model;
}

const struct filling_reach *filling_reach(const struct filling *f)
{
	return &f->reach;
}
