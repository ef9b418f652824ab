/* SPDX-License-Identifier: MIT */
/* v3 whose restore writes FPEXC, with EN perhaps clear, before it touches the registers. */
#define LOAD_DIRTY ldrb
#define RESTORE_FPEXC_FIRST
#include "v3.S"
