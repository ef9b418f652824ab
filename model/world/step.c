/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "actions.h"
#include "boundary.h"
#include "memory.h"
#include "observe.h"
#include "poison.h"
#include "ports.h"
#include "slots.h"
#include "step.h"
#include "tags.h"

/* A retried FP instruction may legitimately trap twice: to the host's handler and to Hyp. More is a loop. */
enum { RETRIES_MAX = 3 };

/* Is this what is wanted next, or, where other alternatives do not matter, at any time from now on? */
static bool is_wanted(const struct machine *m, unsigned i, enum world_question question,
                      unsigned alternatives)
{
	const struct world_choice *wanted = &m->wanted[i];

	if (wanted->question != question)
		return false;
	if (wanted->alternatives == WANTED_ANY)
		return (m->wanted_used >> i & 1) == 0;
	return i + 1 == m->n_choices && wanted->alternatives == alternatives;
}

/* The alternative that is wanted by its meaning. */
static unsigned wanted_answer(struct machine *m, enum world_question question, const uint32_t *meanings,
                              unsigned alternatives)
{
	unsigned n = 0;

	while (n < m->n_wanted && !is_wanted(m, n, question, alternatives))
		n++;
	for (unsigned i = 0; n < m->n_wanted && i < alternatives; i++) {
		if (m->wanted[n].meaning == (meanings ? meanings[i] : i)) {
			m->wanted_used |= 1u << n;
			return i;
		}
	}
	m->unwanted = true;
	return 0;
}

unsigned step_choose_from(struct machine *m, enum world_question question, const uint32_t *meanings,
                          unsigned alternatives)
{
	unsigned n = m->n_choices;
	struct world_choice *choice = &m->choices[n];

	if (n == MODEL_LABEL_MAX || alternatives > UINT8_MAX) {
		m->failed = true;
		error_set(&m->error,
		          "more than %d choices in one step, or one of more than %d: the system is too large",
		          MODEL_LABEL_MAX, UINT8_MAX);
		return 0;
	}
	m->n_choices++;
	*choice = (struct world_choice){.question = question, .alternatives = alternatives};
	if (m->wanted) {
		choice->answer = wanted_answer(m, question, meanings, alternatives);
	} else if (m->given && n < m->given->length) {
		choice->answer = m->given->choice[n];
		if (choice->answer >= alternatives) {
			m->failed = true;
			error_set(&m->error, "choice %u of the step is %u, but there are %u possibilities", n,
			          choice->answer, alternatives);
			choice->answer = 0;
		}
	} else if (m->choose) {
		choice->answer = m->choose(m->choose_arg, m, question, meanings, alternatives);
	}
	choice->meaning = meanings ? meanings[choice->answer] : choice->answer;
	if (m->chosen)
		m->chosen(m->chosen_arg, m, meanings);
	return choice->answer;
}

unsigned step_choose(struct machine *m, enum world_question question, unsigned alternatives)
{
	return step_choose_from(m, question, NULL, alternatives);
}

unsigned step_choose_if_any(struct machine *m, enum world_question question, const uint32_t *meanings,
                            unsigned alternatives)
{
	if (alternatives > 1)
		return step_choose_from(m, question, meanings, alternatives);
	if (m->n_forced < FORCED_MAX)
		m->forced[m->n_forced++] = (struct world_choice){
		        .question = question, .alternatives = WANTED_ANY, .meaning = meanings[0]};
	return 0;
}

void step_tell(struct machine *m, struct watch watch)
{
	if (!m->watch)
		return;
	watch.cpu = m->cpu_number;
	watch.pc = m->pc;
	m->watch(m->watch_arg, &watch);
}

static unsigned env_choose(void *self, unsigned n)
{
	return step_choose(self, QUESTION_UNSYNCED, n);
}

/* Do threads and guests look at FP registers in one action, and write them in another? */
static bool apart(const struct machine *m)
{
	return (m->world->config.unreduced & REDUCTION_FP_ACTION) != 0;
}

