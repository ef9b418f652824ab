/* SPDX-License-Identifier: MIT */
#include "actions.h"

#include "boundary.h"
#include "memory.h"

const char *const world_action_names[ACTIONS] = {
        [ACTION_GO] = "go",           [ACTION_PREEMPT] = "preempt",
        [ACTION_WAKE] = "wake",       [ACTION_FP] = "fp",
        [ACTION_FPEXC] = "fpexc",     [ACTION_KVM_RUN] = "kvm-run",
        [ACTION_NEON] = "neon",       [ACTION_GUEST_EXIT] = "guest-exit",
        [ACTION_IRQ] = "irq",         [ACTION_FORK] = "fork",
        [ACTION_EXEC] = "exec",       [ACTION_EXIT] = "exit",
        [ACTION_STOP] = "stop",       [ACTION_PTRACE] = "ptrace",
        [ACTION_SIGNAL] = "signal",   [ACTION_SIGRETURN] = "sigreturn",
        [ACTION_ONE_REG] = "one-reg", [ACTION_SUSPEND] = "suspend",
        [ACTION_UNPLUG] = "unplug",   [ACTION_LOW_POWER] = "low-power",
        [ACTION_SOFTIRQ] = "softirq", [ACTION_BOUNCE] = "bounce",
};

const struct program actions_programs[] = {
        {ACTION_FP, false, "user_fp"},
        {ACTION_KVM_RUN, false, "user_kvm_run"},
        {ACTION_NEON, false, "user_neon"},
        {ACTION_FORK, false, "user_fork"},
        {ACTION_EXEC, false, "user_exec"},
        {ACTION_EXIT, false, "user_exit"},
        {ACTION_STOP, false, "user_stop"},
        {ACTION_PTRACE, false, "user_ptrace"},
        {ACTION_SIGNAL, false, "user_kill"},
        {ACTION_SIGRETURN, false, "user_sigreturn"},
        {ACTION_ONE_REG, false, "user_one_reg"},
        {ACTION_SUSPEND, false, "user_suspend"},
        {ACTION_UNPLUG, false, "cpu_die"},
        {ACTION_LOW_POWER, false, "cpu_lowpower"},
        {ACTION_SOFTIRQ, false, "vector_softirq"},
        {ACTION_FP, true, "guest_fp"},
        {ACTION_FPEXC, true, "guest_fpexc"},
        {ACTION_GUEST_EXIT, true, "guest_exit"},
        {ACTIONS, false, NULL},
};

bool actions_at_idle(const struct machine *m)
{
	const struct insn *insn = image_insn(m->world->image, m->cpu->core.pc);
	uint32_t base = m->world->symbols.thread_union + m->cpu_number * THREAD_SIZE;

	/* WFI, on the stack of the idle task */
	return cpu_mode(m->cpu) == MODE_SVC && insn && (insn->raw & 0x0fffffff) == 0x0320f003 &&
	       m->cpu->core.sp[BANK_SVC] - base < THREAD_SIZE;
}

/* Is there a thread, other than the current one, of that on_cpu[]? */
static bool other_thread(struct machine *m, uint32_t state)
{
	uint32_t current = machine_task(m, m->cpu_number);

	for (uint32_t task = NR_CPUS; task < NR_CPUS + world_threads(&m->world->config); task++) {
		if (task != current && machine_word(m, m->world->symbols.on_cpu + task * 4) == state)
			return true;
	}
	return false;
}

/* The first thread is init, and a debugger: it neither ends nor stops, so that there is always somebody to go
 * on. */
static bool is_init(const struct machine *m)
{
	return machine_task(m, m->cpu_number) == NR_CPUS;
}

