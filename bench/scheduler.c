/* SPDX-License-Identifier: MIT */
#include "scheduler.h"

#include <string.h>

/* Where things are in a state. */
enum {
	CPU_CURRENT, /* the task that runs, counted from 1; 0: idle */
	CPU_RESCHED, /* it must make room */
	CPU_BUSY,
	CPU_ID, /* constants, as real states have them, too */
	CPU_NODE,
	CPU_CAPACITY,
	CPU_WORDS,
};
enum {
	TASK_ON, /* one of `on` below */
	TASK_PC,
	TASK_SLICE, /* ticks left */
	TASK_CPU,   /* that it ran on last */
	TASK_REGISTER,
	TASK_WORDS = TASK_REGISTER + 4,
};
enum { LOCK_OWNER, LOCK_WAITERS, LOCK_WORDS };
enum {
	AT_CPUS = 0,
	AT_TASKS = AT_CPUS + SCHEDULER_CPUS * CPU_WORDS,
	AT_QUEUE = AT_TASKS + SCHEDULER_TASKS_MAX * TASK_WORDS, /* tasks counted from 1, in order; 0 behind */
	AT_LOCKS = AT_QUEUE + SCHEDULER_TASKS_MAX,
	LOCKS = 2,
	AT_LEFT = AT_LOCKS +
	          LOCKS * LOCK_WORDS, /* who was the last to leave a CPU, counted from 1, and which */
	WORDS,
};
_Static_assert((int)WORDS == (int)SCHEDULER_WORDS, "the header says how many");

enum on { ON_QUEUE, ON_CPU, ON_LOCK, ON_TIMER };

/* A task's program: it goes round. */
enum pc { PC_COUNT, PC_LOCK, PC_COPY, PC_MIX, PC_UNLOCK, PC_STORE, PC_REST };

static unsigned at_cpu(unsigned cpu)
{
	return AT_CPUS + cpu * CPU_WORDS;
}

static unsigned at_task(unsigned task)
{
	return AT_TASKS + task * TASK_WORDS;
}

static unsigned at_lock(unsigned task)
{
	return AT_LOCKS + task % LOCKS * LOCK_WORDS;
}

/* One step in the making: what it writes is undone afterwards. */
struct step {
	const struct scheduler *scheduler;
	uint32_t state[WORDS];
	/* What was written: where, and what was there before. */
	uint16_t at[16];
	uint32_t was[16];
	unsigned written;
	struct model_transition t;
	model_emit *emit;
	void *arg;
};

static void put(struct step *s, unsigned at, uint32_t value)
{
	if (s->state[at] == value)
		return;
	s->at[s->written] = (uint16_t)at;
	s->was[s->written++] = s->state[at];
	s->state[at] = value;
}

/* Hands out the step that CPU `cpu` has made by its choice, and undoes it. Returns what emit returns. */
static int done(struct step *s, unsigned cpu, unsigned choice, bool progress, bool violated)
{
	int stop;

	s->t.label.choice[0] = (uint8_t)cpu;
	s->t.label.choice[1] = (uint8_t)choice;
	s->t.violated = violated;
	s->t.stutters = s->written == 0;
	s->t.progress = progress;
	s->t.process = (uint8_t)cpu;
	s->t.n_changed = s->written;
	stop = s->emit(s->arg, &s->t);
	while (s->written > 0) {
		s->written--;
		s->state[s->at[s->written]] = s->was[s->written];
	}
	return stop;
}

static void enqueue(struct step *s, unsigned task)
{
	unsigned at = AT_QUEUE;

	while (s->state[at] != 0)
		at++;
	put(s, at, task + 1);
	put(s, at_task(task) + TASK_ON, ON_QUEUE);
}

/* The CPU takes the first of the queue. */
static void pick(struct step *s, unsigned cpu)
{
	unsigned task = s->state[AT_QUEUE] - 1, at = AT_QUEUE;

	for (; at + 1 < AT_QUEUE + SCHEDULER_TASKS_MAX; at++)
		put(s, at, s->state[at + 1]);
	put(s, at, 0);
	put(s, at_cpu(cpu) + CPU_CURRENT, task + 1);
	put(s, at_cpu(cpu) + CPU_BUSY, 1);
	put(s, at_task(task) + TASK_ON, ON_CPU);
	put(s, at_task(task) + TASK_CPU, cpu);
}

