/* SPDX-License-Identifier: MIT */
#include "checker/distributed/shard_parts.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "checker/checkpoint.h"

/* A section of a stream is read as a whole; none that was written is as long. */
enum { SECTION_BYTES_MAX = 1 << 28 };

int parts_wrong(const struct reading *r, const char *what)
{
	return error_set(r->x->local.error, "%s: not a checkpoint that this program would write: %s", r->path,
	                 what);
}

int parts_no_memory(const struct reading *r)
{
	return error_set(r->x->local.error, "out of memory for the checkpoint");
}

static int get_names(struct reading *r)
{
	struct search *s = &r->x->local;
	struct checkpoint_reader *file;
	int status;

	if (!s->model->restore || !s->model->save)
		return error_set(s->error, "%s: this model cannot be restored", r->path);
	file = checkpoint_open(r->path, s->options->identity, s->error);
	if (!file)
		return -1;
	status = checkpoint_get(file, "parts", &r->names, sizeof(r->names), s->error) ||
	                         checkpoint_end(file, s->error)
	                 ? -1
	                 : 0;
	checkpoint_close(file);
	if (status == 0 && (r->names.parts == 0 || r->names.parts > UINT32_MAX))
		return parts_wrong(r, "the number of its parts");
	return status;
}

/* Checks what it can, alone. */
static int get_counts(struct reading *r, struct part *p)
{
	struct search *s = &r->x->local;
	const struct shard_counts *c = &p->counts;

	if (checkpoint_get(p->file, "counts", &p->counts, sizeof(p->counts), s->error))
		return -1;
	if (c->words != s->model->words || c->count != r->names.count || c->count == 0 ||
	    c->count > UINT64_MAX >> 8 || c->expanded > c->count || c->level_end > c->count ||
	    c->level_end < c->expanded || c->restarts > CHECK_RESTARTS_MAX || c->states > c->count ||
	    c->waiting > c->count - c->expanded || c->levels != c->depth || c->lineages == 0 ||
	    !(c->seconds >= 0))
		return parts_wrong(r, "its counts");
	return 0;
}

static int get_levels(struct reading *r, struct part *p, bool first)
{
	struct search *s = &r->x->local;
	uint64_t length, states;

	if (checkpoint_enter(p->file, "levels", &length, s->error))
		return -1;
	if (length != p->counts.levels * sizeof(states))
		return parts_wrong(r, "its levels");
	for (uint64_t i = 0; i < p->counts.levels; i++) {
		if (checkpoint_read(p->file, &states, sizeof(states), s->error))
			return -1;
		if (first && search_add_level(s, states) != 0)
			return parts_no_memory(r);
	}
	return 0;
}

/* Of all parts but a rank's first, which says the same: reads over a section. */
static int skip(struct part *p, const char *name, struct error *e)
{
	uint8_t bytes[4096];
	uint64_t length;

	if (checkpoint_enter(p->file, name, &length, e))
		return -1;
	while (length > 0) {
		size_t n = length < sizeof(bytes) ? (size_t)length : sizeof(bytes);

		if (checkpoint_read(p->file, bytes, n, e))
			return -1;
		length -= n;
	}
	return 0;
}

static int get_model(struct reading *r, struct part *p)
{
	struct search *s = &r->x->local;
	const struct model *model = s->model;
	struct source source;
	uint64_t length;

	if (checkpoint_enter(p->file, "model", &length, s->error))
		return -1;
	source = checkpoint_source(p->file);
	if (model->restore(model->self, &source, s->error) ||
	    checkpoint_get(p->file, "initial", s->initial, model->words * sizeof(*s->initial), s->error))
		return -1;
	if (!model->plausible(model->self, s->initial))
		return parts_wrong(r, "the initial state");
	memcpy(s->greatest, s->initial, model->words * sizeof(*s->greatest));
	return 0;
}

