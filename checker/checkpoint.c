/* SPDX-License-Identifier: MIT */
#include "checker/checkpoint.h"

#include <stdlib.h>
#include <string.h>

#include "checker/checkpoint_file.h"

/* What fits into a few words. */
struct counts {
	uint64_t count, expanded, level_end, transitions, words, findings;
	uint64_t n_bits, n_exceptions, bucket_bits, left_bits, right_bits;
	uint32_t depth, restarts;
	double seconds;
};

struct saved_finding {
	uint64_t state, property, cause, by_step;
};

struct saved_exception {
	uint64_t child, step;
};

/* Saving */

/* Numbers that lost a race have a key, but are nobody's: they must not come back. */
static int put_keys(struct checkpoint_writer *w, struct intern *in, struct error *e)
{
	intern_tidy(in);
	return checkpoint_put(w, "node", in->keys, intern_count(in) * sizeof(*in->keys), e);
}

static int put_queue(struct checkpoint_writer *w, const struct search *s, struct error *e)
{
	uint64_t rest = s->count - s->expanded, run;

	if (checkpoint_section(w, "queue", rest * sizeof(uint64_t), e))
		return -1;
	for (uint64_t i = s->expanded; i < s->count; i += run) {
		run = (UINT64_C(1) << QUEUE_SEGMENT_BITS) - i % (UINT64_C(1) << QUEUE_SEGMENT_BITS);
		if (run > s->count - i)
			run = s->count - i;
		if (checkpoint_write(w, queue_at(&s->queue, i), run * sizeof(uint64_t), e))
			return -1;
	}
	return 0;
}

static uint64_t bits_bytes(uint64_t bits)
{
	return (bits + 63) / 64 * sizeof(uint64_t);
}

static int put_ancestry(struct checkpoint_writer *w, const struct ancestry *a, struct error *e)
{
	uint64_t rest = a->total_ones, segment = UINT64_C(1) << ANCESTRY_SEGMENT_BITS;

	if (checkpoint_put(w, "children", a->bits, bits_bytes(a->n_bits), e) ||
	    checkpoint_section(w, "steps", rest, e))
		return -1;
	for (size_t i = 0; rest > 0; i++) {
		uint64_t n = rest < segment ? rest : segment;

		if (checkpoint_write(w, a->steps[i], n, e))
			return -1;
		rest -= n;
	}
	if (checkpoint_section(w, "exceptions", a->n_exceptions * sizeof(struct saved_exception), e))
		return -1;
	for (size_t i = 0; i < a->n_exceptions; i++) {
		const struct saved_exception x = {a->exceptions[i].child, a->exceptions[i].step};

		if (checkpoint_write(w, &x, sizeof(x), e))
			return -1;
	}
	return 0;
}

int checkpoint_put_findings(struct checkpoint_writer *w, const struct findings *findings, struct error *e)
{
	if (checkpoint_section(w, "findings", findings->n * sizeof(struct saved_finding), e))
		return -1;
	for (uint32_t i = 0; i < findings->n; i++) {
		const struct finding *f = &findings->list[i];
		const struct saved_finding x = {f->state, (uint64_t)f->property, f->cause, f->by_step};

		if (checkpoint_write(w, &x, sizeof(x), e))
			return -1;
	}
	return 0;
}

static int save_model(void *arg, const struct sink *sink, struct error *e)
{
	const struct model *model = arg;

	return model->save(model->self, sink, e);
}

int checkpoint_put_model(struct checkpoint_writer *w, const struct model *model, struct error *e)
{
	struct model copy = *model;

	return checkpoint_put_saved(w, "model", save_model, &copy, e);
}

