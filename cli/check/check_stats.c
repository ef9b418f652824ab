/* SPDX-License-Identifier: MIT */
#include "check_stats.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "traces/names.h"

struct run_stats *run_stats_new(const struct variant *variant, bool uniprocessor,
                                const struct collapsed *collapsed, bool complete, struct error *e)
{
	struct run_stats *stats = calloc(1, sizeof(*stats));
	const struct coverage *coverage = collapsed_coverage(collapsed);

	if (!stats) {
		error_set(e, "out of memory");
		return NULL;
	}
	stats->complete = complete;
	stats->made = coverage->steps;
	stats->executed = coverage->executed;
	collapsed_counts(collapsed, &stats->counts);
	stats->state_bytes = stats->counts.words * sizeof(uint32_t);
	if (code_coverage_find(variant, uniprocessor, coverage, &stats->code, e) == 0)
		return stats;
	run_stats_free(stats);
	return NULL;
}

void run_stats_free(struct run_stats *stats)
{
	if (!stats)
		return;
	code_coverage_free(&stats->code);
	free(stats);
}

/* What a line is about. */
static void begin(FILE *out, const char *what)
{
	(void)fprintf(out, "  %-14s  ", what);
}

static double per(double n, double of)
{
	return of > 0 ? n / of : 0;
}

static double mib(size_t bytes)
{
	return (double)bytes / (1 << 20);
}

static size_t store_bytes(const struct check_stats *s)
{
	return s->set_bytes + s->tree_bytes + s->frontier_bytes + s->trace_bytes;
}

static void print_search(const struct run_stats *stats, const struct check_result *r, FILE *out)
{
	const struct check_stats *s = &r->stats;

	begin(out, "rates");
	(void)fprintf(out, "%.0f states/s, %.0f transitions/s, %u restart%s\n",
	              per((double)r->states, r->seconds), per((double)r->transitions, r->seconds),
	              r->restarts, r->restarts == 1 ? "" : "s");
	if (s->n_levels > 0) {
		begin(out, "levels");
		(void)fprintf(out, "%zu, the widest of %" PRIu64 " states\n", s->n_levels, s->widest);
	}
	begin(out, "memory");
	(void)fprintf(out, "%.1f MiB at most\n", mib(r->memory));
	if (store_bytes(s) > 0) {
		begin(out, "store");
		(void)fprintf(
		        out,
		        "%.1f bytes a state, %zu uncompressed; visited set %.1f MiB, %.0f%% full; contents "
		        "%.1f, queue %.1f, traces %.1f MiB\n",
		        per((double)store_bytes(s), (double)r->states), stats->state_bytes, mib(s->set_bytes),
		        s->load * 100, mib(s->tree_bytes), mib(s->frontier_bytes), mib(s->trace_bytes));
	}
}

static void print_ranks(const struct check_result *r, FILE *out)
{
	const struct check_stats *s = &r->stats;

	if (s->ranks == 0)
		return;
	begin(out, "ranks");
	(void)fprintf(
	        out,
	        "%u, the largest with %.1f%% of the states; %" PRIu64
	        " rounds, %.1f bytes sent for each transition; models asked about %.1f%% of the states\n",
	        s->ranks, 100 * per((double)s->most_states, (double)r->states), s->rounds,
	        per((double)s->sent, (double)r->transitions), 100 * per((double)s->asked, (double)r->states));
}

static void print_model(const struct run_stats *stats, FILE *out)
{
	const struct collapsed_counts *c = &stats->counts;
	const char *separator = "";

	begin(out, "steps");
	(void)fprintf(out,
	              "%" PRIu64 " executed, %" PRIu64
	              " recalled, restarts included; in the last pass %" PRIu64
	              " executed, of %.1f instructions each\n",
	              c->steps_run, c->steps_recalled, stats->made,
	              per((double)stats->executed, (double)stats->made));
	begin(out, "step cache");
	(void)fprintf(out, "%" PRIu32 " nodes, %" PRIu32 " leaves\n", c->cache_nodes, c->cache_leaves);
	begin(out, "contents");
	for (unsigned i = 0; i < SLOT_CLASSES; i++) {
		if (c->contents[i] == 0)
			continue;
		(void)fprintf(out, "%s%s %" PRIu32, separator, trace_class_names[i], c->contents[i]);
		separator = ", ";
	}
	(void)fputc('\n', out);
	begin(out, "reductions");
	(void)fprintf(out, "%u permutation%s; %u guess%s about dead values withdrawn\n", c->permutations,
	              c->permutations == 1 ? "" : "s", c->wrong_guesses, c->wrong_guesses == 1 ? "" : "es");
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static void print_place(const struct code_place *place, int last_line, FILE *out)
{
	if (place->file)
		(void)fprintf(out, "%s:%d", base_name(place->file), place->line);
	if (place->file && last_line > place->line)
		(void)fprintf(out, "-%d", last_line);
	if (place->function)
		(void)fprintf(out, " %s+0x%" PRIx32, place->function, place->offset);
	else
		(void)fprintf(out, " 0x%08" PRIx32, place->pc);
}

static void print_part(const struct code_part *part, FILE *out)
{
	(void)fprintf(out, "%u of %u instructions executed; %u of %u conditions both passed and failed\n",
	              part->executed, part->instructions, part->both, part->conditional);
}

static void print_code(const struct run_stats *stats, FILE *out)
{
	const struct code_coverage *code = &stats->code;

	if (!stats->complete) {
		begin(out, "coverage");
		(void)fputs("unknown: the search was not completed\n", out);
		return;
	}
	begin(out, code->overrides ? "variant's code" : "replaceable");
	print_part(&code->variant, out);
	begin(out, "kernel's code");
	print_part(&code->kernel, out);
	if (code->n_gaps > 0)
		(void)fputs("  never executed:\n", out);
	for (size_t i = 0; i < code->n_gaps; i++) {
		(void)fputs("    ", out);
		print_place(&code->gaps[i].place, code->gaps[i].last_line, out);
		(void)fprintf(out, ", %s%u instruction%s\n", code->gaps[i].whole ? "never entered: " : "",
		              code->gaps[i].instructions, code->gaps[i].instructions == 1 ? "" : "s");
	}
	if (code->n_one_way > 0)
		(void)fputs("  one way only:\n", out);
	for (size_t i = 0; i < code->n_one_way; i++) {
		const struct code_branch *b = &code->one_way[i];

		(void)fputs("    ", out);
		print_place(&b->place, 0, out);
		(void)fprintf(out, ": %s %s\n", b->branches ? "branch" : "condition",
		              b->branches ? (b->passed ? "always taken" : "never taken")
		              : b->passed ? "always passed"
		                          : "never passed");
	}
}

void run_stats_print(const struct run_stats *stats, const struct check_result *r, const char *variant,
                     FILE *out)
{
	(void)fprintf(out, "\n%s: statistics\n", variant);
	print_search(stats, r, out);
	print_ranks(r, out);
	print_model(stats, out);
	print_code(stats, out);
}
