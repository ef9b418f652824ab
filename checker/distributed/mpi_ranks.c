/* SPDX-License-Identifier: MIT */
#include "checker/distributed/mpi_ranks.h"

#include <limits.h>
#include <mpi.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Seconds that a rank has to answer after a signal, unless it has been longer about it before. */
#define PATIENCE 0.5

/* MPI counts in ints: parts are sent as words of so many bytes, to have room for more. */
enum { WORD = 8 };

struct mpi_ranks {
	struct ranks ranks;
	const volatile sig_atomic_t *interrupt;
	double longest; /* seconds that anything has taken so far */
	bool answered;  /* something has come to its end since the signal: the others are there */

	/* For exchange(), by rank: bytes, and words and where they begin. */
	uint64_t *out_bytes, *in_bytes;
	int *out_n, *out_at, *in_n, *in_at;
	char *out, *in;
	size_t out_size, in_size; /* words that there is room for */
};

static double now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int gone(struct error *e)
{
	return error_set(e, "another rank is gone, or does not answer any more");
}

/* Is it no use to wait any longer, after so many seconds? `since`: when the signal was seen first. */
static bool give_up(const struct mpi_ranks *m, double time, double *since)
{
	double patience = 2 * m->longest > PATIENCE ? 2 * m->longest : PATIENCE;

	if (m->answered || !*m->interrupt)
		return false;
	if (*since == 0)
		*since = time;
	return time - *since > patience;
}

/*
 * Waits for what has been started with this status. At first it asks again and again: most waits are short. Then it leaves the
 * CPU to others, which may be the ranks that it waits for.
 */
static int finish(struct mpi_ranks *m, int status, MPI_Request *request, struct error *e)
{
	static const struct timespec pause = {.tv_nsec = 20000};
	double began = now(), since = 0, time;
	int done = 0;

	if (status != MPI_SUCCESS)
		return gone(e);
	for (unsigned n = 0; !done; n++) {
		if (MPI_Test(request, &done, MPI_STATUS_IGNORE) != MPI_SUCCESS)
			return gone(e);
		if (done || n < 2000)
			continue;
		(void)nanosleep(&pause, NULL);
		if (give_up(m, now(), &since))
			return gone(e);
	}
	time = now() - began;
	if (time > m->longest)
		m->longest = time;
	m->answered |= *m->interrupt != 0;
	return 0;
}

static int gather(void *self, const void *mine, size_t n, void *all, struct error *e)
{
	struct mpi_ranks *m = self;
	MPI_Request request;
	int status;

	if (n > INT_MAX)
		return error_set(e, "%zu bytes are too many for one word", n);
	status = MPI_Iallgather(mine, (int)n, MPI_BYTE, all, (int)n, MPI_BYTE, MPI_COMM_WORLD, &request);
	return finish(m, status, &request, e);
}

/* How many words each part takes, and where it begins. Returns their sum, or -1 if it is no int. */
static int64_t add_up(const uint64_t *bytes, int *n, int *at, unsigned ranks)
{
	uint64_t sum = 0;

	for (unsigned r = 0; r < ranks; r++) {
		uint64_t words = bytes[r] / WORD + (bytes[r] % WORD != 0);

		if (words > INT_MAX || sum + words > INT_MAX)
			return -1;
		n[r] = (int)words;
		at[r] = (int)sum;
		sum += words;
	}
	return (int64_t)sum;
}

/* What was in the buffer is not needed any more. */
static bool reserve(char **buffer, size_t *size, int64_t words)
{
	size_t wanted = (size_t)words + (size_t)words / 4 + 1;

	if (*size > (size_t)words)
		return true;
	free(*buffer);
	*buffer = malloc(wanted * WORD);
	*size = *buffer ? wanted : 0;
	return *buffer != NULL;
}

static void join(struct mpi_ranks *m, const struct ranks_part *out, unsigned pieces)
{
	for (unsigned r = 0; r < m->ranks.count; r++) {
		char *at = m->out + (size_t)m->out_at[r] * WORD;

		for (unsigned i = 0; i < pieces; i++) {
			const struct ranks_part *piece = &out[(size_t)r * pieces + i];

			if (piece->n > 0)
				memcpy(at, piece->bytes, piece->n);
			at += piece->n;
		}
		memset(at, 0, m->out_bytes[r] % WORD == 0 ? 0 : WORD - m->out_bytes[r] % WORD);
	}
}