/* Its task leaves it; the caller puts it where it belongs now. */
static void leave(struct step *s, unsigned cpu, unsigned task, enum on on)
{
	put(s, AT_LEFT, (task + 1) * SCHEDULER_CPUS + cpu);
	put(s, at_cpu(cpu) + CPU_CURRENT, 0);
	put(s, at_cpu(cpu) + CPU_BUSY, 0);
	put(s, at_task(task) + TASK_ON, on);
	put(s, at_task(task) + TASK_SLICE, s->scheduler->slice);
}

static void unlock(struct step *s, unsigned task)
{
	unsigned at = at_lock(task);

	put(s, at + LOCK_OWNER, 0);
	for (unsigned other = 0; other < s->scheduler->tasks; other++) {
		if ((s->state[at + LOCK_WAITERS] & 1U << other) == 0)
			continue;
		put(s, at + LOCK_WAITERS, s->state[at + LOCK_WAITERS] & ~(1U << other));
		enqueue(s, other);
		break;
	}
}

static uint32_t plus(const struct step *s, uint32_t a, uint32_t b)
{
	return (a + b) % s->scheduler->values;
}

static bool holds(const struct step *s, unsigned task)
{
	uint32_t pc = s->state[at_task(task) + TASK_PC];

	return pc > PC_LOCK && pc <= PC_UNLOCK;
}

/* Does a task other than this one hold its lock? */
static bool contended(const struct step *s, unsigned task)
{
	for (unsigned other = task % LOCKS; other < s->scheduler->tasks; other += LOCKS)
		if (other != task && holds(s, other))
			return true;
	return false;
}

/* The next instruction of the CPU's task. */
static int execute(struct step *s, unsigned cpu, unsigned task)
{
	unsigned at = at_task(task), lock = at_lock(task), reg = at + TASK_REGISTER;
	bool progress = false, violated = false;

	switch ((enum pc)s->state[at + TASK_PC]) {
	case PC_COUNT:
		put(s, reg, plus(s, s->state[reg], 1));
		break;
	case PC_LOCK:
		if (s->state[lock + LOCK_OWNER] != 0) {
			put(s, lock + LOCK_WAITERS, s->state[lock + LOCK_WAITERS] | 1U << task);
			leave(s, cpu, task, ON_LOCK);
			return done(s, cpu, 0, false, false);
		}
		violated = contended(s, task);
		put(s, lock + LOCK_OWNER, task + 1);
		break;
	case PC_COPY:
		put(s, reg + 1, s->state[reg]);
		break;
	case PC_MIX:
		put(s, reg + 2, plus(s, s->state[reg + 1], cpu));
		break;
	case PC_UNLOCK:
		unlock(s, task);
		progress = true;
		break;
	case PC_STORE:
		put(s, reg + 3, s->state[reg + 2]);
		break;
	case PC_REST:
		put(s, at + TASK_PC, PC_COUNT);
		leave(s, cpu, task, ON_TIMER);
		return done(s, cpu, 0, false, false);
	}
	put(s, at + TASK_PC, s->state[at + TASK_PC] + 1);
	return done(s, cpu, 0, progress, violated);
}

static int preempt(struct step *s, unsigned cpu, unsigned task)
{
	put(s, at_cpu(cpu) + CPU_RESCHED, 0);
	leave(s, cpu, task, ON_QUEUE);
	enqueue(s, task);
	return done(s, cpu, 0, false, false);
}

static int tick(struct step *s, unsigned cpu, unsigned task)
{
	unsigned at = at_task(task) + TASK_SLICE;

	put(s, at, s->state[at] - 1);
	if (s->state[at] == 0)
		put(s, at_cpu(cpu) + CPU_RESCHED, 1);
	return done(s, cpu, 1, false, false);
}

