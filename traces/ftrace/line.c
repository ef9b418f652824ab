/* SPDX-License-Identifier: MIT */
/*
 *           <idle>-0       [001] d..2    12.345678: sched_switch: prev_comm=swapper/1 prev_pid=0 ...
 * comm, pid, perhaps (tgid), CPU, perhaps flags, time, event: what the event says
 */
#include "line.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static enum line_kind wrong(struct line *line, const char *text, const char *at, const char *format, ...)
        __attribute__((format(printf, 4, 5)));

static enum line_kind wrong(struct line *line, const char *text, const char *at, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	(void)vsnprintf(line->wrong, sizeof(line->wrong), format, args);
	va_end(args);
	line->column = (unsigned)(at - text) + 1;
	return LINE_WRONG;
}

static const char *skip_blanks(const char *s)
{
	return s + strspn(s, " \t");
}

/* A decimal number up to `max`; NULL if there is none, or it is larger. */
static const char *number(const char *s, uint64_t max, uint64_t *value)
{
	size_t n = strspn(s, "0123456789");

	*value = 0;
	if (n == 0)
		return NULL;
	for (size_t i = 0; i < n; i++) {
		uint64_t digit = (uint64_t)(s[i] - '0');

		if (*value > (max - digit) / 10)
			return NULL;
		*value = 10 * *value + digit;
	}
	return *value <= max ? s + n : NULL;
}

static const char *small_number(const char *s, uint32_t max, uint32_t *value)
{
	uint64_t large = 0;
	const char *end = number(s, max, &large);

	*value = (uint32_t)large;
	return end;
}

static void copy_comm(char to[FTRACE_COMM], const char *from, size_t length)
{
	size_t n = length < FTRACE_COMM ? length : FTRACE_COMM - 1;

	for (size_t i = 0; i < n; i++)
		to[i] = from[i];
	to[n] = '\0';
	for (size_t i = 0; i < n; i++) {
		if (to[i] < ' ' || to[i] > '~')
			to[i] = '?';
	}
}

/* What stands behind "name=": NULL if it does not stand there. */
static const char *field(const char *s, const char *name)
{
	size_t n = strlen(name);

	return strncmp(s, name, n) == 0 ? s + n : NULL;
}

/* "COMM-PID (TGID) [CPU]": NULL if the line has no such thing. A comm may have dashes, blanks and brackets in it. */
static const char *read_head(const char *text, struct ftrace_event *event)
{
	const char *comm = skip_blanks(text);

	for (const char *dash = strchr(comm, '-'); dash; dash = strchr(dash + 1, '-')) {
		const char *s = small_number(dash + 1, FTRACE_PID_MAX, &event->pid);
		uint32_t cpu;

		if (!s)
			continue;
		s = skip_blanks(s);
		if (*s == '(') {
			s = strchr(s, ')');
			if (!s)
				continue;
			s = skip_blanks(s + 1);
		}
		if (*s != '[')
			continue;
		s = small_number(s + 1, FTRACE_CPU_MAX, &cpu);
		if (!s || *s != ']')
			continue;
		event->cpu = cpu;
		copy_comm(event->comm, comm, (size_t)(dash - comm));
		return s + 1;
	}
	return NULL;
}

/* "12.345678:", or a counter. NULL if this is no time. Nanoseconds. */
static const char *read_time(const char *s, uint64_t *time)
{
	uint64_t fraction = 0, unit = 1000000000;
	const char *point = number(s, UINT64_MAX, time);
	size_t digits;

	if (!point || (*point != '.' && *point != ':'))
		return NULL;
	if (*point == ':')
		return point + 1;
	digits = strspn(point + 1, "0123456789");
	if (digits > 9 || *time > UINT64_MAX / 1000000000 - 1 || point[1 + digits] != ':')
		return NULL;
	for (size_t i = 0; i < digits; i++) {
		unit /= 10;
		fraction += (uint64_t)(point[1 + i] - '0') * unit;
	}
	*time = *time * 1000000000 + fraction;
	return point + digits + 2;
}

/* trace-cmd's own words: "swapper/0:0 [120] R ==> sh:12 [120]". One side of the arrow. */
static bool read_side(const char *s, size_t length, char comm[FTRACE_COMM], uint32_t *pid)
{
	size_t bracket = length, colon;
	const char *end;

	while (bracket > 0 && s[bracket - 1] != '[')
		bracket--;
	if (bracket < 2)
		return false;
	for (colon = bracket - 1; colon > 0 && s[colon - 1] != ':'; colon--)
		;
	if (colon == 0)
		return false;
	end = small_number(s + colon, FTRACE_PID_MAX, pid);
	if (!end || *end != ' ')
		return false;
	copy_comm(comm, s, colon - 1);
	return true;
}

/* "prev_comm=A prev_pid=1 prev_prio=": one side in the kernel's words. The last "pid" counts: comms may say anything. */
static const char *read_named(const char *s, const char *limit, const char *comm_is, const char *pid_is,
                              char comm[FTRACE_COMM], uint32_t *pid)
{
	const char *name = field(s, comm_is), *found = NULL, *end;

	for (const char *at = name; at && (at = strstr(at, pid_is)) && at < limit; at++)
		found = at;
	if (!found)
		return NULL;
	copy_comm(comm, name, (size_t)(found - name));
	end = small_number(found + strlen(pid_is), FTRACE_PID_MAX, pid);
	return end && *end == ' ' ? end : NULL;
}

static enum line_kind read_switch(const char *text, const char *s, struct line *line)
{
	struct ftrace_event *event = &line->event;
	const char *arrow = NULL, *next;
	uint32_t prev = 0;
	char comm[FTRACE_COMM];
	bool fits;

