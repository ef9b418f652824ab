/* SPDX-License-Identifier: MIT */
#include "names.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const trace_class_names[SLOT_CLASSES] = {
        [SLOT_CORE] = "core",
        [SLOT_SYS] = "sys",
        [SLOT_FPEXC] = "fpexc",
        [SLOT_BANK] = "bank",
        [SLOT_HYP_STACK] = "hyp-stack",
        [SLOT_HW_STATE] = "hw-state",
        [SLOT_HOST_CTX] = "host-context",
        [SLOT_TASK] = "task",
        [SLOT_TASK_VFP] = "task-vfp",
        [SLOT_VCPU] = "vcpu",
        [SLOT_VCPU_VFP] = "vcpu-vfp",
        [SLOT_RUNQUEUE] = "runqueue",
        [SLOT_SIGFRAME] = "signal-frame",
        [SLOT_MUTEX] = "mutex",
        [SLOT_GLOBALS] = "globals",
};

static const char *const traps[] = {"new", "old", NULL};

/* One line for each question; a test sees to it that none is missing. */
static const struct question_name questions[QUESTIONS] = {
        [QUESTION_CPU] = {NULL, VALUE_NUMBER, NULL},
        [QUESTION_ACTION] = {NULL, VALUE_ACTION, NULL},
        [QUESTION_PICK] = {"pick", VALUE_TASK, NULL},
        [QUESTION_SIGNAL] = {"signal", VALUE_NUMBER, NULL},
        [QUESTION_USERSPACE] = {"userspace", VALUE_NUMBER, NULL},
        [QUESTION_NEON] = {"neon", VALUE_NUMBER, NULL},
        [QUESTION_UNSYNCED] = {"unsynced", VALUE_WORD, traps},
        [QUESTION_TASK] = {"task", VALUE_TASK, NULL},
        [QUESTION_VCPU] = {"vcpu", VALUE_VCPU, NULL},
        [QUESTION_WRITE] = {"write", VALUE_NUMBER, NULL},
        [QUESTION_LOST] = {"lost", VALUE_NUMBER, NULL},
        [QUESTION_ENABLE] = {"enable", VALUE_NUMBER, NULL},
};

const struct question_name *question_name(enum world_question question)
{
	return &questions[question];
}

int question_named(const char *name, size_t length)
{
	for (unsigned i = 0; i < QUESTIONS; i++) {
		if (questions[i].name && strlen(questions[i].name) == length &&
		    memcmp(questions[i].name, name, length) == 0)
			return (int)i;
	}
	return -1;
}

static bool is_number(const char *text)
{
	size_t n = strspn(text, "0123456789");

	return n > 0 && n < 10 && text[n] == '\0';
}

bool is_task_name(const char *text)
{
	size_t n = strspn(text, "abcdefghijklmnopqrstuvwxyz");

	return (n > 0 && is_number(text + n)) || strcmp(text, "child") == 0;
}

bool value_is_legal(const struct question_name *question, const char *text)
{
	switch (question->kind) {
	case VALUE_TASK:
		return is_task_name(text);
	case VALUE_VCPU:
		return strncmp(text, "vcpu", 4) == 0 && is_number(text + 4);
	case VALUE_WORD:
		for (const char *const *word = question->words; *word; word++) {
			if (strcmp(*word, text) == 0)
				return true;
		}
		return false;
	default:
		return is_number(text);
	}
}

const char *choice_value(const struct world *w, const struct world_choice *choice, char *buf, size_t size)
{
	const struct question_name *question = question_name(choice->question);

	switch (question->kind) {
	case VALUE_TASK:
		return world_task_name(w, choice->meaning, buf, size);
	case VALUE_VCPU:
		(void)snprintf(buf, size, "vcpu%" PRIu32, choice->meaning);
		return buf;
	case VALUE_ACTION:
		(void)snprintf(buf, size, "%s", world_action_names[choice->meaning]);
		return buf;
	case VALUE_WORD:
		(void)snprintf(buf, size, "%s", question->words[choice->meaning]);
		return buf;
	default:
		(void)snprintf(buf, size, "%" PRIu32, choice->meaning);
		return buf;
	}
}

bool is_plain_word(const char *text)
{
	if (text[0] == '\0' || text[0] == '#' || text[0] == '"')
		return false;
	for (; *text != '\0'; text++) {
		if (*text <= ' ' || *text > '~')
			return false;
	}
	return true;
}

const char *where_text(const struct image *image, uint32_t address, char *buf, size_t size)
{
	uint32_t found;

	image_where(image, address, buf, size);
	if (strlen(buf) + 1 >= size || !is_plain_word(buf) || !where_address(image, buf, true, &found) ||
	    found != address)
		(void)snprintf(buf, size, "0x%08" PRIx32, address);
	return buf;
}

static bool parse_hex(const char *text, uint32_t *value)
{
	char *end;

	if (strncmp(text, "0x", 2) != 0 || strlen(text) > 10 || text[2] == '\0' ||
	    strspn(text + 2, "0123456789abcdef") != strlen(text + 2))
		return false;
	*value = (uint32_t)strtoul(text + 2, &end, 16);
	return true;
}

bool where_address(const struct image *image, const char *where, bool numbers, uint32_t *address)
{
	const char *plus = strrchr(where, '+');
	const struct image_symbol *symbol, *around;
	uint32_t offset = 0;
	char *name;

	if (parse_hex(where, address))
		return numbers && image_insn(image, *address);
	if (plus && !parse_hex(plus + 1, &offset))
		plus = NULL; /* part of the name */
	name = strdup(where);
	if (!name)
		return false;
	if (plus)
		name[plus - where] = '\0';
	symbol = image_symbol(image, name);
	free(name);
	if (!symbol)
		return false;
	*address = symbol->address + offset;
	around = image_symbol_at(image, *address);
	/* Behind the end of a function that is shorter in this image is something else. */
	return around && around->address == symbol->address && image_insn(image, *address);
}
