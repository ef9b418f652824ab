/* SPDX-License-Identifier: MIT */
/* What was measured, for people and for programs. */
#ifndef LAZYSWITCH_BENCH_TABLE_H
#define LAZYSWITCH_BENCH_TABLE_H

#include <stdio.h>

#include "measure.h"

/* Rows of one system stand together; ratios are to the first of them that was measured. */
void table_print(FILE *f, const struct row *rows, size_t n);

/* Returns 0, or -1 with `e` filled in. */
int table_write_json(const char *path, const struct row *rows, size_t n, struct error *e);

#endif
