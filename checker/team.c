/* SPDX-License-Identifier: MIT */
#include "checker/team.h"

#include <limits.h>
#include <linux/futex.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <ck_ec.h>
#include <ck_pr.h>

#include "checker/sync.h"

struct member {
	struct team *team;
	unsigned number;
	uint64_t random; /* state of the generator of its pauses */
	pthread_t thread;
};

/*
 * Two event counts (ck_ec: they spin for a while, then sleep in the kernel). `begun` counts tasks: members wait for it to
 * change. `done` counts members that have finished a task: member 0 waits until all have. An increment is a release, and a
 * wait that sees it an acquire, so that everything before a task is seen in it, and everything in it after it.
 */
struct team {
	struct member *members;
	unsigned n;
	uint64_t disturb;
	struct ck_ec32 begun, done;
	team_task *task; /* NULL: the team is dissolved */
	void *arg;
};

static int get_time(const struct ck_ec_ops *ops, struct timespec *out)
{
	(void)ops;
	return clock_gettime(CLOCK_MONOTONIC, out);
}

static void wait32(const struct ck_ec_wait_state *state, const uint32_t *address, uint32_t expected,
                   const struct timespec *deadline)
{
	(void)state;
	(void)syscall(SYS_futex, address, FUTEX_WAIT_BITSET | FUTEX_PRIVATE_FLAG, expected, deadline, NULL,
	              FUTEX_BITSET_MATCH_ANY);
}

static void wake32(const struct ck_ec_ops *ops, const uint32_t *address)
{
	(void)ops;
	(void)syscall(SYS_futex, address, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, INT_MAX, NULL, NULL, 0);
}

/* Tasks are short, and so are the pauses between them: a few microseconds of spinning are well spent. */
static const struct ck_ec_ops operations = {
        .gettime = get_time, .wait32 = wait32, .wake32 = wake32, .busy_loop_iter = 2000};
static const struct ck_ec_mode many_producers = {.ops = &operations, .single_producer = false};

void team_pause(struct team *team, unsigned number)
{
	struct member *member = &team->members[number];

	if (team->disturb == 0)
		return;
	member->random = member->random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	if (member->random >> 60 == 0) {
		const struct timespec pause = {.tv_nsec = (long)(member->random >> 45 & 0xffff)};

		(void)nanosleep(&pause, NULL);
	}
}

static void *work(void *arg)
{
	struct member *member = arg;
	struct team *team = member->team;
	uint32_t begun = 0;

	for (;;) {
		(void)ck_ec32_wait(&team->begun, &many_producers, begun, NULL);
		SYNC_ACQUIRE(&team->begun);
		begun = (begun + 1) & INT32_MAX;
		if (!team->task)
			return NULL;
		team_pause(team, member->number);
		team->task(team->arg, member->number);
		SYNC_RELEASE(&team->done);
		ck_ec32_inc(&team->done, &many_producers);
	}
}

struct team *team_new(unsigned members, uint64_t disturb)
{
	struct team *team = calloc(1, sizeof(*team));

	if (!team)
		return NULL;
	team->members = calloc(members, sizeof(*team->members));
	if (!team->members) {
		free(team);
		return NULL;
	}
	team->disturb = disturb;
	ck_ec32_init(&team->begun, 0);
	ck_ec32_init(&team->done, 0);
	for (team->n = 0; team->n < members; team->n++) {
		struct member *member = &team->members[team->n];

		*member = (struct member){.team = team,
		                          .number = team->n,
		                          .random = disturb * UINT64_C(0x9e3779b97f4a7c15) + team->n};
		if (team->n > 0 && pthread_create(&member->thread, NULL, work, member) != 0)
			break;
	}
	return team;
}

void team_free(struct team *team)
{
	if (!team)
		return;
	team->task = NULL;
	SYNC_RELEASE(&team->begun);
	ck_ec32_inc(&team->begun, &many_producers);
	for (unsigned i = 1; i < team->n; i++)
		(void)pthread_join(team->members[i].thread, NULL);
	free(team->members);
	free(team);
}

unsigned team_members(const struct team *team)
{
	return team->n;
}

void team_do(struct team *team, team_task *task, void *arg)
{
	uint32_t done = ck_ec32_value(&team->done), all = (done + team->n - 1) & INT32_MAX;

	team->task = task;
	team->arg = arg;
	if (team->n > 1) {
		SYNC_RELEASE(&team->begun);
		ck_ec32_inc(&team->begun, &many_producers);
	}
	task(arg, 0);
	while ((done = ck_ec32_value(&team->done)) != all)
		(void)ck_ec32_wait(&team->done, &many_producers, done, NULL);
	SYNC_ACQUIRE(&team->done);
}
