/* SPDX-License-Identifier: MIT */
/* Which of the messages are the series, and in which order. */
#include "series.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "found.h"

static int note(struct series *s, const char *format, ...) __attribute__((format(printf, 2, 3)));

static int note(struct series *s, const char *format, ...)
{
	char **notes = realloc(s->notes, (s->n_notes + 1) * sizeof(*notes)), text[1024];
	va_list args;

	if (!notes)
		return -1;
	s->notes = notes;
	va_start(args, format);
	(void)vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	notes[s->n_notes] = strdup(text);
	if (!notes[s->n_notes])
		return -1;
	s->n_notes++;
	return 0;
}

/* The messages of a group that are left, in order. */
struct group {
	struct message **message;
	size_t n;
	bool alone; /* files of one message each, which the user has put into this order */
};

typedef bool is_wanted(const struct message *message, unsigned what);

/* Keeps those that are wanted; returns how many are not. */
static size_t keep(struct group *g, is_wanted *wanted, unsigned what)
{
	size_t n = 0, all = g->n;

	for (size_t i = 0; i < all; i++) {
		if (wanted(g->message[i], what))
			g->message[n++] = g->message[i];
	}
	g->n = n;
	return all - n;
}

static bool has_patch(const struct message *m, unsigned unused)
{
	(void)unused;
	return m->diff;
}

static bool is_no_reply(const struct message *m, unsigned unused)
{
	(void)unused;
	return !m->subject.reply;
}

static bool is_no_cover(const struct message *m, unsigned unused)
{
	(void)unused;
	return !m->subject.numbered || m->subject.number > 0;
}

static bool is_of_version(const struct message *m, unsigned version)
{
	return m->subject.version == version;
}

static bool is_numbered(const struct message *m, unsigned unused)
{
	(void)unused;
	return m->subject.numbered;
}

static size_t count(const struct group *g, is_wanted *wanted)
{
	size_t n = 0;

	for (size_t i = 0; i < g->n; i++)
		n += wanted(g->message[i], 0);
	return n;
}

/* Somebody has sent [PATCH 2/5], and the diff is gone. */
static int refuse_empty(const struct group *g, struct error *e)
{
	for (size_t i = 0; i < g->n; i++) {
		const struct message *m = g->message[i];

		if (!m->diff && !m->subject.reply && m->subject.patch && m->subject.numbered &&
		    m->subject.number > 0)
			return error_set(e, "%s:%u: there is no diff in patch %u/%u", m->patch.file,
			                 m->patch.line, m->subject.number, m->subject.total);
	}
	return 0;
}

static int leave_out(struct series *s, struct group *g, const char *file)
{
	unsigned newest = 0;
	size_t out;

	(void)keep(g, has_patch, 0);
	(void)keep(g, is_no_cover, 0);
	if (count(g, is_no_reply) > 0 && (out = keep(g, is_no_reply, 0)) > 0 &&
	    note(s, "%s: %zu repl%s with a diff left out: to try one, give it in a file of its own", file,
	         out, out == 1 ? "y" : "ies"))
		return -1;
	for (size_t i = 0; i < g->n; i++) {
		if (g->message[i]->subject.version > newest)
			newest = g->message[i]->subject.version;
	}
	if ((out = keep(g, is_of_version, newest)) > 0 &&
	    note(s, "%s: %zu patch%s of older versions left out: v%u is the newest", file, out,
	         out == 1 ? "" : "es", newest))
		return -1;
	if (!g->alone && count(g, is_numbered) > 0 && (out = keep(g, is_numbered, 0)) > 0 &&
	    note(s, "%s: %zu patch%s without a number left out: the others have one", file, out,
	         out == 1 ? "" : "es"))
		return -1;
	return 0;
}

static int by_number(const void *a, const void *b)
{
	const struct message *x = *(struct message *const *)a, *y = *(struct message *const *)b;

	if (x->subject.number != y->subject.number)
		return x->subject.number < y->subject.number ? -1 : 1;
	return x->patch.line < y->patch.line ? -1 : x->patch.line > y->patch.line;
}

static int refuse_twins(struct series *s, struct group *g, struct error *e)
{
	size_t n = g->n > 0;

	for (size_t i = 1; i < g->n; i++) {
		const struct message *m = g->message[i], *twin = g->message[n - 1];

		if (m->subject.number != twin->subject.number) {
			g->message[n++] = g->message[i];
			continue;
		}
		if (strcmp(m->patch.text, twin->patch.text) != 0)
			return error_set(
			        e, "%s:%u: patch %u/%u is another than the one at %s:%u: which is meant?",
			        m->patch.file, m->patch.line, m->subject.number, m->subject.total,
			        twin->patch.file, twin->patch.line);
		if (note(s, "%s:%u: patch %u/%u is there twice", m->patch.file, m->patch.line,
		         m->subject.number, m->subject.total))
			return error_set(e, "out of memory");
	}
	g->n = n;
	return 0;
}

