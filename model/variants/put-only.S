/* SPDX-License-Identifier: MIT */
/*
 * v3 that restores the host's FPEXC in vcpu_put only, and there always. Each clean entry still saves it: from the
 * second on, what it saves has EN set by the first.
 */
#define LOAD_DIRTY ldrb
#define RESTORE_HOST_FPEXC nothing
#define PUT_FPEXC_ALWAYS
#include "v3.S"
