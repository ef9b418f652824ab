/* SPDX-License-Identifier: MIT */
#include "check_identity.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "ranks.h"
#include "session/parse.h"

/* A word of the identity, or of a command line. */
typedef void print_word(FILE *out, const char *word);

/* The options that decide what is searched, each with its value, those that were not given as well. */
static void print_options(FILE *out, const struct search_settings *s, bool big_endian, bool all)
{
	const struct world_config *c = &s->config;
	char names[128];

	(void)fprintf(out, "--cpus=%u\n--vms=%u\n--vcpus=%u\n--threads=%u\n", c->cpus, c->vms, c->vcpus,
	              c->threads);
	(void)parse_set_text(world_env_names, ENV_NAMES, c->env, names, sizeof(names));
	(void)fprintf(out, "--env=%s\n--smp=%s\n--granularity=%s\n", c->env == 0 ? "none" : names,
	              c->uniprocessor ? "off" : "on", c->granularity == GRANULARITY_INSN ? "insn" : "step");
	(void)parse_set_text(world_property_names, PROPERTIES, s->properties, names, sizeof(names));
	(void)fprintf(out, "--property=%s\n--symmetry=%s\n--endian=%s\n", names, s->symmetry ? "on" : "off",
	              big_endian ? "big" : "little");
	(void)parse_set_text(world_reduction_names, REDUCTION_NAMES, c->unreduced, names, sizeof(names));
	(void)fprintf(out, "--no-reduce=%s\n", c->unreduced == 0 ? "none" : names);
	if (s->cycles)
		(void)fputs("--cycles\n", out);
	if (ranks())
		(void)fputs("mpirun\n", out);
	if (all)
		(void)fputs("--all\n", out);
}

/* How the variant was built; its contents say so, too, but not to people. */
static void print_build(FILE *out, const struct build_settings *b, print_word *print)
{
	if (b->as != KIT_AS_VARIANT)
		print(out, b->as == KIT_AS_KVM ? "--as=kvm" : "--as=vfp");
	for (size_t i = 0; i < b->n_options; i++)
		print(out, b->options[i]);
	for (size_t i = 0; i < b->n_patches; i++) {
		print(out, "--patch");
		print(out, b->patches[i]);
	}
	if (b->apply_said) {
		char number[24];

		(void)snprintf(number, sizeof(number), "%zu", b->apply);
		print(out, "--apply");
		print(out, number);
	}
}

/* An identity is text in lines. */
static void print_text(FILE *out, const char *text)
{
	for (; *text != '\0'; text++)
		(void)fputc(iscntrl((unsigned char)*text) ? '?' : *text, out);
}

static void print_plain(FILE *out, const char *word)
{
	(void)fputc(' ', out);
	print_text(out, word);
}

static void print_quoted(FILE *out, const char *word)
{
	static const char plain[] =
	        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./,=+:@%-";

	(void)fputc(' ', out);
	if (*word != '\0' && word[strspn(word, plain)] == '\0') {
		(void)fputs(word, out);
		return;
	}
	(void)fputc('\'', out);
	for (; *word != '\0'; word++)
		(void)fprintf(out, *word == '\'' ? "'\\%c'" : "%c", *word);
	(void)fputc('\'', out);
}

/* Another build may number states in another way, or take other steps. */
static int hash_program(uint64_t *hash, struct error *e)
{
	static const char path[] = "/proc/self/exe";
	FILE *f = fopen(path, "rb");
	XXH3_state_t *state = XXH3_createState();
	char buf[1 << 14];
	size_t n;
	int status = f && state ? 0 : -1;

	if (status == 0) {
		(void)XXH3_64bits_reset(state);
		while ((n = fread(buf, 1, sizeof(buf), f)) > 0)
			(void)XXH3_64bits_update(state, buf, n);
		*hash = XXH3_64bits_digest(state);
		status = ferror(f) ? -1 : 0;
	}
	if (f)
		(void)fclose(f);
	(void)XXH3_freeState(state);
	return status == 0 ? 0
	                   : error_set(e,
	                               "cannot tell which program this is, as checkpoints need it: %s is not "
	                               "readable",
	                               path);
}

char *check_identity(const struct check_run *run, const struct check_settings *s, struct error *e)
{
	char *text = NULL;
	uint64_t program = 0;
	size_t bytes;
	FILE *f;

	if (hash_program(&program, e))
		return NULL;
	f = open_memstream(&text, &bytes);
	if (f) {
		print_options(f, &s->search, run->variant.image->big_endian, s->all);
		(void)fputs("build=default", f);
		print_build(f, &s->search.build, print_plain);
		(void)fputs("\nvariant=", f);
		print_text(f, run->variant.stem);
		(void)fprintf(f, " %016" PRIx64 "\nprogram=lazyswitch %s %016" PRIx64 "\n", run->variant.hash,
		              LAZYSWITCH_VERSION, program);
	}
	if (f && fclose(f) == 0)
		return text;
	free(text);
	error_set(e, "out of memory");
	return NULL;
}

/* The options that are not what they are by default. Returns NULL when out of memory. */
static char *changed_options(const struct check_run *run, const struct check_settings *s)
{
	const struct search_settings usual = search_settings_default();
	char *ours = NULL, *defaults = NULL, *end = NULL;
	size_t n;
	FILE *f = open_memstream(&defaults, &n);

	if (f) {
		print_options(f, &usual, false, false);
		(void)fclose(f);
	}
	f = open_memstream(&ours, &n);
	if (f) {
		print_options(f, &s->search,
		              run->variant.image ? run->variant.image->big_endian
		                                 : s->search.endian == ENDIAN_BIG,
		              s->all);
		(void)fclose(f);
	}
	if (!ours || !defaults) {
		free(ours);
		free(defaults);
		return NULL;
	}
	end = ours;
	for (char *line = ours, *next; *line != '\0'; line = next) {
		size_t length = strcspn(line, "\n") + 1;
		char *word = strndup(line, length);

		next = line + length;
		if (!word || !strstr(defaults, word)) {
			memmove(end, line, length);
			end += length;
		}
		free(word);
	}
	*end = '\0';
	free(defaults);
	return ours;
}

/* What the two commands share: what is searched, how it is built, and the variant. */
static void print_rest(FILE *out, const struct check_run *run, const struct check_settings *s)
{
	char *options = changed_options(run, s), *rest = NULL;

	for (char *word = options ? strtok_r(options, "\n", &rest) : NULL; word;
	     word = strtok_r(NULL, "\n", &rest))
		print_quoted(out, word);
	print_build(out, &s->search.build, print_quoted);
	if (s->each)
		(void)fputs(" --each-patch=off", out);
	if (s->trace_out) {
		(void)fputs(" --trace-out", out);
		print_quoted(out, s->trace_out);
	}
	if (run->variant.name[0] == '-')
		(void)fputs(" --", out);
	print_quoted(out, run->variant.name);
	(void)fputc('\n', out);
	free(options);
}

void check_identity_resume(FILE *out, const struct check_run *run, const struct check_settings *s)
{
	if (ranks())
		(void)fprintf(out, "mpirun -np %u ", ranks()->count);
	(void)fputs("lazyswitch check --resume", out);
	print_quoted(out, s->checkpoint);
	print_rest(out, run, s);
}

void check_identity_command(FILE *out, const struct check_run *run, const struct check_settings *s)
{
	(void)fputs("lazyswitch check", out);
	print_rest(out, run, s);
}
