/* SPDX-License-Identifier: MIT */
/* Results in the formats of other people's tools: JUnit's XML for CI servers, KTAP for the kernel's. */
#ifndef LAZYSWITCH_CLI_REPORT_H
#define LAZYSWITCH_CLI_REPORT_H

#include <stddef.h>

enum report_outcome {
	REPORT_OK,
	REPORT_FAILED,     /* the verdict is not the one wanted */
	REPORT_UNFINISHED, /* there is none: a limit was reached */
	REPORT_ERROR,      /* there is none: something went wrong */
};

struct report_case {
	const char *suite; /* cases of one suite stand together; "": none */
	const char *name;
	enum report_outcome outcome;
	const char *message; /* why it is not OK, one line; otherwise unused */
	const char *details; /* more about it, lines; may be NULL */
	const char *note;    /* something to be said though it is OK, lines; may be NULL */
	double seconds;
};

/* Both print to standard output. Return 0, or -1 when out of memory. `name`: of the whole run. */
int report_junit(const char *name, const struct report_case *cases, size_t n);
int report_ktap(const char *name, const struct report_case *cases, size_t n);

#endif
