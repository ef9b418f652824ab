/* SPDX-License-Identifier: MIT */
/*
 * Completions: those of bash are tried in a bash; all three have the options that --help has, no more and no fewer; and the values that they
 * offer are those that the command knows.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "commands_under_test.h"
#include "files.h"
#include "run_command.h"

#define BASH SHARE "/bash-completion/completions/lazyswitch"
#define ZSH  SHARE "/zsh/site-functions/_lazyswitch"
#define FISH SHARE "/fish/vendor_completions.d/lazyswitch.fish"

/* What bash offers for the last of these words (as in a shell; the word may be ''), each in its line, with one in front of the first. */
static struct outcome bash_offers(const char *words)
{
	return run_command_after("bash -c '. " BASH "; COMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1)); "
	                         "_lazyswitch; printf \"\\n%s\" \"${COMPREPLY[@]}\"; echo' bash",
	                         words);
}

static void expect_offers(const char *words, const char *offers)
{
	struct outcome o = bash_offers(words);

	if (strcmp(o.out, offers) != 0 || strcmp(o.err, "") != 0)
		fail_msg("lazyswitch %s: bash offers '%s', not '%s'; %s", words, o.out, offers, o.err);
	outcome_free(&o);
}

static void test_bash(void **state)
{
	(void)state;
	expect_offers("che", "\ncheck\n");
	expect_offers("help sh", "\nshow\n");
	expect_offers("--ver", "\n--version\n");
	expect_offers("check --checkp", "\n--checkpoint\n--checkpoint-every\n");
	expect_offers("check v3 --format j", "\njson\njunit\n");
	expect_offers("check v3 --format = j", "\njson\njunit\n");
	expect_offers("check v3 --format =", "\ntext\njson\njunit\nktap\nsarif\nmail\n");
	expect_offers("sim v3 --format ''", "\ntext\njson\n");
	expect_offers("check --env ne", "\nneon\n");
	expect_offers("check --env neon,fo", "\nneon,fork\n");
	expect_offers("check --env = neon,fork,pt", "\nneon,fork,ptrace\n");
	expect_offers("check --property fp-leak", "\nfp-leak\nfp-leak-saved\n");
	expect_offers("replay --env s", "\nsignal\n");
	expect_offers("replay --on al", "\nall\n");
	expect_offers("replay --on sh", "\nshadow\n");
	expect_offers("check load", "\nload-put\nload-only\n");
	expect_offers("graph mach", "\nmachine\n");
	expect_offers("check --cpus ''", "\n\n");
	expect_offers("check -j ''", "\n\n");
	expect_offers("list ''", "\n\n");
	expect_offers("check --patch " ROOT "/READ", "\n" ROOT "/README.md\n");
	expect_offers("check --trace-out " ROOT "/READ", "\n\n");
	expect_offers("replay " ROOT "/READ", "\n" ROOT "/README.md\n");
}

typedef void (*each_option)(const char *command, const char *name, const char *text);

