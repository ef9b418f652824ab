/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "reproduce.h"
#include "traces/board/program.h"

const char *reproduce_outcome_name(enum reproduce_outcome outcome)
{
	static const char *const names[] = {
	        [REPRODUCE_OBSERVED] = "observed", [REPRODUCE_NOT_OBSERVED] = "not-observed",
	        [REPRODUCE_UNABLE] = "unable",     [REPRODUCE_DIFFERS] = "differs",
	        [REPRODUCE_ERROR] = "error",
	};

	return names[outcome];
}

static void end(struct reproduction *p, enum reproduce_outcome outcome, enum exit_status status)
{
	p->outcome = outcome;
	p->status = status;
}

/* Is there something that could be seen on a board? */
static bool can_be_seen(struct reproduction *p)
{
	const struct followed *f = &p->run.followed;

	if (f->standstill || f->livelock) {
		end(p, REPRODUCE_UNABLE, STATUS_UNFINISHED);
		error_set(&p->error,
		          "%s: nobody sees that nothing happens any more, on a board as little as elsewhere",
		          p->run.trace.name);
		return false;
	}
	p->schedule =
	        board_schedule_new(p->run.world, f->learnt, f->labels, f->steps, f->property, &p->error);
	if (!p->schedule) {
		end(p, REPRODUCE_ERROR, STATUS_INTERNAL);
		return false;
	}
	if (p->schedule->unable[0] != '\0') {
		end(p, REPRODUCE_UNABLE, STATUS_UNFINISHED);
		error_set(&p->error, "%s needs %s", p->run.trace.name, p->schedule->unable);
		return false;
	}
	return true;
}

static int open_program(const struct reproduce_settings *s, char *path, size_t size, struct error *e)
{
	const char *directory = getenv("TMPDIR");
	int fd;

	if (s->output) {
		errno = ENAMETOOLONG;
		fd = (size_t)snprintf(path, size, "%s", s->output) < size
		             ? open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0666)
		             : -1;
	} else {
		(void)snprintf(path, size, "%s/lazyswitch-XXXXXX",
		               directory && directory[0] != '\0' ? directory : "/tmp");
		fd = mkstemp(path);
	}
	if (fd < 0)
		error_set(e, "%s: cannot be written: %s", path, strerror(errno));
	return fd;
}

static int run_program(struct reproduction *p, const struct reproduce_settings *s, struct board_told *told)
{
	char path[1024];
	int fd = open_program(s, path, sizeof(path), &p->error), status;

	if (fd < 0)
		return -1;
	status = board_program_write(p->schedule, fd, path, &p->error);
	if (close(fd) != 0 && status == 0)
		status = error_set(&p->error, "%s: cannot be written: %s", path, strerror(errno));
	if (status == 0)
		status = board_emulate(p->schedule, s->emulator, path, s->seconds, told, &p->error);
	if (!s->output)
		(void)unlink(path);
	return status;
}

void reproduce_run(struct reproduction *p, const char *file, const struct reproduce_settings *s)
{
	struct board_told told = {0};

	*p = (struct reproduction){.outcome = REPRODUCE_ERROR, .status = STATUS_USAGE};
	replay_run(&p->run, file, &s->replay);
	p->error = p->run.error;
	if (p->error.text[0] != '\0') {
		p->status = p->run.status;
		return;
	}
	if (!can_be_seen(p) || run_program(p, s, &told))
		return;
	if (board_judge(p->schedule, &told, &p->judgement, &p->error))
		end(p, REPRODUCE_ERROR, STATUS_INTERNAL);
	else if (p->judgement.differs[0] != '\0')
		end(p, REPRODUCE_DIFFERS, STATUS_VIOLATED);
	else if (p->judgement.observed)
		end(p, REPRODUCE_OBSERVED, STATUS_HOLDS);
	else
		end(p, REPRODUCE_NOT_OBSERVED, STATUS_VIOLATED);
	free(told.bytes);
}

void reproduce_run_close(struct reproduction *p)
{
	board_judgement_free(&p->judgement);
	board_schedule_free(p->schedule);
	replay_run_close(&p->run);
}
