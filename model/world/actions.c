/* SPDX-License-Identifier: MIT */
#include "actions.h"

#include "boundary.h"
#include "memory.h"

const char *const world_action_names[ACTIONS] = {
        [ACTION_GO] = "go",     [ACTION_PREEMPT] = "preempt",       [ACTION_WAKE] = "wake",
        [ACTION_FP] = "fp",     [ACTION_FPEXC] = "fpexc",           [ACTION_KVM_RUN] = "kvm-run",
        [ACTION_NEON] = "neon", [ACTION_GUEST_EXIT] = "guest-exit", [ACTION_IRQ] = "irq",
};

bool actions_at_idle(const struct machine *m)
{
	const struct insn *insn = image_insn(m->world->image, m->cpu->core.pc);
	uint32_t base = m->world->symbols.thread_union + m->cpu_number * THREAD_SIZE;

	/* WFI, on the stack of the idle task */
	return cpu_mode(m->cpu) == MODE_SVC && insn && (insn->raw & 0x0fffffff) == 0x0320f003 &&
	       m->cpu->core.sp[BANK_SVC] - base < THREAD_SIZE;
}

static bool task_free(struct machine *m)
{
	for (uint32_t task = NR_CPUS; task < NR_CPUS + world_threads(&m->world->config); task++) {
		if (machine_word(m, m->world->symbols.on_cpu + task * 4) == 0)
			return true;
	}
	return false;
}

static bool at_user(const struct machine *m)
{
	return cpu_mode(m->cpu) == MODE_USR && !cpu_in_guest(m->cpu);
}

bool actions_at_retry(const struct machine *m)
{
	if (cpu_in_guest(m->cpu))
		return m->cpu->core.pc != m->world->symbols.guest_choose;
	return at_user(m) && m->cpu->core.pc != m->world->symbols.user_choose;
}

bool actions_at_user_fp(const struct machine *m)
{
	return at_user(m) && m->cpu->core.pc == m->world->symbols.user_fp;
}

bool actions_is_fp(enum world_action action)
{
	return action == ACTION_FP || action == ACTION_FPEXC;
}

uint32_t actions_program(const struct world *w, enum world_action action, bool guest)
{
	const struct world_symbols *s = &w->symbols;

	switch (action) {
	case ACTION_FP:
		return guest ? s->guest_fp : s->user_fp;
	case ACTION_FPEXC:
		return s->guest_fpexc;
	case ACTION_KVM_RUN:
		return s->user_kvm_run;
	case ACTION_NEON:
		return s->user_neon;
	case ACTION_GUEST_EXIT:
		return s->guest_exit;
	default:
		return 0;
	}
}

static unsigned guest_actions(const struct machine *m, enum world_action actions[ACTIONS])
{
	unsigned n = 0;

	if (actions_at_retry(m)) {
		actions[n++] = ACTION_GO;
	} else {
		actions[n++] = ACTION_FP;
		actions[n++] = ACTION_FPEXC;
		actions[n++] = ACTION_GUEST_EXIT;
	}
	actions[n++] = ACTION_IRQ;
	return n;
}

static unsigned user_actions(struct machine *m, enum world_action actions[ACTIONS])
{
	unsigned n = 0;

	if (actions_at_retry(m)) {
		actions[n++] = ACTION_GO;
	} else {
		actions[n++] = ACTION_FP;
		if (world_task_vcpu(m->world, machine_task(m, m->cpu_number)) >= 0)
			actions[n++] = ACTION_KVM_RUN;
		if ((m->world->config.env & ENV_NEON) != 0)
			actions[n++] = ACTION_NEON;
	}
	actions[n++] = ACTION_PREEMPT;
	return n;
}

unsigned actions_possible(struct machine *m, enum world_action actions[ACTIONS])
{
	unsigned n = 0;

	if (cpu_in_guest(m->cpu))
		return guest_actions(m, actions);
	if (at_user(m))
		return user_actions(m, actions);
	if (actions_at_idle(m)) {
		if (task_free(m))
			actions[n++] = ACTION_WAKE;
		return n;
	}
	actions[n++] = ACTION_GO;
	if (boundary_preemptible(m))
		actions[n++] = ACTION_PREEMPT;
	return n;
}
