/* SPDX-License-Identifier: MIT */
/* lazyswitch reproduce: runs counterexamples on QEMU's Cortex-A15. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "output.h"
#include "session/parse.h"
#include "reproduce.h"

enum option_key { KEY_ON = 0x400, KEY_FORMAT, KEY_QEMU, KEY_TIMEOUT, KEY_UNTIL, KEY_OUTPUT = 'o' };

enum { SILENT_SECONDS = 10 };

static const struct argp_option options[] = {
        {"on", KEY_ON, "VARIANT", 0, "Run this variant, not each trace's own", 0},
        {"output", KEY_OUTPUT, "FILE", 0, "Keep the bare-metal program in FILE (an ELF executable)", 0},
        {"qemu", KEY_QEMU, "PROGRAM", 0, "The emulator (qemu-system-arm)", 0},
        {"timeout", KEY_TIMEOUT, "SECONDS", 0, "Give up when the board has been silent for so long (10)", 0},
        {"until", KEY_UNTIL, "N", 0, "Make the first N steps only", 0},
        {"format", KEY_FORMAT, "text|json", 0, "Of the output (text)", 0},
        {0},
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	static const char *const formats[] = {"text", "json", NULL};
	struct command_parse *p = state->input;
	struct reproduce_settings *s = p->settings;
	uint64_t number;
	unsigned word;

	switch (key) {
	case ARGP_KEY_INIT:
		command_parse_init(state);
		return 0;
	case ARGP_KEY_ARG:
		s->replay.files[s->replay.n_files++] = arg;
		return 0;
	case KEY_ON:
		s->replay.on = arg;
		return 0;
	case KEY_QEMU:
		s->emulator = arg;
		return 0;
	case KEY_OUTPUT:
		s->output = arg;
		return 0;
	case KEY_TIMEOUT:
		if (parse_number("--timeout", arg, 1, 3600, &number, p->error))
			return EINVAL;
		s->seconds = (unsigned)number;
		return 0;
	case KEY_UNTIL:
		if (parse_number("--until", arg, 1, TRACE_STEPS_MAX, &number, p->error))
			return EINVAL;
		s->replay.until = (size_t)number;
		return 0;
	case KEY_FORMAT:
		if (parse_word("--format", arg, formats, &word, p->error))
			return EINVAL;
		s->json = word == 1;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

const struct argp reproduce_argp = {
        .options = options,
        .parser = parse,
        .args_doc = "TRACE...",
        .doc = "Turns traces into bare-metal programs, each the very image of kernel and variant with a "
               "small monitor that drives "
               "the cores through the schedule; runs them on QEMU's Cortex-A15; and tells what contexts "
               "really find in their "
               "registers there (docs/how-to/reproduce.md). A TRACE of - is standard input.\v"
               "Exit status: 0 every violation was observed on the board; 1 one was not; 2 bad input, or a "
               "step is not possible; "
               "3 a trace needs what the emulated board does not have; 4 internal fault.",
        .children = build_children,
};

static enum exit_status run_one(const char *file, const struct reproduce_settings *s, struct json_t *document)
{
	struct reproduction *p = calloc(1, sizeof(*p));
	enum exit_status status;

	if (!p) {
		complain("out of memory");
		return STATUS_USAGE;
	}
	reproduce_run(p, file, s);
	status = p->status;
	if (p->error.text[0] != '\0' && (document || p->outcome == REPRODUCE_ERROR))
		complain("%s", p->error.text);
	if (!document)
		reproduce_text(p);
	else if (reproduce_json_add(document, p))
		status = STATUS_INTERNAL;
	reproduce_run_close(p);
	free(p);
	return status;
}

static enum exit_status run_all(const struct reproduce_settings *s)
{
	struct json_t *document = s->json ? reproduce_json_new() : NULL;
	enum exit_status status = STATUS_HOLDS;

	if (s->replay.n_files == 0) {
		complain("reproduce takes the traces: lazyswitch reproduce TRACE... (- is standard input)");
		return STATUS_USAGE;
	}
	if (s->output && (s->replay.n_files > 1 || s->output[0] == '\0')) {
		complain("--output keeps the program of one trace in a file");
		return STATUS_USAGE;
	}
	for (size_t i = 0; i < s->replay.n_files; i++) {
		if (i > 0 && !document)
			(void)putchar('\n');
		status = command_worse(status, run_one(s->replay.files[i], s, document));
	}
	if (s->json && (!document || reproduce_json_print(document))) {
		complain("out of memory for the JSON document");
		status = STATUS_INTERNAL;
	}
	return status;
}

int command_reproduce(int argc, char **argv)
{
	struct error e = {0};
	struct reproduce_settings settings = {
	        .replay = {.files = calloc((size_t)argc + 1, sizeof(*settings.replay.files))},
	        .emulator = "qemu-system-arm",
	        .seconds = SILENT_SECONDS,
	};
	struct command_parse p = {.name = "lazyswitch reproduce",
	                          .settings = &settings,
	                          .build = &settings.replay.build,
	                          .error = &e};
	int status = STATUS_USAGE, parsed;

	if (!settings.replay.files) {
		complain("out of memory");
		return STATUS_USAGE;
	}
	parsed = command_parse(&reproduce_argp, argc, argv, 0, &p);
	status = parsed != 0 ? command_parse_status(parsed) : (int)run_all(&settings);
	free(settings.replay.files);
	return status;
}