static bool in_handler(struct machine *m)
{
	uint32_t base = m->world->symbols.thread_union + machine_task(m, m->cpu_number) * THREAD_SIZE;

	return (machine_word(m, base + TI_FLAGS) & TIF_IN_HANDLER) != 0;
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

uint32_t actions_program(const struct world *w, enum world_action action, bool guest)
{
	return w->symbols.program[guest ? 1 : 0][action];
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

/* May the current thread make ioctls on a vCPU? If vCPUs change hands, any thread may. */
static bool has_vcpu(const struct machine *m)
{
	const struct world_config *config = &m->world->config;

	if ((config->env & ENV_VCPU_HANDOVER) != 0)
		return world_vcpus(config) > 0;
	return machine_task_vcpu(m, machine_task(m, m->cpu_number)) >= 0;
}

static unsigned optional_user_actions(struct machine *m, enum world_action *actions)
{
	unsigned env = m->world->config.env, n = 0;
	bool handler = (env & ENV_SIGNAL) != 0 && in_handler(m);

	if ((env & ENV_NEON) != 0)
		actions[n++] = ACTION_NEON;
	if ((env & ENV_FORK) != 0 && !handler && other_thread(m, ON_CPU_DEAD))
		actions[n++] = ACTION_FORK;
	if ((env & ENV_EXEC) != 0)
		actions[n++] = ACTION_EXEC;
	if ((env & ENV_EXIT) != 0 && !is_init(m))
		actions[n++] = ACTION_EXIT;
	if ((env & ENV_PTRACE) != 0) {
		if (!is_init(m))
			actions[n++] = ACTION_STOP;
		if (other_thread(m, ON_CPU_STOPPED))
			actions[n++] = ACTION_PTRACE;
	}
	if ((env & ENV_SIGNAL) != 0)
		actions[n++] = handler ? ACTION_SIGRETURN : ACTION_SIGNAL;
	if ((env & ENV_PM) != 0)
		actions[n++] = ACTION_SUSPEND;
	if ((env & ENV_BOUNCE) != 0 && (m->cpu->fpexc & (FPEXC_EN | FPEXC_EX)) == FPEXC_EN)
		actions[n++] = ACTION_BOUNCE;
	return n;
}

static unsigned user_actions(struct machine *m, enum world_action actions[ACTIONS])
{
	unsigned n = 0;

	if (actions_at_retry(m)) {
		actions[n++] = ACTION_GO;
	} else {
		actions[n++] = ACTION_FP;
		if (has_vcpu(m)) {
			actions[n++] = ACTION_KVM_RUN;
			if ((m->world->config.env & ENV_ONEREG) != 0)
				actions[n++] = ACTION_ONE_REG;
		}
		n += optional_user_actions(m, actions + n);
	}
	actions[n++] = ACTION_PREEMPT;
	if ((m->world->config.env & ENV_SOFTIRQ) != 0)
		actions[n++] = ACTION_SOFTIRQ;
	return n;
}

static unsigned idle_actions(struct machine *m, enum world_action actions[ACTIONS])
{
	unsigned env = m->world->config.env, n = 0;

	if (other_thread(m, 0))
		actions[n++] = ACTION_WAKE;
	if ((env & ENV_HOTPLUG) != 0 && m->world->config.cpus > 1) /* the last CPU cannot go */
		actions[n++] = ACTION_UNPLUG;
	if ((env & ENV_PM) != 0)
		actions[n++] = ACTION_LOW_POWER;
	if ((env & ENV_SOFTIRQ) != 0)
		actions[n++] = ACTION_SOFTIRQ;
	return n;
}

unsigned actions_possible(struct machine *m, enum world_action actions[ACTIONS])
{
	unsigned n = 0;

	if (cpu_in_guest(m->cpu))
		return guest_actions(m, actions);
	if (at_user(m))
		return user_actions(m, actions);
	if (actions_at_idle(m))
		return idle_actions(m, actions);
	actions[n++] = ACTION_GO;
	if (boundary_preemptible(m))
		actions[n++] = ACTION_PREEMPT;
	if (boundary_softirq(m))
		actions[n++] = ACTION_SOFTIRQ;
	return n;
}
