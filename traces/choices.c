/* SPDX-License-Identifier: MIT */
/* A step as trace files name it: CPU, who runs there, the action, every other choice by name, where it ended.
 */
#include <stdio.h>

#include "names.h"

void choices_text(const struct machine *m, uint32_t task, char *buf, size_t size)
{
	const struct world *w = m->world;
	char name[32], where[96];
	size_t at;

	at = (size_t)snprintf(buf, size, "cpu%u %s %s", m->cpu_number,
	                      world_task_name(w, task, name, sizeof(name)), world_action_names[m->action]);
	for (unsigned i = 0; i < m->n_choices && at < size; i++) {
		const char *question = question_name(m->choices[i].question)->name;

		/* The CPU and the action stand first in the line, whether there was a choice or not. */
		if (question)
			at += (size_t)snprintf(buf + at, size - at, " %s=%s", question,
			                       choice_value(w, &m->choices[i], name, sizeof(name)));
	}
	if (at < size)
		(void)snprintf(buf + at, size - at, " @ %s",
		               where_text(w->image, m->cpu->core.pc, where, sizeof(where)));
}
