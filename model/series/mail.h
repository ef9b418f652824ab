/* SPDX-License-Identifier: MIT */
/* Internal to model/series: one message, decoded. */
#ifndef LAZYSWITCH_MODEL_SERIES_MAIL_H
#define LAZYSWITCH_MODEL_SERIES_MAIL_H

#include "series.h"

/*
 * Reads a message. Fields are UTF-8, without control characters, whatever a sender has hidden in them; the text is that of
 * all parts that may hold a patch, as UTF-8 where it says what else it is. *direct: the text is what is in the file behind the
 * fields, line by line. Returns 0, or -1 with `e` filled in, without a place; the caller frees in either case.
 */
int mail_read(const char *bytes, size_t size, struct mail *mail, char **text, size_t *length, bool *direct,
              struct error *e);

#endif