/* The timer wakes a task that rests, on an idle CPU. */
static int wake(struct step *s, unsigned cpu, unsigned task)
{
	enqueue(s, task);
	return done(s, cpu, 2 + task, false, false);
}

/* Everything that one CPU may do. */
static int cpu_steps(struct step *s, unsigned cpu)
{
	uint32_t current = s->state[at_cpu(cpu) + CPU_CURRENT];
	int stop;

	if (current == 0) {
		if (s->state[AT_QUEUE] != 0) {
			pick(s, cpu);
			return done(s, cpu, 0, false, false);
		}
		for (unsigned task = 0; task < s->scheduler->tasks; task++) {
			if (s->state[at_task(task) + TASK_ON] != ON_TIMER)
				continue;
			stop = wake(s, cpu, task);
			if (stop)
				return stop;
		}
		return 0;
	}
	if (s->state[at_cpu(cpu) + CPU_RESCHED] != 0)
		return preempt(s, cpu, current - 1);
	stop = execute(s, cpu, current - 1);
	return stop ? stop : tick(s, cpu, current - 1);
}

static enum model_status successors_of(const struct scheduler *scheduler, const uint32_t *state,
                                       model_emit *emit, void *arg)
{
	struct step s; /* no initializer: its zeros would cost more than some steps do */

	s.scheduler = scheduler;
	s.written = 0;
	s.emit = emit;
	s.arg = arg;
	s.t = (struct model_transition){.label = {.length = 2}, .next = s.state, .changed = s.at};
	memcpy(s.state, state, sizeof(s.state));
	for (unsigned cpu = 0; cpu < SCHEDULER_CPUS; cpu++)
		if (cpu_steps(&s, cpu))
			return MODEL_STOPPED;
	return MODEL_OK;
}

static enum model_status successors(void *self, const uint32_t *state, model_emit *emit, void *arg,
                                    struct error *e)
{
	(void)e;
	return successors_of(self, state, emit, arg);
}

/* Nothing is ever learnt: a reader needs nothing but the sizes. */
static void *reader_new(void *self)
{
	return self;
}

static void reader_free(void *reader)
{
	(void)reader;
}

static enum model_status recall(void *reader, const uint32_t *state, model_emit *emit, void *arg)
{
	return successors_of(reader, state, emit, arg);
}

static enum model_status initial(void *self, uint32_t *state, struct error *e)
{
	const struct scheduler *s = self;

	(void)e;
	memset(state, 0, WORDS * sizeof(*state));
	for (unsigned cpu = 0; cpu < SCHEDULER_CPUS; cpu++) {
		state[at_cpu(cpu) + CPU_ID] = cpu;
		state[at_cpu(cpu) + CPU_CAPACITY] = 100;
	}
	for (unsigned task = 0; task < s->tasks; task++) {
		state[at_task(task) + TASK_SLICE] = s->slice;
		state[AT_QUEUE + task] = task + 1;
	}
	return MODEL_OK;
}

static size_t memory(void *self)
{
	(void)self;
	return 0;
}

const struct scheduler_size scheduler_sizes[] = {
        {"small", 2, 2, 1},
        {"large", 3, 2, 1},
        {NULL, 0, 0, 0},
};

const struct scheduler_size *scheduler_size(const char *name)
{
	for (const struct scheduler_size *size = scheduler_sizes; size->name; size++)
		if (strcmp(size->name, name) == 0)
			return size;
	return NULL;
}

void scheduler_init(struct scheduler *s, const struct scheduler_size *size)
{
	static const char *const properties[] = {"exclusion"};

	*s = (struct scheduler){.tasks = size->tasks, .values = size->values, .slice = size->slice};
	s->model = (struct model){
	        .self = s,
	        .words = WORDS,
	        .properties = 1,
	        .property_names = properties,
	        .deadlock_property = -1,
	        .processes = SCHEDULER_CPUS,
	        .initial = initial,
	        .successors = successors,
	        .reader_new = reader_new,
	        .reader_free = reader_free,
	        .recall = recall,
	        .memory = memory,
	};
}