static int exchange(void *self, const struct ranks_part *out, unsigned pieces, struct ranks_part *in,
                    struct error *e)
{
	struct mpi_ranks *m = self;
	unsigned ranks = m->ranks.count;
	int64_t out_words, in_words;
	MPI_Request request;
	int status;

	for (unsigned r = 0; r < ranks; r++) {
		m->out_bytes[r] = 0;
		for (unsigned i = 0; i < pieces; i++)
			m->out_bytes[r] += out[(size_t)r * pieces + i].n;
	}
	status = MPI_Ialltoall(m->out_bytes, 1, MPI_UINT64_T, m->in_bytes, 1, MPI_UINT64_T, MPI_COMM_WORLD,
	                       &request);
	if (finish(m, status, &request, e))
		return -1;
	out_words = add_up(m->out_bytes, m->out_n, m->out_at, ranks);
	in_words = add_up(m->in_bytes, m->in_n, m->in_at, ranks);
	if (out_words < 0 || in_words < 0)
		return error_set(e, "more than %lld bytes in one exchange", (long long)INT_MAX * WORD);
	if (!reserve(&m->out, &m->out_size, out_words) || !reserve(&m->in, &m->in_size, in_words))
		return error_set(e, "out of memory for what ranks send each other");
	join(m, out, pieces);
	status = MPI_Ialltoallv(m->out, m->out_n, m->out_at, MPI_UINT64_T, m->in, m->in_n, m->in_at,
	                        MPI_UINT64_T, MPI_COMM_WORLD, &request);
	if (finish(m, status, &request, e))
		return -1;
	for (unsigned r = 0; r < ranks; r++)
		in[r] = (struct ranks_part){m->in + (size_t)m->in_at[r] * WORD, (size_t)m->in_bytes[r]};
	return 0;
}

static void release(struct mpi_ranks *m)
{
	free(m->out_bytes);
	free(m->in_bytes);
	free(m->out_n);
	free(m->out_at);
	free(m->in_n);
	free(m->in_at);
	free(m->out);
	free(m->in);
	free(m);
}

struct mpi_ranks *mpi_ranks_new(const volatile sig_atomic_t *interrupt, struct error *e)
{
	struct mpi_ranks *m = calloc(1, sizeof(*m));
	int number, count, provided;

	if (!m) {
		error_set(e, "out of memory");
		return NULL;
	}
	m->interrupt = interrupt;
	if (MPI_Init_thread(NULL, NULL, MPI_THREAD_FUNNELED, &provided) != MPI_SUCCESS ||
	    provided < MPI_THREAD_FUNNELED || MPI_Comm_rank(MPI_COMM_WORLD, &number) != MPI_SUCCESS ||
	    MPI_Comm_size(MPI_COMM_WORLD, &count) != MPI_SUCCESS || number < 0 || count < 1 ||
	    /* What goes wrong is reported, and does not end the program. */
	    MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN) != MPI_SUCCESS) {
		error_set(e, "MPI does not start");
		release(m);
		return NULL;
	}
	m->ranks = (struct ranks){.self = m,
	                          .number = (unsigned)number,
	                          .count = (unsigned)count,
	                          .gather = gather,
	                          .exchange = exchange};
	m->out_bytes = calloc((size_t)count, sizeof(*m->out_bytes));
	m->in_bytes = calloc((size_t)count, sizeof(*m->in_bytes));
	m->out_n = calloc((size_t)count, sizeof(*m->out_n));
	m->out_at = calloc((size_t)count, sizeof(*m->out_at));
	m->in_n = calloc((size_t)count, sizeof(*m->in_n));
	m->in_at = calloc((size_t)count, sizeof(*m->in_at));
	if (m->out_bytes && m->in_bytes && m->out_n && m->out_at && m->in_n && m->in_at)
		return m;
	error_set(e, "out of memory for %d ranks", count);
	release(m);
	return NULL;
}

const struct ranks *mpi_ranks(const struct mpi_ranks *m)
{
	return &m->ranks;
}

void mpi_ranks_free(struct mpi_ranks *m)
{
	(void)MPI_Finalize();
	release(m);
}

void mpi_ranks_abort(struct mpi_ranks *m, int status)
{
	(void)m;
	(void)MPI_Abort(MPI_COMM_WORLD, status);
	_Exit(status);
}
