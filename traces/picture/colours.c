/* SPDX-License-Identifier: MIT */
#include "colours.h"

#include <string.h>

static const char *const tints[] = {"#9ad1f2", "#f5c761", "#f7ef8a", "#7fd3b5",
                                    "#e3b0cd", "#f4a582", "#b8b8ee", "#c9e59b"};
enum { TINTS = sizeof(tints) / sizeof(tints[0]) };

/* Threads first, then vCPUs. */
static unsigned contexts(const struct world *w)
{
	return world_threads(&w->config) + world_vcpus(&w->config);
}

static bool is_called(const char *context, const char *name)
{
	return strcspn(context, " ") == strlen(name) && strncmp(context, name, strlen(name)) == 0;
}

const char *colour_of(const struct world *w, const char *context)
{
	char name[32];

	if (is_called(context, "thread"))
		return tints[0];
	if (is_called(context, "guest"))
		return tints[contexts(w) > 0 ? world_threads(&w->config) % TINTS : 0];
	for (unsigned i = 0; i < contexts(w); i++) {
		if (is_called(context, world_owner_name(w, i, name, sizeof(name))))
			return tints[i % TINTS];
	}
	return strncmp(context, "idle", 4) == 0 ? "#e4e4e4" : "white";
}

void colours_legend(const struct world *w, FILE *f, bool kinds)
{
	char name[32];

	if (kinds)
		(void)fprintf(f, "<TD BGCOLOR=\"%s\">thread</TD><TD BGCOLOR=\"%s\">guest</TD>",
		              colour_of(w, "thread"), colour_of(w, "guest"));
	for (unsigned i = 0; !kinds && i < contexts(w); i++) {
		world_owner_name(w, i, name, sizeof(name));
		(void)fprintf(f, "<TD BGCOLOR=\"%s\">%s</TD>", colour_of(w, name), name);
	}
}