static int put_all(struct checkpoint_writer *w, struct search *s, double seconds, struct error *e)
{
	const struct counts counts = {
	        .count = s->count,
	        .expanded = s->expanded,
	        .level_end = s->level_end,
	        .transitions = s->transitions,
	        .words = s->model->words,
	        .findings = s->findings.n,
	        .n_bits = s->ancestry.n_bits,
	        .n_exceptions = s->ancestry.n_exceptions,
	        .bucket_bits = s->set.bucket_bits,
	        .left_bits = s->set.left_bits,
	        .right_bits = s->set.right_bits,
	        .depth = s->result->depth,
	        .restarts = s->result->restarts,
	        .seconds = seconds,
	};
	size_t words = s->model->words * sizeof(uint32_t);

	if (checkpoint_put(w, "counts", &counts, sizeof(counts), e) || checkpoint_put_model(w, s->model, e) ||
	    checkpoint_put(w, "initial", s->initial, words, e) ||
	    checkpoint_put(w, "greatest", s->greatest, words, e))
		return -1;
	for (unsigned i = 0; i + 1 < s->tree.nodes; i++) {
		if (put_keys(w, &s->tree.numbers[i], e))
			return -1;
	}
	return checkpoint_put(w, "set", s->set.words, keyset_bytes(s->set.bucket_bits), e) ||
	                       put_queue(w, s, e) || put_ancestry(w, &s->ancestry, e) ||
	                       checkpoint_put_findings(w, &s->findings, e)
	               ? -1
	               : 0;
}

int checkpoint_save(struct search *s, double seconds, struct error *e)
{
	struct checkpoint_writer *w;

	if (!s->model->save)
		return error_set(e, "%s: this model cannot be saved", s->options->checkpoint);
	if (s->torn)
		return error_set(e, "%s: memory ran out while states were being stored: they cannot be saved",
		                 s->options->checkpoint);
	w = checkpoint_create(s->options->checkpoint, s->options->identity, e);
	if (!w)
		return -1;
	if (put_all(w, s, seconds, e)) {
		checkpoint_abandon(w);
		return -1;
	}
	return checkpoint_commit(w, e);
}

/* Resuming */

static int wrong(const struct search *s, const char *what, struct error *e)
{
	return error_set(e, "%s: not a checkpoint that this program would write: %s", s->options->resume,
	                 what);
}

static int no_memory(struct error *e)
{
	return error_set(e, "out of memory for the checkpoint");
}

static int get_keys(struct checkpoint_reader *r, struct search *s, unsigned node, struct error *e)
{
	struct intern *in = &s->tree.numbers[node];
	struct intern_key key;
	uint64_t length;

	if (checkpoint_enter(r, "node", &length, e))
		return -1;
	if (length % sizeof(key) != 0 || length / sizeof(key) >= UINT32_MAX)
		return wrong(s, "the size of the tree", e);
	while (in->capacity < length / sizeof(key) + 1) {
		if (!intern_grow(in))
			return no_memory(e);
	}
	for (uint32_t i = 0; i < length / sizeof(key); i++) {
		if (checkpoint_read(r, &key, sizeof(key), e))
			return -1;
		if (key.a != INTERN_NO_KEY && !tree_key_is_sound(&s->tree, node, key))
			return wrong(s, "a node of the tree", e);
		if (!intern_put(in, i, key))
			return wrong(s, "a node of the tree twice", e);
	}
	return 0;
}

struct inspection {
	const struct search *search;
	uint64_t seen;
	bool sound;
};

static void inspect_root(void *arg, uint64_t root)
{
	struct inspection *x = arg;

	x->seen++;
	x->sound = x->sound && tree_root_is_sound(&x->search->tree, root);
}

static int get_set(struct checkpoint_reader *r, struct search *s, const struct counts *counts,
                   struct error *e)
{
	struct inspection x = {.search = s, .sound = true};
	uint64_t length;

