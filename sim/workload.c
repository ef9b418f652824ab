/* SPDX-License-Identifier: MIT */
#include "workload.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const workload_who_names[WHO_NAMES] = {"user", "guest", "kernel", "idle"};
const char *const workload_pick_names[PICK_NAMES] = {"stay", "migrate", "idle"};

/* As in trace files. */
static const struct {
	const char *name;
	enum world_question question;
} answers[] = {{"signal", QUESTION_SIGNAL}, {"userspace", QUESTION_USERSPACE}, {"neon", QUESTION_NEON},
               {"write", QUESTION_WRITE},   {"lost", QUESTION_LOST},           {"enable", QUESTION_ENABLE}};
enum { ANSWERS = sizeof(answers) / sizeof(answers[0]), WORDS_MAX = 4 };

void workload_init(struct workload *w)
{
	for (unsigned i = 0; i < WHO_NAMES; i++) {
		for (unsigned k = 0; k < ACTIONS; k++)
			w->action[i][k] = WORKLOAD_WEIGHT_USUAL;
	}
	w->fpexc[0] = w->fpexc[1] = WORKLOAD_WEIGHT_USUAL;
	for (unsigned i = 0; i < QUESTIONS; i++)
		w->answer[i][0] = w->answer[i][1] = WORKLOAD_WEIGHT_USUAL;
	for (unsigned i = 0; i < PICK_NAMES; i++)
		w->pick[i] = WORKLOAD_WEIGHT_USUAL;
}

struct word {
	const char *at;
	size_t length;
};

struct line {
	const char *name, *text;
	size_t length;
	unsigned number;
	struct word words[WORDS_MAX];
	unsigned n;
	struct error *error;
};

static int wrong(const struct line *l, const char *at, const char *what)
{
	return error_set(l->error, "%.200s:%u:%zu: %s", l->name, l->number, (size_t)(at - l->text) + 1, what);
}

static bool is(const struct word *word, const char *name)
{
	return word->length == strlen(name) && memcmp(word->at, name, word->length) == 0;
}

/* The place of a word among names; n: none. */
static unsigned find(const struct word *word, const char *const *names, unsigned n)
{
	unsigned i = 0;

	while (i < n && !is(word, names[i]))
		i++;
	return i;
}

static int split(struct line *l)
{
	const char *at = l->text, *end = l->text + l->length;

	for (l->n = 0;; l->n++) {
		while (at < end && (*at == ' ' || *at == '\t'))
			at++;
		if (at == end || *at == '#')
			return 0;
		if (l->n == WORDS_MAX)
			return wrong(l, at, "nothing comes behind the weight");
		l->words[l->n].at = at;
		while (at < end && *at != ' ' && *at != '\t' && *at != '#')
			at++;
		l->words[l->n].length = (size_t)(at - l->words[l->n].at);
	}
}

static int parse_weight(const struct line *l, const struct word *word, uint32_t *weight)
{
	*weight = 0;
	for (size_t i = 0; i < word->length; i++) {
		if (word->at[i] < '0' || word->at[i] > '9')
			return wrong(l, word->at, "a weight is a whole number");
		*weight = *weight * 10 + (uint32_t)(word->at[i] - '0');
		if (*weight > WORKLOAD_WEIGHT_MAX)
			return wrong(l, word->at, "a weight is at most 1000000");
	}
	return 0;
}

/* "signal=1" has this weight. Returns false if the word is no such thing. */
static bool set_answer(struct workload *w, const struct word *word, uint32_t weight)
{
	for (unsigned i = 0; i < ANSWERS; i++) {
		size_t length = strlen(answers[i].name);

		if (word->length == length + 2 && memcmp(word->at, answers[i].name, length) == 0 &&
		    word->at[length] == '=' && (word->at[length + 1] == '0' || word->at[length + 1] == '1')) {
			w->answer[answers[i].question][word->at[length + 1] - '0'] = weight;
			return true;
		}
	}
	return false;
}

