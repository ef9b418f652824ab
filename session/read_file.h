/* SPDX-License-Identifier: MIT */
/* Files, read once and as a whole: what is looked at is what is used, even if somebody writes to them meanwhile. */
#ifndef LAZYSWITCH_SESSION_READ_FILE_H
#define LAZYSWITCH_SESSION_READ_FILE_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "model/error.h"

/*
 * Reads a regular file of at most `max` bytes; `path` is for messages. Returns 0 with *bytes, which the caller frees, or -1
 * with `e` filled in; *bytes may be set all the same.
 */
int read_file(FILE *f, const char *path, size_t max, uint8_t **bytes, size_t *size, struct error *e);

#endif
