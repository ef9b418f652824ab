/* SPDX-License-Identifier: MIT */
/*
 * A model of ours as a PINS plugin for LTSmin: pins2lts-mc loads it and searches. The system is named by the environment
 * variable BENCH_SYSTEM, as PINS plugins that are a model have no options.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ltsmin/dlopen-api.h>
#include <ltsmin/ltsmin-standard.h>
#include <ltsmin/lts-type.h>
#include <ltsmin/pins.h>
#include <ltsmin/pins-util.h>

#include "bench/frozen.h"

char pins_plugin_name[] = "lazyswitch";

/* One model for the whole process: each of LTSmin's workers, which are threads, initialises the plugin. */
static pthread_once_t once = PTHREAD_ONCE_INIT;
static struct system system_;
static struct frozen frozen;
static matrix_t dependencies, labels;
static pthread_key_t readers;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

enum { WORDS_MAX = 1024, NAMES_MAX = 32 };

static _Noreturn void die(const char *why)
{
	(void)fprintf(stderr, "bench_ltsmin: %s\n", why);
	exit(4);
}

/* What knows the model for one worker, and what it needs while it hands out the steps of one state. */
struct worker {
	void *reader;
	TransitionCB callback;
	void *context;
	int steps;
	uint32_t representative[WORDS_MAX];
};

static struct worker *this_worker(void)
{
	struct worker *w = pthread_getspecific(readers);

	if (w)
		return w;
	w = calloc(1, sizeof(*w));
	if (!w)
		die("out of memory");
	(void)pthread_mutex_lock(&lock);
	w->reader = frozen.model.reader_new(&frozen);
	(void)pthread_mutex_unlock(&lock);
	if (!w->reader || pthread_setspecific(readers, w))
		die("out of memory");
	return w;
}

union state {
	const uint32_t *ours;
	int *ltsmin;
};

static int on_step(void *arg, const struct model_transition *t)
{
	struct worker *w = arg;
	const uint32_t *next = t->next;
	transition_info_t info = GB_NO_TRANSITION;

	if (!next)
		return 0;
	if (frozen.symmetric) {
		enum model_status status =
		        frozen.model.recall_representative(w->reader, next, w->representative);

		if (status != MODEL_OK && status != MODEL_ITSELF)
			die("a search met what the search before it had not");
		next = w->representative;
	}
	/* LTSmin's states are of int, not const, and not written to: the same bits. */
	w->callback(w->context, &info, (union state){.ours = next}.ltsmin, NULL);
	w->steps++;
	return 0;
}

static int next_state(model_t self, int group, int *source, TransitionCB callback, void *context)
{
	struct worker *w = this_worker();

	(void)self;
	(void)group;
	w->callback = callback;
	w->context = context;
	w->steps = 0;
	if (frozen.model.recall(w->reader, (const uint32_t *)source, on_step, w) != MODEL_OK)
		die("a search met what the search before it had not");
	return w->steps;
}

/* All steps are one group, which reads and writes everything: nothing of the model is LTSmin's to know. */
static void set_dependencies(int words)
{
	dm_create(&dependencies, 1, words);
	for (int i = 0; i < words; i++)
		dm_set(&dependencies, 0, i);
	dm_create(&labels, 0, words);
}

/* BENCH_SYSTEM: words with spaces between. */
static void open_system(void)
{
	const char *named = getenv("BENCH_SYSTEM");
	char *copy = named ? strdup(named) : NULL, *words[NAMES_MAX + 1] = {NULL}, *rest = NULL;
	struct error e = {0};
	int n = 0;

	if (!copy || *copy == '\0')
		die("the environment variable BENCH_SYSTEM names no system");
	for (char *word = strtok_r(copy, " ", &rest); word && n < NAMES_MAX;
	     word = strtok_r(NULL, " ", &rest))
		words[n++] = word;
	if (system_open(&system_, n, words, &e) || frozen_init(&frozen, &system_, &e))
		die(e.text);
	if (frozen.model.words > WORDS_MAX)
		die("the state is too long");
	if (pthread_key_create(&readers, NULL))
		die("out of thread-specific keys");
	set_dependencies((int)frozen.model.words);
	free(copy);
}

void pins_model_init(model_t model)
{
	lts_type_t type = lts_type_create();
	int words, number;

	(void)pthread_once(&once, open_system);
	words = (int)frozen.model.words;
	number = lts_type_put_type(type, "word", LTStypeDirect, NULL);
	lts_type_set_state_length(type, words);
	for (int i = 0; i < words; i++) {
		char name[16];

		(void)snprintf(name, sizeof(name), "w%d", i);
		lts_type_set_state_name(type, i, name);
		lts_type_set_state_typeno(type, i, number);
	}
	lts_type_validate(type);
	GBsetLTStype(model, type);
	GBsetDMInfo(model, &dependencies);
	GBsetStateLabelInfo(model, &labels);
	GBsetInitialState(model, (union state){.ours = frozen.initial}.ltsmin);
	GBsetNextStateLong(model, next_state);
}
