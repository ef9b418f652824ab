/* SPDX-License-Identifier: MIT */
/* A program without MPI. */
#include <stdlib.h>

#include "output.h"
#include "ranks.h"

/* Several of these beside each other would each do all of the work, and write to the same files. */
int ranks_enter(void)
{
	const char *size = getenv("OMPI_COMM_WORLD_SIZE");

	if (!size)
		size = getenv("PMI_SIZE");
	if (!size && getenv("PMIX_RANK"))
		size = getenv("SLURM_STEP_NUM_TASKS");
	if (!size || strtoul(size, NULL, 10) <= 1)
		return 0;
	complain("this program was built without MPI, and was started %s times at once; build it with "
	         "-DLAZYSWITCH_MPI=ON (./run build mpi)",
	         size);
	return -1;
}

const struct ranks *ranks(void)
{
	return NULL;
}

unsigned ranks_here(void)
{
	return 1;
}

bool ranks_speaks(void)
{
	return true;
}

bool ranks_all(bool well)
{
	return well;
}

int ranks_leave(int status)
{
	return status;
}

void ranks_are_apart(void)
{
}

bool ranks_apart(void)
{
	return false;
}
