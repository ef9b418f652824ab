/* SPDX-License-Identifier: MIT */
/* Series read from files that a test has written. */
#ifndef LAZYSWITCH_TESTS_SERIES_FILES_H
#define LAZYSWITCH_TESTS_SERIES_FILES_H

#include <stddef.h>

#include "model/series/series.h"

/* A diff of one line, which says X. */
#define DIFF(x) "--- a/f\n+++ b/f\n@@ -1 +1 @@\n-0\n+" x "\n"
/* How git and b4 begin a message. */
#define GIT "From 0123456789abcdef0123456789abcdef01234567 Mon Sep 17 00:00:00 2001\n"
#define B4  "From git@z Thu Jan  1 00:00:00 1970\n"
#define MESSAGE(subject, text)                                                                               \
	GIT "From: A <a@example.org>\nSubject: " subject "\n\nWhy.\n---\n f | 2 +-\n\n" text "-- "           \
	    "\n2.39.2\n\n"

/* Both are for setup and teardown of a test: a directory of its own. */
int make_place(void **state);
int remove_place(void **state);

/* Writes a file into it; returns its path, which stays until the next call but three. */
const char *put(const char *name, const char *bytes, size_t size);
const char *put_text(const char *name, const char *text);
/* The directory. */
const char *place(void);

/* Reads files that are there, or whose text is given; the test fails if it cannot be read. To be freed. */
void read_names(struct series *series, const char *const *names, size_t n);
void read_series(struct series *series, const char *text);
/* The same, but expects this message. */
void refuse_names(const char *const *names, size_t n, const char *message);
void refuse(const char *text, const char *message);

/* The lines that its patches add, "1 2 3", and its notes. */
void expect_series(const struct series *series, const char *added, const char *note);

#endif
