/* SPDX-License-Identifier: MIT */
/* Linux generates this file; here the offsets are written down once, for the world too. */
#include <layout.h>
