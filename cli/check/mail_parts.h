/* SPDX-License-Identifier: MIT */
/* Parts of the report that is a reply to a mail. */
#ifndef LAZYSWITCH_CLI_MAIL_PARTS_H
#define LAZYSWITCH_CLI_MAIL_PARTS_H

#include <stdio.h>

#include "check_run.h"

/* mail_fields.c: To, Cc, Subject, In-Reply-To and References of a reply, as far as they are known; nothing, if it is no mail. */
void mail_fields(const struct mail *mail, FILE *out);
/* "On Monday, A wrote:" */
void mail_attribution(const struct mail *mail, FILE *out);

/*
 * mail_quote.c: quotes the line of the patch that an instruction was made from, and some lines above it. Returns whether
 * there is such a line.
 */
bool mail_quote_line(const struct check_run *run, const struct series_patch *patch, uint32_t pc, FILE *out);
/* The beginning of what the patch changes. */
void mail_quote_patch(const struct series_patch *patch, FILE *out);

/* mail_chart.c: a schedule, a column for each CPU. */
void mail_chart(const struct story *story, const struct world *world, FILE *out);

#endif
