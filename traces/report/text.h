/* SPDX-License-Identifier: MIT */
/* Any bytes, made harmless. */
#ifndef LAZYSWITCH_TRACES_REPORT_TEXT_H
#define LAZYSWITCH_TRACES_REPORT_TEXT_H

#include <jansson.h>
#include <stdio.h>

/* A JSON string; bytes outside ASCII become '?' if they are not UTF-8. NULL when out of memory. */
json_t *text_json(const char *text, size_t size);
/* The same for a string; NULL becomes null. */
json_t *text_json_string(const char *text);

/* Appends to an array and takes over the value. Out of memory, or if the value is NULL because of that: the array is gone,
 * and NULL. */
void text_append(json_t **array, json_t *value);

/*
 * Writes a JSON document for a <script> element. Nothing in it can end the element, or begin a comment or another
 * script: there is no '<' in it, nor '>' or '&'. Returns 0, or -1 when out of memory.
 */
int text_script(FILE *f, const json_t *document);

#endif
