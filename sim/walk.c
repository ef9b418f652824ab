/* SPDX-License-Identifier: MIT */
#include "walk.h"

#include <stdlib.h>
#include <string.h>

#include "random.h"

enum {
	STOP_EVERY = 1024, /* steps */
	RESTARTS_MAX = 10000,
	CONTEXTS = NR_TASKS * 2, /* tasks; their guests */
	STREAMS = CONTEXTS * QUESTIONS + 1,
};

struct walker {
	const struct walk_options *options;
	struct walk_result *result;
	struct machine *machine;
	const struct workload *workload;
	struct workload uniform;
	uint64_t streams[STREAMS]; /* by context and question; the last one says which CPU steps */
	uint32_t idle;             /* CPUs that have nothing to do, a set */
	size_t size;               /* of result->labels */
	unsigned in_hook[NR_CPUS];
	uint64_t hooks;
	uint64_t retired;
	enum walk_place place;
};

static void seed_streams(struct walker *w, uint64_t walk)
{
	uint64_t seed = random_stream(w->options->seed, walk);

	for (unsigned i = 0; i < STREAMS; i++)
		w->streams[i] = random_stream(seed, i);
}

static enum workload_who who_acts(const struct machine *m)
{
	if (cpu_in_guest(m->cpu))
		return WHO_GUEST;
	if (cpu_mode(m->cpu) == MODE_USR)
		return WHO_USER;
	return machine_task(m, m->cpu_number) < NR_CPUS ? WHO_IDLE : WHO_KERNEL;
}

/* Has the guest that runs set EN? */
static bool guest_enabled(const struct machine *m)
{
	int vcpu = machine_task_vcpu(m, machine_task(m, m->cpu_number));

	return vcpu >= 0 && (m->ghosts->guest_fpexc[vcpu] & FPEXC_EN) != 0;
}

/* Who is picked: an idle task, a task that ran on this CPU last, or one that comes from elsewhere. */
static enum workload_pick pick_of(struct machine *m, uint32_t task)
{
	uint32_t cpu;

	if (task < NR_CPUS)
		return PICK_IDLE;
	cpu = machine_word(m, m->world->symbols.thread_union + task * THREAD_SIZE + TI_CPU);
	return cpu == m->cpu_number ? PICK_STAY : PICK_MIGRATE;
}

static uint32_t weight_of(const struct walker *w, struct machine *m, enum world_question question,
                          uint32_t meaning, unsigned alternatives)
{
	switch (question) {
	case QUESTION_ACTION:
		if (meaning == ACTION_FPEXC && who_acts(m) == WHO_GUEST)
			return w->workload->fpexc[guest_enabled(m)];
		return w->workload->action[who_acts(m)][meaning];
	case QUESTION_PICK:
		return w->workload->pick[pick_of(m, meaning)];
	default:
		return alternatives == 2 && meaning < 2 ? w->workload->answer[question][meaning]
		                                        : WORKLOAD_WEIGHT_USUAL;
	}
}

/* One of the CPUs that may have something to do. */
static unsigned choose_cpu(struct walker *w, unsigned cpus)
{
	unsigned busy = cpus - (unsigned)__builtin_popcount(w->idle), cpu = 0;
	uint64_t n = random_below(&w->streams[STREAMS - 1], busy > 0 ? busy : 1);

	for (; cpu + 1 < cpus; cpu++) {
		if ((w->idle >> cpu & 1) == 0 && n-- == 0)
			break;
	}
	return cpu;
}

static unsigned choose(void *arg, struct machine *m, enum world_question question, const uint32_t *meanings,
                       unsigned alternatives)
{
	struct walker *w = arg;
	uint32_t weights[UINT8_MAX] = {0};
	uint64_t total = 0, at, *stream;
	unsigned context, answer = 0;

	if (question == QUESTION_CPU)
		return choose_cpu(w, alternatives);
	context = machine_task(m, m->cpu_number) % NR_TASKS * 2 + cpu_in_guest(m->cpu);
	stream = &w->streams[context * QUESTIONS + question];
	for (unsigned i = 0; i < alternatives; i++) {
		weights[i] = weight_of(w, m, question, meanings ? meanings[i] : i, alternatives);
		total += weights[i];
	}
	/* Where nothing has weight something must be done nevertheless. */
	if (total == 0)
		return alternatives > 1 ? (unsigned)random_below(stream, alternatives) : 0;
	for (at = random_below(stream, total); at >= weights[answer]; answer++)
		at -= weights[answer];
	return answer;
}

static enum walk_place place_of(const struct walker *w, const struct machine *m)
{
	if (w->in_hook[m->cpu_number] > 0)
		return WALK_LOAD_PUT;
	return cpu_in_guest(m->cpu) || cpu_mode(m->cpu) == MODE_HYP ? WALK_WORLD_SWITCH : WALK_HOST;
}

/* Instructions belong to where they were executed. */
static void settle(struct walker *w, const struct machine *m)
{
	w->result->tally[w->place].count[COST_INSTRUCTIONS] += m->retired - w->retired;
	w->retired = m->retired;
	w->place = place_of(w, m);
}

static void watch(void *arg, const struct watch *watch)
{
	struct walker *w = arg;
	struct machine *m = w->machine;

	settle(w, m);
	if (watch->kind == WATCH_KVM_ENTER) {
		w->in_hook[watch->cpu]++;
		w->hooks++;
		settle(w, m);
	} else if (watch->kind == WATCH_KVM_LEAVE) {
		if (w->in_hook[watch->cpu] > 0)
			w->in_hook[watch->cpu]--;
		settle(w, m);
	} else if (watch->kind == WATCH_CPU) {
		tally_event(&w->result->tally[w->place], m, watch->event);
	}
}

