/* SPDX-License-Identifier: MIT */
#ifndef LAZYSWITCH_TRACES_WRITE_FILE_H
#define LAZYSWITCH_TRACES_WRITE_FILE_H

#include <stdio.h>

#include "model/error.h"

/*
 * Writes a file that appears whole or not at all, whatever was there before; what is no regular file, /dev/null or a pipe, is
 * written to as it is. `what` is for messages: "the trace". `print` need not look for errors of the stream. Returns 0, or -1
 * with `e` filled in.
 */
int write_file(const char *path, const char *what, void (*print)(void *arg, FILE *f), void *arg,
               struct error *e);

#endif
