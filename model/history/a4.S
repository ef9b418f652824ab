/* SPDX-License-Identifier: MIT */
/* A4, the part in assembly. */
#undef BROKEN
#include "a22.S"
