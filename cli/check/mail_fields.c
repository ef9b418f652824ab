/* SPDX-License-Identifier: MIT */
#include <string.h>
#include <strings.h>

#include "mail_parts.h"
#include "wrap.h"

static void field(FILE *out, const char *name, const char *a, const char *b, const char *between)
{
	struct wrap w = {.out = out, .indent = 1, .whole = true};

	if (!a && !b)
		return;
	wrap_text(&w, name);
	if (a)
		wrap_text(&w, a);
	/* The comma belongs to the word before it. */
	if (a && b)
		w.column += (unsigned)fprintf(out, "%s", between);
	if (b)
		wrap_text(&w, b);
	wrap_end(&w);
}

void mail_fields(const struct mail *m, FILE *out)
{
	bool again = m->subject && strncasecmp(m->subject, "re:", 3) == 0;
	char id[1024];

	if (!m->from)
		return;
	field(out, "To:", m->from, NULL, "");
	field(out, "Cc:", m->to, m->cc, ",");
	field(out, again ? "Subject:" : "Subject: Re:", m->subject ? m->subject : "(no subject)", NULL, "");
	if (m->id) {
		(void)snprintf(id, sizeof(id), "<%.1000s>", m->id);
		field(out, "In-Reply-To:", id, NULL, "");
		field(out, "References:", m->references, id, "");
	}
	(void)fputc('\n', out);
}

void mail_attribution(const struct mail *m, FILE *out)
{
	if (m->from && m->date)
		wrap_paragraph(out, 0, "On %s, %s wrote:", m->date, m->from);
	else if (m->from)
		wrap_paragraph(out, 0, "%s wrote:", m->from);
}
