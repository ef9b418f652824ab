/* SPDX-License-Identifier: MIT */
#include "expression.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum operation {
	PART_FIELD,
	PART_TEXT,
	PART_NOT,
	PART_AND,
	PART_OR,
	PART_EQUAL,
	PART_UNEQUAL,
	PART_LESS,
	PART_LESS_EQUAL,
	PART_MORE,
	PART_MORE_EQUAL,
};

/* In the order in which they are evaluated: operands first. */
struct part {
	enum operation operation;
	size_t field;
	char text[COLUMN_TEXT];
};

struct expression {
	char source[EXPRESSION_TEXT_MAX + 1];
	struct part parts[EXPRESSION_PARTS_MAX];
	size_t n;
};

struct parser {
	struct expression *x;
	const struct columns *columns;
	const char *at;
	unsigned depth;
	struct error *error;
};

static int wrong(struct parser *p, const char *at, const char *what)
{
	return error_set(p->error, "column %zu: %s", (size_t)(at - p->x->source) + 1, what);
}

static void skip_blanks(struct parser *p)
{
	p->at += strspn(p->at, " \t");
}

/* Is this next? Then it is taken. */
static bool take(struct parser *p, const char *word)
{
	skip_blanks(p);
	if (strncmp(p->at, word, strlen(word)) != 0)
		return false;
	p->at += strlen(word);
	return true;
}

static struct part *add(struct parser *p, enum operation operation)
{
	struct part *part = &p->x->parts[p->x->n];

	if (p->x->n == EXPRESSION_PARTS_MAX) {
		(void)wrong(p, p->at, "the expression has too many parts");
		return NULL;
	}
	p->x->n++;
	*part = (struct part){.operation = operation};
	return part;
}

static int parse_word(struct parser *p)
{
	const char *begin = p->at;
	size_t length = strspn(begin, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-");
	struct part *part;

	if (length == 0)
		return wrong(p, begin,
		             *begin == '\0' ? "something is missing at the end" : "this is no value");
	if (length >= COLUMN_TEXT)
		return wrong(p, begin, "this word is too long");
	p->at += length;
	if (!memchr(begin, '.', length)) {
		part = add(p, PART_TEXT);
		if (part)
			memcpy(part->text, begin, length);
		return part ? 0 : -1;
	}
	part = add(p, PART_FIELD);
	if (!part)
		return -1;
	part->field = columns_find(p->columns, begin, length);
	if (part->field < p->columns->n)
		return 0;
	return error_set(p->error, "column %zu: there is no field '%.*s'", (size_t)(begin - p->x->source) + 1,
	                 (int)length, begin);
}

static int parse_quoted(struct parser *p)
{
	size_t length = strcspn(p->at, "\"");
	struct part *part;

	if (p->at[length] == '\0')
		return wrong(p, p->at - 1, "this text has no end");
	if (length >= COLUMN_TEXT)
		return wrong(p, p->at, "this text is too long");
	part = add(p, PART_TEXT);
	if (!part)
		return -1;
	memcpy(part->text, p->at, length);
	p->at += length + 1;
	return 0;
}

static int parse_or(struct parser *p);

static int parse_value(struct parser *p)
{
	const char *begin;

	skip_blanks(p);
	begin = p->at;
	if (take(p, "\""))
		return parse_quoted(p);
	if (!take(p, "("))
		return parse_word(p);
	if (++p->depth > EXPRESSION_DEPTH_MAX)
		return wrong(p, begin, "this is nested too deep");
	if (parse_or(p))
		return -1;
	p->depth--;
	return take(p, ")") ? 0 : wrong(p, begin, "this ( has no )");
}

static int parse_test(struct parser *p)
{
	/* Those that begin others come behind them. */
	static const struct {
		const char *sign;
		enum operation operation;
	} signs[] = {{"==", PART_EQUAL},      {"!=", PART_UNEQUAL}, {"<=", PART_LESS_EQUAL},
	             {">=", PART_MORE_EQUAL}, {"<", PART_LESS},     {">", PART_MORE}};

	if (parse_value(p))
		return -1;
	for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
		if (take(p, signs[i].sign))
			return parse_value(p) || !add(p, signs[i].operation) ? -1 : 0;
	}
	return 0;
}