	if (checkpoint_enter(r, "set", &length, e))
		return -1;
	if (counts->bucket_bits < KEYSET_BUCKET_BITS_MIN || counts->bucket_bits > KEYSET_BUCKET_BITS_MAX ||
	    counts->left_bits == 0 || counts->left_bits > LAYOUT_LANE_BITS || counts->right_bits > 32 ||
	    (counts->right_bits == 0) != (s->tree.layout.lanes == 1) ||
	    (counts->right_bits != 0 && counts->left_bits > 32) ||
	    length != keyset_bytes((unsigned)counts->bucket_bits))
		return wrong(s, "the size of the visited set", e);
	keyset_free(&s->set);
	s->set = keyset_shape((unsigned)counts->bucket_bits, (unsigned)counts->left_bits,
	                      (unsigned)counts->right_bits);
	if (!keyset_allocate(&s->set))
		return no_memory(e);
	if (checkpoint_read(r, s->set.words, length, e))
		return -1;
	keyset_each(&s->set, 0, UINT64_C(1) << s->set.bucket_bits, inspect_root, &x);
	if (!x.sound || x.seen != counts->count)
		return wrong(s, "a visited state", e);
	s->set.count = counts->count;
	return 0;
}

static int get_queue(struct checkpoint_reader *r, struct search *s, struct error *e)
{
	struct tree_cursor *cursor = &s->workers[0].cursor;
	uint64_t length, root;

	if (checkpoint_enter(r, "queue", &length, e))
		return -1;
	if (length != (s->count - s->expanded) * sizeof(root))
		return wrong(s, "the length of the queue", e);
	s->queue.gone = (size_t)(s->expanded >> QUEUE_SEGMENT_BITS);
	if (!queue_reserve(&s->queue, s->count))
		return no_memory(e);
	for (uint64_t i = s->expanded; i < s->count; i++) {
		if (checkpoint_read(r, &root, sizeof(root), e))
			return -1;
		if (!tree_root_is_sound(&s->tree, root))
			return wrong(s, "a state in the queue", e);
		tree_go(&s->tree, cursor, root);
		if (!s->model->plausible(s->model->self, cursor->state))
			return wrong(s, "a state in the queue", e);
		*queue_at(&s->queue, i) = root;
	}
	return 0;
}

static int get_bits(struct checkpoint_reader *r, struct search *s, const struct counts *counts,
                    struct error *e)
{
	uint64_t parents = 0, children = 0, word = 0, length;

	if (checkpoint_enter(r, "children", &length, e))
		return -1;
	/* A bit for each state but the initial one, and one for each that was expanded. */
	if (counts->n_bits != s->count - 1 + s->expanded || length != bits_bytes(counts->n_bits))
		return wrong(s, "the number of parents", e);
	for (uint64_t i = 0; i < counts->n_bits; i++) {
		if (i % 64 == 0 && checkpoint_read(r, &word, sizeof(word), e))
			return -1;
		if ((word >> i % 64 & 1) != 0 ? ++children == s->count : ++parents > children + 1)
			return wrong(s, "a parent that comes after its child", e);
		ancestry_append(&s->ancestry, word >> i % 64 & 1);
	}
	return children == s->count - 1 ? 0 : wrong(s, "the number of children", e);
}

static int get_ancestry(struct checkpoint_reader *r, struct search *s, const struct counts *counts,
                        struct error *e)
{
	struct ancestry *a = &s->ancestry;
	struct saved_exception x;
	uint64_t length, before = 0;
	uint8_t step;

	if (!ancestry_reserve(a, s->expanded, s->count - 1))
		return no_memory(e);
	if (get_bits(r, s, counts, e) || checkpoint_enter(r, "steps", &length, e))
		return -1;
	if (length != s->count - 1)
		return wrong(s, "the number of steps", e);
	for (uint64_t child = 1; child < s->count; child++) {
		if (checkpoint_read(r, &step, sizeof(step), e))
			return -1;
		(void)ancestry_step(a, child, step);
	}
	if (checkpoint_enter(r, "exceptions", &length, e))
		return -1;
	if (length / sizeof(x) != counts->n_exceptions || length % sizeof(x) != 0)
		return wrong(s, "the number of exceptions", e);
	for (uint64_t i = 0; i < counts->n_exceptions; i++) {
		if (checkpoint_read(r, &x, sizeof(x), e))
			return -1;
		if (x.child <= before || x.child >= s->count || x.step > CLAIM_STEPS_MAX)
			return wrong(s, "an exception", e);
		before = x.child;
		if (!ancestry_exception(a, x.child, (uint32_t)x.step))
			return no_memory(e);
	}
	return ancestry_sound(a) ? 0 : wrong(s, "a step without its number", e);
}

