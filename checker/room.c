/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include <ck_pr.h>

#include "checker/search.h"

enum { CLAIMS_BITS_MIN = 10, CLAIMS_BITS_MAX = 31, BUCKETS_AT_A_TIME = 1024, SMALL_BYTES = 1 << 24 };

int search_limited(struct search *s, const char *reason)
{
	s->outcome = LIMITED;
	s->result->reason = reason;
	return 1;
}

size_t search_bytes(const struct search *s)
{
	size_t words = s->model->words;
	size_t bytes = s->beside + sizeof(*s) + s->places_size * sizeof(*s->places) +
	               2 * words * sizeof(uint32_t) + tree_bytes(&s->tree) + queue_bytes(&s->queue) +
	               ancestry_bytes(&s->ancestry);

	if (s->set.words)
		bytes += keyset_bytes(s->set.bucket_bits);
	bytes += bitstate_bytes(&s->bits);
	if (s->claims.slots)
		bytes += claims_bytes(s->claims.bits);
	for (unsigned i = 0; s->workers && i < s->n_workers; i++) {
		const struct worker *w = &s->workers[i];

		bytes += sizeof(*w) + 3 * words * sizeof(uint32_t);
		bytes += w->candidates_size * sizeof(*w->candidates) +
		         w->sightings_size * sizeof(*w->sightings) +
		         w->exceptions_size * sizeof(*w->exceptions) +
		         w->homeless_size * sizeof(*w->homeless);
	}
	return bytes;
}

bool search_exceeds(struct search *s, size_t more)
{
	size_t max = s->options->max_memory, bytes = search_bytes(s) + more;

	if (max != 0 && (bytes > max || s->model->memory(s->model->self) > max - bytes))
		return true;
	if (bytes > s->result->memory)
		s->result->memory = bytes;
	return false;
}

/* A set for what the tree holds now, and twice as much. */
static struct keyset shape_for(const struct tree *tree, unsigned bucket_bits)
{
	unsigned left, right;

	tree_root_bits(tree, &left, &right);
	if (right != 0) {
		left = left < 32 ? left + 1 : 32;
		right = right < 32 ? right + 1 : 32;
	}
	return keyset_shape(bucket_bits, left, right);
}

static int make_cursors(struct search *s)
{
	for (unsigned i = 0; i < s->n_workers; i++) {
		tree_cursor_free(&s->workers[i].cursor);
		tree_batch_free(&s->workers[i].batch);
		if (!tree_cursor_init(&s->workers[i].cursor, &s->tree) ||
		    !tree_batch_init(&s->workers[i].batch, &s->tree))
			return search_limited(s, CHECK_REASON_NO_MEMORY);
	}
	return 0;
}

/* Half of the memory that there is: the rest is for the tree, the queue and the ancestry, which grow. */
static int make_bitstate(struct search *s)
{
	size_t max = s->options->max_memory, bytes = max / 2;

	if (s->bits.words) { /* of an earlier pass */
		bitstate_clear(&s->bits);
		return 0;
	}
	if (max == 0)
		bytes = (size_t)1 << 30;
	if (search_exceeds(s, bytes))
		return search_limited(s, CHECK_REASON_MEMORY);
	return bitstate_init(&s->bits, bytes) ? 0 : search_limited(s, CHECK_REASON_NO_MEMORY);
}

int search_make_room(struct search *s)
{
	if (search_exceeds(s, claims_bytes(CLAIMS_BITS_MIN) + keyset_bytes(KEYSET_BUCKET_BITS_MIN)))
		return search_limited(s, CHECK_REASON_MEMORY);
	if (!tree_init(&s->tree, s->greatest, s->model->words) || make_cursors(s) != 0 ||
	    !claims_init(&s->claims, CLAIMS_BITS_MIN))
		return search_limited(s, CHECK_REASON_NO_MEMORY);
	if (s->options->store == CHECK_STORE_BITSTATE)
		return make_bitstate(s);
	s->set = shape_for(&s->tree, KEYSET_BUCKET_BITS_MIN);
	if (!keyset_allocate(&s->set))
		return search_limited(s, CHECK_REASON_NO_MEMORY);
	return 0;
}

void search_free_room(struct search *s)
{
	tree_free(&s->tree);
	keyset_free(&s->set);
	claims_free(&s->claims);
	queue_free(&s->queue);
	ancestry_free(&s->ancestry);
}

/* All states move into another set, and perhaps into another tree. */
struct move {
	struct search *search;
	struct keyset *set; /* NULL: not yet */
	struct tree *tree;  /* NULL: roots stay as they are */
	struct {
		struct tree_cursor nowhere;
		struct tree_batch batch;
	} * ways;        /* [n_workers]: into that tree */
	uint64_t next;   /* buckets before this one are taken */
	unsigned failed; /* a table is full */
};

/* What a thread has in hand: roots whose places in the new set are being fetched. */
struct mover {
	struct move *move;
	unsigned number; /* of the worker */
	unsigned n;
	uint64_t roots[TREE_BATCH];
};