/* Opens a part, and reads what stands before its states. */
static int open_part(struct reading *r, struct part *p, uint64_t number, bool first)
{
	struct search *s = &r->x->local;
	char *name = shard_part_name(r->path, r->names.id, number);
	char *identity = shard_part_identity(s->options->identity, r->names.id, number, r->names.parts);

	if (name && identity)
		p->file = checkpoint_open(name, identity, s->error);
	else
		(void)parts_no_memory(r);
	free(name);
	free(identity);
	if (!p->file || get_counts(r, p) || get_levels(r, p, first))
		return -1;
	if (first)
		return get_model(r, p) || checkpoint_get_findings(p->file, s, p->counts.findings,
		                                                  p->counts.count, s->error)
		               ? -1
		               : 0;
	return skip(p, "model", s->error) || skip(p, "initial", s->error) || skip(p, "findings", s->error)
	               ? -1
	               : 0;
}

/* What is the same in all parts. */
static bool is_of_the_same(const struct shard_counts *a, const struct shard_counts *b)
{
	return a->count == b->count && a->expanded == b->expanded && a->level_end == b->level_end &&
	       a->findings == b->findings && a->levels == b->levels && a->depth == b->depth &&
	       a->restarts == b->restarts;
}

static int add_to_digest(void *arg, const void *bytes, size_t n, struct error *e)
{
	return XXH3_64bits_update(arg, bytes, n) == XXH_OK ? 0 : error_set(e, "internal fault: no digest");
}

/* Of all that every rank must have alike, or they would go different ways. */
static int digest(const struct reading *r, uint64_t *hash)
{
	const struct search *s = &r->x->local;
	const struct check_stats *stats = &s->result->stats;
	const struct shard_counts *c = &r->parts[0].counts;
	const uint64_t counts[] = {r->names.id,  r->names.parts, c->count,    c->expanded,
	                           c->level_end, c->depth,       c->restarts, s->findings.n};
	XXH3_state_t *state = XXH3_createState();
	const struct sink sink = {state, add_to_digest};
	int status;

	if (!state)
		return parts_no_memory(r);
	(void)XXH3_64bits_reset(state);
	status = sink_write(&sink, counts, sizeof(counts), s->error) ||
	         sink_write(&sink, stats->levels, stats->n_levels * sizeof(*stats->levels), s->error) ||
	         sink_write(&sink, s->initial, s->model->words * sizeof(*s->initial), s->error) ||
	         s->model->save(s->model->self, &sink, s->error);
	for (uint32_t i = 0; status == 0 && i < s->findings.n; i++) {
		const struct finding *f = &s->findings.list[i];
		const uint64_t finding[] = {f->state, (uint64_t)f->property, f->cause, f->by_step};

		status = sink_write(&sink, finding, sizeof(finding), s->error);
	}
	*hash = XXH3_64bits_digest(state);
	(void)XXH3_freeState(state);
	return status ? -1 : 0;
}

bool parts_alike(struct reading *r)
{
	const struct shard_word word = {.first = {.claim = CLAIM_NONE}};
	struct shard *x = r->x;
	struct shard_word sum;
	uint64_t mine, *all;
	bool alike = true;

	if (digest(r, &mine))
		x->local.outcome = FAILED;
	if (!shard_agree(x, &word, &sum))
		return false;
	all = calloc(x->ranks->count, sizeof(*all));
	if (!all)
		return shard_give_up(x);
	if (!shard_gather(x, &mine, sizeof(mine), all)) {
		free(all);
		return false;
	}
	for (unsigned i = 1; i < x->ranks->count; i++)
		alike = alike && all[i] == all[0];
	free(all);
	if (alike)
		return true;
	x->local.outcome = FAILED;
	(void)parts_wrong(r, "its parts, which differ");
	return false;
}