int checkpoint_get_findings(struct checkpoint_reader *r, struct search *s, uint64_t n, uint64_t states,
                            struct error *e)
{
	struct saved_finding x;
	uint64_t length;

	if (checkpoint_enter(r, "findings", &length, e))
		return -1;
	if (n > CHECK_FINDINGS_MAX || length != n * sizeof(x))
		return wrong(s, "the number of findings", e);
	for (uint64_t i = 0; i < n; i++) {
		struct finding finding;

		if (checkpoint_read(r, &x, sizeof(x), e))
			return -1;
		if (x.property >= s->model->properties || x.cause > UINT32_MAX || x.state >= states ||
		    x.by_step > 1)
			return wrong(s, "a finding", e);
		finding = (struct finding){.property = (int)x.property,
		                           .cause = (uint32_t)x.cause,
		                           .state = x.state,
		                           .by_step = x.by_step == 1};
		if (findings_add(&s->findings, &finding) == FINDINGS_NO_MEMORY)
			return no_memory(e);
	}
	return 0;
}

static int get_all(struct checkpoint_reader *r, struct search *s, double *seconds, struct error *e)
{
	size_t words = s->model->words * sizeof(uint32_t);
	struct source source;
	struct counts counts;
	uint64_t length;

	if (checkpoint_get(r, "counts", &counts, sizeof(counts), e))
		return -1;
	if (counts.words != s->model->words || counts.count == 0 || counts.count > UINT64_MAX >> 8 ||
	    counts.expanded > counts.count || counts.level_end > counts.count ||
	    counts.level_end < counts.expanded || counts.restarts > CHECK_RESTARTS_MAX ||
	    !(counts.seconds >= 0))
		return wrong(s, "its counts", e);
	if (checkpoint_enter(r, "model", &length, e))
		return -1;
	source = checkpoint_source(r);
	if (s->model->restore(s->model->self, &source, e) ||
	    checkpoint_get(r, "initial", s->initial, words, e) ||
	    checkpoint_get(r, "greatest", s->greatest, words, e))
		return -1;
	if (!s->model->plausible(s->model->self, s->initial))
		return wrong(s, "the initial state", e);
	if (search_make_room(s) != 0)
		return no_memory(e);
	for (unsigned i = 0; i + 1 < s->tree.nodes; i++) {
		if (get_keys(r, s, i, e))
			return -1;
	}
	s->count = counts.count;
	s->expanded = counts.expanded;
	s->level_end = counts.level_end;
	s->transitions = counts.transitions;
	s->result->depth = counts.depth;
	s->result->restarts = counts.restarts;
	*seconds = counts.seconds;
	return get_set(r, s, &counts, e) || get_queue(r, s, e) || get_ancestry(r, s, &counts, e) ||
	                       checkpoint_get_findings(r, s, counts.findings, s->count, e) ||
	                       checkpoint_end(r, e)
	               ? -1
	               : 0;
}

int checkpoint_resume(struct search *s, double *seconds, struct error *e)
{
	struct checkpoint_reader *r;
	int status;

	if (!s->model->restore)
		return error_set(e, "%s: this model cannot be restored", s->options->resume);
	r = checkpoint_open(s->options->resume, s->options->identity, e);
	status = r ? get_all(r, s, seconds, e) : -1;

	checkpoint_close(r);
	return status;
}
