/* SPDX-License-Identifier: MIT */
#include "cost.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/world/actions.h"
#include "model/world/machine.h"

const char *const cost_scenario_names[COST_SCENARIOS] = {
        [COST_EXIT] = "exit",
        [COST_EXIT_FP] = "exit-fp",
        [COST_EXIT_NEON_FP] = "exit-neon-fp",
        [COST_FIRST_USE] = "first-use",
        [COST_LOAD_PUT] = "load-put",
        [COST_LOAD_PUT_FP] = "load-put-fp",
        [COST_USERSPACE] = "userspace",
        [COST_USERSPACE_FP] = "userspace-fp",
};

const char *const cost_scenario_meanings[COST_SCENARIOS] = {
        [COST_EXIT] = "exit and entry, the guest does not use FP",
        [COST_EXIT_FP] = "exit, entry, FP use; the guest has used FP before the exit, too",
        [COST_EXIT_NEON_FP] = "the same, and the host uses NEON while it handles the exit",
        [COST_FIRST_USE] = "the guest's first FP use since vcpu_load",
        [COST_LOAD_PUT] = "vcpu_load and vcpu_put, no FP use in between",
        [COST_LOAD_PUT_FP] = "vcpu_load and vcpu_put, FP used in between",
        [COST_USERSPACE] = "exit to user space and entry, the guest does not use FP",
        [COST_USERSPACE_FP] = "the same, and FP use; the guest has used FP before, too",
};

/* What is done, one letter a thing. Everything from '[' to ']' counts; between '{' and '}', only KVM's hooks.
 */
static const char *const scripts[COST_SCENARIOS] = {
        [COST_EXIT] = "R [ E ]",
        [COST_EXIT_FP] = "R F [ E F ]",
        [COST_EXIT_NEON_FP] = "R F [ N F ]",
        [COST_FIRST_USE] = "R [ F ]",
        [COST_LOAD_PUT] = "{ R U }",
        [COST_LOAD_PUT_FP] = "{ R F U }",
        [COST_USERSPACE] = "R [ U R ]",
        [COST_USERSPACE_FP] = "R F [ U R F ]",
};

/* Before every script: the VMM thread is picked, and its guest, as guests do, turns FP on. */
static const char prologue[] = "W R X U";

/* No thing that is done takes more steps than this, if the variant works. */
enum { STEPS_MAX = 64 };

struct meter {
	struct machine *machine;
	uint32_t *before; /* [world->words] */
	bool hooks_only;
	bool counting;
	uint64_t retired_at;
	struct tally tally;
};

static void start(struct meter *meter)
{
	meter->counting = true;
	meter->retired_at = meter->machine->retired;
}

static void stop(struct meter *meter)
{
	if (meter->counting)
		meter->tally.count[COST_INSTRUCTIONS] += meter->machine->retired - meter->retired_at;
	meter->counting = false;
}

static void watch(void *arg, const struct watch *watch)
{
	struct meter *meter = arg;

	if (meter->hooks_only && watch->kind == WATCH_KVM_ENTER)
		start(meter);
	else if (meter->hooks_only && watch->kind == WATCH_KVM_LEAVE)
		stop(meter);
	else if (meter->counting && watch->kind == WATCH_CPU)
		tally_event(&meter->tally, meter->machine, watch->event);
}

/* What the world is to answer while one thing is done. */
struct wish {
	enum world_action action;
	bool userspace, neon;
};

static bool as_wished(const struct world_choice *choice, const struct wish *wish)
{
	switch (choice->question) {
	case QUESTION_ACTION:
		return choice->meaning == (uint32_t)wish->action;
	case QUESTION_USERSPACE:
		return choice->answer == wish->userspace;
	case QUESTION_NEON:
		return choice->answer == wish->neon;
	case QUESTION_PICK:
		return choice->meaning >= NR_CPUS; /* the only thread, not the idle task */
	default:
		return choice->answer == 0; /* no signal; what was written acts at once */
	}
}

/* The label that comes nearer to what is wished; false if the last step was as wished, or cannot be. */
static bool correct(const struct machine *m, const struct wish *wish, struct model_label *label)
{
	for (unsigned i = 0; i < m->n_choices; i++) {
		const struct world_choice *choice = &m->choices[i];

		if (as_wished(choice, wish) || choice->answer + 1 == choice->alternatives)
			continue;
		machine_label(m, label);
		label->choice[i]++;
		label->length = (uint8_t)(i + 1);
		return true;
	}
	return false;
}

