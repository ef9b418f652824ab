/* SPDX-License-Identifier: MIT */
#include "checker/findings.h"

#include <stdlib.h>

enum { TABLE_SIZE = 4 * CHECK_FINDINGS_MAX };
_Static_assert((TABLE_SIZE & (TABLE_SIZE - 1)) == 0, "the table's size is a power of two");

static uint32_t hash(const struct finding *f)
{
	return ((uint32_t)f->property * 0x9e3779b1u ^ f->cause) * 0x85ebca6bu;
}

enum findings_status findings_add(struct findings *findings, const struct finding *finding)
{
	uint32_t at = hash(finding) >> 16;

	if (!findings->table) {
		findings->list = calloc(CHECK_FINDINGS_MAX, sizeof(*findings->list));
		findings->table = calloc(TABLE_SIZE, sizeof(*findings->table));
		if (!findings->list || !findings->table) {
			findings_free(findings);
			return FINDINGS_NO_MEMORY;
		}
	}
	for (;; at++) {
		uint32_t entry = findings->table[at % TABLE_SIZE];
		const struct finding *known = &findings->list[entry - 1];

		if (entry == 0)
			break;
		if (known->property == finding->property && known->cause == finding->cause)
			return FINDINGS_KNOWN;
	}
	if (findings->n == CHECK_FINDINGS_MAX)
		return FINDINGS_FULL;
	findings->list[findings->n++] = *finding;
	findings->table[at % TABLE_SIZE] = findings->n;
	return FINDINGS_ADDED;
}

void findings_free(struct findings *findings)
{
	free(findings->list);
	free(findings->table);
	*findings = (struct findings){0};
}
