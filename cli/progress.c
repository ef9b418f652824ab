/* SPDX-License-Identifier: MIT */
#include "progress.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "estimate.h"

enum { NAME_MIN = 8 }; /* columns, unless it is shorter */

/* A pace weighs as much as everything before it after so many seconds. */
#define PACE_SECONDS 5.0
/* Who has to wait no longer than this need not be told. */
#define LEFT_MIN 3.0

bool progress_wanted(void)
{
	return isatty(STDERR_FILENO) != 0;
}

/* "999", "12.3k", "4.56M": three digits that count. */
static void print_number(char *buf, size_t size, double n)
{
	static const char units[] = " kMGT";
	unsigned unit = 0;

	while (n >= 999.5 && unit + 2 < sizeof(units)) {
		n /= 1000;
		unit++;
	}
	if (unit == 0)
		(void)snprintf(buf, size, "%.0f", n);
	else
		(void)snprintf(buf, size, "%.*f%c", n < 9.995 ? 2 : n < 99.95 ? 1 : 0, n, units[unit]);
}

/* "40 s", "12 min", "3.5 h": no more digits than a guess deserves. */
static void print_left(char *buf, size_t size, double seconds)
{
	if (seconds < 10)
		(void)snprintf(buf, size, "%.0f s", seconds);
	else if (seconds < 55)
		(void)snprintf(buf, size, "%.0f s", 5 * (double)(long)(seconds / 5 + 0.5));
	else if (seconds < 5400)
		(void)snprintf(buf, size, "%.0f min", seconds < 60 ? 1.0 : seconds / 60);
	else
		(void)snprintf(buf, size, "%.1f h", seconds / 3600);
}

static void take_pace(struct progress *progress, const struct check_progress *p)
{
	double passed = p->seconds - progress->seconds, weight, pace;

	/* It has begun again, or goes on from a checkpoint. */
	if (p->expanded < progress->expanded || progress->expanded == 0) {
		progress->pace = 0;
	} else if (passed > 0) {
		pace = (double)(p->expanded - progress->expanded) / passed;
		weight = progress->pace > 0 ? passed / (passed + PACE_SECONDS) : 1;
		progress->pace += weight * (pace - progress->pace);
	}
	progress->expanded = p->expanded;
	progress->seconds = p->seconds;
}

void progress_line(struct progress *progress, const struct check_progress *p, char buf[PROGRESS_COLUMNS + 1])
{
	char states[16], rate[16], waiting[16], left[16], ahead[40] = "", passed[340], rest[512] = "",
	                                                  line[640];
	size_t name = strlen(progress->variant), room, length;
	double remaining = p->n_levels > 0 ? estimate_states_left(p->levels, p->n_levels, p->expanded) : -1;

	take_pace(progress, p);
	print_number(states, sizeof(states), (double)p->states);
	print_number(rate, sizeof(rate), p->seconds > 0 ? (double)p->states / p->seconds : 0);
	print_number(waiting, sizeof(waiting), (double)(p->states - p->expanded));
	if (remaining >= 0 && progress->pace > 0 && remaining / progress->pace >= LEFT_MIN) {
		print_left(left, sizeof(left), remaining / progress->pace);
		(void)snprintf(ahead, sizeof(ahead), ", about %s left", left);
	}
	(void)snprintf(passed, sizeof(passed), ", %.0f s", p->seconds);
	/* What is left tells more than what has passed. */
	for (unsigned brief = 0; brief < 2 && (brief == 0 || name + strlen(rest) > PROGRESS_COLUMNS);
	     brief++) {
		(void)snprintf(rest, sizeof(rest), ": %s states, %s/s, %s to do, depth %u, %zu MiB%s%s",
		               states, rate, waiting, p->depth, p->memory >> 20, brief ? "" : passed, ahead);
	}
	/* Of a long name the end tells more. */
	room = strlen(rest) + NAME_MIN < PROGRESS_COLUMNS ? PROGRESS_COLUMNS - strlen(rest) : NAME_MIN;
	(void)snprintf(line, sizeof(line), "%s%.*s%s", name > room ? ".." : "", (int)PROGRESS_COLUMNS,
	               progress->variant + (name > room ? name - room + 2 : 0), rest);
	length = strnlen(line, PROGRESS_COLUMNS);
	memcpy(buf, line, length);
	buf[length] = '\0';
}

void progress_show(void *arg, const struct check_progress *p)
{
	struct progress *progress = arg;
	char line[PROGRESS_COLUMNS + 1];

	progress_line(progress, p, line);
	/* Return, erase to the end, and no newline: the next one overwrites it. */
	(void)fprintf(stderr, "\r\033[K%s", line);
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
