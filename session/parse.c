/* SPDX-License-Identifier: MIT */
#include "parse.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "nearest.h"

/* Digits only: strtoull would take signs, blanks and wrap negative numbers around. Stops at the first
 * non-digit. */
static const char *digits(const char *text, uint64_t *value)
{
	*value = 0;
	for (; *text >= '0' && *text <= '9'; text++) {
		uint64_t digit = (uint64_t)(*text - '0');

		*value = *value > (UINT64_MAX - digit) / 10 ? UINT64_MAX : *value * 10 + digit;
	}
	return text;
}

int parse_number(const char *option, const char *text, uint64_t min, uint64_t max, uint64_t *value,
                 struct error *e)
{
	const char *end = digits(text, value);

	if (end == text || *end != '\0')
		return error_set(e, "%s takes a whole number, not '%s'", option, text);
	if (*value < min || *value > max)
		return error_set(e, "%s takes a number from %" PRIu64 " to %" PRIu64 ", not %s", option, min,
		                 max, text);
	return 0;
}

int parse_size(const char *option, const char *text, size_t *bytes, struct error *e)
{
	static const char units[] = "KMGT";
	uint64_t value;
	unsigned shift = 0;
	const char *end = digits(text, &value);

	if (end != text && *end != '\0') {
		const char *unit = strchr(units, *end >= 'a' && *end <= 'z' ? *end - 'a' + 'A' : *end);

		if (unit) {
			shift = 10 * (unsigned)(unit - units + 1);
			end++;
			if (strcmp(end, "iB") == 0 || strcmp(end, "B") == 0)
				end += strlen(end);
		}
	}
	if (end == text || *end != '\0')
		return error_set(e, "%s takes a size such as 512M or 4G, not '%s'", option, text);
	if (value == 0 || value > SIZE_MAX >> shift)
		return error_set(e,
		                 "%s takes a size between 1 byte and what this machine can address, not %s",
		                 option, text);
	*bytes = (size_t)value << shift;
	return 0;
}

int parse_seconds(const char *option, const char *text, double *seconds, struct error *e)
{
	size_t length = strspn(text, "0123456789.");
	char *end = NULL;

	*seconds = strtod(text, &end);
	if (length == 0 || text[length] != '\0' || *end != '\0')
		return error_set(e, "%s takes seconds, such as 60 or 0.5, not '%s'", option, text);
	if (*seconds <= 0 || *seconds > 1e9)
		return error_set(e, "%s takes seconds, more than 0 and at most 1000000000, not %s", option,
		                 text);
	return 0;
}

/* "a, b and c" */
static void enumerate(const char *const *words, unsigned n, char *buf, size_t size)
{
	size_t at = 0;

	for (unsigned i = 0; i < n && at < size; i++)
		at += (size_t)snprintf(buf + at, size - at, "%s%s",
		                       i == 0       ? ""
		                       : i + 1 == n ? " and "
		                                    : ", ",
		                       words[i]);
}

int parse_word(const char *option, const char *text, const char *const *words, unsigned *index,
               struct error *e)
{
	char known[256] = "";
	unsigned n = 0;

	for (; words[n]; n++) {
		if (strcmp(words[n], text) == 0) {
			*index = n;
			return 0;
		}
	}
	enumerate(words, n, known, sizeof(known));
	return error_set(e, "%s knows %s, not '%s'", option, known, text);
}

static int unknown_word(const struct parse_set *set, const char *word, struct error *e)
{
	struct nearest nearest = {.word = word};
	char known[256] = "", hint[96];
	const char *all[40];
	unsigned n = 0;

	for (unsigned i = 0; i < set->n; i++) {
		nearest_offer(&nearest, set->words[i]);
		all[n++] = set->words[i];
	}
	if (set->everything)
		all[n++] = set->everything;
	if (set->nothing)
		all[n++] = set->nothing;
	enumerate(all, n, known, sizeof(known));
	return error_set(e, "unknown %s '%s'%s (%s knows %s)", set->what, word,
	                 nearest_hint(&nearest, hint, sizeof(hint)), set->option, known);
}

int parse_set(const struct parse_set *set, const char *text, uint32_t *bits, struct error *e)
{
	char word[64];

	*bits = 0;
	if (set->nothing && strcmp(text, set->nothing) == 0)
		return 0;
	for (const char *at = text;; at++) {
		size_t length = strcspn(at, ",");
		bool found = false;

		(void)snprintf(word, sizeof(word), "%.*s", length > 60 ? 60 : (int)length, at);
		if (length == 0)
			return error_set(e, "%s: an empty name in '%s'", set->option, text);
		if (set->everything && strcmp(word, set->everything) == 0) {
			*bits |= set->everything_is ? set->everything_is
			                            : (uint32_t)((UINT64_C(1) << set->n) - 1);
			found = true;
		}
		for (unsigned i = 0; i < set->n; i++) {
			if (strcmp(word, set->words[i]) == 0) {
				*bits |= 1u << i;
				found = true;
			}
		}
		if (!found)
			return unknown_word(set, word, e);
		at += length;
		if (*at == '\0')
			return 0;
	}
}

const char *parse_set_text(const char *const *words, unsigned n, uint32_t bits, char *buf, size_t size)
{
	size_t at = 0;

	buf[0] = '\0';
	for (unsigned i = 0; i < n && at < size; i++) {
		if ((bits >> i & 1) != 0)
			at += (size_t)snprintf(buf + at, size - at, "%s%s", at == 0 ? "" : ",", words[i]);
	}
	return buf;
}
