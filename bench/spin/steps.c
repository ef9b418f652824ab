/* SPDX-License-Identifier: MIT */
/*
 * Runs a program of SPIN's on a model of ours: `bench_spin -p SYSTEM...` prints the Promela model,
 * `bench_spin -r PAN [-a PAN-OPTION]... SYSTEM...` searches with it, once SPIN and a compiler have made a shared object of it.
 * One model a process, and the program that SPIN generates has globals all over: so have we.
 */
#include <dlfcn.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "promela.h"

enum { RING = 1024 }; /* remembered steps: those of the states on SPIN's stack that are near its top */
enum { PAN_OPTIONS_MAX = 16 };

/* The steps of the state that is at some depth of SPIN's stack. */
struct entered {
	long depth; /* -1: of none */
	unsigned steps;
	unsigned char *next; /* [branching][bytes] */
};

static struct {
	struct system system;
	struct frozen frozen;
	struct packing packing;
	uint32_t *state, *representative; /* [words] */
	struct entered ring[RING];
} at;

/* Called by pan. */
void bench_enter(const unsigned char *words, long depth);
unsigned bench_steps(const unsigned char *words, long depth);
void bench_take(unsigned char *words, long depth, unsigned step);

static void pack(const uint32_t *state, unsigned char *to)
{
	const struct packing *p = &at.packing;
	const uint32_t *order = p->order, *initial = at.frozen.initial;
	uint16_t two;
	uint32_t four;

	for (unsigned i = 0; i < p->of_1; i++)
		*to++ = (unsigned char)(state[order[i]] ^ initial[order[i]]);
	order += p->of_1;
	for (unsigned i = 0; i < p->of_2; i++, to += sizeof(two)) {
		two = (uint16_t)(state[order[i]] ^ initial[order[i]]);
		memcpy(to, &two, sizeof(two));
	}
	order += p->of_2;
	for (unsigned i = 0; i < p->of_4; i++, to += sizeof(four)) {
		four = state[order[i]] ^ initial[order[i]];
		memcpy(to, &four, sizeof(four));
	}
}

static void unpack(const unsigned char *from, uint32_t *state)
{
	const struct packing *p = &at.packing;
	const uint32_t *order = p->order, *initial = at.frozen.initial;
	uint16_t two;
	uint32_t four;

	for (unsigned i = 0; i < p->of_1; i++)
		state[order[i]] = *from++ ^ initial[order[i]];
	order += p->of_1;
	for (unsigned i = 0; i < p->of_2; i++, from += sizeof(two)) {
		memcpy(&two, from, sizeof(two));
		state[order[i]] = two ^ initial[order[i]];
	}
	order += p->of_2;
	for (unsigned i = 0; i < p->of_4; i++, from += sizeof(four)) {
		memcpy(&four, from, sizeof(four));
		state[order[i]] = four ^ initial[order[i]];
	}
}

static _Noreturn void die(const char *why)
{
	(void)fprintf(stderr, "bench_spin: %s\n", why);
	exit(4);
}

static int on_step(void *arg, const struct model_transition *t)
{
	struct entered *entered = arg;
	const uint32_t *next = t->next;

	if (!next)
		return 0;
	if (at.frozen.symmetric) {
		struct error e = {0};

		if (at.frozen.model.representative(&at.frozen, next, at.representative, &e) != MODEL_OK)
			die(e.text);
		next = at.representative;
	}
	pack(next, entered->next + entered->steps++ * at.packing.bytes);
	return 0;
}

void bench_enter(const unsigned char *words, long depth)
{
	struct entered *entered = &at.ring[depth % RING];
	struct error e = {0};

	unpack(words, at.state);
	entered->depth = depth;
	entered->steps = 0;
	if (at.frozen.model.successors(&at.frozen, at.state, on_step, entered, &e) != MODEL_OK)
		die(e.text);
}

/* Of the states at one depth SPIN entered the present one last: either its steps are here, or deeper ones. */
static struct entered *entered_at(const unsigned char *words, long depth)
{
	struct entered *entered = &at.ring[depth % RING];

	if (entered->depth != depth)
		bench_enter(words, depth);
	return entered;
}

unsigned bench_steps(const unsigned char *words, long depth)
{
	return entered_at(words, depth)->steps;
}

void bench_take(unsigned char *words, long depth, unsigned step)
{
	memcpy(words, entered_at(words, depth)->next + step * at.packing.bytes, at.packing.bytes);
}

static void begin(int argc, char **words)
{
	struct error e = {0};
	size_t block;

	if (system_open(&at.system, argc, words, &e) || frozen_init(&at.frozen, &at.system, &e))
		die(e.text);
	at.state = calloc(at.frozen.model.words, sizeof(*at.state));
	at.representative = calloc(at.frozen.model.words, sizeof(*at.representative));
	if (packing_init(&at.packing, &at.frozen) || !at.state || !at.representative)
		die("out of memory");
	block = at.frozen.branching * at.packing.bytes;
	for (unsigned i = 0; i < RING; i++) {
		at.ring[i].depth = -1;
		at.ring[i].next = malloc(block + 1);
		if (!at.ring[i].next)
			die("out of memory");
	}
}

/* Does not return: pan ends the process. */
static void run(const char *file, int n, char **options)
{
	void *pan = dlopen(file, RTLD_NOW | RTLD_LOCAL);
	int (*pan_main)(int argc, char **argv) = NULL;
	char depth[32], table[32];
	unsigned bits = 10;

	if (pan)
		*(void **)&pan_main = dlsym(pan, "pan_main");
	if (!pan_main)
		die(dlerror());
	/* A hash table with as many entries as there are states, or up to twice as many. No path is longer than there are
	 * states. */
	while (bits < 40 && 1ULL << bits < at.frozen.states)
		bits++;
	(void)snprintf(table, sizeof(table), "-w%u", bits);
	options[n++] = table;
	(void)snprintf(depth, sizeof(depth), "-m%llu", (unsigned long long)at.frozen.states + 10);
	options[n++] = depth;
	options[n] = NULL;
	exit(pan_main(n, options));
}

int main(int argc, char **argv)
{
	static char name[] = "pan";
	char *options[PAN_OPTIONS_MAX + 4] = {name};
	const char *pan = NULL;
	bool print = false;
	int option, n = 1;

	while ((option = getopt(argc, argv, "+pr:a:")) != -1) {
		if (option == 'p')
			print = true;
		else if (option == 'r')
			pan = optarg;
		else if (option == 'a' && n < PAN_OPTIONS_MAX)
			options[n++] = optarg;
		else
			return 2;
	}
	if (print == (pan != NULL)) {
		(void)fputs("usage: bench_spin -p SYSTEM... | -r PAN [-a PAN-OPTION]... SYSTEM...\n", stderr);
		return 2;
	}
	begin(argc - optind, argv + optind);
	if (print)
		promela_print(stdout, at.packing.bytes, at.frozen.branching);
	else
		run(pan, n, options);
	return 0;
}
