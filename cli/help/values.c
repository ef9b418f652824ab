/* SPDX-License-Identifier: MIT */
#include "values.h"

#include <assert.h>
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "model/world/world.h"
#include "sim/workload.h"

static const char lower[] = "abcdefghijklmnopqrstuvwxyz0123456789-";
static const char upper[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

static void add(struct values *v, const char *word, size_t length)
{
	assert(v->n < VALUES_MAX && length < sizeof(v->word[0]));
	(void)snprintf(v->word[v->n++], sizeof(v->word[0]), "%.*s", (int)length, word);
}

/* Is the word one of the text's? */
static bool mentions(const char *text, const char *word)
{
	size_t length = strlen(word);

	for (const char *at = strstr(text, word); at; at = strstr(at + 1, word)) {
		if ((at == text || !strchr(lower, at[-1])) &&
		    (at[length] == '\0' || !strchr(lower, at[length])))
			return true;
	}
	return false;
}

/* The tables say in prose which of many names there are an option takes: those, and no others, are its values. */
static void add_mentioned(struct values *v, const char *doc, const char *const *words, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		if (mentions(doc, words[i]))
			add(v, words[i], strlen(words[i]));
	}
}

static void add_workloads(struct values *v, const char *doc)
{
	for (const struct workload_shipped *w = workloads_shipped; w->name; w++)
		add_mentioned(v, doc, &w->name, 1);
}

static void add_capitals(struct values *v, const char *word, size_t length)
{
	static const struct {
		const char *word;
		bool files, directories, variants, commands;
	} kinds[] = {
	        {"FILE", .files = true},       {"TRACE", .files = true},
	        {"DIR", .directories = true},  {"VARIANT", .files = true, .variants = true},
	        {"COMMAND", .commands = true},
	};

	for (unsigned i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (length != strlen(kinds[i].word) || strncmp(word, kinds[i].word, length) != 0)
			continue;
		v->files |= kinds[i].files;
		v->directories |= kinds[i].directories;
		v->variants |= kinds[i].variants;
		v->commands |= kinds[i].commands;
	}
}

/* Words in small letters stand for themselves, if each is the one of several; those in capitals for a kind. */
static void add_words(struct values *v, const char *text)
{
	while (*text) {
		size_t small = strspn(text, lower), capital = strspn(text, upper);

		if (small > 0)
			add(v, text, small);
		else if (capital > 0)
			add_capitals(v, text, capital);
		text += small > 0 ? small : capital > 0 ? capital : 1;
	}
}

struct values values_of_option(const struct argp_option *option)
{
	static const char *const others[] = {"all", "none"};
	struct values v = {.n = 0};

	if (!option->arg)
		return v;
	v.list = strcmp(option->arg, "LIST") == 0;
	if (strcmp(option->name, "env") == 0)
		add_mentioned(&v, option->doc, world_env_names, ENV_NAMES);
	else if (strcmp(option->name, "property") == 0)
		add_mentioned(&v, option->doc, world_property_names, PROPERTIES);
	else if (strcmp(option->name, "no-reduce") == 0)
		add_mentioned(&v, option->doc, world_reduction_names, REDUCTION_NAMES);
	else if (strcmp(option->name, "workload") == 0)
		add_workloads(&v, option->doc);
	add_words(&v, option->arg);
	if (v.list || v.variants)
		add_mentioned(&v, option->doc, others, 2);
	return v;
}

struct values values_of_arguments(const char *args_doc)
{
	struct values v = {.n = 0};

	add_words(&v, args_doc ? args_doc : "");
	return v;
}
