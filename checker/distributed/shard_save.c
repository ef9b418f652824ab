/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <xxhash.h>

#include "checker/checkpoint.h"
#include "checker/distributed/shard.h"
#include "checker/distributed/shard_file.h"

enum { BUCKETS_AT_A_TIME = 1 << 12, QUEUE_AT_A_TIME = 1 << 14 };

/* States that are being written. */
struct writing {
	struct shard *x;
	struct tree_cursor cursor; /* workers' may be gone, if memory ran out */
	struct wire_writer stream;
	uint64_t n;
	bool failed; /* out of memory */
};

static int no_memory(struct error *e)
{
	return error_set(e, "out of memory for the checkpoint");
}

static void write_root(void *arg, uint64_t root)
{
	struct writing *w = arg;

	tree_go(&w->x->local.tree, &w->cursor, root);
	w->n++;
	w->failed |= !wire_put(&w->stream, 0, w->cursor.state);
}

/* What was collected becomes a section. */
static int flush(struct checkpoint_writer *file, const char *name, struct writing *w, struct error *e)
{
	wire_close(&w->stream);
	if (w->failed)
		return no_memory(e);
	if (checkpoint_section(file, name, sizeof(w->n) + w->stream.n, e) ||
	    checkpoint_write(file, &w->n, sizeof(w->n), e) ||
	    (w->stream.n > 0 && checkpoint_write(file, w->stream.bytes, w->stream.n, e)))
		return -1;
	wire_clear(&w->stream);
	w->n = 0;
	return 0;
}

static int put_states(struct checkpoint_writer *file, struct writing *w, struct error *e)
{
	const struct keyset *set = &w->x->local.set;
	uint64_t buckets = UINT64_C(1) << set->bucket_bits;

	for (uint64_t first = 0; first < buckets; first += BUCKETS_AT_A_TIME) {
		uint64_t end = first + BUCKETS_AT_A_TIME < buckets ? first + BUCKETS_AT_A_TIME : buckets;

		keyset_each(set, first, end, write_root, w);
		if (w->n > 0 && flush(file, "states", w, e))
			return -1;
	}
	return flush(file, "states", w, e); /* of none: the end */
}

static int put_queue(struct checkpoint_writer *file, struct writing *w, struct error *e)
{
	struct search *s = &w->x->local;

	for (uint64_t i = s->expanded; i < s->count; i++) {
		tree_go(&s->tree, &w->cursor, *queue_at(&s->queue, i));
		w->n++;
		w->failed |= !wire_put(&w->stream, *queue_at(&w->x->numbers, i), w->cursor.state);
		if (w->n == QUEUE_AT_A_TIME && flush(file, "queue", w, e))
			return -1;
	}
	if (w->n > 0 && flush(file, "queue", w, e))
		return -1;
	return flush(file, "queue", w, e);
}

static int put_lineages(struct checkpoint_writer *file, const struct shard *x, struct error *e)
{
	for (size_t i = 0; i < x->n_lineages; i++) {
		const struct lineage *l = &x->lineages[i];

		if (checkpoint_put(file, "lineage", l->bytes, l->n, e))
			return -1;
	}
	return 0;
}

static int put_all(struct checkpoint_writer *file, struct shard *x, struct error *e)
{
	struct search *s = &x->local;
	const struct check_stats *stats = &s->result->stats;
	const struct shard_counts counts = {
	        .count = x->count,
	        .expanded = x->expanded,
	        .level_end = x->level_end,
	        .words = s->model->words,
	        .findings = s->findings.n,
	        .levels = stats->n_levels,
	        .lineages = x->n_lineages,
	        .transitions = s->transitions,
	        .states = s->count,
	        .waiting = s->count - s->expanded,
	        .depth = s->result->depth,
	        .restarts = s->result->restarts,
	        .seconds = search_now() - s->started,
	};
	struct writing w = {.x = x};
	int status;

	if (checkpoint_put(file, "counts", &counts, sizeof(counts), e) ||
	    checkpoint_put(file, "levels", stats->levels, stats->n_levels * sizeof(*stats->levels), e) ||
	    checkpoint_put_model(file, s->model, e) ||
	    checkpoint_put(file, "initial", s->initial, s->model->words * sizeof(*s->initial), e) ||
	    checkpoint_put_findings(file, &s->findings, e))
		return -1;
	if (tree_cursor_init(&w.cursor, &s->tree) && wire_init(&w.stream, s->model->words))
		status = put_states(file, &w, e) || put_queue(file, &w, e) || put_lineages(file, x, e) ? -1
		                                                                                       : 0;
	else
		status = no_memory(e);
	tree_cursor_free(&w.cursor);
	wire_free(&w.stream);
	return status;
}

