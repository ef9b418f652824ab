/* SPDX-License-Identifier: MIT */
/* A program with MPI. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "checker/distributed/mpi_ranks.h"
#include "command.h"
#include "output.h"
#include "ranks.h"
#include "signals.h"

/* A program has one world of MPI, as it has one standard output. */
static struct mpi_ranks *mpi;
static bool apart;
static FILE *said;        /* what a rank other than 0 said on standard error */
static unsigned here = 1; /* ranks on this machine */
static int error_stream;  /* where it would have gone */

/* MPI is started only if somebody has started several: it takes longer than many a search. */
static bool is_wanted(void)
{
	return getenv("OMPI_COMM_WORLD_RANK") || getenv("PMI_RANK") || getenv("PMIX_RANK");
}

/* Ranks other than 0 are not heard. */
static int fall_silent(void)
{
	FILE *nowhere = freopen("/dev/null", "w", stdout);

	said = tmpfile();
	error_stream = dup(STDERR_FILENO);
	return nowhere && said && error_stream >= 0 && dup2(fileno(said), STDERR_FILENO) >= 0 ? 0 : -1;
}

enum { HOST_NAME = 256 };

static int count_neighbours(const struct ranks *r, struct error *e)
{
	char *names = calloc(r->count + 1, HOST_NAME),
	     *mine = names ? names + (size_t)r->count * HOST_NAME : NULL;
	int status = -1;

	if (!names)
		return error_set(e, "out of memory for %u ranks", r->count);
	if (gethostname(mine, HOST_NAME - 1) == 0)
		status = r->gather(r->self, mine, HOST_NAME, names, e);
	else
		error_set(e, "cannot tell the name of this machine");
	here = 0;
	for (unsigned i = 0; status == 0 && i < r->count; i++)
		here += strcmp(names + (size_t)i * HOST_NAME, mine) == 0;
	free(names);
	return status;
}

int ranks_enter(void)
{
	struct error e;

	if (!is_wanted())
		return 0;
	mpi = mpi_ranks_new(signals_catch(), &e);
	if (!mpi) {
		complain("%s", e.text);
		return -1;
	}
	if (count_neighbours(mpi_ranks(mpi), &e)) {
		complain("%s", e.text);
	} else if (mpi_ranks(mpi)->number != 0 && fall_silent()) {
		complain("rank %u cannot redirect its output", mpi_ranks(mpi)->number);
	} else {
		return 0;
	}
	mpi_ranks_abort(mpi, STATUS_USAGE);
}

unsigned ranks_here(void)
{
	return here;
}

const struct ranks *ranks(void)
{
	return mpi ? mpi_ranks(mpi) : NULL;
}

bool ranks_speaks(void)
{
	return !mpi || mpi_ranks(mpi)->number == 0;
}

/* What this rank has kept to itself. */
static void speak(void)
{
	char line[1024];

	(void)fflush(stderr);
	if (!said || dup2(error_stream, STDERR_FILENO) < 0)
		return;
	rewind(said);
	while (fgets(line, sizeof(line), said))
		(void)fprintf(stderr, "rank %u: %s", mpi_ranks(mpi)->number, line);
}

bool ranks_all(bool well)
{
	const struct ranks *r = ranks();
	bool *all, everywhere = true;
	struct error e = {"out of memory"};

	if (!r)
		return well;
	if (apart)
		return false;
	all = calloc(r->count, sizeof(*all));
	if (!all || r->gather(r->self, &well, sizeof(well), all, &e)) {
		free(all);
		ranks_are_apart();
		complain("%s", e.text);
		return false;
	}
	for (unsigned i = 0; everywhere && i < r->count; i++) {
		everywhere = all[i];
		if (!everywhere && i == r->number && i != 0)
			speak();
	}
	free(all);
	return everywhere;
}

void ranks_are_apart(void)
{
	apart = true;
}

bool ranks_apart(void)
{
	return apart;
}

int ranks_leave(int status)
{
	bool first = ranks_speaks();

	if (!mpi)
		return status;
	(void)fflush(stdout);
	if (apart) {
		if (!first) {
			speak();
			complain("rank %u cannot go on without the others", mpi_ranks(mpi)->number);
		}
		mpi_ranks_abort(mpi, status == STATUS_HOLDS ? STATUS_UNFINISHED : status);
	}
	mpi_ranks_free(mpi);
	return first ? status : STATUS_HOLDS;
}