static bool env_event(void *self, const struct cpu_event *event)
{
	struct machine *m = self;

	if (m->watch)
		step_tell(m, (struct watch){.kind = WATCH_CPU, .event = event});
	switch (event->kind) {
	case CPU_EXCEPTION:
		if (event->c == MODE_HYP && event->b != MODE_HYP && m->cpu->sys.hcr == 0)
			m->host_sp = m->cpu->core.sp[BANK_SVC];
		observe_exception(m, event);
		m->trapped = true;
		break;
	case CPU_BKPT:
		ports_call(m, event->a);
		break;
	case CPU_FP_COMPUTE:
		observe_fp_compute(m);
		break;
	case CPU_FPEXC_READ:
		observe_fpexc_read(m, event->a);
		m->computed = cpu_in_guest(m->cpu) && apart(m); /* it has looked, and will not write */
		break;
	case CPU_FPEXC_WRITE:
		observe_fpexc_write(m, event->a);
		break;
	default:
		break;
	}
	return !m->ended && !m->failed && m->wrote < 0 && !m->computed;
}

/* VMRS and VMSR of FPEXC do not touch the registers. */
static bool touches_bank(const struct insn *insn)
{
	return (insn->touch & TOUCH_FP) != 0 && (insn->raw & 0x0fef0fff) != 0x0ee80a10;
}

/* Is the core at a point where a step ends, whatever comes next? Asked after each instruction. */
static bool at_rest(struct machine *m, uint32_t mode_before, bool guest_before)
{
	uint32_t mode = cpu_mode(m->cpu), pc = m->cpu->core.pc;
	bool guest = cpu_in_guest(m->cpu);

	if (guest)
		return !guest_before || pc == m->world->symbols.guest_choose;
	if (mode == MODE_USR)
		return mode_before != MODE_USR || pc == m->world->symbols.user_choose;
	return false;
}

/* The same, looking at the instruction to come. Memory is looked at when the address is known:
 * memory_access(). */
static bool ends_before(struct machine *m, const struct insn *insn)
{
	if ((insn->touch & TOUCH_PSR) != 0)
		return boundary_closing(m);
	if ((insn->touch & (TOUCH_FP | TOUCH_SYSTEM)) != 0)
		return boundary_visible(m);
	if (insn->flow == FLOW_EXCEPTION && (insn->raw & 0x0f000000) != 0x0f000000) /* not SVC */
		return boundary_visible(m);
	if ((insn->touch & TOUCH_ENV) == 0)
		return false;
	if ((insn->raw & 0x0ff000f0) == 0x01200070) /* BKPT */
		return ports_visible(m, (insn->raw >> 4 & 0xfff0) | (insn->raw & 15));
	return m->executed > 0 && actions_at_idle(m);
}

/* A program that has only its last instruction left, the branch back, is over. */
static void end_program(struct machine *m)
{
	const struct world_symbols *s = &m->world->symbols;
	uint32_t home = cpu_in_guest(m->cpu) ? s->guest_choose : s->user_choose;
	const struct insn *insn = image_insn(m->world->image, m->cpu->core.pc);

	if (insn && insn->flow == FLOW_BRANCH && insn->target == home)
		m->cpu->core.pc = home;
}

static void stuck(struct machine *m, const char *what)
{
	observe_violation(m, PROPERTY_STUCK, "%s", what);
	m->ended = true;
}

/* An instruction that was put off had no effect. */
static void record(struct machine *m, const struct insn *insn, bool passes, enum cpu_status status)
{
	struct coverage *c = m->coverage;

	if (!insn || (status == CPU_STOPPED && m->cpu->core.pc == m->pc))
		return;
	coverage_note(c, m->world->image, insn, passes);
	c->executed++;
	c->looks |= LOOK_STEP;
}

/*
 * Back in user mode or in a guest. Not where programs begin: then an FP instruction has trapped, and is to be
 * repeated. Again and again, with nothing in between but its own trap?
 */
static void count_retry(struct machine *m)
{
	if (actions_at_retry(m) && ++m->ghosts->retries[m->cpu_number] >= RETRIES_MAX)
		stuck(m, "an FP instruction traps again and again and never completes");
}

