/* SPDX-License-Identifier: MIT */
/*
 * Threads that do the same thing at the same time, again and again: what one has written before a task ends, all see
 * afterwards. Whoever makes the team is its member 0, and works, too.
 */
#ifndef LAZYSWITCH_CHECKER_TEAM_H
#define LAZYSWITCH_CHECKER_TEAM_H

#include <stdbool.h>
#include <stdint.h>

struct team;

typedef void team_task(void *arg, unsigned member);

/*
 * A team of up to `members`, fewer if threads cannot be started. `disturb` not 0: members pause at random places, and this
 * is the seed, for tests. NULL when out of memory.
 */
struct team *team_new(unsigned members, uint64_t disturb);
void team_free(struct team *team);

unsigned team_members(const struct team *team);

/* Every member calls task(arg, member); returns when all have returned. */
void team_do(struct team *team, team_task *task, void *arg);

/* Inside a task: a place where a member may be told to pause. */
void team_pause(struct team *team, unsigned number);

#endif
