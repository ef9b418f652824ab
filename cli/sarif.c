/* SPDX-License-Identifier: MIT */
#include "sarif.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct sarif sarif_begin(const char *command)
{
	return (struct sarif){.command = command,
	                      .rules = json_array(),
	                      .results = json_array(),
	                      .notifications = json_array()};
}

json_t *sarif_text(const char *text)
{
	json_t *string = json_string(text);
	char *copy;

	if (string)
		return string;
	copy = strdup(text);
	for (char *at = copy; at && *at != '\0'; at++) {
		if ((unsigned char)*at >= 0x80)
			*at = '?';
	}
	string = copy ? json_string(copy) : NULL;
	free(copy);
	return string;
}

json_t *sarif_message(const char *text)
{
	return json_pack("{s:o}", "text", sarif_text(text));
}

json_t *sarif_rule(const char *id, const char *what, const char *help)
{
	return json_pack("{s:s, s:o, s:o, s:o, s:{s:s}}", "id", id, "shortDescription", sarif_message(what),
	                 "fullDescription", sarif_message(what), "help", sarif_message(help),
	                 "defaultConfiguration", "level", "error");
}

/* A file's name as a URI reference: relative, or with file://. */
static json_t *uri(const char *file)
{
	static const char plain[] = "/.-_~";
	size_t n = strlen(file), at = 0;
	char *text = malloc(3 * n + 16);
	json_t *string;

	if (!text)
		return NULL;
	while (file[0] == '.' && file[1] == '/')
		file += 2;
	if (*file == '/')
		at = (size_t)sprintf(text, "file://");
	for (; *file != '\0'; file++) {
		unsigned char c = (unsigned char)*file;

		if ((c < 0x80 && isalnum(c)) || strchr(plain, c))
			text[at++] = (char)c;
		else
			at += (size_t)sprintf(text + at, "%%%02X", c);
	}
	text[at] = '\0';
	string = json_string(text);
	free(text);
	return string;
}

json_t *sarif_location(const char *file, int line, const char *symbol, const char *message)
{
	json_t *location = json_object();

	if (file) {
		json_t *physical = json_pack("{s:{s:o}}", "artifactLocation", "uri", uri(file));

		if (line > 0)
			(void)json_object_set_new(physical, "region", json_pack("{s:i}", "startLine", line));
		(void)json_object_set_new(location, "physicalLocation", physical);
	}
	if (symbol)
		(void)json_object_set_new(location, "logicalLocations",
		                          json_pack("[{s:o, s:s}]", "fullyQualifiedName", sarif_text(symbol),
		                                    "kind", "function"));
	if (message)
		(void)json_object_set_new(location, "message", sarif_message(message));
	return location;
}

json_t *sarif_location_of(const struct image *image, uint32_t pc, const char *message)
{
	const struct image_symbol *symbol = pc ? image_symbol_at(image, pc) : NULL;
	const char *file;
	int line;

	if (pc == 0 || !image_line(image, pc, &file, &line))
		return sarif_location(NULL, 0, symbol ? symbol->name : NULL, message);
	return sarif_location(file, line, symbol ? symbol->name : NULL, message);
}

void sarif_notify(struct sarif *s, const char *id, const char *level, const char *message, json_t *location)
{
	json_t *notification = json_pack("{s:{s:s}, s:s, s:o}", "descriptor", "id", id, "level", level,
	                                 "message", sarif_message(message));

	if (location)
		(void)json_object_set_new(notification, "locations", json_pack("[o]", location));
	(void)json_array_append_new(s->notifications, notification);
}

static json_t *driver(struct sarif *s)
{
	static const char *const notices[][2] = {
	        {"incomplete", "A limit was reached: nothing is known of the rest. Never a pass."},
	        {"error", "Something went wrong: there is no verdict."},
	        {"vacuous", "A property holds because nothing that it judges ever happened."},
	        {"base", "What the code violates before any patch: the patches are not to blame."},
	        {"same", "A violation of the same code as another, where it is told."},
	};
	json_t *notifications = json_array();

	for (size_t i = 0; i < sizeof(notices) / sizeof(notices[0]); i++)
		(void)json_array_append_new(notifications,
		                            json_pack("{s:s, s:o}", "id", notices[i][0], "shortDescription",
		                                      sarif_message(notices[i][1])));
	return json_pack("{s:s, s:s, s:s, s:s, s:o, s:o}", "name", "lazyswitch", "fullName", s->command,
	                 "version", LAZYSWITCH_VERSION, "semanticVersion", LAZYSWITCH_VERSION, "rules",
	                 s->rules, "notifications", notifications);
}

int sarif_end(struct sarif *s, enum exit_status status)
{
	bool whole = status == STATUS_HOLDS || status == STATUS_VIOLATED;
	json_t *run = json_pack("{s:{s:o}, s:[{s:b, s:i, s:o}], s:s, s:o}", "tool", "driver", driver(s),
	                        "invocations", "executionSuccessful", whole, "exitCode", (int)status,
	                        "toolExecutionNotifications", s->notifications, "columnKind",
	                        "unicodeCodePoints", "results", s->results);
	json_t *document;
	char *text;

	if (run && s->properties)
		(void)json_object_set_new(run, "properties", s->properties);
	document = json_pack("{s:s, s:s, s:[o]}", "$schema", "https://json.schemastore.org/sarif-2.1.0.json",
	                     "version", "2.1.0", "runs", run);
	text = document ? json_dumps(document, JSON_INDENT(2) | JSON_REAL_PRECISION(6)) : NULL;
	if (text)
		(void)puts(text);
	free(text);
	json_decref(document);
	return text ? 0 : -1;
}
