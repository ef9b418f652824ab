/* SPDX-License-Identifier: MIT */
/* The HTML report of a replay: traces/report makes it, of what is known here. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "session/parse.h"
#include "replay_run.h"
#include "system_text.h"
#include "traces/report/document.h"
#include "traces/report/page.h"
#include "traces/write_file.h"

enum { LINES_MAX = 8 };

/* What the report says in words; each of them owned. */
struct words {
	char *system, *verdict, *story;
	const char *lines[LINES_MAX + 1]; /* of `verdict` */
};

static void print_system(const struct replay_run *run, FILE *out)
{
	const struct world_config *c = &run->trace.config;
	char env[128];

	system_text(out, c);
	(void)fprintf(out, ", %s endian%s%s", run->trace.big_endian ? "big" : "little",
	              c->uniprocessor ? ", no CONFIG_SMP" : "",
	              c->granularity == GRANULARITY_INSN ? ", instruction by instruction" : "");
	if (c->env != 0)
		(void)fprintf(out, ", with %s",
		              parse_set_text(world_env_names, ENV_NAMES, c->env, env, sizeof(env)));
}

static void print_verdict(const struct replay_run *run, FILE *out)
{
	replay_verdict(run, out);
	if (run->followed.outcome == TRACE_DIVERGED)
		(void)fprintf(out, "%s\n", run->followed.why.text);
	replay_notes(run, "", out);
}

static void print_story(const struct replay_run *run, FILE *out)
{
	story_print(run->story, out);
	(void)fputc('\n', out);
	print_verdict(run, out);
}

/* What a function prints, as a string; NULL when out of memory. */
static char *printed(const struct replay_run *run, void (*print)(const struct replay_run *, FILE *))
{
	char *text = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);
	int failed;

	if (!f)
		return NULL;
	print(run, f);
	failed = ferror(f);
	if (fclose(f) == 0 && !failed)
		return text;
	free(text);
	return NULL;
}

static int find_words(const struct replay_run *run, struct words *w)
{
	size_t n = 0;

	*w = (struct words){
	        printed(run, print_system), printed(run, print_verdict), printed(run, print_story), {0}};
	if (!w->system || !w->verdict || !w->story)
		return -1;
	for (char *at = w->verdict, *end; n < LINES_MAX && (end = strchr(at, '\n')) != NULL; at = end + 1) {
		*end = '\0';
		w->lines[n++] = at;
	}
	return 0;
}

static int text_of(void *arg, const char *file, char **text, size_t *size)
{
	return variant_text(arg, file, text, size);
}

static json_t *document_of(const struct replay_run *run, const struct words *words, struct error *e)
{
	static const char *const signs[] = {[TRACE_REPRODUCED] = "violated",
	                                    [TRACE_OTHER_VIOLATION] = "violated",
	                                    [TRACE_NO_VIOLATION] = "holds",
	                                    [TRACE_DIVERGED] = "open",
	                                    [TRACE_INCOMPLETE] = "open"};
	const struct report_texts texts = {(void *)&run->variant, text_of};
	const char *slash = strrchr(run->trace.name, '/');
	const struct report report = {
	        .program = "lazyswitch " LAZYSWITCH_VERSION,
	        .file = slash ? slash + 1 : run->trace.name,
	        .comment = run->trace.comment,
	        .variant = run->variant.name,
	        .note = !run->trace.hashed ? NULL
	                : run->same_image  ? "the image of the trace"
	                                   : "not the image that the trace is of",
	        .system = words->system,
	        .sign = signs[run->followed.outcome],
	        .lines = words->lines,
	        .property = run->followed.property,
	        .world = run->world,
	        .learnt = run->followed.learnt,
	        .labels = run->followed.labels,
	        .story = run->story,
	        .texts = &texts,
	};

	return document_make(&report, e);
}

/* The whole file in memory: it must not appear in part. */
static char *page_of(const json_t *document, const char *story, size_t *size)
{
	char *text = NULL;
	FILE *f = open_memstream(&text, size);
	int failed;

	if (!f)
		return NULL;
	failed = page_write(f, document, story) != 0 || ferror(f);
	if (fclose(f) == 0 && !failed)
		return text;
	free(text);
	return NULL;
}

struct page {
	char *text;
	size_t size;
};

static void write_page(void *arg, FILE *f)
{
	const struct page *page = arg;

	(void)fwrite(page->text, 1, page->size, f);
}

/* To standard output: whether it arrives is found out at exit. */
static int write_report(const json_t *document, const char *story, const char *output, struct error *e)
{
	struct page page = {0};
	int status = 0;

	page.text = page_of(document, story, &page.size);
	if (!page.text)
		return error_set(e, "out of memory for the report");
	if (output)
		status = write_file(output, "the report", write_page, &page, e);
	else
		write_page(&page, stdout);
	free(page.text);
	return status;
}

int replay_html(const struct replay_run *run, const char *output, struct error *e)
{
	struct words words;
	json_t *document = NULL;
	int status = -1;

	if (find_words(run, &words))
		error_set(e, "out of memory for the report");
	else
		document = document_of(run, &words, e);
	if (document)
		status = write_report(document, words.story, output, e);
	json_decref(document);
	free(words.system);
	free(words.verdict);
	free(words.story);
	return status;
}
