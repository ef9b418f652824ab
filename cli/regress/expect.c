/* SPDX-License-Identifier: MIT */
#include "expect.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* The line at work. */
struct line {
	struct expect_file *file;
	unsigned number;
	size_t at;  /* offset in the text */
	char *copy; /* without its comment, cut into words */
	char *words[EXPECT_WORDS_MAX + 1];
	unsigned n;
};

static int wrong(const struct line *l, size_t column, struct error *e, const char *why)
{
	return error_set(e, "%s:%u:%zu: %.800s", l->file->name, l->number, column + 1, why);
}

static size_t column_of(const struct line *l, unsigned word)
{
	return (size_t)(l->words[word] - l->copy);
}

/* A comment begins with a '#' at the start of a word. */
static size_t without_comment(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		if (text[i] == '#' && (i == 0 || text[i - 1] == ' ' || text[i - 1] == '\t'))
			length = i;
	}
	while (length > 0 && strchr(" \t\r", text[length - 1]))
		length--;
	return length;
}

static char *join(char *const *words, unsigned n)
{
	size_t bytes = 1;
	char *text, *at;

	for (unsigned i = 0; i < n; i++)
		bytes += strlen(words[i]) + 1;
	text = at = calloc(bytes, 1);
	if (!text)
		return NULL;
	for (unsigned i = 0; i < n; i++) {
		size_t length = strlen(words[i]);

		if (i > 0)
			*at++ = ' ';
		memcpy(at, words[i], length);
		at += length;
	}
	return text;
}

/* A path is relative to where the file is, so that it does not matter where the program is started. */
static char *resolve(const char *file, const char *prefix, size_t prefix_length, const char *path,
                     size_t length)
{
	const char *slash = strrchr(file, '/');
	size_t directory = slash && path[0] != '/' ? (size_t)(slash - file) + 1 : 0;
	char *whole = calloc(prefix_length + directory + length + 1, 1);

	if (whole) {
		memcpy(whole, prefix, prefix_length);
		memcpy(whole + prefix_length, file, directory);
		memcpy(whole + prefix_length + directory, path, length);
	}
	return whole;
}

/* Several files make one variant, with commas between them. */
static char *resolve_variant(const char *file, const char *word)
{
	char *names = strdup(variant_is_path(word) ? "" : word);

	for (bool more = variant_is_path(word); more && names;) {
		size_t length = strcspn(word, ",");
		char *longer;

		more = word[length] == ',';
		longer = resolve(file, names, strlen(names), word, length + more);
		free(names);
		names = longer;
		word += length + more;
	}
	return names;
}

/* An option's word; some take paths. */
static char *resolve_option(const char *file, const char *before, const char *word)
{
	static const struct {
		const char *name, *joint;
	} paths[] = {{"-I", ""}, {"--include", "="}, {"--patch", "="}};

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		size_t n = strlen(paths[i].name), joint = strlen(paths[i].joint);

		if (strcmp(before, paths[i].name) == 0)
			return resolve(file, "", 0, word, strlen(word));
		if (strncmp(word, paths[i].name, n) == 0 && strncmp(word + n, paths[i].joint, joint) == 0 &&
		    word[n + joint] != '\0')
			return resolve(file, word, n + joint, word + n + joint, strlen(word + n + joint));
	}
	return strdup(word);
}

static bool same_search(const struct search_settings *a, const struct search_settings *b)
{
	const struct world_config *x = &a->config, *y = &b->config;

	return x->cpus == y->cpus && x->vms == y->vms && x->vcpus == y->vcpus && x->threads == y->threads &&
	       build_settings_equal(&a->build, &b->build) && x->env == y->env &&
	       x->uniprocessor == y->uniprocessor && x->granularity == y->granularity &&
	       x->unreduced == y->unreduced && a->properties == b->properties && a->cycles == b->cycles &&
	       (a->endian == ENDIAN_BIG) == (b->endian == ENDIAN_BIG);
}

static const struct expectation *find_twin(const struct expect_file *file, const struct expectation *row)
{
	for (size_t i = 0; i < file->n_rows; i++) {
		if (strcmp(file->rows[i].variant, row->variant) == 0 &&
		    same_search(&file->rows[i].search, &row->search))
			return &file->rows[i];
	}
	return NULL;
}

/* The settings point into the words: the line keeps them. */
static int resolve_words(struct line *l, unsigned colon, struct expectation *row)
{
	assert(colon > 0);
	row->words = calloc(colon + 1, sizeof(*row->words));
	if (!row->words)
		return -1;
	row->words[0] = resolve_variant(l->file->name, l->words[0]);
	if (!row->words[0])
		return -1;
	for (unsigned i = 1; i < colon; i++) {
		row->words[i] = resolve_option(l->file->name, l->words[i - 1], l->words[i]);
		if (!row->words[i])
			return -1;
	}
	row->variant = row->words[0];
	row->options = join(row->words + 1, colon - 1);
	return row->options ? 0 : -1;
}

