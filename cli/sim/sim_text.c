/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "sim.h"

/* A story of more steps is no story any more. */
enum { STORY_MAX = 60, NAME_WIDTH = 11 };

static void print_story(const struct sim_run *run)
{
	const struct walk_result *w = &run->walks;

	if (w->length <= STORY_MAX) {
		(void)putchar('\n');
		story_print(run->story, stdout);
	} else {
		(void)printf("  %s\n", w->standstill ? "no CPU can do anything any more" : w->violation.text);
	}
	if (run->trace_file[0] != '\0')
		(void)printf("trace: %s\n", run->trace_file);
	if (w->length > STORY_MAX)
		(void)printf("  a walk is no shortest way: %s\n",
		             run->trace_file[0] != '\0'
		                     ? "`lazyswitch replay --minimize' shortens the trace"
		                     : "write it with --trace-out DIR, and shorten it with "
		                       "`lazyswitch replay --minimize'");
}

void sim_text(const struct sim_run *run)
{
	const struct walk_result *w = &run->walks;

	(void)printf("%s: %llu steps in %llu walk%s: ", run->name, (unsigned long long)w->steps,
	             (unsigned long long)w->walks, w->walks == 1 ? "" : "s");
	if (w->property >= 0)
		(void)printf("step %zu of the last one violates %s\n", w->length,
		             world_property_names[w->property]);
	else
		(void)printf("no violation seen, which proves nothing: lazyswitch check does%s\n",
		             w->stopped ? " (stopped early)" : "");
	if (run->story)
		print_story(run);
}

struct table {
	const struct sim_run *runs;
	size_t n;
};

static void print_line(const struct table *t, const char *name, enum walk_place place, unsigned counter)
{
	(void)printf("  %-28s", name);
	for (size_t i = 0; i < t->n; i++) {
		const struct walk_result *w = &t->runs[i].walks;
		uint64_t each = place == WALK_WORLD_SWITCH ? w->exits
		                : place == WALK_LOAD_PUT   ? w->loads_puts
		                                           : w->steps / 1000;

		if (each == 0)
			(void)printf(" %*s", NAME_WIDTH, "-");
		else
			(void)printf(" %*.2f", NAME_WIDTH,
			             (double)w->tally[place].count[counter] / (double)each);
	}
	(void)putchar('\n');
}

static void print_counts(const struct table *t, const char *name, size_t offset)
{
	(void)printf("%-30s", name);
	for (size_t i = 0; i < t->n; i++)
		(void)printf(" %*llu", NAME_WIDTH,
		             *(const unsigned long long *)(const void *)((const char *)&t->runs[i].walks +
		                                                         offset));
	(void)putchar('\n');
}

void sim_table(const struct sim_run *runs, size_t n)
{
	static const char *const titles[WALK_PLACES] = {
	        [WALK_WORLD_SWITCH] = "per exit: Hyp mode and guest",
	        [WALK_LOAD_PUT] = "per vcpu_load and vcpu_put",
	        [WALK_HOST] = "rest of the host, per 1000 steps",
	};
	static const struct {
		const char *name;
		enum cost_counter counter;
	} lines[] = {{"reads of FPEXC", COST_FPEXC_READS},      {"writes of FPEXC", COST_FPEXC_WRITES},
	             {"writes of HCPTR", COST_HCPTR_WRITES},    {"register files stored", COST_STORES},
	             {"register files loaded", COST_LOADS},     {"ISBs", COST_ISBS},
	             {"FP instructions that trap", COST_TRAPS}, {"instructions", COST_INSTRUCTIONS}};
	const struct table t = {runs, n};

	(void)printf("\n%-30s", "");
	for (size_t i = 0; i < n; i++)
		(void)printf(" %*.*s", NAME_WIDTH, NAME_WIDTH, runs[i].variant.stem);
	(void)putchar('\n');
	print_counts(&t, "steps", offsetof(struct walk_result, steps));
	print_counts(&t, "exits of guests", offsetof(struct walk_result, exits));
	print_counts(&t, "pairs of load and put", offsetof(struct walk_result, loads_puts));
	print_counts(&t, "walks that crashed", offsetof(struct walk_result, crashes));
	for (unsigned place = 0; place < WALK_PLACES; place++) {
		(void)printf("%s\n", titles[place]);
		for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
			print_line(&t, lines[i].name, (enum walk_place)place, lines[i].counter);
	}
}
