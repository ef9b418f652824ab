/* SPDX-License-Identifier: MIT */
/* The words of trace files, for those who write and those who read: one table each, and the same both ways.
 */
#ifndef LAZYSWITCH_TRACES_NAMES_H
#define LAZYSWITCH_TRACES_NAMES_H

#include <stdbool.h>
#include <stddef.h>

#include "model/world/machine.h"

extern const char *const trace_class_names[SLOT_CLASSES];

/* How the answer to a question is written. */
enum value_kind {
	VALUE_NUMBER,
	VALUE_TASK, /* the name of a task */
	VALUE_VCPU, /* "vcpu0" */
	VALUE_ACTION,
	VALUE_WORD, /* one of the words of the question */
};

struct question_name {
	const char *name; /* NULL: it has no name=value of its own (the CPU, the action) */
	enum value_kind kind;
	const char *const *words; /* VALUE_WORD: by answer, NULL at the end */
};

/* What a question is called. */
const struct question_name *question_name(enum world_question question);
/* The question called by the `length` bytes of `name`; -1: none. */
int question_named(const char *name, size_t length);

/* May `text` be the value of this choice, on some system? */
bool value_is_legal(const struct question_name *question, const char *text);
/* Could `text` be the name of a task: "app0", "child"? */
bool is_task_name(const char *text);

/* The answer to a question by its meaning, also for CPU and action. Returns buf. */
const char *choice_value(const struct world *w, const struct world_choice *choice, char *buf, size_t size);

/* Can it stand in a line without quotes? */
bool is_plain_word(const char *text);

/*
 * A code address by symbol and offset, or, if that would not lead back to it or does not fit, as a number.
 * Size: at least 16. Returns buf.
 */
const char *where_text(const struct image *image, uint32_t address, char *buf, size_t size);
/* The code address that where_text() would write so. `numbers`: numbers have a meaning in this image. */
bool where_address(const struct image *image, const char *where, bool numbers, uint32_t *address);

/* choices.c: a step that was made, by the names of its choices, as in a trace file; `task` is who its CPU ran before it. */
enum { CHOICES_TEXT = 512 };
void choices_text(const struct machine *m, uint32_t task, char *buf, size_t size);

#endif
