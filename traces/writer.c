/* SPDX-License-Identifier: MIT */
#include "writer.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "names.h"
#include "write_file.h"
#include "reader.h"

static void write_names(FILE *f, const char *what, const char *const *names, unsigned n, uint32_t bits)
{
	const char *separator = " ";

	(void)fputs(what, f);
	for (unsigned i = 0; i < n; i++) {
		if ((bits >> i & 1) != 0) {
			(void)fprintf(f, "%s%s", separator, names[i]);
			separator = ",";
		}
	}
	(void)fputs(bits == 0 ? " none\n" : "\n", f);
}

static void write_quoted(FILE *f, const char *text)
{
	(void)fputc('"', f);
	for (; *text != '\0'; text++) {
		if (*text == '"' || *text == '\\')
			(void)fprintf(f, "\\%c", *text);
		else if (*text < ' ' || *text > '~')
			(void)fprintf(f, "\\x%02x", (unsigned)(unsigned char)*text);
		else
			(void)fputc(*text, f);
	}
	(void)fputc('"', f);
}

static void write_system(FILE *f, const struct trace_header *h)
{
	const struct world_config *c = &h->world->config;

	(void)fprintf(f, "cpus %u\nvms %u\nvcpus %u\nthreads %u\n", c->cpus, c->vms, c->vcpus, c->threads);
	write_names(f, "env", world_env_names, ENV_NAMES, c->env);
	(void)fprintf(f, "smp %s\ngranularity %s\nendian %s\n", c->uniprocessor ? "off" : "on",
	              c->granularity == GRANULARITY_INSN ? "insn" : "step",
	              h->world->image->big_endian ? "big" : "little");
	if (c->unreduced != 0)
		write_names(f, "no-reduce", world_reduction_names, REDUCTION_NAMES, c->unreduced);
}

static void write_seen(FILE *f, const struct image *image, const struct violation *v)
{
	char where[128];

	(void)fprintf(f, "seen cpu%u %s ", v->cpu, where_text(image, v->pc, where, sizeof(where)));
	write_quoted(f, v->text);
	(void)fputc('\n', f);
}

/* Without this the same choices would not mean the same steps. */
static void write_learnt(FILE *f, const struct trace_header *h)
{
	const struct image *image = h->world->image;
	char where[128];

	write_names(f, "shared", trace_class_names, SLOT_CLASSES, h->learnt->shared);
	for (uint32_t i = 0; i < LEARNT_INSNS; i++) {
		if ((h->learnt->closing[i / 32] >> i % 32 & 1) != 0)
			(void)fprintf(f, "closing %s\n",
			              where_text(image, image->code_start + 4 * i, where, sizeof(where)));
	}
}

void trace_print(FILE *f, const struct trace_header *h, const struct story *story)
{
	const struct violation *seen = story_violation(story);

	(void)fprintf(f, "lazyswitch-trace %d\n%svariant ", TRACE_VERSION_EXACT,
	              h->comment ? h->comment : "");
	if (is_plain_word(h->variant))
		(void)fputs(h->variant, f);
	else
		write_quoted(f, h->variant);
	(void)fprintf(f, "\nimage xxh3 %016" PRIx64 "\n", h->hash);
	write_system(f, h);
	(void)fprintf(f, "property %s\n", world_property_names[h->property]);
	write_names(f, "searched", world_property_names, PROPERTIES, h->searched);
	if (h->all)
		(void)fputs("all yes\n", f);
	if (story_loop(story) < story_steps(story))
		(void)fprintf(f, "loop %zu\n", story_loop(story) + 1);
	if (seen)
		write_seen(f, h->world->image, seen);
	write_learnt(f, h);
	(void)fputc('\n', f);
	for (size_t i = 0; i < story_steps(story); i++)
		(void)fprintf(f, "%s%s\n", i == story_loop(story) ? "# from here on, again and again:\n" : "",
		              story_step(story, i));
}

char *trace_text(const struct trace_header *h, const struct story *story)
{
	char *text = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	if (f)
		trace_print(f, h, story);
	if (f && fclose(f) == 0)
		return text;
	free(text);
	return NULL;
}

struct content {
	const struct trace_header *header;
	const struct story *story;
};

static void print_content(void *arg, FILE *f)
{
	const struct content *content = arg;

	trace_print(f, content->header, content->story);
}

int trace_write(const char *directory, const char *path, const struct trace_header *h,
                const struct story *story, struct error *e)
{
	struct content content = {h, story};

	if (mkdir(directory, 0777) != 0 && errno != EEXIST)
		return error_set(e, "%s: cannot make the directory: %s", directory, strerror(errno));
	return write_file(path, "the trace", print_content, &content, e);
}
