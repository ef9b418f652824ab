/* SPDX-License-Identifier: MIT */
#include "causes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *causes_place(const struct image *image, uint32_t pc, char *buf, size_t size)
{
	const char *file, *slash;
	char where[96];
	int line;

	image_where(image, pc, where, sizeof(where));
	if (image_line(image, pc, &file, &line)) {
		slash = strrchr(file, '/');
		(void)snprintf(buf, size, "%s:%d %s", slash ? slash + 1 : file, line, where);
	} else {
		(void)snprintf(buf, size, "%s", where);
	}
	return buf;
}

const char *causes_where(const struct world *w, const struct cause *cause, char *buf, size_t size)
{
	if (cause->culprit.pc != 0)
		return causes_place(w->image, cause->culprit.pc, buf, size);
	(void)snprintf(buf, size, "-");
	return buf;
}

/* Instructions of one line are one culprit. */
static bool same_line(const struct world *w, uint32_t a, uint32_t b)
{
	const char *file_a, *file_b;
	int line_a, line_b;

	if (a == b)
		return true;
	return image_line(w->image, a, &file_a, &line_a) && image_line(w->image, b, &file_b, &line_b) &&
	       line_a == line_b && strcmp(file_a, file_b) == 0;
}

static bool known(const struct causes *causes, const struct world *w, const struct cause *cause)
{
	for (size_t i = 0; i < causes->n; i++) {
		const struct cause *c = &causes->list[i];

		if (c->property == cause->property &&
		    strcmp(c->culprit.observer, cause->culprit.observer) == 0 &&
		    same_line(w, c->culprit.pc, cause->culprit.pc))
			return true;
	}
	return false;
}

int causes_collect(struct causes *causes, const struct world *w, const struct learnt *learnt,
                   const struct check_result *result, struct error *e)
{
	causes->n = 0;
	causes->list = calloc(result->n_findings + 1, sizeof(*causes->list));
	if (!causes->list)
		return error_set(e, "out of memory");
	for (size_t i = 0; i < result->n_findings; i++) {
		const struct check_finding *f = &result->findings[i];
		struct cause cause = {.property = (enum world_property)f->property};

		if (culprit_find(w, learnt, f->trace, f->length, f->property, &cause.culprit, e))
			return -1;
		if (known(causes, w, &cause))
			continue;
		cause.story = story_record(w, learnt, f->trace, f->length, f->length, cause.property, e);
		if (!cause.story)
			return -1;
		causes->list[causes->n++] = cause;
	}
	return 0;
}

void causes_free(struct causes *causes)
{
	for (size_t i = 0; i < causes->n; i++) {
		story_free(causes->list[i].story);
		free(causes->list[i].trace_file);
	}
	free(causes->list);
	*causes = (struct causes){0};
}
