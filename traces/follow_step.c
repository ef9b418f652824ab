/* SPDX-License-Identifier: MIT */
/*
 * One step of a trace, by meaning, into one of the machine, by numbers. How many possibilities there are, and
 * which number means what, depends on the state: it is found out by trying. An attempt starts from a copy of
 * the machine, with the choices known so far, and shows the next one.
 */
#include <stdio.h>
#include <string.h>

#include "follow_private.h"
#include "names.h"

/* A list of possibilities, for a message. */
struct list {
	char text[320];
	size_t at;
};

static void list_add(struct list *list, const char *text)
{
	if (list->at < sizeof(list->text))
		list->at += (size_t)snprintf(list->text + list->at, sizeof(list->text) - list->at, "%s%s",
		                             list->at > 0 ? ", " : "", text);
}

int follow_attempt(struct follower *f, const struct model_label *label)
{
	struct machine *m = f->machine;

	memcpy(m->words, f->before, m->world->words * sizeof(*m->words));
	if (f->learning->refined)
		*f->learning = *f->result->learnt;
	return machine_step(m, label, &f->why_not);
}

/* The choice of the trace that answers the question; the first that is not used yet. NULL: none. */
static const struct trace_choice *answer_to(const struct follower *f, const struct trace_step *step,
                                            enum world_question question, uint32_t *used)
{
	for (unsigned i = 0; i < step->n_choices; i++) {
		const struct trace_choice *choice = &f->trace->choices[step->choices + i];

		if (choice->question == question && (*used >> i & 1) == 0) {
			*used |= 1u << i;
			return choice;
		}
	}
	return NULL;
}

/* Tries every answer to the first question that `label` leaves open until one means `wanted`. */
static bool try_answers(struct follower *f, const char *wanted, struct model_label *label, struct list *list)
{
	const struct machine *m = f->machine;
	unsigned k = label->length, alternatives = m->choices[k].alternatives;

	label->length++;
	for (unsigned i = 0; i < alternatives; i++) {
		char value[32];

		label->choice[k] = (uint8_t)i;
		if (i > 0) /* the attempt before had 0 here */
			(void)follow_attempt(f, label);
		choice_value(m->world, &m->choices[k], value, sizeof(value));
		if (strcmp(value, wanted) == 0)
			return true;
		list_add(list, value);
	}
	return false;
}

const char *follow_who(struct follower *f, unsigned cpu, char *buf, size_t size)
{
	struct machine *m = f->machine;

	memcpy(m->words, f->before, m->world->words * sizeof(*m->words));
	return world_task_name(m->world, machine_task(m, cpu), buf, size);
}

/* Nothing for this CPU to do: say which others have. */
static enum step_end nothing_to_do(struct follower *f, const struct trace_step *step, const char *who)
{
	const struct world *w = f->machine->world;
	struct list list = {.text = "none"};

	for (unsigned cpu = 0; cpu < w->config.cpus; cpu++) {
		const struct model_label label = {.length = 1, .choice = {(uint8_t)cpu}};
		char name[16];

		(void)follow_attempt(f, &label);
		(void)snprintf(name, sizeof(name), "cpu%u", cpu);
		if (!f->machine->disabled)
			list_add(&list, name);
	}
	return follow_diverge(f, step, 1, "cpu%u, with %s, has nothing to do; CPUs that have: %s", step->cpu,
	                      who, list.text);
}

static enum step_end wrong_choice(struct follower *f, const struct trace_step *step,
                                  const struct trace_choice *choice, const struct list *list)
{
	return follow_diverge(f, step, choice->column, "%s=%s is not possible here; possible: %s",
	                      question_name(choice->question)->name, choice->value, list->text);
}

/* Answers the question that `label` leaves open. */
static enum step_end answer(struct follower *f, const struct trace_step *step, const char *who,
                            uint32_t *used, struct model_label *label)
{
	enum world_question question = f->machine->choices[label->length].question;
	const struct trace_choice *choice = NULL;
	const char *wanted = NULL;
	struct list list = {0};

	if (question == QUESTION_ACTION) {
		wanted = step->action >= 0 ? world_action_names[step->action] : NULL;
	} else {
		choice = answer_to(f, step, question, used);
		wanted = choice ? choice->value : NULL;
	}
	if (!wanted) { /* not said: the attempt at hand has made the first possibility of it */
		label->choice[label->length++] = 0;
		return STEP_MADE;
	}
	if (try_answers(f, wanted, label, &list))
		return STEP_MADE;
	if (choice)
		return wrong_choice(f, step, choice, &list);
	return follow_diverge(f, step, step->action_column, "%s cannot %s here; possible: %s", who, wanted,
	                      list.text);
}

enum step_end follow_learn(struct follower *f, const struct trace_step *step)
{
	if (f->complete)
		return follow_diverge(
		        f, step, 1,
		        "the step reaches code that the lines 'shared' and 'closing' do not know, so it "
		        "would end elsewhere: they are not complete");
	f->learning->refined = false;
	*f->result->learnt = *f->learning;
	return STEP_LEARNT;
}

/* The attempt at hand has answered everything that was asked: is it the step? */
/* Written, and true, though there was nothing else to choose. */
static bool is_forced(const struct machine *m, const struct trace_choice *choice)
{
	char value[32];

	for (unsigned i = 0; i < m->n_forced; i++) {
		if (m->forced[i].question == choice->question &&
		    strcmp(choice_value(m->world, &m->forced[i], value, sizeof(value)), choice->value) == 0)
			return true;
	}
	return false;
}

