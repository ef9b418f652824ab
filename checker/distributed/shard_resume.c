/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "checker/checkpoint_file.h"
#include "checker/distributed/shard.h"
#include "checker/distributed/shard_file.h"

/* A section of a stream is read as a whole; none that was written is as long. */
enum { SECTION_BYTES_MAX = 1 << 28 };

/* Says of a tag that it is the number of a state that waits. */
#define WAITING SHARD_LEARNT

/* A part that this rank reads. */
struct part {
	uint64_t number;
	struct checkpoint_reader *file;
	struct shard_counts counts;
	bool over; /* the states, or the queue, have been read */
};

struct reading {
	struct shard *x;
	const char *path;
	struct shard_parts names;
	struct part *parts;
	size_t n;
	size_t at;      /* the part that is being read */
	uint64_t claim; /* of the next state: they need not be told apart */
	uint64_t waiting;
	uint8_t *bytes; /* a section */
	size_t size;
};

static int wrong(const struct reading *r, const char *what)
{
	return error_set(r->x->local.error, "%s: not a checkpoint that this program would write: %s", r->path,
	                 what);
}

static int no_memory(const struct reading *r)
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
		return wrong(r, "the number of its parts");
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
		return wrong(r, "its counts");
	return 0;
}

static int get_levels(struct reading *r, struct part *p, bool first)
{
	struct search *s = &r->x->local;
	uint64_t length, states;

	if (checkpoint_enter(p->file, "levels", &length, s->error))
		return -1;
	if (length != p->counts.levels * sizeof(states))
		return wrong(r, "its levels");
	for (uint64_t i = 0; i < p->counts.levels; i++) {
		if (checkpoint_read(p->file, &states, sizeof(states), s->error))
			return -1;
		if (first && search_add_level(s, states) != 0)
			return no_memory(r);
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
		return wrong(r, "the initial state");
	memcpy(s->greatest, s->initial, model->words * sizeof(*s->greatest));
	return 0;
}

static int get_findings(struct reading *r, struct part *p)
{
	struct search *s = &r->x->local;
	struct shard_finding f;
	uint64_t length;

	if (checkpoint_enter(p->file, "findings", &length, s->error))
		return -1;
	if (p->counts.findings > CHECK_FINDINGS_MAX || length != p->counts.findings * sizeof(f))
		return wrong(r, "the number of findings");
	for (uint64_t i = 0; i < p->counts.findings; i++) {
		struct finding finding;

		if (checkpoint_read(p->file, &f, sizeof(f), s->error))
			return -1;
		if (f.property >= s->model->properties || f.cause > UINT32_MAX ||
		    f.state >= p->counts.count || f.by_step > 1)
			return wrong(r, "a finding");
		finding = (struct finding){.property = (int)f.property,
		                           .cause = (uint32_t)f.cause,
		                           .state = f.state,
		                           .by_step = f.by_step == 1};
		if (findings_add(&s->findings, &finding) == FINDINGS_NO_MEMORY)
			return no_memory(r);
	}
	return 0;
}

/* Opens a part, and reads what stands before its states. */
static int open_part(struct reading *r, struct part *p, uint64_t number, bool first)
{
	struct search *s = &r->x->local;
	char *name = shard_part_name(r->path, r->names.id, number);
	char *identity = shard_part_identity(s->options->identity, r->names.id, number, r->names.parts);

	p->number = number;
	if (name && identity)
		p->file = checkpoint_open(name, identity, s->error);
	else
		(void)no_memory(r);
	free(name);
	free(identity);
	if (!p->file || get_counts(r, p) || get_levels(r, p, first))
		return -1;
	if (first)
		return get_model(r, p) || get_findings(r, p) ? -1 : 0;
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
		return no_memory(r);
	(void)XXH3_64bits_reset(state);
	status = sink_write(&sink, counts, sizeof(counts), s->error) ||
	         sink_write(&sink, stats->levels, stats->n_levels * sizeof(*stats->levels), s->error) ||
	         sink_write(&sink, s->initial, s->model->words * sizeof(*s->initial), s->error) ||
	         s->model->save(s->model->self, &sink, s->error);
	for (uint32_t i = 0; status == 0 && i < s->findings.n; i++) {
		const struct finding *f = &s->findings.list[i];
		const struct shard_finding finding = {f->state, (uint64_t)f->property, f->cause, f->by_step};

		status = sink_write(&sink, &finding, sizeof(finding), s->error);
	}
	*hash = XXH3_64bits_digest(state);
	(void)XXH3_freeState(state);
	return status ? -1 : 0;
}

/* Have all ranks read of the same search? They find out together. */
static bool is_alike(struct reading *r)
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
	(void)wrong(r, "its parts, which differ");
	return false;
}

