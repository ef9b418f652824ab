/* SPDX-License-Identifier: MIT */
/* v3 whose trap handler forgets to clear the traps that brought it there; Hyp mode itself is subject to them. */
#define LOAD_DIRTY ldrb
#define CLEAR_TRAPS nothing
#include "v3.S"
