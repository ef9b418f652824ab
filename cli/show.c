/* SPDX-License-Identifier: MIT */
/* lazyswitch show: a variant's code, annotated. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "build_options.h"
#include "command.h"
#include "model/images/images.h"
#include "output.h"
#include "session/parse.h"
#include "session/variant.h"

enum option_key { KEY_ENDIAN = 0x100, KEY_SMP, KEY_SOURCE };

struct show_settings {
	const char *name;
	bool source;
	struct build_settings build;
	struct variant_options options;
};

static const struct argp_option options[] = {
        {"endian", KEY_ENDIAN, "little|big", 0, "Build of a shipped variant (little)", 0},
        {"smp", KEY_SMP, "on|off", 0, "off: the build for a kernel without CONFIG_SMP (on)", 0},
        {"source", KEY_SOURCE, NULL, 0,
         "Print the source of a shipped variant, or a file of the modelled kernel (model/linux/...), instead",
         0},
        {0},
};

static const char doc[] = "Prints which entry points of the modelled kernel a variant overrides, and the "
                          "code of the image: address, "
                          "encoding, whether a step of the model can end there, disassembly, source line. "
                          "VARIANT is a name or a path, as "
                          "for `lazyswitch check'.\v"
                          "Exit status: 0 done; 2 bad usage or input; 4 internal fault.";

static error_t parse(int key, char *arg, struct argp_state *state)
{
	static const char *const orders[] = {"little", "big", NULL};
	struct command_parse *p = state->input;
	struct show_settings *s = p->settings;
	static const char *const switches[] = {"on", "off", NULL};
	unsigned word;

	switch (key) {
	case ARGP_KEY_INIT:
		command_parse_init(state);
		return 0;
	case KEY_ENDIAN:
		if (parse_word("--endian", arg, orders, &word, p->error))
			return EINVAL;
		s->options.endian = word == 1 ? ENDIAN_BIG : ENDIAN_LITTLE;
		return 0;
	case KEY_SMP:
		if (parse_word("--smp", arg, switches, &word, p->error))
			return EINVAL;
		s->options.uniprocessor = word == 1;
		return 0;
	case KEY_SOURCE:
		s->source = true;
		return 0;
	case ARGP_KEY_ARG:
		if (s->name) {
			error_set(p->error, "show takes one variant, not '%s' as well", arg);
			return EINVAL;
		}
		s->name = arg;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static void print_overrides(const struct image *image, const struct image *baseline)
{
	const char *separator = "# overrides: ";

	for (size_t i = 0; i < image->n_symbols; i++) {
		if (!variant_overrides(image, baseline, i))
			continue;
		(void)printf("%s%s", separator, image->symbols[i].name);
		separator = ", ";
	}
	(void)puts(separator[0] == '#' ? "# overrides nothing: every entry point is the baseline's" : "");
}

static void print_warning(void *arg, const char *text)
{
	(void)arg;
	(void)printf("# warning: %s\n", text);
}

/* The text of a variant, or of any other source that variants are built from. */
static int show_source(const char *name)
{
	char path[256];
	const char *text;
	size_t size;

	(void)snprintf(path, sizeof(path), "model/variants/%.200s.S", name);
	text = kit_text(path, &size);
	if (!text)
		text = kit_text(name, &size);
	if (!text) {
		complain("there is no source '%s': it takes the name of a variant that ships, or the path of "
		         "a "
		         "source, such as model/linux/kvm/into_guest.S",
		         name);
		return STATUS_USAGE;
	}
	(void)fwrite(text, 1, size, stdout);
	return STATUS_HOLDS;
}

static char mark(const struct insn *insn)
{
	if (insn->flow == FLOW_END)
		return ' ';
	if ((insn->touch & TOUCH_PSR) != 0)
		return 'c';
	return (insn->touch & (TOUCH_FP | TOUCH_SYSTEM)) != 0 ? '*' : ' ';
}

static void print_insn(const struct image *image, uint32_t address, const struct insn *insn)
{
	char text[160];
	const char *file;
	int line;

	if (insn->flow == FLOW_END && insn->raw == 0)
		return; /* padding */
	image_instruction(image, address, text, sizeof(text));
	(void)printf("%08x  %08x %c ", address, insn->raw, mark(insn));
	if (image_line(image, address, &file, &line))
		(void)printf("%-44s  %s:%d\n", text, file, line);
	else
		(void)printf("%s\n", text);
}

static void print_code(const struct image *image)
{
	size_t next = 0;

	for (uint32_t address = image->code_start; address < image->code_end; address += 4) {
		for (; next < image->n_symbols && image->symbols[next].address <= address; next++) {
			const struct image_symbol *symbol = &image->symbols[next];

			if (symbol->address == address)
				(void)printf("%s%s:%s\n", symbol->function ? "\n" : "", symbol->name,
				             symbol->weak ? "  (weak)" : "");
		}
		print_insn(image, address, image_insn(image, address));
	}
}

static int show(const struct show_settings *s)
{
	struct variant variant;
	struct error e;
	struct image *baseline;

	if (variant_open(&variant, s->name, &s->options, &e)) {
		complain("%s", e.text);
		return STATUS_USAGE;
	}
	baseline = shipped_image(shipped_variant("baseline"), variant.image->big_endian,
	                         s->options.uniprocessor, &e);
	if (!baseline) {
		complain("%s", e.text);
		variant_close(&variant);
		return STATUS_INTERNAL;
	}
	(void)printf("# %s, %s endian data\n", s->name, variant.image->big_endian ? "big" : "little");
	print_overrides(variant.image, baseline);
	variant_warnings(&variant, s->options.uniprocessor, print_warning, NULL);
	(void)puts("# columns: address, encoding, mark, disassembly, source");
	(void)puts("# mark *: FP or system register: where the thread can be preempted, a step can end "
	           "before it");
	(void)puts("# mark c: may disable interrupts or change mode: a step can end before it, if what "
	           "follows matters");
	(void)puts("# (steps can also end before accesses to memory that others see, which depends on the "
	           "address)");
	print_code(variant.image);
	image_free(baseline);
	variant_close(&variant);
	return STATUS_HOLDS;
}

const struct argp show_argp = {
        .options = options, .parser = parse, .args_doc = "VARIANT", .doc = doc, .children = build_children};

int command_show(int argc, char **argv)
{
	struct show_settings settings = {0};
	struct error e;
	struct command_parse p = {
	        .name = "lazyswitch show", .settings = &settings, .build = &settings.build, .error = &e};
	int status = command_parse(&show_argp, argc, argv, 0, &p);

	if (status)
		return command_parse_status(status);
	if (!settings.name) {
		complain("show needs a variant (`lazyswitch list' names them)");
		return STATUS_USAGE;
	}
	settings.options.build = &settings.build;
	settings.options.say = output_compiler;
	return settings.source ? show_source(settings.name) : show(&settings);
}