static int parse_options(struct line *l, unsigned colon, struct expectation *row, struct error *e)
{
	struct error why;
	int index;

	if (search_options_parse((int)colon, row->words, &row->search, &index, &why))
		return wrong(l, column_of(l, (unsigned)index), e, why.text);
	if (row->search.properties != 0 && !row->verdict.pass)
		return wrong(l, column_of(l, 1), e,
		             "of a 'fail' the verdict names the properties: --property has no place here");
	if (row->search.properties == 0)
		row->search.properties = PROPERTIES_USUAL;
	return 0;
}

static int parse_verdict(struct line *l, unsigned colon, struct expectation *row, struct error *e)
{
	const char *line = l->file->text + l->at;
	size_t start, at;
	struct error why;

	if (colon + 1 == l->n)
		return wrong(l, column_of(l, colon) + 1, e,
		             "a verdict must follow: 'pass', or 'fail' and properties");
	/* The words were cut with NULs; the verdict is parsed as it stands. */
	start = column_of(l, colon + 1);
	row->verdict_at = l->at + start;
	row->verdict_bytes = without_comment(line, strcspn(line, "\n")) - start;
	memcpy(l->copy + start, l->file->text + row->verdict_at, row->verdict_bytes);
	if (expect_verdict_parse(&row->verdict, l->copy + start, &at, &why))
		return wrong(l, start + at, e, why.text);
	return 0;
}

static void free_row(struct expectation *row)
{
	for (unsigned i = 0; row->words && row->words[i]; i++)
		free(row->words[i]);
	free(row->words);
	free(row->options);
}

static int parse_row(struct line *l, unsigned colon, struct expectation *row, struct error *e)
{
	struct expect_file *file = l->file;
	const struct expectation *twin;
	char why[128];

	row->column = (unsigned)column_of(l, 0) + 1;
	row->suite = file->n_suites > 0 ? file->suites[file->n_suites - 1] : "";
	if (parse_verdict(l, colon, row, e))
		return -1;
	if (resolve_words(l, colon, row))
		return error_set(e, "%s: out of memory", file->name);
	if (parse_options(l, colon, row, e))
		return -1;
	twin = find_twin(file, row);
	if (!twin)
		return 0;
	(void)snprintf(why, sizeof(why), "line %u has an expectation of the same variant and system",
	               twin->line);
	return wrong(l, column_of(l, 0), e, why);
}

static int add_row(struct line *l, unsigned colon, struct error *e)
{
	struct expectation row = {.line = l->number};

	if (parse_row(l, colon, &row, e)) {
		free_row(&row);
		return -1;
	}
	l->file->rows[l->file->n_rows++] = row;
	return 0;
}

/* [NAME] */
static int add_suite(struct line *l, struct error *e)
{
	char *name = l->words[0] + 1;
	size_t length = strlen(name);
	struct expect_file *file = l->file;

	if (length < 2 || name[length - 1] != ']' || l->n > 1)
		return wrong(l, column_of(l, 0), e,
		             "a suite is a name in brackets, alone in its line: [big-endian]");
	name[length - 1] = '\0';
	for (size_t i = 0; i < file->n_suites; i++) {
		if (strcmp(file->suites[i], name) == 0)
			return wrong(l, column_of(l, 0), e, "this suite has begun before");
	}
	file->suites[file->n_suites] = strdup(name);
	if (!file->suites[file->n_suites])
		return error_set(e, "%s: out of memory", file->name);
	file->n_suites++;
	return 0;
}

static int cut_into_words(struct line *l, struct error *e)
{
	char *save = NULL;

	l->n = 0;
	for (char *w = strtok_r(l->copy, " \t", &save); w; w = strtok_r(NULL, " \t", &save)) {
		if (l->n == EXPECT_WORDS_MAX)
			return wrong(l, (size_t)(w - l->copy), e, "too many words in a line");
		l->words[l->n++] = w;
	}
	return 0;
}

static int parse_line(struct line *l, bool *begun, struct error *e)
{
	unsigned colon = 0;

	if (cut_into_words(l, e))
		return -1;
	if (l->n == 0)
		return 0;
	if (!*begun) {
		*begun = true;
		if (l->n == 2 && strcmp(l->words[0], "lazyswitch-expect") == 0 &&
		    strcmp(l->words[1], "1") == 0)
			return 0;
		return wrong(l, column_of(l, 0), e,
		             "an expectations file begins with the line 'lazyswitch-expect 1'");
	}
	if (l->words[0][0] == '[')
		return add_suite(l, e);
	while (colon < l->n && strcmp(l->words[colon], ":") != 0)
		colon++;
	if (colon == l->n)
		return wrong(l, column_of(l, l->n - 1), e,
		             "no ':' between blanks: a line is VARIANT [OPTION...] : VERDICT");
	if (colon == 0)
		return wrong(l, column_of(l, 0), e, "no variant before the ':'");
	return add_row(l, colon, e);
}

/* The words of a line, with another variant. NULL if out of memory. */
static char **words_of(const struct expectation *row, const char *variant)
{
	unsigned n = 0;
	char **words;

	while (row->words[n])
		n++;
	words = calloc(n + 1, sizeof(*words));
	for (unsigned i = 0; words && i < n; i++) {
		words[i] = strdup(i == 0 ? variant : row->words[i]);
		if (!words[i]) {
			while (i > 0)
				free(words[--i]);
			free(words);
			return NULL;
		}
	}
	return words;
}

