/* SPDX-License-Identifier: MIT */
#include "columns_json.h"

#include <stdio.h>
#include <string.h>

#include "text.h"

json_t *columns_json(const struct columns *c)
{
	json_t *fields = json_array();

	for (size_t i = 0; i < c->n; i++)
		text_append(&fields, json_pack("{s:s, s:s, s:s, s:s}", "name", c->column[i].name, "label",
		                               c->column[i].label, "group", c->column[i].group, "kind",
		                               c->column[i].context ? "context" : "text"));
	return fields;
}

static json_int_t field(const struct columns *c, unsigned cpu, const char *name)
{
	char full[48];
	int length = snprintf(full, sizeof(full), "cpu%u.%s", cpu, name);

	return (json_int_t)columns_find(c, full, (size_t)length);
}

json_t *columns_lanes(const struct columns *c)
{
	json_t *lanes = json_array();

	for (unsigned cpu = 0; cpu < c->cpus; cpu++) {
		text_append(&lanes, json_pack("{s:i, s:I, s:I, s:I, s:I}", "cpu", (int)cpu, "who",
		                              field(c, cpu, "runs"), "fp", field(c, cpu, "hw.owner"), "en",
		                              field(c, cpu, "fpexc.en"), "trap", field(c, cpu, "hcptr.fp")));
	}
	return lanes;
}

json_t *columns_start(const struct columns *c)
{
	json_t *values = json_array();

	for (size_t i = 0; i < c->n; i++)
		text_append(&values, json_string(c->values[i]));
	return values;
}

json_t *columns_changes(const struct columns *c, size_t step)
{
	json_t *changes = json_array();

	for (size_t i = 0; i < c->n; i++) {
		const char *now = c->values[step * c->n + i];

		if (strcmp(now, c->values[(step - 1) * c->n + i]) != 0)
			text_append(&changes, json_pack("[I, s]", (json_int_t)i, now));
	}
	return changes;
}
