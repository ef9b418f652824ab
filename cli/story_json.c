/* SPDX-License-Identifier: MIT */
#include "story_json.h"

json_t *story_json_steps(const struct story *story)
{
	json_t *array;

	if (!story)
		return json_null();
	array = json_array();
	for (size_t i = 0; i < story_steps(story); i++)
		json_array_append_new(array, json_string(story_step(story, i)));
	return array;
}

json_t *story_json_violation(const struct story *story, int property, const struct image *image)
{
	const struct violation *v = story ? story_violation(story) : NULL;
	const char *file;
	char where[128];
	int line;
	bool known;

	if (!story || property < 0)
		return json_null();
	if (!v)
		return json_pack("{s:s, s:n, s:n, s:n, s:n, s:n}", "property", world_property_names[property],
		                 "observer", "pc", "symbol", "file", "line");
	known = image_line(image, v->pc, &file, &line);
	return json_pack("{s:s, s:s, s:I, s:s, s:o, s:o}", "property", world_property_names[v->property],
	                 "observer", v->text, "pc", (json_int_t)v->pc, "symbol",
	                 image_where(image, v->pc, where, sizeof(where)), "file",
	                 known ? json_string(file) : json_null(), "line",
	                 known ? json_integer(line) : json_null());
}
