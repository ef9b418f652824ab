/* SPDX-License-Identifier: MIT */
#include "ports.h"

#include "../linux/include/world.h"
#include "boundary.h"
#include "events.h"
#include "memory.h"
#include "observe.h"
#include "poison.h"
#include "step.h"

/* Who has a task: decided and written down in one, or two CPUs could take the same. */
static void set_on_cpu(struct machine *m, uint32_t task, uint32_t value)
{
	uint32_t address = m->world->symbols.on_cpu + task * 4;

	(void)machine_word(m, address);
	m->dirty[m->world->slot_runqueue] = 1;
	m->words[(address - m->world->ram_base) / 4] = value;
}

/* The tasks that this CPU may run next: the free threads, and its own idle task. */
static uint32_t pick_next(struct machine *m)
{
	const struct world *w = m->world;
	uint32_t free[NR_THREADS + 1] = {m->cpu_number}, current = machine_task(m, m->cpu_number), next;
	unsigned n = 0, answer;

	for (uint32_t task = NR_CPUS; task < NR_CPUS + world_threads(&w->config); task++) {
		if (machine_word(m, w->symbols.on_cpu + task * 4) == 0)
			free[n++] = task;
	}
	/* An idle CPU wakes up for something to run; any other may become idle. */
	if (current != m->cpu_number)
		free[n++] = m->cpu_number;
	if (n == 0) /* what it woke up for has gone elsewhere */
		free[n++] = current;
	answer = step_choose_if_any(m, QUESTION_PICK, free, n);
	next = free[answer < n ? answer : 0];
	set_on_cpu(m, next, m->cpu_number + 1);
	boundary_own_task(m, next);
	m->ghosts->running[m->cpu_number] = next;
	m->progress |= next != current;
	step_tell(m, (struct watch){.kind = WATCH_SWITCH, .a = current, .b = next});
	return next;
}

/* One of the threads whose on_cpu[] is `state`; 0: there is none. */
static uint32_t pick_task(struct machine *m, uint32_t state)
{
	const struct world *w = m->world;
	uint32_t found[NR_THREADS] = {0}, task;
	unsigned n = 0, answer;

	for (task = NR_CPUS; task < NR_CPUS + world_threads(&w->config); task++) {
		if (machine_word(m, w->symbols.on_cpu + task * 4) == state)
			found[n++] = task;
	}
	if (n == 0)
		return 0;
	answer = step_choose_if_any(m, QUESTION_TASK, found, n);
	task = found[answer < n ? answer : 0];
	set_on_cpu(m, task, ON_CPU_CLAIMED);
	m->owned |= UINT64_C(1) << task;
	return task;
}

static uint32_t ask(struct machine *m, uint32_t question)
{
	switch (question) {
	case ASK_SIGNAL:
		return step_choose(m, QUESTION_SIGNAL, 2);
	case ASK_USERSPACE:
		return step_choose(m, QUESTION_USERSPACE, 2);
	case ASK_NEON:
		return (m->world->config.env & ENV_NEON) != 0 ? step_choose(m, QUESTION_NEON, 2) : 0;
	case ASK_WRITE:
		return step_choose(m, QUESTION_WRITE, 2);
	case ASK_POWER_LOST:
		return step_choose(m, QUESTION_LOST, 2);
	case ASK_ENABLE:
		return step_choose(m, QUESTION_ENABLE, 2);
	default:
		m->failed = true;
		error_set(&m->error, "the image asks the world question %u, which it does not know",
		          question);
		return 0;
	}
}

static void panic(struct machine *m, uint32_t reason)
{
	static const char *const reasons[] = {
	        [PANIC_UNDEF] = "undefined instruction in the host kernel",
	        [PANIC_HYP] = "exception that the Hyp vectors do not expect",
	        [PANIC_SIGILL] = "a user thread's FP instruction is UNDEFINED and the kernel cannot help",
	        [PANIC_BUG] = "BUG() in the host kernel",
	};

	observe_violation(m, PROPERTY_CRASH, "%s",
	                  reason < sizeof(reasons) / sizeof(reasons[0]) ? reasons[reason] : "panic");
	m->ended = true;
}

static bool looks_at_r0(uint32_t number)
{
	return number == WORLD_ASK || number == WORLD_PANIC || number == WORLD_PICK_TASK ||
	       number == WORLD_FP;
}

void ports_call(struct machine *m, uint32_t number)
{
	uint32_t r0 = cpu_reg(m->cpu, 0), r1 = cpu_reg(m->cpu, 1);

	if (cpu_in_guest(m->cpu) || cpu_mode(m->cpu) == MODE_USR) {
		observe_violation(m, PROPERTY_CRASH, "bkpt #%u in %s: only the kernel can call the world",
		                  number, cpu_in_guest(m->cpu) ? "a guest" : "user mode");
		m->ended = true;
		return;
	}
	if (looks_at_r0(number) && poison_used(m, r0))
		return;
	if (number == WORLD_FP && events_looks_at_whose(r0) && poison_used(m, r1))
		return;
	switch (number) {
	case WORLD_PICK_NEXT:
		cpu_set_reg(m->cpu, 0, pick_next(m));
		break;
	case WORLD_ASK:
		cpu_set_reg(m->cpu, 0, ask(m, r0));
		break;
	case WORLD_KVM_ENTER:
		++*memory_in_kvm(m, machine_task(m, m->cpu_number));
		step_tell(m, (struct watch){.kind = WATCH_KVM_ENTER});
		break;
	case WORLD_KVM_LEAVE:
		--*memory_in_kvm(m, machine_task(m, m->cpu_number));
		step_tell(m, (struct watch){.kind = WATCH_KVM_LEAVE});
		break;
	case WORLD_PANIC:
		panic(m, r0);
		break;
	case WORLD_PICK_TASK:
		cpu_set_reg(m->cpu, 0, pick_task(m, r0));
		break;
	case WORLD_PICK_VCPU:
		if (world_vcpus(&m->world->config) > 0)
			cpu_set_reg(m->cpu, 0, step_choose(m, QUESTION_VCPU, world_vcpus(&m->world->config)));
		break;
	case WORLD_FP:
		events_fp(m, r0, r1);
		break;
	case WORLD_POWER_OFF:
		events_power_off(m);
		break;
	default:
		m->failed = true;
		error_set(&m->error, "the image calls the world with bkpt #%u, which it does not know",
		          number);
	}
}

bool ports_visible(struct machine *m, uint32_t number)
{
	uint32_t r0 = cpu_reg(m->cpu, 0), r1 = cpu_reg(m->cpu, 1);
	struct event_area area;

	if (number != WORLD_FP || is_poison(r0) || (events_looks_at_whose(r0) && is_poison(r1)))
		return false; /* if it is poison, that will be noticed when it is used */
	if (r0 == FP_EMULATED)
		return boundary_visible(m);
	if (!events_area(m, r0, r1, &area))
		return false;
	return boundary_memory(m, &m->world->slots[area.slot], area.address, VFP_STATE_SIZE, true);
}