	for (const char *at = s; (at = strstr(at, " ==> ")); at++)
		arrow = at;
	if (!arrow)
		return wrong(line, text, s, "a sched_switch has 'prev_comm=... ==> next_comm=...'");
	next = arrow + 5;
	if (field(s, "prev_comm="))
		fits = read_named(s, arrow, "prev_comm=", " prev_pid=", comm, &prev) &&
		       read_named(next, next + strlen(next), "next_comm=", " next_pid=", event->other_comm,
		                  &event->other);
	else
		fits = read_side(s, (size_t)(arrow - s), comm, &prev) &&
		       read_side(next, strlen(next), event->other_comm, &event->other);
	if (!fits)
		return wrong(line, text, s,
		             "a sched_switch has a comm and a pid, from 0 to %d, on either side of ==>",
		             FTRACE_PID_MAX);
	event->pid = prev;
	memcpy(event->comm, comm, sizeof(comm));
	return LINE_EVENT;
}

static enum line_kind read_migrate(const char *text, const char *s, struct line *line)
{
	struct ftrace_event *event = &line->event;
	const char *to = NULL;
	uint32_t cpu = 0;

	for (const char *at = s; (at = strstr(at, " dest_cpu=")); at++)
		to = at + 10;
	if (!to || !small_number(to, FTRACE_CPU_MAX, &cpu) ||
	    !read_named(s, to, "comm=", " pid=", event->other_comm, &event->other))
		return wrong(line, text, s,
		             "a sched_migrate_task has 'comm=... pid=... prio=... orig_cpu=... "
		             "dest_cpu=...', with a pid "
		             "from 0 to %d and CPUs from 0 to %d",
		             FTRACE_PID_MAX, FTRACE_CPU_MAX);
	event->to = cpu;
	return LINE_EVENT;
}

/* "IRQ: HSR_EC: ...": kernels since 4.4 say why. */
static enum ftrace_exit exit_reason(const char *s)
{
	if (field(s, "IRQ:"))
		return FTRACE_EXIT_IRQ;
	return field(s, "HVC:") || field(s, "TRAP:") ? FTRACE_EXIT_TRAP : FTRACE_EXIT_UNSAID;
}

static enum line_kind read_event(const char *text, const char *s, struct line *line)
{
	size_t n = strcspn(s, ": \t");
	const char *rest = skip_blanks(s + n + (s[n] == ':'));

	if (n == 0)
		return wrong(line, text, s, "an event's name stands behind the time");
	(void)snprintf(line->name, sizeof(line->name), "%.*s", n < FTRACE_NAME ? (int)n : FTRACE_NAME - 1, s);
	for (unsigned kind = 0; s[n] == ':' && kind < FTRACE_KINDS; kind++) {
		if (strlen(ftrace_kind_names[kind]) != n || strncmp(s, ftrace_kind_names[kind], n) != 0)
			continue;
		line->event.kind = (enum ftrace_kind)kind;
		if (kind == FTRACE_SWITCH)
			return read_switch(text, rest, line);
		if (kind == FTRACE_MIGRATE)
			return read_migrate(text, rest, line);
		line->event.exit = kind == FTRACE_KVM_EXIT ? exit_reason(rest) : FTRACE_EXIT_UNSAID;
		return LINE_EVENT;
	}
	return LINE_OTHER;
}

/* Lines that are no events: comments, what trace-cmd says first, what is said of lost events. */
static enum line_kind read_remark(const char *s, struct line *line)
{
	static const char *const remarks[] = {"cpus=", "version = ", "CPU ", "=>"};
	const char *cpu = field(s, "CPU:"), *rest;

	if (*s == '\0' || *s == '#')
		return LINE_NOTHING;
	if (cpu && (rest = small_number(cpu, FTRACE_CPU_MAX, &line->event.cpu)) &&
	    (strstr(rest, "LOST") || strstr(rest, "EVENTS DROPPED")))
		return LINE_LOST;
	for (size_t i = 0; i < sizeof(remarks) / sizeof(remarks[0]); i++) {
		if (field(s, remarks[i]))
			return LINE_NOTHING;
	}
	return LINE_OTHER;
}

enum line_kind line_read(const char *text, struct line *line)
{
	const char *s = skip_blanks(text), *at, *behind;
	enum line_kind remark;

	*line = (struct line){0};
	for (at = text; *at != '\0'; at++) {
		if (((unsigned char)*at < ' ' && *at != '\t') || *at == 0x7f)
			return wrong(line, text, at,
			             "byte 0x%02x is a control character; this is no text of tracefs",
			             (unsigned char)*at);
	}
	if (*s == '\0' || *s == '#')
		return LINE_NOTHING;
	at = read_head(text, &line->event);
	if (!at) {
		remark = read_remark(s, line);
		return remark != LINE_OTHER ? remark
		                            : wrong(line, text, s,
		                                    "not a line of tracefs: 'COMM-PID [CPU] flags TIME: "
		                                    "EVENT: ...', with pids up to %d "
		                                    "and CPUs up to %d",
		                                    FTRACE_PID_MAX, FTRACE_CPU_MAX);
	}
	s = skip_blanks(at);
	behind = s;
	at = read_time(s, &line->event.time);
	for (unsigned flags = 0; !at && flags < 2; flags++) {
		s = skip_blanks(s + strcspn(s, " \t"));
		at = read_time(s, &line->event.time);
	}
	if (!at)
		return wrong(line, text, behind, "a time and a colon stand here, such as 12.345678:");
	return read_event(text, skip_blanks(at), line);
}