/*
 * A bug of the past that is found: what mended it, NAME-fixed of NAME-broken, shall hold in the same system under the same
 * events. Whoever expects something else of it says so in a line.
 */
static int add_mended(struct expect_file *file, const struct expectation *broken, struct error *e)
{
	static const char suffix[] = "-broken";
	size_t m = sizeof(suffix) - 1, n;
	struct expectation row = {
	        .line = broken->line,
	        .column = broken->column,
	        .suite = broken->suite,
	        .verdict = {.pass = true},
	        .implied = true,
	};
	char variant[64];
	int count = 0, index;

	assert(broken->variant); /* a row is added whole */
	n = strlen(broken->variant);
	if (broken->verdict.pass || variant_is_path(broken->variant) || n <= m || n >= sizeof(variant) ||
	    strcmp(broken->variant + n - m, suffix) != 0)
		return 0;
	(void)snprintf(variant, sizeof(variant), "%.*s-fixed", (int)(n - m), broken->variant);
	row.words = words_of(broken, variant);
	row.options = row.words ? strdup(broken->options) : NULL;
	if (!row.options) {
		free_row(&row);
		return error_set(e, "%s: out of memory", file->name);
	}
	row.variant = row.words[0];
	while (row.words[count])
		count++;
	if (search_options_parse(count, row.words, &row.search, &index, e)) {
		free_row(&row);
		return -1;
	}
	row.search.properties = PROPERTIES_USUAL;
	if (find_twin(file, &row))
		free_row(&row);
	else
		file->rows[file->n_rows++] = row;
	return 0;
}

static int parse_all(struct expect_file *file, struct error *e)
{
	struct line l = {.file = file};
	bool begun = false;
	int status = 0;

	while (l.at < file->bytes && status == 0) {
		size_t length = strcspn(file->text + l.at, "\n"),
		       used = without_comment(file->text + l.at, length);

		l.number++;
		/* Room behind it: its verdict is put back in one piece. */
		l.copy = calloc(used + 2, 1);
		if (!l.copy)
			return error_set(e, "%s: out of memory", file->name);
		memcpy(l.copy, file->text + l.at, used);
		status = parse_line(&l, &begun, e);
		free(l.copy);
		l.at += length + 1;
	}
	for (size_t i = 0, n = file->n_rows; status == 0 && i < n; i++)
		status = add_mended(file, &file->rows[i], e);
	if (status == 0 && !begun)
		return error_set(e, "%s:1:1: an expectations file begins with the line 'lazyswitch-expect 1'",
		                 file->name);
	return status;
}

int expect_parse(struct expect_file *file, const char *name, const char *text, size_t bytes, struct error *e)
{
	size_t lines = 1;

	*file = (struct expect_file){.name = strdup(name), .text = malloc(bytes + 1), .bytes = bytes};
	if (!file->name || !file->text)
		return error_set(e, "%s: out of memory", name);
	memcpy(file->text, text, bytes);
	file->text[bytes] = '\0';
	if (strlen(file->text) != bytes)
		return error_set(e, "%s: is not text: it contains a NUL", name);
	for (size_t i = 0; i < bytes; i++)
		lines += text[i] == '\n';
	file->rows = calloc(2 * lines, sizeof(*file->rows)); /* each may imply another */
	file->suites = calloc(lines, sizeof(*file->suites));
	if (!file->rows || !file->suites)
		return error_set(e, "%s: out of memory", name);
	return parse_all(file, e);
}

int expect_read(struct expect_file *file, const char *name, struct error *e)
{
	FILE *f = fopen(name, "rb");
	struct stat status;
	char *text = NULL;
	size_t bytes = 0;
	int result = -1;

	*file = (struct expect_file){0};
	if (!f)
		return error_set(e, "%s: %s", name, strerror(errno));
	if (fstat(fileno(f), &status) != 0 || !S_ISREG(status.st_mode) || status.st_size > EXPECT_FILE_MAX)
		error_set(e, "%s: not a regular file of at most %d MB", name, EXPECT_FILE_MAX >> 20);
	else if (!(text = malloc((size_t)status.st_size + 1)))
		error_set(e, "%s: out of memory", name);
	else if ((bytes = fread(text, 1, (size_t)status.st_size, f)) != (size_t)status.st_size)
		error_set(e, "%s: cannot be read: %s", name, strerror(errno));
	else
		result = expect_parse(file, name, text, bytes, e);
	free(text);
	(void)fclose(f);
	return result;
}

void expect_free(struct expect_file *file)
{
	for (size_t i = 0; i < file->n_rows; i++)
		free_row(&file->rows[i]);
	for (size_t i = 0; i < file->n_suites; i++)
		free(file->suites[i]);
	free(file->rows);
	free(file->suites);
	free(file->text);
	free(file->name);
	*file = (struct expect_file){0};
}