/* Parts go round the ranks. Where there are fewer parts than ranks, some learn from another's what the model knows. */
int parts_open(struct reading *r)
{
	struct shard *x = r->x;
	struct search *s = &x->local;
	uint64_t first, step = x->ranks->count;

	if (get_names(r))
		return -1;
	first = x->ranks->number % r->names.parts;
	r->n = (size_t)((r->names.parts - first + step - 1) / step);
	r->parts = calloc(r->n, sizeof(*r->parts));
	if (!r->parts)
		return parts_no_memory(r);
	for (size_t i = 0; i < r->n; i++) {
		if (open_part(r, &r->parts[i], first + i * step, i == 0))
			return -1;
		if (!is_of_the_same(&r->parts[0].counts, &r->parts[i].counts))
			return parts_wrong(r, "its parts, which differ");
		s->transitions += r->parts[i].counts.transitions;
	}
	x->count = r->parts[0].counts.count;
	x->expanded = r->parts[0].counts.expanded;
	x->level_end = r->parts[0].counts.level_end;
	s->result->depth = r->parts[0].counts.depth;
	s->result->restarts = r->parts[0].counts.restarts;
	if (x->ranks->number >= r->names.parts) {
		/* Only to learn: what is in it is another rank's to read. */
		s->transitions = 0;
		checkpoint_close(r->parts[0].file);
		r->parts[0].file = NULL;
		r->n = 0;
	}
	return search_make_room(s) == 0 ? 0 : parts_no_memory(r);
}

void parts_close(struct reading *r)
{
	for (size_t i = 0; r->parts && i < r->n; i++)
		checkpoint_close(r->parts[i].file);
	free(r->parts);
	free(r->bytes);
}

int64_t parts_section(struct reading *r, struct part *p, const char *name, size_t *n)
{
	struct search *s = &r->x->local;
	uint64_t length, states;

	if (checkpoint_enter(p->file, name, &length, s->error))
		return -1;
	if (length < sizeof(states) || length - sizeof(states) > SECTION_BYTES_MAX)
		return parts_wrong(r, "the size of a stream");
	if (checkpoint_read(p->file, &states, sizeof(states), s->error))
		return -1;
	*n = (size_t)length - sizeof(states);
	if (states > p->counts.count || (states == 0) != (*n == 0) || *n > checkpoint_left(p->file))
		return parts_wrong(r, "the size of a stream");
	if (*n > r->size) {
		uint8_t *larger = realloc(r->bytes, *n);

		if (!larger)
			return parts_no_memory(r);
		r->bytes = larger;
		r->size = *n;
	}
	if (*n > 0 && checkpoint_read(p->file, r->bytes, *n, s->error))
		return -1;
	return (int64_t)states;
}

static int get_lineage(struct reading *r, struct part *p)
{
	struct shard *x = r->x;
	struct lineage_entry entry = {0};
	uint64_t length, last = 0;
	uint8_t *bytes;
	int status = 0;

	if (checkpoint_enter(p->file, "lineage", &length, x->local.error))
		return -1;
	if (length > checkpoint_left(p->file))
		return parts_wrong(r, "the size of a lineage");
	bytes = malloc((size_t)length + 1);
	if (!bytes || !shard_new_lineage(x))
		status = parts_no_memory(r);
	else
		status = checkpoint_read(p->file, bytes, (size_t)length, x->local.error);
	for (const uint8_t *at = bytes; status == 0 && at < bytes + length;) {
		at = lineage_read(at, bytes + length, &entry);
		if (!at || entry.number >= x->count || (entry.number != 0 && entry.parent >= entry.number) ||
		    entry.step > CLAIM_STEPS_MAX || (entry.number <= last && at && last != 0))
			status = parts_wrong(r, "a lineage");
		else if (!lineage_reserve(shard_lineage(x), 1))
			status = parts_no_memory(r);
		else
			lineage_add(shard_lineage(x), &entry);
		last = entry.number;
	}
	free(bytes);
	return status;
}

int parts_lineages(struct reading *r)
{
	for (size_t i = 0; i < r->n; i++) {
		struct part *p = &r->parts[i];

		for (uint64_t k = 0; k < p->counts.lineages; k++) {
			if (get_lineage(r, p))
				return -1;
		}
		if (checkpoint_end(p->file, r->x->local.error))
			return -1;
	}
	return shard_new_lineage(r->x) ? 0 : parts_no_memory(r);
}
