/* SPDX-License-Identifier: MIT */
/* A step as trace files name it: CPU, who runs there, the action, every other choice by name, where it ended.
 */
#include <stdio.h>

#include "story_private.h"

static int write_choice(const struct world *w, const struct world_choice *choice, char *buf, size_t size)
{
	char name[16];

	switch (choice->question) {
	case QUESTION_PICK:
		return snprintf(buf, size, " pick=%s",
		                world_task_name(w, choice->meaning, name, sizeof(name)));
	case QUESTION_SIGNAL:
		return snprintf(buf, size, " signal=%u", choice->answer);
	case QUESTION_USERSPACE:
		return snprintf(buf, size, " userspace=%u", choice->answer);
	case QUESTION_NEON:
		return snprintf(buf, size, " neon=%u", choice->answer);
	case QUESTION_UNSYNCED:
		return snprintf(buf, size, " unsynced=%u", choice->answer);
	default: /* the CPU and the action stand first in the line, whether there was a choice or not */
		return 0;
	}
}

void choices_text(const struct machine *m, uint32_t task, char *buf, size_t size)
{
	const struct world *w = m->world;
	char name[16], where[96];
	size_t at;

	at = (size_t)snprintf(buf, size, "cpu%u %s %s", m->cpu_number,
	                      world_task_name(w, task, name, sizeof(name)), world_action_names[m->action]);
	for (unsigned i = 0; i < m->n_choices && at < size; i++)
		at += (size_t)write_choice(w, &m->choices[i], buf + at, size - at);
	if (at < size)
		(void)snprintf(buf + at, size - at, " @ %s",
		               image_where(w->image, m->cpu->core.pc, where, sizeof(where)));
}