static void run(struct machine *m, struct error *e)
{
	const struct cpu_env env = {
	        .self = m,
	        .access = memory_access,
	        .load = memory_load,
	        .store = memory_store,
	        .choose = env_choose,
	        .event = env_event,
	};
	const struct image *image = m->world->image;

	for (m->executed = 0; m->executed < INSNS_PER_STEP_MAX; m->executed++) {
		const struct insn *insn = image_insn(image, m->cpu->core.pc);
		uint32_t mode = cpu_mode(m->cpu);
		bool guest = cpu_in_guest(m->cpu);
		enum cpu_status status;
		bool passes;

		m->pc = m->cpu->core.pc;
		m->trapped = false;
		if (m->between)
			m->between(m->between_arg, m);
		if (insn) {
			if (ends_before(m, insn))
				return;
			if (m->learnt && m->learnt->refined)
				return;
			if (touches_bank(insn))
				memory_need(m, m->world->slot_cpu[m->cpu_number] + 3);
			if (poison_used_by(m, insn))
				return;
		}
		passes = insn && cpu_passes(m->cpu, insn);
		status = cpu_step(m->cpu, image, &env, e);
		m->retired++;
		if (m->coverage)
			record(m, insn, passes, status);
		if (poison_used(m, m->cpu->core.pc) || (m->learnt && m->learnt->refined))
			return;
		if (m->failed)
			return;
		if (status == CPU_UNKNOWN) {
			m->failed = true;
			m->error = *e;
			return;
		}
		if (status == CPU_FAULT) {
			observe_violation(m, PROPERTY_CRASH, "%s", e->text);
			m->ended = true;
		}
		if ((guest || mode == MODE_USR) && !m->trapped) {
			m->ghosts->retries[m->cpu_number] = 0;
			m->progress = true;
		}
		if (status != CPU_OK || m->ended)
			return;
		if (at_rest(m, mode, guest)) {
			end_program(m);
			if (guest != cpu_in_guest(m->cpu) || mode != cpu_mode(m->cpu))
				count_retry(m);
			return;
		}
		if (m->world->config.granularity == GRANULARITY_INSN)
			return;
	}
	stuck(m, "a step does not end");
}

enum { FRESH_WORDS = 256 };

/* A program is over, or a context has new data: what everybody else holds of it is old now. */
static void finish(struct machine *m)
{
	const struct world *w = m->world;
	const struct slot *fresh = m->fresh < w->n_slots ? &w->slots[m->fresh] : NULL;
	uint32_t newest[FRESH_WORDS];

	/* The program has done its work. */
	if (m->computed)
		m->cpu->core.pc = cpu_in_guest(m->cpu) ? w->symbols.guest_choose : w->symbols.user_choose;
	if (m->load || m->wrote < 0)
		return; /* whoever keeps the slots does that */
	if (fresh && fresh->words <= FRESH_WORDS)
		slot_gather(m, fresh, newest);
	tags_make_stale(m->words, w->words, (unsigned)m->wrote, world_versions(&w->config));
	if (fresh && fresh->words <= FRESH_WORDS)
		slot_scatter(m, fresh, newest, fresh->words);
}

/* The guest's program that reads FPEXC, changes and writes it: it reads, or it writes what we say. */
static void start_fpexc(struct machine *m)
{
	if (step_choose(m, QUESTION_WRITE, 2) == 0)
		return;
	for (unsigned i = 0; i < 4; i++) {
		uint32_t pc = m->cpu->core.pc + 4 * i;
		const struct insn *insn = image_insn(m->world->image, pc);

		if (!insn || (insn->raw & 0x0fff0fff) != 0x0ee80a10) /* VMSR FPEXC */
			continue;
		cpu_set_reg(m->cpu, insn->raw >> 12 & 15,
		            step_choose(m, QUESTION_ENABLE, 2) == 1 ? FPEXC_EN : 0);
		m->cpu->core.pc = m->pc = pc;
		return;
	}
	m->failed = true;
	error_set(&m->error, "the image's guest_fpexc does not write FPEXC");
}

