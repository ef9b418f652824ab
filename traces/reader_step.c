/* SPDX-License-Identifier: MIT */
/* The lines of a trace file that are steps: "cpu0 vmm0 kvm-run signal=1 @ kvm_vcpu_ioctl_run+0x50". */
#include <string.h>

#include "names.h"
#include "reader_private.h"

static bool is_choose(const struct word *w)
{
	return !w->quoted && strcmp(w->text, "choose") == 0;
}

bool step_begins(const struct parser *p)
{
	const struct word *w = &p->word[0];

	if (w->quoted)
		return false;
	return is_choose(w) || (strncmp(w->text, "cpu", 3) == 0 && w->text[3] >= '0' && w->text[3] <= '9');
}

static int action_named(const char *name)
{
	for (int i = 0; i < ACTIONS; i++) {
		if (strcmp(world_action_names[i], name) == 0)
			return i;
	}
	return -1;
}

static void value_form(const struct question_name *question, char *buf, size_t size)
{
	size_t at = 0;

	switch (question->kind) {
	case VALUE_TASK:
		(void)snprintf(buf, size, "the name of a task, such as vmm0");
		break;
	case VALUE_VCPU:
		(void)snprintf(buf, size, "the name of a vCPU, such as vcpu0");
		break;
	case VALUE_WORD:
		for (unsigned i = 0; question->words[i] && at < size; i++)
			at += (size_t)snprintf(buf + at, size - at, "%s%s", i ? " or " : "",
			                       question->words[i]);
		break;
	default:
		(void)snprintf(buf, size, "a number");
		break;
	}
}

static int parse_choice(struct parser *p, struct trace_step *step, const struct word *w)
{
	struct trace *t = p->t;
	size_t length = strcspn(w->text, "=");
	unsigned column = w->column + (unsigned)length + 1;
	int question = question_named(w->text, length);
	char shown[48], form[128];
	struct trace_choice *choices;

	if (question < 0) {
		w->text[length] = '\0';
		return parse_error(p, w->column, "unknown choice '%s'", words_show(w->text, shown));
	}
	if (!value_is_legal(question_name((enum world_question)question), w->text + length + 1)) {
		value_form(question_name((enum world_question)question), form, sizeof(form));
		return parse_error(p, column, "'%s' is no value of %s: here stands %s",
		                   words_show(w->text + length + 1, shown),
		                   question_name((enum world_question)question)->name, form);
	}
	if (step->n_choices == MODEL_LABEL_MAX)
		return parse_error(p, w->column, "more than %d choices in a step", MODEL_LABEL_MAX);
	choices = words_make_room(p, t->choices, &p->room_choices, t->n_choices, sizeof(*choices));
	if (!choices)
		return -1;
	t->choices = choices;
	t->choices[t->n_choices++] = (struct trace_choice){
	        .question = (enum world_question)question,
	        .value = w->text + length + 1,
	        .column = w->column,
	};
	step->n_choices++;
	return 0;
}

/* "@ PLACE" at the end of the line. */
static int parse_place(struct parser *p, struct trace_step *step, unsigned i)
{
	char shown[48];

	if (i + 1 == p->n)
		return parse_error(p, p->end_column, "behind @ stands where the CPU is after the step");
	if (i + 2 < p->n)
		return parse_error(p, p->word[i + 2].column,
		                   "'%s' is too much here: behind @ stands one word",
		                   words_show(p->word[i + 2].text, shown));
	step->place = p->word[i + 1].text;
	return 0;
}

/* "choose *" or "choose * N", word i and what follows it. Returns how many words that are, or 0. */
static unsigned parse_choose(struct parser *p, struct trace_step *step, unsigned i)
{
	const struct word *w = &p->word[i];
	char shown[48];

	if (p->t->version < 2) {
		(void)parse_error(p, w->column,
		                  "open steps came with version 2: begin the file with "
		                  "'lazyswitch-trace 2'");
		return 0;
	}
	if (i + 1 == p->n || w[1].quoted || strcmp(w[1].text, "*") != 0) {
		(void)parse_error(p, i + 1 == p->n ? p->end_column : w[1].column,
		                  "behind choose stands *, and perhaps up to how many steps: choose * 3");
		return 0;
	}
	step->open = 1;
	if (i + 2 == p->n || (!w[2].quoted && strcmp(w[2].text, "@") == 0))
		return 2;
	if (words_number(p, w[2].text, w[2].column, TRACE_OPEN_MAX, &step->open))
		return 0;
	if (step->open == 0) {
		(void)parse_error(p, w[2].column, "an open step is at least 1");
		return 0;
	}
	if (i + 3 < p->n && (w[3].quoted || strcmp(w[3].text, "@") != 0)) {
		(void)parse_error(p, w[3].column, "'%s' is too much here: choose * ends the step",
		                  words_show(w[3].text, shown));
		return 0;
	}
	return 3;
}

/* Who, or the action. */
static int parse_name(struct parser *p, struct trace_step *step, const struct word *w)
{
	int action = action_named(w->text);
	char shown[48];

	if (step->action >= 0 || step->n_choices > 0)
		return parse_error(p, w->column,
		                   "'%s' is too much here: behind the action stand choices, NAME=VALUE",
		                   words_show(w->text, shown));
	if (action >= 0) {
		step->action = action;
		step->action_column = w->column;
		return 0;
	}
	if (step->who)
		return parse_error(p, w->column, "unknown action '%s'", words_show(w->text, shown));
	if (!is_task_name(w->text))
		return parse_error(p, w->column, "'%s' is neither a task, such as vmm0, nor an action",
		                   words_show(w->text, shown));
	step->who = w->text;
	step->who_column = w->column;
	return 0;
}

int step_line(struct parser *p)
{
	struct trace *t = p->t;
	struct trace_step step = {.line = p->line, .action = -1, .choices = t->n_choices};
	struct trace_step *steps;
	unsigned first = 1, chosen;
	int status = 0;

	if (is_choose(&p->word[0])) {
		step.cpu = TRACE_CPU_ANY;
		first = 0;
	} else if (words_number(p, p->word[0].text + 3, p->word[0].column + 3, t->config.cpus - 1,
	                        &step.cpu)) {
		return -1;
	}
	for (unsigned i = first; i < p->n && status == 0; i++) {
		const struct word *w = &p->word[i];

		if (is_choose(w)) {
			chosen = parse_choose(p, &step, i);
			status = chosen == 0 ? -1 : 0;
			i += chosen - 1;
			continue;
		}
		if (!w->quoted && strcmp(w->text, "@") == 0) {
			status = parse_place(p, &step, i);
			break;
		}
		status = strchr(w->text, '=') ? parse_choice(p, &step, w) : parse_name(p, &step, w);
	}
	if (status)
		return -1;
	if (t->n_steps == TRACE_STEPS_MAX)
		return parse_error(p, 1, "more than %d steps", TRACE_STEPS_MAX);
	steps = words_make_room(p, t->steps, &p->room_steps, t->n_steps, sizeof(*steps));
	if (!steps)
		return -1;
	t->steps = steps;
	t->steps[t->n_steps++] = step;
	t->n_open += step.open > 0;
	return 0;
}
