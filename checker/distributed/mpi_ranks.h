/* SPDX-License-Identifier: MIT */
/* Ranks that are the processes of an MPI program (ranks.h). */
#ifndef LAZYSWITCH_CHECKER_MPI_RANKS_H
#define LAZYSWITCH_CHECKER_MPI_RANKS_H

#include <signal.h>

#include "checker/distributed/ranks.h"

struct mpi_ranks;

/*
 * Starts MPI. `interrupt` is a signal handler's flag: whoever started the program ends it with a signal, too, when one of its
 * processes has died; so the others are not waited for much longer once it is set. NULL with `e` filled in if MPI does
 * not start. One thread calls this and whatever else is here or in ranks.h, the same one.
 */
struct mpi_ranks *mpi_ranks_new(const volatile sig_atomic_t *interrupt, struct error *e);
const struct ranks *mpi_ranks(const struct mpi_ranks *m);

/* Ends MPI: all ranks, together. */
void mpi_ranks_free(struct mpi_ranks *m);

/* Ends all ranks, whatever they do. Does not return. */
void mpi_ranks_abort(struct mpi_ranks *m, int status) __attribute__((noreturn));

#endif