/* "1/5, 3/5, ...": those that are not there. */
static unsigned missing(const struct group *g, char *buf, size_t size)
{
	unsigned total = g->message[0]->subject.total, found = 0;
	size_t at = 0, i = 0;

	*buf = '\0';
	for (unsigned number = 1; number <= total; number++) {
		if (i < g->n && g->message[i]->subject.number == number) {
			i++;
			continue;
		}
		found++;
		if (found <= 8 && at < size)
			at += (size_t)snprintf(buf + at, size - at, "%s%u/%u", found > 1 ? ", " : "", number,
			                       total);
		else if (found == 9 && at < size)
			at += (size_t)snprintf(buf + at, size - at, ", ...");
	}
	return found;
}

static int order(struct series *s, struct group *g, const char *file, struct error *e)
{
	unsigned absent;
	char list[160];

	if (g->n == 0)
		return 0;
	for (size_t i = 0; i < g->n; i++) {
		const struct message *m = g->message[i], *first = g->message[0];

		if (m->subject.total != first->subject.total)
			return error_set(
			        e, "%s:%u: patch %u/%u does not belong to the series of %u that %s:%u is of",
			        m->patch.file, m->patch.line, m->subject.number, m->subject.total,
			        first->subject.total, first->patch.file, first->patch.line);
		if (m->subject.number > m->subject.total)
			return error_set(e, "%s:%u: there cannot be a patch %u/%u", m->patch.file,
			                 m->patch.line, m->subject.number, m->subject.total);
	}
	qsort(g->message, g->n, sizeof(*g->message), by_number);
	if (refuse_twins(s, g, e))
		return -1;
	absent = missing(g, list, sizeof(list));
	if (absent == 0)
		return 0;
	/* Files that are named one by one may be meant so. */
	if (!g->alone)
		return error_set(e, "%s: patch%s %s of the series %s missing", file, absent == 1 ? "" : "es",
		                 list, absent == 1 ? "is" : "are");
	return note(s, "%s: patch%s %s of the series %s not among the files", file, absent == 1 ? "" : "es",
	            list, absent == 1 ? "is" : "are")
	               ? error_set(e, "out of memory")
	               : 0;
}

static void take_cover(struct series *s, struct message *m)
{
	if (s->has_cover)
		return;
	s->has_cover = true;
	s->cover = m->patch.mail;
	m->patch.mail = (struct mail){0};
}

/* The letter of the version that counts. */
static void find_cover(struct series *s, struct message *all, size_t n, unsigned group, unsigned version)
{
	for (size_t i = 0; i < n; i++) {
		struct message *m = &all[i];

		if (m->group == group && !m->subject.reply && m->subject.numbered && m->subject.number == 0 &&
		    m->subject.version == version)
			take_cover(s, m);
	}
}

static int settle(struct series *s, struct found *f, unsigned number, struct error *e)
{
	struct group g = {.message = calloc(f->n + 1, sizeof(*g.message))};
	const char *file = NULL;
	int status;

	if (!g.message)
		return error_set(e, "out of memory");
	for (size_t i = 0; i < f->n; i++) {
		if (f->message[i].group != number)
			continue;
		g.message[g.n++] = &f->message[i];
		g.alone = f->message[i].alone;
		if (!file)
			file = f->message[i].patch.file;
	}
	status = refuse_empty(&g, e);
	if (status == 0 && leave_out(s, &g, file))
		status = error_set(e, "out of memory");
	if (status == 0 && g.n == 0)
		status = error_set(
		        e, "%s: there is no unified diff in it (diff -u, git diff, git format-patch)", file);
	if (status == 0 && count(&g, is_numbered) == g.n)
		status = order(s, &g, file, e);
	for (size_t i = 0; i < g.n && status == 0; i++) {
		struct series_patch *p = &s->patch[s->n++];

		*p = g.message[i]->patch;
		p->number = g.message[i]->subject.number;
		p->total = g.message[i]->subject.total;
		g.message[i]->patch = (struct series_patch){0};
	}
	if (status == 0 && s->n > 0)
		find_cover(s, f->message, f->n, number, s->patch[s->n - 1].version);
	free(g.message);
	return status;
}

int series_read(struct series *s, const char *const *names, size_t n, struct error *e)
{
	struct found found = {0};
	int status = 0;

	*s = (struct series){0};
	for (size_t i = 0; i < n && status == 0; i++)
		status = found_read(&found, s, names[i], e);
	s->patch = calloc(found.n + 1, sizeof(*s->patch));
	if (!s->patch) {
		found_free(&found);
		return status ? status : error_set(e, "out of memory");
	}
	for (unsigned group = 1; group <= found.groups && status == 0; group++)
		status = settle(s, &found, group, e);
	found_free(&found);
	return status;
}

void series_cut(struct series *s, size_t n)
{
	while (s->n > n) {
		struct message m = {.patch = s->patch[--s->n]};

		message_free(&m);
	}
}

void series_free(struct series *s)
{
	struct message cover = {.patch = {.mail = s->cover}};

	series_cut(s, 0);
	message_free(&cover);
	for (size_t i = 0; i < s->n_notes; i++)
		free(s->notes[i]);
	for (size_t i = 0; i < s->n_files; i++)
		free(s->files[i]);
	free(s->patch);
	free(s->notes);
	free(s->files);
	*s = (struct series){0};
}