/* Parts go round the ranks. Where there are fewer parts than ranks, some learn from another's what the model knows. */
static int open_parts(struct reading *r)
{
	struct shard *x = r->x;
	struct search *s = &x->local;
	uint64_t first = x->ranks->number % r->names.parts, step = x->ranks->count;

	r->n = (size_t)((r->names.parts - first + step - 1) / step);
	r->parts = calloc(r->n, sizeof(*r->parts));
	if (!r->parts)
		return no_memory(r);
	for (size_t i = 0; i < r->n; i++) {
		if (open_part(r, &r->parts[i], first + i * step, i == 0))
			return -1;
		if (!is_of_the_same(&r->parts[0].counts, &r->parts[i].counts))
			return wrong(r, "its parts, which differ");
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
	return search_make_room(s) == 0 ? 0 : no_memory(r);
}

/* The next section of a stream. Returns how many states it says it has, or -1. */
static int64_t get_section(struct reading *r, struct part *p, const char *name, size_t *n)
{
	struct search *s = &r->x->local;
	uint64_t length, states;

	if (checkpoint_enter(p->file, name, &length, s->error))
		return -1;
	if (length < sizeof(states) || length - sizeof(states) > SECTION_BYTES_MAX)
		return wrong(r, "the size of a stream");
	if (checkpoint_read(p->file, &states, sizeof(states), s->error))
		return -1;
	*n = (size_t)length - sizeof(states);
	if (states > p->counts.count || (states == 0) != (*n == 0) || *n > checkpoint_left(p->file))
		return wrong(r, "the size of a stream");
	if (*n > r->size) {
		uint8_t *larger = realloc(r->bytes, *n);

		if (!larger)
			return no_memory(r);
		r->bytes = larger;
		r->size = *n;
	}
	if (*n > 0 && checkpoint_read(p->file, r->bytes, *n, s->error))
		return -1;
	return (int64_t)states;
}

/* The states of a section go to their owners. */
static int send_section(struct reading *r, size_t n, int64_t states, bool waiting)
{
	struct shard *x = r->x;
	size_t words = x->local.model->words;
	const uint8_t *bytes = r->bytes;
	uint32_t *state = x->workers[0].state;
	struct wire_segment segment;
	int status, more;
	uint64_t tag;

	while ((status = wire_next(&bytes, &n, &segment)) > 0) {
		memset(state, 0, words * sizeof(*state));
		while ((more = wire_get(&segment, &tag, state, words)) > 0) {
			if (waiting && (tag < x->expanded || tag >= x->count))
				return wrong(r, "a number in the queue");
			if (!wire_put(&x->workers[0].out[shard_owner(x, state)],
			              waiting ? tag | WAITING : claim_make(r->claim++, 0) | SHARD_LEARNT,
			              state))
				return no_memory(r);
			states--;
		}
		if (more < 0)
			return wrong(r, "a stream of states");
	}
	return status < 0 || states != 0 ? wrong(r, "a stream of states") : 0;
}

/* One more section of this rank's parts, if there is one, goes on its way. */
static int send_more(struct reading *r, const char *name, bool waiting)
{
	while (r->at < r->n) {
		struct part *p = &r->parts[r->at];
		size_t n = 0;
		int64_t states = get_section(r, p, name, &n);

		if (states < 0)
			return -1;
		if (states > 0)
			return send_section(r, n, states, waiting);
		r->at++;
	}
	return 0;
}

/* All candidates are winners: no state comes twice. */
static void add_states(struct reading *r)
{
	struct shard *x = r->x;
	struct search *s = &x->local;
	size_t n = 0;

	for (unsigned i = 0; i < s->n_workers; i++)
		n += s->workers[i].n_candidates;
	if (!shard_reserve_winners(x, n)) {
		(void)search_limited(s, CHECK_REASON_NO_MEMORY);
		return;
	}
	x->n_won = 0;
	for (unsigned i = 0; i < s->n_workers; i++) {
		for (size_t k = 0; k < s->workers[i].n_candidates; k++) {
			const struct candidate *c = &s->workers[i].candidates[k];

			if (claims_winner(&s->claims, c->slot) == c->claim)
				x->won[x->n_won++] = *c;
		}
	}
	if (search_grow_set(s, x->n_won) != 0)
		return;
	s->expanded += x->n_won; /* nothing waits yet */
	s->count += x->n_won;
	shard_add_winners(x);
}

/* The root of a state that was visited. Returns 0, or -1 with the outcome set. */
static int find_root(struct reading *r, const uint32_t *state, uint64_t *root)
{
	struct search *s = &r->x->local;
	struct worker *w = &s->workers[0];
	uint64_t fetched;
	unsigned missing;

	for (;;) {
		s->need = 0;
		tree_go_nowhere(&s->tree, &w->cursor);
		tree_batch_clear(&s->tree, &w->batch);
		/* Whatever it takes to have a state, its owner has: it was visited. */
		if (!tree_batch_add(&s->tree, &w->cursor, &w->batch, state, NULL, 0))
			break;
		if (tree_batch_roots(&s->tree, &w->batch)) {
			*root = w->batch.roots[0];
			if (!keyset_fits(&s->set, *root))
				break;
			fetched = keyset_fetch(&s->set, *root);
			if (keyset_missing(&s->set, root, &fetched, 1, &missing) == 0)
				return 0;
			break;
		}
		s->need = NEED_TREE;
		if (search_grow(s) != 0)
			return -1;
	}
	s->outcome = FAILED;
	return wrong(r, "a state in the queue that was not visited");
}

static int add_waiting(struct reading *r, struct wire_segment segment)
{
	struct shard *x = r->x;
	struct search *s = &x->local;
	uint32_t *state = x->workers[0].state;
	uint64_t tag, root;
	int more;

	memset(state, 0, s->model->words * sizeof(*state));
	while ((more = wire_get(&segment, &tag, state, s->model->words)) > 0) {
		if (!s->model->plausible(s->model->self, state)) {
			s->outcome = FAILED;
			return wrong(r, "a state in the queue");
		}
		if (find_root(r, state, &root))
			return -1;
		if (!queue_reserve(&s->queue, s->count + 1) || !queue_reserve(&x->numbers, s->count + 1))
			return search_limited(s, CHECK_REASON_NO_MEMORY);
		*queue_at(&s->queue, s->count) = root;
		*queue_at(&x->numbers, s->count) = tag & ~WAITING;
		s->count++;
	}
	return more;
}

static void add_all_waiting(struct reading *r)
{
	struct shard *x = r->x;

	for (size_t i = 0; i < x->n_segments && x->local.outcome == GO_ON; i++)
		(void)add_waiting(r, x->segments[i]);
}

/* All sections of one kind, of all parts: one of each rank at a time. */
static bool move_all(struct reading *r, const char *name, bool waiting)
{
	struct shard *x = r->x;
	struct search *s = &x->local;
	struct shard_word mine = {.first = {.claim = CLAIM_NONE}}, sum;

	r->at = 0;
	if (waiting) /* states that do not wait are in front, and take no room */
		s->queue.gone = x->numbers.gone = (size_t)(s->count >> QUEUE_SEGMENT_BITS);
	do {
		for (unsigned k = 0; k < x->ranks->count; k++)
			wire_clear(&x->workers[0].out[k]);
		if (s->outcome == GO_ON && send_more(r, name, waiting))
			s->outcome = FAILED;
		if (!shard_exchange_states(x))
			return false;
		if (s->outcome == GO_ON && waiting) {
			add_all_waiting(r);
		} else if (s->outcome == GO_ON) {
			shard_claim(x);
			if (s->outcome == GO_ON)
				add_states(r);
		}
		s->beside = shard_bytes_beside(x);
		if (s->outcome == GO_ON && search_exceeds(s, 0))
			(void)search_limited(s, CHECK_REASON_MEMORY);
		mine.unknown = r->at < r->n;
		if (!shard_agree(x, &mine, &sum))
			return false;
	} while (sum.unknown != 0);
	return true;
}

struct waiting {
	uint64_t number, root;
};

static int by_number(const void *a, const void *b)
{
	const struct waiting *p = a, *q = b;

	return p->number < q->number ? -1 : p->number > q->number;
}

/* They came from several parts: here they are put in order, behind the states that do not wait. */
static int sort_waiting(struct reading *r)
{
	struct shard *x = r->x;
	struct search *s = &x->local;
	size_t n = (size_t)(s->count - s->expanded);
	struct waiting *all = calloc(n + 1, sizeof(*all));

	if (!all)
		return no_memory(r);
	for (size_t i = 0; i < n; i++)
		all[i] = (struct waiting){*queue_at(&x->numbers, s->expanded + i),
		                          *queue_at(&s->queue, s->expanded + i)};
	qsort(all, n, sizeof(*all), by_number);
	queue_free(&s->queue);
	queue_free(&x->numbers);
	s->count = s->set.count;
	s->expanded = n <= s->count ? s->count - n : 0;
	s->queue.gone = x->numbers.gone = (size_t)(s->expanded >> QUEUE_SEGMENT_BITS);
	if (n > s->count || !queue_reserve(&s->queue, s->count) || !queue_reserve(&x->numbers, s->count)) {
		free(all);
		return n > s->count ? wrong(r, "more states wait than there are") : no_memory(r);
	}
	for (size_t i = 0; i < n; i++) {
		if (i > 0 && all[i].number == all[i - 1].number) {
			free(all);
			return wrong(r, "a number in the queue twice");
		}
		*queue_at(&s->queue, s->expanded + i) = all[i].root;
		*queue_at(&x->numbers, s->expanded + i) = all[i].number;
	}
	free(all);
	return 0;
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
		return wrong(r, "the size of a lineage");
	bytes = malloc((size_t)length + 1);
	if (!bytes || !shard_new_lineage(x))
		status = no_memory(r);
	else
		status = checkpoint_read(p->file, bytes, (size_t)length, x->local.error);
	for (const uint8_t *at = bytes; status == 0 && at < bytes + length;) {
		at = lineage_read(at, bytes + length, &entry);
		if (!at || entry.number >= x->count || (entry.number != 0 && entry.parent >= entry.number) ||
		    entry.step > CLAIM_STEPS_MAX || (entry.number <= last && at && last != 0))
			status = wrong(r, "a lineage");
		else if (!lineage_reserve(shard_lineage(x), 1))
			status = no_memory(r);
		else
			lineage_add(shard_lineage(x), &entry);
		last = entry.number;
	}
	free(bytes);
	return status;
}

static int get_lineages(struct reading *r)
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
	return shard_new_lineage(r->x) ? 0 : no_memory(r);
}

