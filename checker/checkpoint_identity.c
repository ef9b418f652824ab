/* SPDX-License-Identifier: MIT */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "checkpoint_file.h"

/* A line "KEY=VALUE"; what has no '=' is a key without a value. */
struct line {
	const char *key, *value;
	int key_length, value_length;
};

/* Returns false at the end of the text. */
static bool next_line(const char **text, struct line *line)
{
	int length = (int)strcspn(*text, "\n"), key = (int)strcspn(*text, "=\n");

	if (**text == '\0')
		return false;
	*line = (struct line){.key = *text, .key_length = key, .value = *text + key};
	if (key < length) {
		line->value++;
		line->value_length = length - key - 1;
	}
	*text += length;
	if (**text == '\n')
		++*text;
	return true;
}

static bool find(const char *text, const struct line *like, struct line *found)
{
	while (next_line(&text, found)) {
		if (found->key_length == like->key_length &&
		    memcmp(found->key, like->key, (size_t)like->key_length) == 0)
			return true;
	}
	return false;
}

static bool same_value(const struct line *a, const struct line *b)
{
	return a->value_length == b->value_length && memcmp(a->value, b->value, (size_t)a->value_length) == 0;
}

/* Lists the lines of `of` that `other` has not, or not so; and the keys that only `other` has. */
static size_t list(const char *of, const char *other, char *buf, size_t size)
{
	const char *separator = "", *at = of;
	struct line line, there;
	size_t n = 0;

	while (next_line(&at, &line) && n < size) {
		if (find(other, &line, &there) && same_value(&line, &there))
			continue;
		n += (size_t)snprintf(buf + n, size - n, "%s%.*s%s%.*s", separator, line.key_length, line.key,
		                      line.value_length > 0 ? " " : "", line.value_length, line.value);
		separator = ", ";
	}
	for (at = other; next_line(&at, &line) && n < size;) {
		if (find(of, &line, &there))
			continue;
		n += (size_t)snprintf(buf + n, size - n, "%sno %.*s", separator, line.key_length, line.key);
		separator = ", ";
	}
	return n < size ? n : size - 1;
}

char *checkpoint_difference(const char *theirs, const char *ours, char *buf, size_t size)
{
	size_t n;

	if (strcmp(theirs, ours) == 0)
		return NULL;
	n = (size_t)snprintf(buf, size, "was made with ");
	/* Each side has its share of the room. */
	n += list(theirs, ours, buf + n, (size - n) / 2);
	n += (size_t)snprintf(buf + n, size - n, "; this search has ");
	(void)list(ours, theirs, buf + n, size - n);
	return buf;
}