/* Calls `each`, with a text for it, for every "--name" at which an option begins in --help; returns their number. */
static unsigned for_options(const char *command, each_option each, const char *text)
{
	char arguments[64], *rest = NULL;
	struct outcome help;
	unsigned n = 0;

	(void)snprintf(arguments, sizeof(arguments), "%s --help", command);
	help = run_command(arguments);
	for (char *line = strtok_r(help.out, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		char *name = line + strspn(line, " ");

		if (name - line < 2 || name - line > 6 || name[0] != '-')
			continue;
		name += name[1] == '-' ? 0 : 4; /* "-j, " */
		name[strcspn(name, " =")] = '\0';
		each(command, name, text);
		n++;
	}
	outcome_free(&help);
	assert_true(n >= 3);
	return n;
}

/* The text is what bash offers for "--". */
static void in_bash(const char *command, const char *name, const char *text)
{
	char offer[64];

	(void)snprintf(offer, sizeof(offer), "\n%s\n", name);
	if (!strstr(text, offer))
		fail_msg("bash: no %s of '%s'", name, command);
}

/* The number of times that a text contains a word. */
static unsigned count(const char *text, const char *end, const char *word)
{
	unsigned n = 0;

	for (const char *at = strstr(text, word); at && at < end; at = strstr(at + 1, word))
		n++;
	return n;
}

static void in_fish(const char *command, const char *name, const char *text)
{
	char line[128], option[64];
	bool found = false;

	(void)snprintf(line, sizeof(line), "complete -c lazyswitch -n '__lazyswitch_in \"%s\"'", command);
	(void)snprintf(option, sizeof(option), " -l %s ", name + 2);
	for (const char *at = strstr(text, line); at && !found; at = strstr(at + 1, line))
		found = count(at, strchr(at, '\n'), option) > 0;
	if (!found)
		fail_msg("fish: no %s of '%s'", name, command);
}

/* The part of zsh's completions that is about a command. */
static const char *zsh_part(const char *text, const char *command, const char **end)
{
	char begin[64];
	const char *at;

	(void)snprintf(begin, sizeof(begin), "\n    %s)\n", command);
	at = strstr(text, command[0] != '\0' ? begin : "\n_lazyswitch() {\n");
	assert_non_null(at);
	*end = strstr(at, command[0] != '\0' ? " ;;\n" : "\n  case");
	assert_non_null(*end);
	return at;
}

static void in_zsh(const char *command, const char *name, const char *text)
{
	char option[64], with_value[64];
	const char *end, *part = zsh_part(text, command, &end);

	(void)snprintf(option, sizeof(option), "'*%s[", name);
	(void)snprintf(with_value, sizeof(with_value), "'*%s=[", name);
	if (count(part, end, option) + count(part, end, with_value) != 1)
		fail_msg("zsh: no %s of '%s'", name, command);
}

/* Those of --help, and no others. */
static void expect_options(const char *command, const char *fish, const char *zsh)
{
	char line[128];
	const char *end, *part = zsh_part(zsh, command, &end);
	struct outcome bash;
	unsigned n, found = 0;

	(void)snprintf(line, sizeof(line), "%s --", command);
	bash = bash_offers(line);
	n = for_options(command, in_bash, bash.out);
	assert_int_equal(count(bash.out, bash.out + strlen(bash.out), "\n--"), n);
	outcome_free(&bash);

	(void)for_options(command, in_fish, fish);
	(void)snprintf(line, sizeof(line), "__lazyswitch_in \"%s\"'", command);
	for (const char *at = strstr(fish, line); at; at = strstr(at + 1, line))
		found += count(at, strchr(at, '\n'), " -l ") > 0;
	assert_int_equal(found, n);

	(void)for_options(command, in_zsh, zsh);
	assert_int_equal(count(part, end, "'*--"), n);
}

static void test_options(void **state)
{
	char *fish = read_file_of(SHARE, "fish/vendor_completions.d/lazyswitch.fish");
	char *zsh = read_file_of(SHARE, "zsh/site-functions/_lazyswitch");

	(void)state;
	for (const char *const *command = commands_under_test; *command; command++)
		expect_options(*command, fish, zsh);
	free(fish);
	free(zsh);
}

/* From "... knows a, b and c, not '?'" or "... knows a, b and c)" to "\na\nb\nc\n". */
static char *known_values(const char *message)
{
	const char *at = strstr(message, " knows ");
	char *known = calloc(1, strlen(message) + 8), *to = known;

	assert_non_null(at);
	assert_non_null(known);
	for (at += 7; *at && !strchr(")\n", *at) && strncmp(at, "not ", 4) != 0;) {
		size_t length = strcspn(at, " ,)\n");

		to += sprintf(to, "\n%.*s", (int)length, at);
		at += length;
		at += strspn(at, ", ");
		at += strncmp(at, "and ", 4) == 0 ? 4 : 0;
	}
	(void)strcpy(to, "\n");
	return known;
}

static unsigned values_compared;

/* What bash offers is what the command's parser knows. */
static void values_of(const char *command, const char *name, const char *text)
{
	char words[128];
	struct outcome offers, refusal;
	char *known;

	(void)text;
	(void)snprintf(words, sizeof(words), "%s %s = ''", command, name);
	offers = bash_offers(words);
	if (strcmp(offers.out, "\n\n") == 0) { /* anything goes */
		outcome_free(&offers);
		return;
	}
	/* If the value is not wrong, what is behind it is. */
	(void)snprintf(words, sizeof(words), "%s %s='?' --no-such-option", command, name);
	refusal = run_command(words);
	/* That of replay knows all, but not all of them go with --ftrace; test_bash() has it. */
	if (strstr(refusal.err, " knows ") &&
	    !(strcmp(command, "replay") == 0 && strcmp(name, "--env") == 0)) {
		known = known_values(refusal.err);
		if (strcmp(known, offers.out) != 0)
			fail_msg("%s %s: bash offers '%s', and the command knows '%s'", command, name,
			         offers.out, known);
		free(known);
		values_compared++;
	}
	outcome_free(&offers);
	outcome_free(&refusal);
}

static void test_values(void **state)
{
	(void)state;
	for (const char *const *command = commands_under_test; *command; command++)
		(void)for_options(*command, values_of, NULL);
	assert_true(values_compared > 40);
}

/* Shells that are there find no fault with them. */
static void test_syntax(void **state)
{
	struct outcome o = run_command_after("sh -c '! command -v zsh >/dev/null || zsh -n " ZSH
	                                     " || exit 1; ! command -v fish >/dev/null || "
	                                     "fish -N -n " FISH " || exit 1; bash -n " BASH "'",
	                                     "");

	(void)state;
	if (o.status != 0 || o.out[0] != '\0' || o.err[0] != '\0')
		fail_msg("status %d: %s%s", o.status, o.out, o.err);
	outcome_free(&o);
}

/* Skipped where fish is not. */
static void test_fish(void **state)
{
	struct outcome o = run_command_after(
	        "sh -c 'command -v fish >/dev/null || exit 77; HOME=$(mktemp -d); export HOME; "
	        "fish -c \"set PATH (dirname $1) \\$PATH; source " FISH "; "
	        "for line in \\\"check --env neon,fo\\\" \\\"check --format j\\\" \\\"help li\\\" \\\"show "
	        "ne\\\"; "
	        "complete -C \\\"lazyswitch \\$line\\\"; end\"; status=$?; rm -r \"$HOME\"; exit $status' sh",
	        "");
	bool skipped = o.status == 77;

	(void)state;
	if (!skipped) {
		assert_int_equal(o.status, 0);
		assert_contains(o.out, "neon,fork\t");
		assert_contains(o.out, "junit\t");
		assert_contains(o.out, "list\t");
		assert_contains(o.out, "neon-safe\t");
	}
	outcome_free(&o);
	if (skipped)
		skip();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_bash),   cmocka_unit_test(test_options), cmocka_unit_test(test_values),
	        cmocka_unit_test(test_syntax), cmocka_unit_test(test_fish),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
