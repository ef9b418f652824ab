/* SPDX-License-Identifier: MIT */
#include "stepper.h"

#include <editline/readline.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int text_of(void *arg, const char *file, char **text, size_t *size)
{
	return variant_text(arg, file, text, size);
}

static int record(struct stepper *s, const struct replay_settings *settings, struct error *e)
{
	const struct followed *f = &s->run->followed;

	s->steps = f->steps;
	s->texts = (struct report_texts){(void *)&s->run->variant, text_of};
	if (watches_open(&s->watches, s->run, settings->watches, settings->n_watches, e))
		return -1;
	if (sources_open(&s->sources, s->run->variant.image, &s->texts))
		return error_set(e, "out of memory");
	return path_record(&s->path, s->run->world, f->learnt, f->labels, f->steps, f->property, &s->sources,
	                   e);
}

static void drop(struct stepper *s)
{
	path_free(&s->path);
	sources_close(&s->sources);
	watches_close(&s->watches);
}

/* What completion offers: commands and fields. libedit asks without an argument. */
static const struct columns *completed;

static char *next_completion(const char *text, int state)
{
	static size_t next;
	size_t commands = 0;

	while (stepper_names[commands])
		commands++;
	for (next = state == 0 ? 0 : next; next < commands + completed->n; next++) {
		const char *name =
		        next < commands ? stepper_names[next] : completed->column[next - commands].name;

		if (strncmp(name, text, strlen(text)) == 0) {
			next++;
			return strdup(name);
		}
	}
	return NULL;
}

static char **complete(const char *text, int start, int end)
{
	(void)start;
	(void)end;
	return rl_completion_matches(text, next_completion);
}

/* The next line, to be freed; NULL at the end of the input. */
static char *next_line(bool terminal)
{
	char *line = NULL;
	size_t size = 0;
	ssize_t length;

	if (terminal) {
		line = readline("(step) ");
		if (line && line[0] != '\0')
			(void)add_history(line);
		return line;
	}
	length = getline(&line, &size, stdin);
	if (length < 0) {
		free(line);
		return NULL;
	}
	line[strcspn(line, "\r\n")] = '\0';
	return line;
}

static void read_commands(struct stepper *s)
{
	bool terminal = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
	char *line, *last = NULL;

	if (terminal) {
		completed = &s->watches.columns;
		rl_readline_name = "lazyswitch";
		rl_attempted_completion_function = complete;
		(void)fputs("`help' lists the commands.\n", s->out);
	}
	while (!s->over && (line = next_line(terminal)) != NULL) {
		/* An empty line is the last one once more. */
		if (line[strspn(line, " \t")] != '\0') {
			free(last);
			last = line;
		} else {
			free(line);
		}
		if (last)
			stepper_command(s, last);
		(void)fflush(s->out);
	}
	if (terminal && !s->over)
		(void)fputc('\n', s->out);
	free(last);
}

int stepper_run(const struct replay_run *run, const struct replay_settings *settings, struct error *e)
{
	struct stepper s = {.run = run, .out = stdout};
	int status = record(&s, settings, e);

	if (status == 0) {
		stepper_show_step(&s);
		read_commands(&s);
	}
	drop(&s);
	return status;
}
