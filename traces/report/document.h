/* SPDX-License-Identifier: MIT */
/*
 * What the report's page shows, as JSON. The page's scripts are its only reader, and come with it in one file:
 *
 *	title, program          strings
 *	trace                   file, comment, variant, note, system: strings; note may be null
 *	verdict                 sign: "violated", "holds" or "open"; sentence; notes: strings
 *	property                of the violation: name, meaning, more; or null
 *	seen                    text, where: what was seen, and by what; or null
 *	cpus                    how many
 *	contexts                names; each has the colour of its place
 *	fields                  of the state: name, label, group, kind ("context", "text")
 *	lanes                   for each CPU: cpu, and the numbers of the fields who, fp, en, trap
 *	start                   the value of each field behind the boot
 *	start_at                where each CPU stands then: PLACE
 *	steps                   cpu, who, headline, choices (as in trace files); details: text, at: PLACE, bad: "seen", "also" or
 *	                        null; set: [field, value] of each field that has changed; stands: PLACE of each CPU; ran: [source,
 *	                        first line, last line] of what was executed
 *	loop                    the first step that is repeated for ever, from 1; or null
 *	sources                 name, path, kind ("source", "listing"), text
 *
 * A PLACE is [source, line from 1], or null.
 */
#ifndef LAZYSWITCH_TRACES_REPORT_DOCUMENT_H
#define LAZYSWITCH_TRACES_REPORT_DOCUMENT_H

#include <jansson.h>

#include "../story.h"
#include "sources.h"

/* A page with more steps would be too much for a browser, and for its reader. */
enum { REPORT_STEPS_MAX = 5000 };

struct report {
	const char *program;      /* "lazyswitch 0.1.0" */
	const char *file;         /* the trace */
	const char *comment;      /* comment lines, as in struct trace */
	const char *variant;      /* what it was replayed on */
	const char *note;         /* about the variant, or NULL */
	const char *system;       /* "2 CPUs, ..." */
	const char *sign;         /* "violated", "holds", "open" */
	const char *const *lines; /* the verdict, then notes about it; ends with NULL */
	int property;             /* the violated one, or -1 */

	/* The run. */
	const struct world *world;
	const struct learnt *learnt;
	const struct model_label *labels;
	const struct story *story; /* of these labels */
	const struct report_texts *texts;
};

/* Returns NULL with `e` filled in: too many steps, or no memory. */
json_t *document_make(const struct report *report, struct error *e);

#endif
