/* SPDX-License-Identifier: MIT */
#include "text.h"

#include <stdlib.h>
#include <string.h>

json_t *text_json(const char *text, size_t size)
{
	json_t *string = json_stringn(text, size);
	char *plain;

	if (string)
		return string;
	plain = malloc(size + 1);
	if (plain)
		memcpy(plain, text, size);
	for (size_t i = 0; plain && i < size; i++) {
		if ((unsigned char)plain[i] >= 0x80)
			plain[i] = '?';
	}
	string = plain ? json_stringn(plain, size) : NULL;
	free(plain);
	return string;
}

json_t *text_json_string(const char *text)
{
	return text ? text_json(text, strlen(text)) : json_null();
}

void text_append(json_t **array, json_t *value)
{
	if (*array && json_array_append_new(*array, value) == 0)
		return;
	if (!*array)
		json_decref(value);
	json_decref(*array);
	*array = NULL;
}

int text_script(FILE *f, const json_t *document)
{
	char *text = json_dumps(document, JSON_COMPACT);

	if (!text)
		return -1;
	/* These stand in strings only, where they may be written by number. */
	for (const char *at = text; *at; at++) {
		if (*at == '<' || *at == '>' || *at == '&')
			(void)fprintf(f, "\\u%04x", (unsigned)*at);
		else
			(void)fputc(*at, f);
	}
	free(text);
	return 0;
}