/* Is everything there, over all ranks? */
static bool is_whole(struct reading *r)
{
	struct shard *x = r->x;
	struct search *s = &x->local;
	struct shard_word mine = {.first = {.claim = CLAIM_NONE}}, sum;

	if (s->outcome == GO_ON && (sort_waiting(r) || get_lineages(r)))
		s->outcome = FAILED;
	mine.winners = s->set.count;
	mine.unknown = s->count - s->expanded;
	for (size_t i = 0; i < x->n_lineages; i++)
		mine.n_sightings += x->lineages[i].count;
	if (!shard_agree(x, &mine, &sum))
		return false;
	if (sum.winners == x->count && sum.unknown == x->count - x->expanded && sum.n_sightings == x->count)
		return true;
	(void)wrong(r, "the number of its states");
	s->outcome = FAILED;
	return false;
}

bool shard_resume(struct shard *x, double *seconds)
{
	const struct shard_word mine = {.first = {.claim = CLAIM_NONE}};
	struct reading r = {.x = x, .path = x->local.options->resume};
	struct shard_word sum;
	bool resumed;

	x->places = UINT64_MAX;
	if (get_names(&r) || open_parts(&r))
		x->local.outcome = FAILED;
	resumed = shard_agree(x, &mine, &sum) && is_alike(&r);
	*seconds = resumed ? r.parts[0].counts.seconds : 0;
	resumed = resumed && move_all(&r, "states", false) && move_all(&r, "queue", true) && is_whole(&r);
	for (size_t i = 0; r.parts && i < r.n; i++)
		checkpoint_close(r.parts[i].file);
	free(r.parts);
	free(r.bytes);
	x->places = 0;
	return resumed;
}
