/* SPDX-License-Identifier: MIT */
/* v3 that does not set FPEXC.EN at entry: the guest's FP instructions are UNDEFINED where they should trap to Hyp. */
#define LOAD_DIRTY ldrb
#define NO_ENABLE
#include "v3.S"
