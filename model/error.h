/* SPDX-License-Identifier: MIT */
/*
 * Errors are values: a function that can fail takes a struct error * (never
 * NULL), fills it with one message for a person, and returns a negative value.
 * The message names the file, line or address and says what to do.
 */
#ifndef LAZYSWITCH_MODEL_ERROR_H
#define LAZYSWITCH_MODEL_ERROR_H

struct error {
	char text[1024];
};

/* Formats the message (truncating what does not fit) and returns -1. */
int error_set(struct error *e, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
