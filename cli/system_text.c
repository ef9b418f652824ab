/* SPDX-License-Identifier: MIT */
#include "system_text.h"

static const char *plural(unsigned n)
{
	return n == 1 ? "" : "s";
}

void system_text(FILE *out, const struct world_config *c)
{
	(void)fprintf(out, "%u CPU%s, %u plain thread%s, %u VM%s", c->cpus, plural(c->cpus), c->threads,
	              plural(c->threads), c->vms, plural(c->vms));
	if (c->vms > 0)
		(void)fprintf(out, " with %u vCPU%s%s", c->vcpus, plural(c->vcpus),
		              c->vms > 1 ? " each" : "");
}