/* The VFP has an instruction in hand that it cannot do: it says so when the next one comes. */
static void start_bounce(struct machine *m)
{
	const struct insn *insn = image_insn(m->world->image, m->world->symbols.user_fp);

	observe_user_fp(m);
	memory_need(m, m->world->slot_cpu[m->cpu_number] + 3);
	m->cpu->fp.fpinst = insn ? insn->raw : 0;
	m->cpu->fpexc |= FPEXC_EX;
	m->ghosts->host_fpexc[m->cpu_number] |= FPEXC_EX; /* nobody wrote it, and nobody need wonder */
}

/* Lets the current CPU do `action`. */
static void start(struct machine *m, enum world_action action)
{
	const struct world *w = m->world;
	const struct cpu_env env = {.self = m, .event = env_event};
	uint32_t pc = actions_program(w, action, cpu_in_guest(m->cpu));

	if (action == ACTION_SOFTIRQ) {
		cpu_take_irq(m->cpu, w->image, &env);
		m->cpu->core.pc = m->pc = pc;
		m->ghosts->retries[m->cpu_number] = 0;
	} else if (action == ACTION_BOUNCE) {
		start_bounce(m);
	} else if (pc != 0) {
		m->cpu->core.pc = pc;
		m->pc = pc;
		if (action == ACTION_FPEXC && apart(m))
			start_fpexc(m);
	} else if (action == ACTION_PREEMPT || action == ACTION_IRQ) {
		/* Whoever is interrupted before it can repeat an instruction may go on elsewhere: in a signal
		 * handler. */
		if (actions_at_retry(m))
			m->cpu->core.pc =
			        cpu_in_guest(m->cpu) ? w->symbols.guest_choose : w->symbols.user_choose;
		cpu_take_irq(m->cpu, w->image, &env);
		m->ghosts->retries[m->cpu_number] = 0;
	}
	if (actions_at_user_fp(m))
		observe_user_fp(m);
}

int machine_step(struct machine *m, const struct model_label *label, struct error *e)
{
	enum world_action actions[ACTIONS];
	uint32_t meanings[ACTIONS];
	enum world_action action;
	unsigned n, answer;

	m->given = label;
	m->n_choices = m->n_forced = 0;
	m->unwanted = false;
	m->wanted_used = 0;
	m->wrote = -1;
	m->fresh = SLOT_NONE;
	m->computed = false;
	m->violated = 0;
	m->n_violations = 0;
	m->ended = m->failed = m->disabled = m->progress = false;
	m->host_sp = 0;
	m->closed_by = 0;
	m->touched_at = UINT64_MAX;
	m->touched_shared = false;
	m->n_spent = 0;
	m->cpu = NULL;
	m->cpu_number = step_choose(m, QUESTION_CPU, m->world->config.cpus);
	for (unsigned i = 0; i < 3; i++)
		memory_need(m, m->world->slot_cpu[m->cpu_number] + i);
	m->cpu = machine_cpu(m, m->cpu_number);
	m->start = m->cpu->core.pc;
	boundary_own(m);

	n = actions_possible(m, actions);
	if (n == 0) {
		m->disabled = true;
		return 0;
	}
	for (unsigned i = 0; i < n; i++)
		meanings[i] = actions[i];
	answer = step_choose_if_any(m, QUESTION_ACTION, meanings, n);
	action = actions[answer < n ? answer : 0];
	m->action = action;
	m->progress = action != ACTION_GO;
	/* A step that begins where the thread cannot be preempted has no first thing that may go unstopped.
	 */
	m->touched = (action == ACTION_GO || action == ACTION_UNPLUG || action == ACTION_LOW_POWER) &&
	             cpu_mode(m->cpu) == MODE_SVC && !cpu_in_guest(m->cpu) && !boundary_open(m);
	if (!m->failed)
		start(m, action);
	if (m->coverage)
		m->coverage->steps++;
	if (!m->failed && !m->ended)
		run(m, e);
	if (!m->failed && !m->ended && (m->wrote >= 0 || m->computed))
		finish(m);
	if (m->failed) {
		m->ended = true;
		*e = m->error;
		return -1;
	}
	return 0;
}