static enum step_end conclude(struct follower *f, const struct trace_step *step, int status, const char *who,
                              uint32_t used)
{
	const struct machine *m = f->machine;
	struct list list = {.text = "nothing"};

	if (step->action >= 0 && m->action != (enum world_action)step->action)
		return follow_diverge(f, step, step->action_column, "%s cannot %s here; possible: %s", who,
		                      world_action_names[step->action], world_action_names[m->action]);
	if (status)
		return follow_diverge(f, step, 1, "the step fails: %.500s", f->why_not.text);
	if (f->learning->refined)
		return follow_learn(f, step);
	if (f->skip)
		return STEP_MADE;
	for (unsigned i = 0; i < m->n_choices; i++) {
		if (question_name(m->choices[i].question)->name)
			list_add(&list, question_name(m->choices[i].question)->name);
	}
	for (unsigned i = 0; i < step->n_choices; i++) {
		const struct trace_choice *choice = &f->trace->choices[step->choices + i];

		if ((used >> i & 1) == 0 && !is_forced(m, choice))
			return follow_diverge(
			        f, step, choice->column,
			        "there is no choice %s=%s in this step, or not another one; asked for: %s",
			        question_name(choice->question)->name, choice->value, list.text);
	}
	return STEP_MADE;
}

enum step_end follow_step(struct follower *f, const struct trace_step *step, struct model_label *label)
{
	const struct machine *m = f->machine;
	uint32_t used = 0;
	char who[32];
	int status;

	*label = (struct model_label){.length = 1, .choice = {(uint8_t)step->cpu}};
	if (step->cpu >= m->world->config.cpus)
		return follow_diverge(f, step, 1, "there is no cpu%u; CPUs: %u", step->cpu,
		                      m->world->config.cpus);
	follow_who(f, step->cpu, who, sizeof(who));
	if (step->who && strcmp(step->who, who) != 0)
		return follow_diverge(f, step, step->who_column, "cpu%u runs %s here, not %s", step->cpu, who,
		                      step->who);
	status = follow_attempt(f, label);
	if (m->disabled)
		return nothing_to_do(f, step, who);
	while (label->length < m->n_choices) {
		enum step_end end = answer(f, step, who, &used, label);

		if (end != STEP_MADE)
			return end;
		status = m->failed ? -1 : 0;
	}
	return conclude(f, step, status, who, used);
}

/* Can the CPU go on by itself? Then it has, and `label` says how. */
static enum step_end go_on(struct follower *f, const struct trace_step *step, struct model_label *label)
{
	const struct machine *m = f->machine;
	const struct model_label first = {.length = 1, .choice = {(uint8_t)step->cpu}};
	int status = follow_attempt(f, &first);

	/* Going on comes first of all actions. */
	if (status || m->disabled || m->action != ACTION_GO)
		return STEP_DIVERGED;
	if (f->learning->refined)
		return follow_learn(f, step);
	machine_label(m, label);
	return STEP_MADE;
}

/* The message without FILE:LINE:COLUMN. */
static const char *reason(const struct follower *f, const struct error *why, char *buf, size_t size)
{
	size_t prefix = strlen(f->trace->name);

	prefix = prefix > 200 ? 200 : prefix;
	(void)snprintf(buf, size, "%s", why->text + prefix + strcspn(why->text + prefix, " ") + 1);
	return buf;
}

enum step_end follow_filling(struct follower *f, const struct trace_step *step, struct model_label *label)
{
	struct followed *r = f->result;
	size_t bytes = f->machine->world->words * sizeof(*f->before), start = r->steps;
	enum step_end end = follow_step(f, step, label), went = STEP_MADE;
	struct error first;
	char last[300];

	if (end != STEP_DIVERGED)
		return end;
	first = r->why;
	memcpy(f->resume, f->before, bytes);
	for (;;) {
		bool full = r->steps - start == TRACE_FILL_MAX || r->steps + 1 >= TRACE_STEPS_MAX;
		struct model_label filled;

		went = full ? STEP_DIVERGED : go_on(f, step, &filled);
		if (went == STEP_LEARNT)
			return went;
		if (went == STEP_DIVERGED)
			break;
		if (follow_append(f, &filled, false))
			return STEP_MADE;
		if (f->ended)
			break;
		end = follow_step(f, step, label);
		if (end != STEP_DIVERGED)
			return end;
	}
	if (r->steps > start)
		error_set(&r->why, "%.600s; nor does going on help: after %zu more step%s of cpu%u %s%.300s",
		          first.text, r->steps - start, r->steps - start == 1 ? "" : "s", step->cpu,
		          f->ended ? "the run has ended" : "",
		          f->ended ? "" : reason(f, &r->why, last, sizeof(last)));
	r->steps = start;
	f->ended = false;
	memcpy(f->before, f->resume, bytes);
	return STEP_DIVERGED;
}

void follow_advise(struct follower *f, const struct trace_step *step)
{
	const struct model_label first = {.length = 1, .choice = {(uint8_t)step->cpu}};
	struct error why = f->result->why;

	if (step->cpu >= f->machine->world->config.cpus || follow_attempt(f, &first) ||
	    f->machine->disabled || f->machine->action != ACTION_GO)
		return;
	error_set(&f->result->why,
	          "%.900s; to let it wait until it is possible, begin the file with "
	          "'lazyswitch-trace 2'",
	          why.text);
}

bool follow_fits(struct follower *f, const struct trace_step *step)
{
	const struct machine *m = f->machine;
	uint32_t used = 0;

	if (m->disabled || (step->action >= 0 && m->action != (enum world_action)step->action))
		return false;
	for (unsigned i = 0; i < m->n_choices; i++) {
		enum world_question question = m->choices[i].question;
		const struct trace_choice *choice = answer_to(f, step, question, &used);
		char value[32];

		if (choice &&
		    strcmp(choice->value, choice_value(m->world, &m->choices[i], value, sizeof(value))) != 0)
			return false;
	}
	return used == (1u << step->n_choices) - 1;
}
