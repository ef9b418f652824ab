/* SPDX-License-Identifier: MIT */
/* One line of tracefs' text. */
#ifndef LAZYSWITCH_TRACES_FTRACE_LINE_H
#define LAZYSWITCH_TRACES_FTRACE_LINE_H

#include "ftrace.h"

enum line_kind {
	LINE_NOTHING, /* a comment, an empty line, a header of trace-cmd's */
	LINE_LOST,    /* events were lost on line->event.cpu */
	LINE_EVENT,   /* line->event */
	LINE_OTHER,   /* an event of another name, line->name */
	LINE_WRONG,   /* line->column, line->wrong */
};

struct line {
	struct ftrace_event event;
	char name[FTRACE_NAME];
	unsigned column;
	char wrong[200];
};

/* What stands in one line, without its end; `text` ends with '\0'. The event's line number is the caller's. */
enum line_kind line_read(const char *text, struct line *line);

#endif