/*
 * One step. A label is found by trying: with a copy of the machine put back each time, and nobody watching
 * until the right one is known.
 */
static int make_step(struct meter *meter, const struct wish *wish, struct error *e)
{
	struct machine *m = meter->machine;
	size_t bytes = m->world->words * sizeof(*m->words);
	uint64_t retired = m->retired;
	struct model_label label = {0};

	memcpy(meter->before, m->words, bytes);
	m->watch = NULL;
	do {
		memcpy(m->words, meter->before, bytes);
		if (machine_step(m, &label, e))
			return -1;
	} while (correct(m, wish, &label));
	memcpy(m->words, meter->before, bytes);
	m->retired = retired;
	machine_label(m, &label);
	m->watch = watch;
	m->watch_arg = meter;
	if (machine_step(m, &label, e))
		return -1;
	if (m->disabled || m->action != wish->action)
		return error_set(e, "cannot %s here", world_action_names[wish->action]);
	if (m->ended) {
		const char *what = m->n_violations > 0 ? m->violations[m->n_violations - 1].text : "the end";

		return error_set(e, "%.900s", what);
	}
	return 0;
}

/* Is the CPU where something new can be done: in user mode, or in the guest? */
static bool at_rest(const struct machine *m, bool guest)
{
	const struct world_symbols *s = &m->world->symbols;

	if (cpu_in_guest(m->cpu))
		return guest && m->cpu->core.pc == s->guest_choose;
	return !guest && cpu_mode(m->cpu) == MODE_USR && m->cpu->core.pc == s->user_choose;
}

/* Does one thing, until the thread or the guest is free to choose again. */
static int do_thing(struct meter *meter, char thing, struct error *e)
{
	struct wish wish = {.userspace = thing == 'U', .neon = thing == 'N'};
	bool guest = thing != 'U' && thing != 'W';

	switch (thing) {
	case 'W':
		wish.action = ACTION_WAKE;
		break;
	case 'R':
		wish.action = ACTION_KVM_RUN;
		break;
	case 'F':
		wish.action = ACTION_FP;
		break;
	case 'X':
		wish.action = ACTION_FPEXC;
		break;
	default: /* E, N, U */
		wish.action = ACTION_GUEST_EXIT;
		break;
	}
	for (unsigned i = 0; i < STEPS_MAX; i++) {
		if (make_step(meter, &wish, e))
			return -1;
		if (at_rest(meter->machine, guest))
			return 0;
		wish.action = ACTION_GO;
	}
	return error_set(e, "does not come to an end");
}

static int play(struct meter *meter, const char *script, struct error *e)
{
	for (const char *at = script; *at != '\0'; at++) {
		switch (*at) {
		case ' ':
			break;
		case '[':
			start(meter);
			break;
		case '{':
			meter->hooks_only = true;
			break;
		case ']':
		case '}':
			stop(meter);
			break;
		default:
			if (do_thing(meter, *at, e))
				return -1;
		}
	}
	return 0;
}

static int measure(const struct world *w, const char *script, struct cost_row *row, struct error *e)
{
	struct meter meter = {.machine = machine_new(w)};
	int status = -1;

	meter.before = calloc(w->words, sizeof(*meter.before));
	if (!meter.machine || !meter.before)
		error_set(e, "out of memory");
	else if (machine_boot(meter.machine, e) == 0)
		status = 0;
	if (status == 0)
		row->known = play(&meter, prologue, &row->why) == 0 && play(&meter, script, &row->why) == 0;
	for (unsigned i = 0; i < COST_COUNTERS; i++)
		row->count[i] = (unsigned)meter.tally.count[i];
	free(meter.before);
	machine_free(meter.machine);
	return status;
}

int cost_measure(const struct image *image, struct cost *cost, struct error *e)
{
	const struct world_config config = {.cpus = 1, .vms = 1, .vcpus = 1, .env = ENV_NEON};
	struct world *w = world_new(&config, image, e);
	int status = w ? 0 : -1;

	memset(cost, 0, sizeof(*cost));
	for (unsigned s = 0; s < COST_SCENARIOS && status == 0; s++)
		status = measure(w, scripts[s], &cost->row[s], e);
	world_free(w);
	return status;
}