/* The greatest value of each word, in all states that are there: whoever packs anew leaves room for more of each. */
static void look_for_greatest(void *arg, uint64_t root)
{
	struct worker *w = arg;

	tree_go(&w->search->tree, &w->cursor, root);
	for (size_t i = 0; i < w->search->model->words; i++)
		w->greatest[i] = w->cursor.state[i] > w->greatest[i] ? w->cursor.state[i] : w->greatest[i];
}

/* A root in the new tree. */
static bool new_root(const struct mover *m, uint64_t *root)
{
	struct move *move = m->move;
	struct worker *w = &move->search->workers[m->number];
	struct tree_batch *batch;

	if (!move->tree)
		return true;
	tree_go(&move->search->tree, &w->cursor, *root);
	batch = &move->ways[m->number].batch;
	tree_batch_clear(move->tree, batch);
	if (!tree_batch_add(move->tree, &move->ways[m->number].nowhere, batch, w->cursor.state, NULL, 0) ||
	    !tree_batch_roots(move->tree, batch))
		return false;
	*root = batch->roots[0];
	return true;
}

static void put_down(struct mover *m)
{
	for (unsigned i = 0; i < m->n; i++) {
		if (!keyset_add(m->move->set, m->roots[i]))
			ck_pr_store_uint(&m->move->failed, 1);
	}
	m->n = 0;
}

static void move_root(void *arg, uint64_t root)
{
	struct mover *m = arg;
	struct move *move = m->move;

	if (!new_root(m, &root)) {
		ck_pr_store_uint(&move->failed, 1);
	} else if (move->set) {
		keyset_fetch_to_add(move->set, root);
		m->roots[m->n++] = root;
		if (m->n == TREE_BATCH)
			put_down(m);
	}
}

static void move_buckets(void *arg, unsigned number)
{
	struct move *move = arg;
	const struct keyset *old = &move->search->set;
	uint64_t buckets = UINT64_C(1) << old->bucket_bits;
	struct mover mover = {.move = move, .number = number};

	while (ck_pr_load_uint(&move->failed) == 0) {
		uint64_t first = ck_pr_faa_64(&move->next, BUCKETS_AT_A_TIME),
		         end = first + BUCKETS_AT_A_TIME;

		if (first >= buckets)
			break;
		if (move->tree || move->set)
			keyset_each(old, first, end < buckets ? end : buckets, move_root, &mover);
		else
			keyset_each(old, first, end < buckets ? end : buckets, look_for_greatest,
			            &move->search->workers[number]);
	}
	put_down(&mover);
}

/* Returns false if a table was full. */
static bool move_all(struct move *move)
{
	struct search *s = move->search;

	move->next = 0;
	move->failed = 0;
	if (s->set.bucket_bits > KEYSET_BUCKET_BITS_MIN + 6)
		team_do(s->team, move_buckets, move);
	else
		move_buckets(move, 0);
	return move->failed == 0;
}

/* Moves into a set of 1 << bucket_bits buckets, or of more if that is too small. */
static int move_to_set(struct move *move, unsigned bucket_bits)
{
	struct search *s = move->search;
	struct keyset set;
	bool moved;

	for (;; bucket_bits++) {
		set = shape_for(move->tree ? move->tree : &s->tree, bucket_bits);
		if (search_exceeds(s, keyset_bytes(bucket_bits) + (move->tree ? tree_bytes(move->tree) : 0)))
			return search_limited(s, CHECK_REASON_MEMORY);
		if (!keyset_allocate(&set))
			return search_limited(s, CHECK_REASON_NO_MEMORY);
		move->set = &set;
		moved = s->count <= keyset_comfort(&set) && move_all(move);
		move->set = NULL;
		if (moved)
			break;
		keyset_free(&set);
	}
	set.count = s->set.count;
	keyset_free(&s->set);
	s->set = set;
	return 0;
}

int search_grow_set(struct search *s, uint64_t more)
{
	struct move move = {.search = s};
	unsigned bucket_bits = s->set.bucket_bits + 1;
	struct keyset shape = shape_for(&s->tree, bucket_bits);

	if (s->bits.words)
		return 0; /* as large as it will ever be */
	if (s->count + more <= keyset_comfort(&s->set))
		return 0;
	/* Small sets grow faster: to move costs more than a little room. */
	if (keyset_bytes(bucket_bits) < SMALL_BYTES)
		shape = shape_for(&s->tree, ++bucket_bits);
	while (s->count + more > keyset_comfort(&shape))
		shape = shape_for(&s->tree, ++bucket_bits);
	/* Slow is better than to end: fuller than is comfortable. */
	if (search_exceeds(s, keyset_bytes(bucket_bits)) && s->count + more <= keyset_room(&s->set) / 32 * 31)
		return 0;
	return move_to_set(&move, bucket_bits);
}

