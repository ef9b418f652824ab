/* SPDX-License-Identifier: MIT */
#include "progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

bool progress_wanted(void)
{
	return isatty(STDERR_FILENO) != 0;
}

void progress_show(void *arg, const struct check_progress *p)
{
	struct progress *progress = arg;
	double rate = p->seconds > 0 ? (double)p->states / p->seconds : 0;

	/* Return, erase to the end, and no newline: the next one overwrites it. */
	(void)fprintf(stderr,
	              "\r\033[K%s: %" PRIu64 " states (%.0f/s), %" PRIu64
	              " to expand, depth %u, %zu MiB, %.0f s",
	              progress->variant, p->states, rate, p->states - p->expanded, p->depth, p->memory >> 20,
	              p->seconds);
	(void)fflush(stderr);
	progress->shown = true;
}

void progress_erase(struct progress *progress)
{
	if (!progress->shown)
		return;
	(void)fputs("\r\033[K", stderr);
	(void)fflush(stderr);
	progress->shown = false;
}
