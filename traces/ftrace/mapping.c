/* SPDX-License-Identifier: MIT */
#include "mapping.h"

#include <stdlib.h>
#include <string.h>

static const char *const role_names[] = {[ROLE_THREAD] = "app", [ROLE_VMM] = "vmm", [ROLE_IDLE] = "idle"};

static int number_of(const char *text, unsigned long max, unsigned *value)
{
	size_t n = strspn(text, "0123456789");

	if (n == 0 || n > 9 || text[n] != '\0')
		return -1;
	*value = (unsigned)strtoul(text, NULL, 10);
	return *value <= max ? 0 : -1;
}

int mapping_say(const char *text, struct mapping_said *said, struct error *e)
{
	const char *name = strchr(text, '=');
	char pid[16] = "";

	*said = (struct mapping_said){0};
	if (name && (size_t)(name - text) < sizeof(pid))
		memcpy(pid, text, (size_t)(name - text));
	if (!name || number_of(pid, FTRACE_PID_MAX, &said->pid) || said->pid == 0)
		return error_set(e, "--task %.40s: takes PID=appN, PID=vmmN or PID=idle, PID from 1 to %d",
		                 text, FTRACE_PID_MAX);
	name++;
	if (strcmp(name, "idle") == 0) {
		said->role = ROLE_IDLE;
		return 0;
	}
	said->role = strncmp(name, "vmm", 3) == 0 ? ROLE_VMM : ROLE_THREAD;
	if (strncmp(name, role_names[said->role], 3) != 0 ||
	    number_of(name + 3, (said->role == ROLE_VMM ? NR_VCPUS : NR_THREADS) - 1, &said->number))
		return error_set(
		        e, "--task %.40s: takes PID=appN (N below %d), PID=vmmN (N below %d) or PID=idle",
		        text, NR_THREADS, NR_VCPUS);
	return 0;
}

/* Threads that the kernel makes for itself never use FP registers as user space does. */
static bool is_kernel_thread(const char *comm)
{
	static const char *const begin[] = {"kworker/", "ksoftirqd/", "migration/",  "rcu_",  "rcuop/",
	                                    "rcuos/",   "rcuog/",     "rcub/",       "rcuc/", "watchdog/",
	                                    "cpuhp/",   "irq/",       "idle_inject/"};
	static const char *const whole[] = {"kthreadd",   "kswapd0",    "khungtaskd", "kdevtmpfs",
	                                    "kcompactd0", "khugepaged", "kauditd",    "oom_reaper"};

	for (size_t i = 0; i < sizeof(begin) / sizeof(begin[0]); i++) {
		if (strncmp(comm, begin[i], strlen(begin[i])) == 0)
			return true;
	}
	for (size_t i = 0; i < sizeof(whole) / sizeof(whole[0]); i++) {
		if (strcmp(comm, whole[i]) == 0)
			return true;
	}
	return false;
}

static struct mapped_task *find(const struct mapping *m, uint32_t pid)
{
	for (size_t i = 0; i < m->n_tasks; i++) {
		if (m->task[i].pid == pid)
			return (struct mapped_task *)&m->task[i];
	}
	return NULL;
}

static int add_task(struct mapping *m, const struct ftrace *f, const struct ftrace_event *event, uint32_t pid,
                    const char *comm, struct error *e)
{
	struct mapped_task *task = find(m, pid);

	if (pid == 0)
		return 0;
	if (!task) {
		if (m->n_tasks == MAPPING_TASKS_MAX)
			return error_set(e,
			                 "%.400s:%u:1: more than %d tasks; the model has room for %d threads",
			                 f->name, event->line, MAPPING_TASKS_MAX, NR_THREADS);
		task = &m->task[m->n_tasks++];
		*task = (struct mapped_task){.pid = pid, .line = event->line};
		memcpy(task->comm, comm, FTRACE_COMM);
		task->role = is_kernel_thread(comm) ? ROLE_IDLE : ROLE_THREAD;
	}
	if (event->kind >= FTRACE_KVM_ENTRY && task->role != ROLE_VMM) {
		task->role = ROLE_VMM;
		task->line = event->line;
	}
	return 0;
}

static int add_cpu(struct mapping *m, const struct ftrace *f, const struct ftrace_event *event,
                   struct error *e)
{
	unsigned i = 0;

	while (i < m->cpus && m->cpu[i] < event->cpu)
		i++;
	if (i < m->cpus && m->cpu[i] == event->cpu)
		return 0;
	if (m->cpus == NR_CPUS)
		return error_set(e, "%.400s:%u:1: CPU %u is the trace's CPU number %d: the model has %d",
		                 f->name, event->line, event->cpu, NR_CPUS + 1, NR_CPUS);
	memmove(&m->cpu[i + 1], &m->cpu[i], (m->cpus - i) * sizeof(m->cpu[0]));
	m->cpu[i] = event->cpu;
	m->cpus++;
	return 0;
}

