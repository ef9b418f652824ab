/* SPDX-License-Identifier: MIT */
#include "check_options.h"

#include <errno.h>
#include <stdlib.h>

#include "model/images/images.h"
#include "output.h"
#include "ranks.h"
#include "session/parse.h"

enum option_key {
	KEY_FORMAT = 0x100,
	KEY_TRACE_OUT,
	KEY_ALL,
	KEY_STATS,
	KEY_CHECKPOINT,
	KEY_CHECKPOINT_EVERY,
	KEY_RESUME,
	KEY_VERIFY,
	KEY_EACH,
};

static const struct argp_option options[] = {
        {"all", KEY_ALL, 0, 0,
         "Go on after a violation, and report the shortest schedule of every cause: property, observer, line "
         "to blame",
         2},
        {"each-patch", KEY_EACH, "on|off", 0,
         "Check what --patch applies patch by patch: the base, and the code behind each of them; off: only "
         "behind "
         "the last (on, if there are several)",
         2},
        {"jobs", 'j', "N", 0,
         "Threads that search (as many as there are CPUs); what is found does not depend on it", 3},
        {"checkpoint", KEY_CHECKPOINT, "FILE", 0,
         "Save an unfinished search to FILE: when a limit ends it, or Ctrl-C or SIGTERM; for one variant", 3},
        {"checkpoint-every", KEY_CHECKPOINT_EVERY, "SECONDS", 0, "And that often while it goes on", 3},
        {"resume", KEY_RESUME, "FILE", 0,
         "Go on from FILE, with the options and the variant that it was made with; what is saved goes there, "
         "too, "
         "unless --checkpoint says otherwise",
         3},
        {"verify-reductions", KEY_VERIFY, 0, 0,
         "Check in every state, on a machine of its own, what the reductions assume; slow, for small "
         "systems. A "
         "difference is an internal fault",
         2},
        {0, 0, 0, 0, "Output:", 4},
        {"format", KEY_FORMAT, "text|json|junit|ktap|sarif|mail", 0,
         "Of the output (text); mail: a reply to the mail with the patch, which is printed and not sent", 0},
        {"trace-out", KEY_TRACE_OUT, "DIR", 0,
         "Write the trace of each violation to DIR/VARIANT-PROPERTY.trace, with --all to "
         "DIR/VARIANT-PROPERTY-N.trace; "
         "DIR is made if it is not there",
         0},
        {"stats", KEY_STATS, 0, 0,
         "Say how the search went: rates, levels, memory, reductions; and which code of the variant was "
         "never executed",
         0},
        {0},
};

static const char doc[] = "Proves variants, or refutes each with the shortest schedule that violates a "
                          "property. VARIANT is the name of "
                          "one that ships (`lazyswitch list'), or a file of your own: .S or .c, which is "
                          "compiled, .o, or a linked .elf; several that make one variant are joined "
                          "by commas. "
                          "Without any, all that ship.\v"
                          "Exit status: 0 every property holds; 1 a property is violated; 2 bad usage, bad "
                          "input, or output that cannot "
                          "be written; 3 not finished; 4 internal fault. Of several variants the worst "
                          "counts, in the order 4, 2, 1, 3, "
                          "0.\n\n"
                          "Of several properties the one violated by the shortest schedule is reported; to "
                          "learn about the others, search "
                          "for them with --property, or for all with --all.";

static int file_name(const char *option, const char *arg, const char **name, struct error *e)
{
	*name = arg;
	return *arg == '\0' ? error_set(e, "%s takes a file, not an empty name", option) : 0;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	static const char *const formats[] = {"text", "json", "junit", "ktap", "sarif", "mail", NULL},
	                         *const switches[] = {"on", "off", NULL};
	struct command_parse *p = state->input;
	struct check_settings *s = p->settings;
	uint64_t jobs;
	unsigned word;

	switch (key) {
	case ARGP_KEY_INIT:
		command_parse_init(state);
		return 0;
	case ARGP_KEY_ARG:
		s->names[s->n_names++] = arg;
		return 0;
	case 'j':
		if (parse_number("-j", arg, 1, 1024, &jobs, p->error))
			return EINVAL;
		s->search.threads = (unsigned)jobs;
		return 0;
	case KEY_ALL:
		s->all = true;
		return 0;
	case KEY_STATS:
		s->stats = true;
		return 0;
	case KEY_VERIFY:
		s->verify = true;
		return 0;
	case KEY_TRACE_OUT:
		s->trace_out = arg;
		if (*arg != '\0')
			return 0;
		error_set(p->error, "--trace-out takes a directory, not an empty name");
		return EINVAL;
	case KEY_CHECKPOINT:
		return file_name("--checkpoint", arg, &s->checkpoint, p->error) ? EINVAL : 0;
	case KEY_RESUME:
		return file_name("--resume", arg, &s->resume, p->error) ? EINVAL : 0;
	case KEY_CHECKPOINT_EVERY:
		return parse_seconds("--checkpoint-every", arg, &s->checkpoint_every, p->error) ? EINVAL : 0;
	case KEY_FORMAT:
		if (parse_word("--format", arg, formats, &word, p->error))
			return EINVAL;
		s->format = (enum check_format)word;
		return 0;
	case KEY_EACH:
		if (parse_word("--each-patch", arg, switches, &word, p->error))
			return EINVAL;
		s->each_said = word == 0 ? EACH_ON : EACH_OFF;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static void default_names(struct check_settings *s, const struct shipped_variant *all, size_t count)
{
	for (size_t i = 0; i < count; i++)
		s->names[s->n_names++] = all[i].name;
}

/* What the options about checkpoints ask of the others. */
static int settle_checkpoints(struct check_settings *s, struct error *e)
{
	const char *option = s->resume ? "--resume" : "--checkpoint";

	if (!s->resume && !s->checkpoint)
		return s->checkpoint_every > 0
		               ? error_set(e, "--checkpoint-every needs --checkpoint, to know the file")
		               : 0;
	if (s->n_names == 0)
		return error_set(e, "%s is for one variant: name it", option);
	if (s->n_names > 1)
		return error_set(e, "%s is for one variant, and these are %zu", option, s->n_names);
	if (s->search.store != CHECK_STORE_EXACT)
		return error_set(e, "%s is for searches with --store exact", option);
	if (s->verify)
		return error_set(e, "%s is not for --verify-reductions, which keeps more than can be saved",
		                 option);
	if (!s->checkpoint)
		s->checkpoint = s->resume;
	return 0;
}

const struct argp check_argp = {.options = options,
                                .parser = parse,
                                .args_doc = "[VARIANT...]",
                                .doc = doc,
                                .children = search_options};

int check_options(int argc, char **argv, struct check_settings *s)
{
	struct error e;
	struct command_parse p = {
	        .name = "lazyswitch check", .settings = s, .search = &s->search, .error = &e};
	size_t count;
	const struct shipped_variant *all = shipped_variants(&count);
	int status;

	*s = (struct check_settings){.search = search_settings_default()};
	s->search.threads = search_settings_cpus() > ranks_here() ? search_settings_cpus() / ranks_here() : 1;
	s->search.max_memory /= ranks_here();
	s->names = calloc((size_t)argc + count, sizeof(*s->names));
	if (!s->names) {
		complain("out of memory");
		return -1;
	}
	status = command_parse(&check_argp, argc, argv, 0, &p);
	if (status == 0 && settle_checkpoints(s, &e)) {
		complain("%s", e.text);
		return -1;
	}
	if (status == 0 && s->n_names == 0)
		default_names(s, all, count);
	return status;
}
