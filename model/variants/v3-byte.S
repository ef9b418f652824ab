/* SPDX-License-Identifier: MIT */
/* v3 with the dirty flag loaded as what it is, a byte: right on big-endian hosts too. */
#define LOAD_DIRTY ldrb
#include "v3.S"
