/* SPDX-License-Identifier: MIT */
/* Option arguments into values. Every function returns 0, or -1 with a message that names the option. */
#ifndef LAZYSWITCH_SESSION_PARSE_H
#define LAZYSWITCH_SESSION_PARSE_H

#include <stddef.h>
#include <stdint.h>

#include "model/error.h"

/* A whole number in decimal, from min to max. */
int parse_number(const char *option, const char *text, uint64_t min, uint64_t max, uint64_t *value,
                 struct error *e);

/* A whole number of bytes, more than 0, with K, M, G or T (powers of 1024) or without. */
int parse_size(const char *option, const char *text, size_t *bytes, struct error *e);

/* Seconds, more than 0, perhaps with a fraction. */
int parse_seconds(const char *option, const char *text, double *seconds, struct error *e);

/* One of several words; *index says which. `words` is terminated by NULL. */
int parse_word(const char *option, const char *text, const char *const *words, unsigned *index,
               struct error *e);

/*
 * Comma separated words, each of which sets its bit; `none` or `all`, where allowed, clear or set every one.
 * `what` names such a word in messages: "property".
 */
struct parse_set {
	const char *option, *what;
	const char *const *words;
	unsigned n;
	const char *everything, *nothing; /* "all", "none", or NULL */
	uint32_t everything_is;           /* the bits that `everything` sets; 0: every one */
};
int parse_set(const struct parse_set *set, const char *text, uint32_t *bits, struct error *e);

/* Writes the words of a set, separated by commas, into buf; returns buf. */
const char *parse_set_text(const char *const *words, unsigned n, uint32_t bits, char *buf, size_t size);

#endif
