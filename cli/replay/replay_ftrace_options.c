/* SPDX-License-Identifier: MIT */
#include <errno.h>

#include "session/parse.h"
#include "replay_ftrace.h"

/* Events that a schedule of the threads that there are can have. */
enum { ENV_FILLABLE = ENV_NEON | ENV_EXEC | ENV_PTRACE | ENV_SIGNAL | ENV_ONEREG | ENV_PM };

static int parse_env(const char *arg, uint32_t *env, struct error *e)
{
	static const struct parse_set set = {.option = "--env",
	                                     .what = "event",
	                                     .words = world_env_names,
	                                     .n = ENV_NAMES,
	                                     .nothing = "none"};
	char names[128];

	if (parse_set(&set, arg, env, e))
		return -1;
	if ((*env & ~(uint32_t)ENV_FILLABLE) == 0)
		return 0;
	return error_set(e, "--env %s: with --ftrace the open events may be %s", arg,
	                 parse_set_text(world_env_names, ENV_NAMES, ENV_FILLABLE, names, sizeof(names)));
}

static int parse_property(const char *arg, uint32_t *properties, struct error *e)
{
	static const struct parse_set set = {.option = "--property",
	                                     .what = "property",
	                                     .words = world_property_names,
	                                     .n = PROPERTIES,
	                                     .everything = "all",
	                                     .everything_is = PROPERTIES_USUAL};

	return parse_set(&set, arg, properties, e);
}

static int parse_task(const char *arg, struct ftrace_settings *s, struct error *e)
{
	if (s->n_tasks == MAPPING_SAID_MAX)
		return error_set(e, "--task: at most %d times", MAPPING_SAID_MAX);
	return mapping_say(arg, &s->tasks[s->n_tasks++], e);
}

error_t replay_ftrace_option(int key, const char *arg, struct ftrace_settings *s, struct error *e)
{
	static const char *const orders[] = {"little", "big", NULL};
	unsigned word;
	int failed;

	if (key == KEY_FTRACE) {
		s->file = arg;
		return 0;
	}
	switch (key) {
	case KEY_FTRACE_TASK:
		failed = parse_task(arg, s, e);
		break;
	case KEY_FTRACE_ENDIAN:
		failed = parse_word("--endian", arg, orders, &word, e);
		s->big_endian = !failed && word == 1;
		break;
	case KEY_FTRACE_ENV:
		failed = parse_env(arg, &s->env, e);
		break;
	case KEY_FTRACE_PROPERTY:
		failed = parse_property(arg, &s->properties, e);
		break;
	case KEY_FTRACE_MEMORY:
		failed = parse_size("--memory", arg, &s->max_memory, e);
		break;
	case KEY_FTRACE_TIMEOUT:
		failed = parse_seconds("--timeout", arg, &s->timeout, e);
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	s->said = true;
	return failed ? EINVAL : 0;
}
