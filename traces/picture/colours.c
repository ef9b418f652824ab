/* SPDX-License-Identifier: MIT */
#include "colours.h"

#include <string.h>

#include "drawing.h"

static const char *const tints[] = {"#9ad1f2", "#f5c761", "#f7ef8a", "#7fd3b5",
                                    "#e3b0cd", "#f4a582", "#b8b8ee", "#c9e59b"};
enum { TINTS = sizeof(tints) / sizeof(tints[0]) };

/* Threads first, then vCPUs: as contexts are numbered. */
static const char *name_of(const struct world *w, unsigned context, char *buf, size_t size)
{
	return world_owner_name(w, context, buf, size);
}

static unsigned contexts(const struct world *w)
{
	return world_threads(&w->config) + world_vcpus(&w->config);
}

const char *colour_of(const struct world *w, const char *context)
{
	size_t length = strcspn(context, " ");
	char name[32];

	for (unsigned i = 0; i < contexts(w); i++) {
		if (strlen(name_of(w, i, name, sizeof(name))) == length &&
		    strncmp(name, context, length) == 0)
			return tints[i % TINTS];
	}
	return strncmp(context, "idle", 4) == 0 ? "#e4e4e4" : "white";
}

void colours_legend(const struct world *w, FILE *f, unsigned columns, const char *notes)
{
	char name[32];

	(void)fprintf(
	        f,
	        "<TR><TD COLSPAN=\"%u\" BORDER=\"0\"><TABLE BORDER=\"0\" CELLBORDER=\"1\" CELLSPACING=\"3\" "
	        "CELLPADDING=\"3\"><TR>",
	        columns);
	for (unsigned i = 0; i < contexts(w); i++)
		(void)fprintf(f, "<TD BGCOLOR=\"%s\">%s</TD>", tints[i % TINTS],
		              name_of(w, i, name, sizeof(name)));
	(void)fputs("<TD BORDER=\"0\" ALIGN=\"LEFT\">", f);
	drawing_text(f, notes);
	(void)fputs("</TD></TR></TABLE></TD></TR>", f);
}
