/* SPDX-License-Identifier: MIT */
#include "markup.h"

static void put(FILE *f, char c)
{
	switch (c) {
	case '&':
		(void)fputs("&amp;", f);
		break;
	case '<':
		(void)fputs("&lt;", f);
		break;
	case '>':
		(void)fputs("&gt;", f);
		break;
	case '"':
		(void)fputs("&quot;", f);
		break;
	default:
		(void)fputc((unsigned char)c < ' ' && c != '\n' && c != '\t' ? ' ' : c, f);
	}
}

void markup_text(FILE *f, const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++)
		put(f, text[i]);
}
