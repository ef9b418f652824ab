/* SPDX-License-Identifier: MIT */
#include "found.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "directory.h"
#include "mail.h"
#include "mbox.h"

void message_free(struct message *m)
{
	struct mail *mail = &m->patch.mail;

	free(mail->from);
	free(mail->to);
	free(mail->cc);
	free(mail->subject);
	free(mail->date);
	free(mail->id);
	free(mail->references);
	free(m->patch.place);
	free(m->patch.text);
	*m = (struct message){0};
}

void found_free(struct found *f)
{
	for (size_t i = 0; i < f->n; i++)
		message_free(&f->message[i]);
	free(f->message);
	*f = (struct found){0};
}

static char *read_text(const char *path, size_t *size, struct error *e)
{
	FILE *f = fopen(path, "rb");
	struct stat status;
	char *text = NULL;

	if (!f) {
		error_set(e, "%s: %s", path, strerror(errno));
		return NULL;
	}
	if (fstat(fileno(f), &status) != 0)
		error_set(e, "%s: %s", path, strerror(errno));
	else if (!S_ISREG(status.st_mode))
		error_set(e, "%s: not a regular file", path);
	else if (status.st_size > SERIES_FILE_MAX)
		error_set(e, "%s: larger than %d MiB: give only the mails of the series", path,
		          SERIES_FILE_MAX >> 20);
	else if (!(text = malloc((size_t)status.st_size + 1)))
		error_set(e, "%s: out of memory", path);
	else if ((*size = fread(text, 1, (size_t)status.st_size, f)) != (size_t)status.st_size) {
		error_set(e, "%s: cannot be read: %s", path, ferror(f) ? strerror(errno) : "it is shrinking");
		free(text);
		text = NULL;
	} else {
		text[*size] = '\0';
	}
	(void)fclose(f);
	return text;
}

/* Names of a file, then a hunk; or what git says of files without text. What a reply quotes is none. */
static bool has_diff(const char *text)
{
	for (const char *at = text; at; at = strchr(at, '\n')) {
		at += *at == '\n';
		if (strncmp(at, "--- ", 4) == 0) {
			const char *next = strchr(at, '\n');

			if (next && strncmp(next, "\n+++ ", 5) == 0)
				return true;
		}
		if (strncmp(at, "GIT binary patch", 16) == 0 || strncmp(at, "@@ -", 4) == 0)
			return true;
	}
	return false;
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash && slash[1] != '\0' ? slash + 1 : path;
}

/* Which lines are meant by a line number of the text. */
static int set_place(struct series_patch *p, const struct mbox_piece *piece, bool direct, struct error *e)
{
	char place[4200];

	(void)snprintf(place, sizeof(place), "%.4000s", p->file);
	p->before = piece->line - 1;
	if (piece->mail && direct) {
		p->before += mbox_field_lines(piece);
	} else if (piece->mail) {
		(void)snprintf(place, sizeof(place), "%.4000s:%u (decoded)", p->file, piece->line);
		p->before = 0;
	}
	p->place = strdup(place);
	return p->place ? 0 : error_set(e, "%s: out of memory", p->file);
}

static int read_piece(struct message *m, const struct mbox_piece *piece, struct error *e)
{
	struct series_patch *p = &m->patch;
	struct error why;
	bool direct = true;

	p->line = piece->line;
	if (memchr(piece->text, '\0', piece->size))
		return error_set(e, "%s:%u: a binary file; a unified diff is wanted, or a mail that has one",
		                 p->file, piece->line);
	if (piece->mail) {
		if (mail_read(piece->text, piece->size, &p->mail, &p->text, &p->size, &direct, &why))
			return error_set(e, "%s:%u: %.900s", p->file, piece->line, why.text);
	} else {
		p->text = strndup(piece->text, piece->size);
		p->size = piece->size;
	}
	if (!p->text)
		return error_set(e, "%s: out of memory", p->file);
	if (set_place(p, piece, direct, e))
		return -1;
	if (strlen(p->text) != p->size)
		return error_set(e, "%s: binary data; a unified diff is wanted", p->place);
	m->subject = subject_parse(p->mail.subject ? p->mail.subject : "");
	m->diff = has_diff(p->text);
	p->title = *m->subject.title != '\0' ? m->subject.title : base_name(p->file);
	p->version = m->subject.version;
	return 0;
}

static struct message *add(struct found *f, const char *file, struct error *e)
{
	struct message *all;

	if (f->n == SERIES_PATCHES_MAX) {
		error_set(e, "%s: more than %d messages: give only those of the series", file,
		          SERIES_PATCHES_MAX);
		return NULL;
	}
	all = realloc(f->message, (f->n + 1) * sizeof(*all));
	if (!all) {
		error_set(e, "%s: out of memory", file);
		return NULL;
	}
	f->message = all;
	all[f->n] = (struct message){.patch = {.file = file}};
	return &all[f->n++];
}

static bool is_blank(const struct mbox_piece *piece)
{
	for (size_t i = 0; i < piece->size; i++) {
		if (!strchr(" \t\r\n", piece->text[i]) || piece->text[i] == '\0')
			return false;
	}
	return true;
}

/* Messages of one file are a group; files of one message are one together with those next to them. */
static void set_group(struct found *f, size_t first)
{
	bool alone = f->n == first + 1, joins = alone && first > 0 && f->message[first - 1].alone;

	if (!joins)
		f->groups++;
	for (size_t i = first; i < f->n; i++) {
		f->message[i].group = f->groups;
		f->message[i].alone = alone;
	}
}

static int read_messages(struct found *f, const char *file, struct error *e)
{
	size_t size = 0, first = f->n;
	char *text = read_text(file, &size, e);
	struct mbox mbox = {.at = text, .end = text + size};
	struct mbox_piece piece;
	int status = text ? 0 : -1;

	while (status == 0 && mbox_next(&mbox, &piece)) {
		struct message *m = is_blank(&piece) ? NULL : add(f, file, e);

		if (m)
			status = read_piece(m, &piece, e);
		else if (!is_blank(&piece))
			status = -1;
	}
	free(text);
	if (status == 0 && f->n == first)
		status = error_set(e, "%s: there is no unified diff in it: it is empty", file);
	if (status == 0)
		set_group(f, first);
	return status;
}

/* The series keeps the name. */
static const char *keep(struct series *s, char *name)
{
	char **files = name ? realloc(s->files, (s->n_files + 1) * sizeof(*files)) : NULL;

	if (!files) {
		free(name);
		return NULL;
	}
	s->files = files;
	files[s->n_files++] = name;
	return name;
}

int found_read(struct found *f, struct series *s, const char *name, struct error *e)
{
	struct stat status;
	char **files = NULL;
	size_t n = 0;
	int result = 0;

	if (stat(name, &status) == 0 && S_ISDIR(status.st_mode)) {
		if (directory_patches(name, &files, &n, e))
			return -1;
	} else {
		files = malloc(sizeof(*files));
		if (files && (files[0] = strdup(name)) != NULL)
			n = 1;
	}
	if (n == 0)
		result = error_set(e, "%s: out of memory", name);
	for (size_t i = 0; i < n; i++) {
		const char *file = result == 0 ? keep(s, files[i]) : NULL;

		if (result != 0)
			free(files[i]);
		else
			result = file ? read_messages(f, file, e) : error_set(e, "%s: out of memory", name);
	}
	free(files);
	return result;
}
