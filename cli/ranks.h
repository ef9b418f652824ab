/* SPDX-License-Identifier: MIT */
/*
 * The processes that `mpirun' or the like has started this one among. All do the same; rank 0 alone is heard. Not built with
 * MPI, there is only ever one.
 */
#ifndef LAZYSWITCH_CLI_RANKS_H
#define LAZYSWITCH_CLI_RANKS_H

#include <stdbool.h>

#include "checker/distributed/ranks.h"

/*
 * To be called first. Ranks other than 0 have no standard output from then on, and what they say on standard error waits.
 * Returns 0, or -1 if the program cannot run as it was started; then it has complained.
 */
int ranks_enter(void);

/* NULL: this process is alone. */
const struct ranks *ranks(void);

/* How many of them, this one included, are on this machine, and share its CPUs and its memory. */
unsigned ranks_here(void);

/* Is this the process that writes files and is heard? */
bool ranks_speaks(void);

/* Has everything gone well so far, here and on all others? If not, what the first rank said that has failed is heard. Every rank asks. */
bool ranks_all(bool well);

/*
 * The end: returns what the process returns. Rank 0's status is the run's; the others return 0, so that nobody ends rank 0
 * because of them. `apart`, of some search: the ranks cannot wait for each other any more.
 */
int ranks_leave(int status);
void ranks_are_apart(void);
/* Did anybody say so? */
bool ranks_apart(void);

#endif