/* pick WHICH WEIGHT, guest enable WEIGHT, WHO ACTION WEIGHT, ACTION WEIGHT, CHOICE=VALUE WEIGHT */
static int parse_entry(const struct line *l, struct workload *w)
{
	const struct word *last = &l->words[l->n - 1];
	uint32_t weight;
	unsigned who, action, pick;

	if (l->n == 1)
		return wrong(l, last->at + last->length, "the weight is missing");
	if (parse_weight(l, last, &weight))
		return -1;
	if (l->n == 3 && is(&l->words[0], "pick")) {
		pick = find(&l->words[1], workload_pick_names, PICK_NAMES);
		if (pick == PICK_NAMES)
			return wrong(l, l->words[1].at,
			             "picked is who stays, who migrates, or idle: pick migrate WEIGHT");
		w->pick[pick] = weight;
		return 0;
	}
	if (l->n == 4)
		return wrong(l, l->words[2].at, "too many words: WHO ACTION WEIGHT");
	who = l->n == 3 ? find(&l->words[0], workload_who_names, WHO_NAMES) : WHO_NAMES;
	if (l->n == 3 && who == WHO_NAMES)
		return wrong(l, l->words[0].at, "who acts is user, guest, kernel or idle");
	if (l->n == 2 && set_answer(w, &l->words[0], weight))
		return 0;
	if (l->n == 3 && who == WHO_GUEST && (is(&l->words[1], "enable") || is(&l->words[1], "disable"))) {
		w->fpexc[is(&l->words[1], "disable")] = weight;
		return 0;
	}
	action = find(&l->words[l->n - 2], world_action_names, ACTIONS);
	if (action == ACTIONS)
		return wrong(l, l->words[l->n - 2].at,
		             "this is no action, and no choice: fp, preempt, signal=1 "
		             "(docs/reference/trace-format.md)");
	if (l->n == 3)
		w->action[who][action] = weight;
	for (unsigned i = 0; l->n == 2 && i < WHO_NAMES; i++)
		w->action[i][action] = weight;
	if (action == ACTION_FPEXC && (l->n == 2 || who == WHO_GUEST))
		w->fpexc[0] = w->fpexc[1] = weight;
	return 0;
}

static int check_version(const struct line *l)
{
	if (l->n != 2 || !is(&l->words[0], "lazyswitch-workload"))
		return wrong(l, l->text, "a workload begins with: lazyswitch-workload 1");
	return is(&l->words[1], "1") ? 0 : wrong(l, l->words[1].at, "only version 1 is known");
}

int workload_parse(struct workload *w, const char *name, const char *text, size_t size, struct error *e)
{
	struct line l = {.name = name, .error = e};
	const char *at = text, *end = text + size;

	workload_init(w);
	l.text = text;
	for (l.number = 1; at < end || l.number == 1; l.number++) {
		const char *newline = at < end ? memchr(at, '\n', (size_t)(end - at)) : NULL;

		l.text = at;
		l.length = (size_t)((newline ? newline : end) - at);
		if (l.length > 0 && at[l.length - 1] == '\r')
			l.length--;
		if (split(&l) || (l.number == 1 ? check_version(&l) : l.n > 0 ? parse_entry(&l, w) : 0))
			return -1;
		at = newline ? newline + 1 : end;
	}
	return 0;
}

int workload_read(struct workload *w, const char *path, struct error *e)
{
	FILE *f = fopen(path, "rb");
	char *text = malloc(WORKLOAD_FILE_MAX + 1);
	size_t size = f && text ? fread(text, 1, WORKLOAD_FILE_MAX + 1, f) : 0;
	int status = -1;

	if (!f)
		error_set(e, "%.300s: cannot read it: %s", path, strerror(errno));
	else if (!text)
		error_set(e, "out of memory");
	else if (ferror(f))
		error_set(e, "%.300s: cannot read it", path);
	else if (size > WORKLOAD_FILE_MAX)
		error_set(e, "%.300s: no workload has more than 1 MiB", path);
	else
		status = workload_parse(w, path, text, size, e);
	if (f)
		(void)fclose(f);
	free(text);
	return status;
}

/* From sim/workloads. */
extern const char workload_cpu_bound[], workload_cpu_bound_end[];
extern const char workload_fp_heavy[], workload_fp_heavy_end[];
extern const char workload_interrupt_heavy[], workload_interrupt_heavy_end[];
extern const char workload_oversubscribed[], workload_oversubscribed_end[];

const struct workload_shipped workloads_shipped[] = {
        {"cpu-bound", workload_cpu_bound, workload_cpu_bound_end},
        {"fp-heavy", workload_fp_heavy, workload_fp_heavy_end},
        {"interrupt-heavy", workload_interrupt_heavy, workload_interrupt_heavy_end},
        {"oversubscribed", workload_oversubscribed, workload_oversubscribed_end},
        {NULL, NULL, NULL},
};