static int save_part(struct shard *x, uint64_t id, struct error *e)
{
	const struct check_options *options = x->local.options;
	char *name = shard_part_name(options->checkpoint, id, x->ranks->number);
	char *identity = shard_part_identity(options->identity, id, x->ranks->number, x->ranks->count);
	struct checkpoint_writer *file = NULL;
	int status = -1;

	if (!x->local.model->save) {
		error_set(e, "%s: this model cannot be saved", options->checkpoint);
	} else if (x->local.torn) {
		error_set(e, "%s: memory ran out while states were being stored: they cannot be saved",
		          options->checkpoint);
	} else if (!name || !identity) {
		no_memory(e);
	} else if ((file = checkpoint_create(name, identity, e))) {
		status = put_all(file, x, e);
		if (status == 0)
			status = checkpoint_commit(file, e);
		else
			checkpoint_abandon(file);
	}
	free(name);
	free(identity);
	return status;
}

static int save_names(struct shard *x, uint64_t id, struct error *e)
{
	const struct check_options *options = x->local.options;
	const struct shard_parts parts = {id, x->ranks->count, x->count};
	struct checkpoint_writer *file = checkpoint_create(options->checkpoint, options->identity, e);

	if (!file)
		return -1;
	if (checkpoint_put(file, "parts", &parts, sizeof(parts), e)) {
		checkpoint_abandon(file);
		return -1;
	}
	return checkpoint_commit(file, e);
}

/* A name that was not there before: from the time, and from who asks. */
static uint64_t new_id(const struct shard *x)
{
	struct timespec t;
	uint64_t words[3];

	(void)clock_gettime(CLOCK_REALTIME, &t);
	words[0] = (uint64_t)t.tv_sec;
	words[1] = (uint64_t)t.tv_nsec;
	words[2] = (uint64_t)(uintptr_t)x;
	return XXH3_64bits(words, sizeof(words));
}

/* What each rank says of its part. */
struct report {
	uint64_t id;
	uint64_t failed;
	struct error why;
};

/* Tells how it went here, and learns whether it went well everywhere; if not, why. */
static bool went_well(struct shard *x, struct report *mine, struct report *all)
{
	if (!shard_gather(x, mine, sizeof(*mine), all))
		return false;
	for (unsigned r = 0; r < x->ranks->count; r++) {
		if (all[r].failed != 0) {
			x->local.result->checkpoint_error = all[r].why;
			return false;
		}
	}
	return true;
}

void shard_save(struct shard *x)
{
	struct check_result *result = x->local.result;
	const char *file = x->local.options->checkpoint;
	struct report mine = {.id = new_id(x)}, *all = calloc(x->ranks->count, sizeof(*all));
	bool whole;
	uint64_t id;

	result->checkpoint_error.text[0] = '\0';
	result->checkpointed = false;
	if (!all) {
		(void)shard_give_up(x);
		return;
	}
	if (!went_well(x, &mine, all)) {
		free(all);
		return;
	}
	id = all[0].id;
	mine.failed = save_part(x, id, &mine.why) != 0;
	whole = went_well(x, &mine, all);
	if (whole) {
		mine.failed = x->ranks->number == 0 && save_names(x, id, &mine.why) != 0;
		result->checkpointed = went_well(x, &mine, all);
	}
	/*
	 * Whoever was lost in between may have written the names, or not, and so may rank 0 if it has failed: then the parts of both
	 * times stay, until a checkpoint goes well.
	 */
	if (x->ranks->number == 0 && result->checkpointed)
		shard_remove_parts(file, id);
	else if (!whole && !x->lost)
		shard_remove_part(file, id, x->ranks->number);
	free(all);
}