static int obey(struct mapping *m, const struct ftrace *f, const struct mapping_said *said, struct error *e)
{
	struct mapped_task *task = find(m, said->pid);

	if (!task)
		return error_set(e, "--task %u: the trace %.400s has no such pid", said->pid, f->name);
	if (task->role == ROLE_VMM && said->role != ROLE_VMM)
		return error_set(e, "--task %u: %.400s:%u shows that it runs a vCPU: it is a vmmN", said->pid,
		                 f->name, task->line);
	for (size_t i = 0; said->role != ROLE_IDLE && i < m->n_tasks; i++) {
		if (m->task[i].said && m->task[i].role == said->role && m->task[i].number == said->number)
			return error_set(e, "--task: %u and %u cannot both be %s%u", m->task[i].pid,
			                 said->pid, role_names[said->role], said->number);
	}
	task->role = said->role;
	task->number = said->number;
	task->numbered = task->said = true;
	return 0;
}

static bool taken(const struct mapping *m, enum mapped_role role, unsigned number)
{
	for (size_t i = 0; i < m->n_tasks; i++) {
		if (m->task[i].numbered && m->task[i].role == role && m->task[i].number == number)
			return true;
	}
	return false;
}

/* Gives a number to each task of a role that has none. Returns how many the model must have of them. */
static unsigned number_all(struct mapping *m, enum mapped_role role)
{
	unsigned next = 0, n = 0;

	for (size_t i = 0; i < m->n_tasks; i++) {
		struct mapped_task *task = &m->task[i];

		if (task->role != role)
			continue;
		while (!task->numbered && taken(m, role, next))
			next++;
		if (!task->numbered)
			task->number = next++;
		task->numbered = true;
		n = task->number + 1 > n ? task->number + 1 : n;
	}
	return n;
}

int mapping_make(const struct ftrace *f, const struct mapping_said *said, size_t n_said, struct mapping *m,
                 struct error *e)
{
	unsigned threads, vmms;

	*m = (struct mapping){.config = world_config_default()};
	for (size_t i = 0; i < f->n_events; i++) {
		const struct ftrace_event *event = &f->events[i];

		/* Who moves another task may be anybody; and who is moved may never run. */
		if (event->kind == FTRACE_MIGRATE)
			continue;
		if (add_cpu(m, f, event, e) || add_task(m, f, event, event->pid, event->comm, e))
			return -1;
		if (event->kind == FTRACE_SWITCH && add_task(m, f, event, event->other, event->other_comm, e))
			return -1;
	}
	for (size_t i = 0; i < n_said; i++) {
		if (obey(m, f, &said[i], e))
			return -1;
	}
	threads = number_all(m, ROLE_THREAD);
	vmms = number_all(m, ROLE_VMM);
	if (vmms > NR_VCPUS)
		return error_set(e, "%.400s: %u tasks run vCPUs: the model has %d vCPUs", f->name, vmms,
		                 NR_VCPUS);
	if (threads + vmms > NR_THREADS)
		return error_set(e,
		                 "%.400s: %u threads and %u VMM threads: the model has %d in all. Cut the "
		                 "trace, or say of "
		                 "tasks that have no FP registers of their own --task PID=idle",
		                 f->name, threads, vmms, NR_THREADS);
	m->config.cpus = m->cpus > 0 ? m->cpus : 1;
	m->config.threads = threads;
	m->config.vms = vmms;
	m->config.vcpus = 1;
	return 0;
}

unsigned mapping_cpu(const struct mapping *m, unsigned cpu)
{
	unsigned i = 0;

	while (i < m->cpus && m->cpu[i] != cpu)
		i++;
	return i;
}

uint32_t mapping_task(const struct mapping *m, uint32_t pid, unsigned cpu)
{
	const struct mapped_task *task = pid == 0 ? NULL : find(m, pid);

	if (!task || task->role == ROLE_IDLE)
		return cpu;
	return NR_CPUS + task->number + (task->role == ROLE_VMM ? m->config.threads : 0);
}

void mapping_print(const struct mapping *m, FILE *out)
{
	for (unsigned i = 0; i < m->cpus; i++)
		(void)fprintf(out, "  CPU %u is cpu%u\n", m->cpu[i], i);
	for (size_t i = 0; i < m->n_tasks; i++) {
		const struct mapped_task *task = &m->task[i];

		(void)fprintf(out, "  %s-%u is ", task->comm, task->pid);
		if (task->role == ROLE_IDLE)
			(void)fprintf(out, "idle: %s\n",
			              task->said ? "by --task" : "by its name, a thread of the kernel");
		else if (task->role == ROLE_THREAD)
			(void)fprintf(out, "app%u%s\n", task->number, task->said ? ", by --task" : "");
		else
			(void)fprintf(out, "vmm%u, with vcpu%u%s\n", task->number, task->number,
			              task->said ? ", by --task" : "");
	}
}