static int keep_label(struct walker *w, struct error *e)
{
	struct walk_result *r = w->result;

	if (r->length == w->size) {
		size_t size = w->size ? 2 * w->size : 1024;
		struct model_label *larger = realloc(r->labels, size * sizeof(*larger));

		if (!larger)
			return error_set(e, "out of memory");
		r->labels = larger;
		w->size = size;
	}
	machine_label(w->machine, &r->labels[r->length++]);
	return 0;
}

/* What the step has shown. */
static void look(struct walker *w)
{
	struct walk_result *r = w->result;
	const struct machine *m = w->machine;
	uint32_t violated = m->violated & w->options->properties;

	if (violated == 0)
		return;
	r->property = __builtin_ctz(violated);
	for (unsigned i = 0; i < m->n_violations; i++) {
		if ((int)m->violations[i].property == r->property)
			r->violation = m->violations[i];
	}
}

enum walk_end { WALK_GOES_ON, WALK_ENDED, WALK_LEARNT, WALK_FAILED };

static enum walk_end make_step(struct walker *w, struct error *e)
{
	static const struct model_label none = {0};
	struct walk_result *r = w->result;
	struct machine *m = w->machine;

	r->learnt->refined = false;
	if (machine_step(m, &none, e))
		return WALK_FAILED;
	if (r->learnt->refined)
		return WALK_LEARNT;
	if (m->disabled) {
		w->idle |= 1u << m->cpu_number;
		if ((unsigned)__builtin_popcount(w->idle) < m->world->config.cpus)
			return WALK_GOES_ON;
		if ((w->options->properties >> PROPERTY_STUCK & 1) != 0) {
			r->property = PROPERTY_STUCK;
			r->standstill = true;
		}
		return WALK_ENDED;
	}
	w->idle = 0;
	settle(w, m);
	r->steps++;
	r->exits += m->action == ACTION_GUEST_EXIT || m->action == ACTION_IRQ;
	if (keep_label(w, e))
		return WALK_FAILED;
	look(w);
	return r->property >= 0 || m->ended ? WALK_ENDED : WALK_GOES_ON;
}

static int begin(struct walker *w, struct error *e)
{
	w->machine->watch = NULL;
	w->machine->choose = NULL;
	w->machine->learnt = NULL;
	if (machine_boot(w->machine, e))
		return -1;
	seed_streams(w, w->result->walks);
	w->idle = 0;
	memset(w->in_hook, 0, sizeof(w->in_hook));
	w->machine->cpu = machine_cpu(w->machine, 0);
	w->machine->cpu_number = 0;
	w->retired = w->machine->retired;
	w->place = WALK_HOST;
	w->machine->learnt = w->result->learnt;
	w->machine->watch = watch;
	w->machine->watch_arg = w;
	w->machine->choose = choose;
	w->machine->choose_arg = w;
	w->result->length = 0;
	return 0;
}

/* From boot to an end. What it has learnt about where steps end makes it void. */
static enum walk_end walk(struct walker *w, struct error *e)
{
	const struct walk_options *o = w->options;
	enum walk_end end = begin(w, e) ? WALK_FAILED : WALK_GOES_ON;

	for (uint64_t i = 1; end == WALK_GOES_ON; i++) {
		if (w->result->steps >= o->steps || w->result->length >= o->walk_steps)
			return WALK_ENDED;
		if (i % STOP_EVERY == 0 && o->stop && o->stop(o->stop_arg)) {
			w->result->stopped = true;
			return WALK_ENDED;
		}
		end = make_step(w, e);
	}
	return end;
}

static int walk_all(struct walker *w, struct error *e)
{
	struct walk_result *r = w->result;
	unsigned restarts = 0;

	while (r->steps < w->options->steps && r->property < 0 && !r->stopped) {
		const struct walk_result before = *r;
		uint64_t hooks = w->hooks;

		switch (walk(w, e)) {
		case WALK_LEARNT:
			if (++restarts > RESTARTS_MAX)
				return error_set(e, "internal fault: where steps end is never learnt");
			/* The counts of before; the labels stay where they are now. */
			r->steps = before.steps;
			r->exits = before.exits;
			memcpy(r->tally, before.tally, sizeof(r->tally));
			w->hooks = hooks;
			continue;
		case WALK_FAILED:
			return -1;
		default:
			r->crashes += r->property < 0 && w->machine->ended;
			r->walks++;
		}
	}
	r->loads_puts = w->hooks / 2;
	return 0;
}

int walk_run(const struct world *world, const struct walk_options *options, struct walk_result *result,
             struct error *e)
{
	struct walker *w = calloc(1, sizeof(*w));
	int status = -1;

	*result = (struct walk_result){.property = -1, .learnt = calloc(1, sizeof(*result->learnt))};
	if (w)
		w->machine = machine_new(world);
	if (!w || !w->machine || !result->learnt) {
		error_set(e, "out of memory");
	} else {
		w->options = options;
		w->result = result;
		workload_init(&w->uniform);
		w->workload = options->workload ? options->workload : &w->uniform;
		status = walk_all(w, e);
	}
	if (w)
		machine_free(w->machine);
	free(w);
	return status;
}

void walk_free(struct walk_result *result)
{
	free(result->labels);
	free(result->learnt);
	result->labels = NULL;
	result->learnt = NULL;
}