static int parse_not(struct parser *p)
{
	unsigned negations = 0;

	for (skip_blanks(p); p->at[0] == '!' && p->at[1] != '='; skip_blanks(p)) {
		p->at++;
		negations++;
	}
	if (parse_test(p))
		return -1;
	for (; negations > 0; negations--) {
		if (!add(p, PART_NOT))
			return -1;
	}
	return 0;
}

static int parse_and(struct parser *p)
{
	if (parse_not(p))
		return -1;
	while (take(p, "&&")) {
		if (parse_not(p) || !add(p, PART_AND))
			return -1;
	}
	return 0;
}

static int parse_or(struct parser *p)
{
	if (parse_and(p))
		return -1;
	while (take(p, "||")) {
		if (parse_and(p) || !add(p, PART_OR))
			return -1;
	}
	return 0;
}

struct expression *expression_parse(const char *text, const struct columns *columns, struct error *e)
{
	struct parser p = {.x = calloc(1, sizeof(*p.x)), .columns = columns, .error = e};

	if (!p.x) {
		error_set(e, "out of memory");
		return NULL;
	}
	(void)snprintf(p.x->source, sizeof(p.x->source), "%s", text);
	p.at = p.x->source;
	if (strlen(text) > EXPRESSION_TEXT_MAX) {
		error_set(e, "column %d: the expression is too long", EXPRESSION_TEXT_MAX + 1);
	} else if (parse_or(&p) == 0) {
		skip_blanks(&p);
		if (*p.at == '\0')
			return p.x;
		(void)wrong(&p, p.at, "the expression is over here");
	}
	expression_free(p.x);
	return NULL;
}

void expression_free(struct expression *x)
{
	free(x);
}

const char *expression_text(const struct expression *x)
{
	return x->source;
}

static bool is_number(const char *text, uint64_t *value)
{
	char *end;

	if (!isdigit((unsigned char)text[0]))
		return false;
	*value = strtoull(text, &end, text[0] == '0' && (text[1] == 'x' || text[1] == 'X') ? 16 : 10);
	return *end == '\0';
}

bool expression_true(const char *value)
{
	uint64_t number;

	if (is_number(value, &number))
		return number != 0;
	return value[0] != '\0' && strcmp(value, "nobody") != 0;
}

static bool compare(enum operation operation, const char *a, const char *b)
{
	uint64_t x, y;
	bool numbers = is_number(a, &x) && is_number(b, &y), equal = numbers ? x == y : strcmp(a, b) == 0;

	switch (operation) {
	case PART_EQUAL:
		return equal;
	case PART_UNEQUAL:
		return !equal;
	case PART_LESS:
		return numbers && x < y;
	case PART_LESS_EQUAL:
		return numbers && x <= y;
	case PART_MORE:
		return numbers && x > y;
	default:
		return numbers && x >= y;
	}
}

const char *expression_value(const struct expression *x, char (*row)[COLUMN_TEXT], char buf[COLUMN_TEXT])
{
	static const char *const truths[] = {"0", "1"};
	const char *stack[EXPRESSION_PARTS_MAX];
	size_t n = 0;

	for (size_t i = 0; i < EXPRESSION_PARTS_MAX; i++)
		stack[i] = "";
	for (size_t i = 0; i < x->n; i++) {
		const struct part *part = &x->parts[i];

		switch (part->operation) {
		case PART_FIELD:
			stack[n++] = row[part->field];
			break;
		case PART_TEXT:
			stack[n++] = part->text;
			break;
		case PART_NOT:
			stack[n - 1] = truths[!expression_true(stack[n - 1])];
			break;
		case PART_AND:
			n--;
			stack[n - 1] = truths[expression_true(stack[n - 1]) && expression_true(stack[n])];
			break;
		case PART_OR:
			n--;
			stack[n - 1] = truths[expression_true(stack[n - 1]) || expression_true(stack[n])];
			break;
		default:
			n--;
			stack[n - 1] = truths[compare(part->operation, stack[n - 1], stack[n])];
			break;
		}
	}
	(void)snprintf(buf, COLUMN_TEXT, "%s", stack[0]);
	return buf;
}