/* The queue's roots, in the new tree; `replace`: there they stay. Returns false if a table is full. */
static bool move_queue(struct move *move, bool replace)
{
	const struct mover mover = {.move = move};
	const struct search *s = move->search;

	for (uint64_t i = s->expanded; i < s->count; i++) {
		uint64_t root = *queue_at(&s->queue, i);

		if (!new_root(&mover, &root))
			return false;
		if (replace)
			*queue_at(&s->queue, i) = root;
	}
	return true;
}

/* Fills a new tree: all states first get their numbers there, so that the bits of roots are known. */
static int fill_tree(struct move *move)
{
	struct search *s = move->search;

	/* Of a bitstate search only those in the queue are still whole. */
	while (s->bits.words ? !move_queue(move, false) : !move_all(move)) {
		if (!tree_grow(move->tree))
			return search_limited(s, CHECK_REASON_NO_MEMORY);
		if (search_exceeds(s, tree_bytes(move->tree)))
			return search_limited(s, CHECK_REASON_MEMORY);
	}
	if (!s->bits.words && move_to_set(move, s->set.bucket_bits) != 0)
		return 1;
	if (!move_queue(move, true)) {
		error_set(s->error, "internal fault: a state is lost while the store is packed anew");
		s->outcome = FAILED;
		return 1;
	}
	return 0;
}

/* As large as the old one, node by node: what was needed is needed again. */
static bool make_large_tree(struct search *s, struct tree *tree)
{
	if (!tree_init(tree, s->greatest, s->model->words))
		return false;
	for (unsigned i = 0; i + 1 < tree->nodes && i + 1 < s->tree.nodes; i++) {
		while (tree->numbers[i].capacity < s->tree.numbers[i].capacity) {
			if (!intern_grow(&tree->numbers[i])) {
				tree_free(tree);
				return false;
			}
		}
	}
	return true;
}

/* Wider words: everything is packed anew. */
static int grow_words(struct search *s)
{
	struct tree tree;
	struct move looking = {.search = s}, move = {.search = s, .tree = &tree};
	unsigned made = 0;
	int status = 0;

	if (!s->bits.words)
		(void)move_all(&looking);
	for (unsigned i = 0; i < s->n_workers; i++) {
		for (size_t k = 0; k < s->model->words; k++) {
			if (s->workers[i].greatest[k] > s->greatest[k])
				s->greatest[k] = s->workers[i].greatest[k];
		}
	}
	if (search_exceeds(s, tree_bytes(&s->tree)))
		return search_limited(s, CHECK_REASON_MEMORY);
	if (!make_large_tree(s, &tree))
		return search_limited(s, CHECK_REASON_NO_MEMORY);
	move.ways = calloc(s->n_workers + 1, sizeof(*move.ways));
	for (; move.ways && made < s->n_workers; made++) {
		if (!tree_cursor_init(&move.ways[made].nowhere, &tree))
			break;
		tree_go_nowhere(&tree, &move.ways[made].nowhere);
		if (!tree_batch_init(&move.ways[made].batch, &tree)) {
			tree_cursor_free(&move.ways[made].nowhere);
			break;
		}
	}
	status = move.ways && made == s->n_workers ? fill_tree(&move)
	                                           : search_limited(s, CHECK_REASON_NO_MEMORY);
	for (unsigned i = 0; i < made; i++) {
		tree_cursor_free(&move.ways[i].nowhere);
		tree_batch_free(&move.ways[i].batch);
	}
	free(move.ways);
	if (status != 0) {
		tree_free(&tree);
		return status;
	}
	tree_free(&s->tree);
	s->tree = tree;
	return make_cursors(s);
}

static int grow_claims(struct search *s)
{
	unsigned bits = s->claims.bits + 1;

	if (bits > CLAIMS_BITS_MAX || search_exceeds(s, claims_bytes(bits)))
		return search_limited(s, CHECK_REASON_MEMORY);
	claims_free(&s->claims);
	return claims_init(&s->claims, bits) ? 0 : search_limited(s, CHECK_REASON_NO_MEMORY);
}

static int grow_tree(struct search *s)
{
	if (search_exceeds(s, tree_growth(&s->tree)))
		return search_limited(s, CHECK_REASON_MEMORY);
	return tree_grow(&s->tree) ? 0 : search_limited(s, CHECK_REASON_NO_MEMORY);
}

int search_grow(struct search *s)
{
	struct move move = {.search = s};

	if ((s->need & NEED_MEMORY) != 0)
		return search_limited(s, CHECK_REASON_NO_MEMORY);
	if ((s->need & NEED_CLAIMS) != 0 && grow_claims(s) != 0)
		return 1;
	if ((s->need & NEED_TREE) != 0 && grow_tree(s) != 0)
		return 1;
	if ((s->need & NEED_LAYOUT) != 0)
		return grow_words(s);
	if ((s->need & NEED_KEYS) != 0)
		return move_to_set(&move, s->set.bucket_bits);
	return 0;
}
