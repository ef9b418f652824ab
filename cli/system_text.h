/* SPDX-License-Identifier: MIT */
#ifndef LAZYSWITCH_CLI_SYSTEM_TEXT_H
#define LAZYSWITCH_CLI_SYSTEM_TEXT_H

#include <stdio.h>

#include "model/world/world.h"

/* How large a system is: "2 CPUs, 1 plain thread, 2 VMs with 1 vCPU each". */
void system_text(FILE *out, const struct world_config *config);

#endif
