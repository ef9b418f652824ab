/* SPDX-License-Identifier: MIT */
/* Constants that C wants typed and the assembler does not. */
#ifndef LINUX_CONST_H
#define LINUX_CONST_H

#ifdef __ASSEMBLER__
#define _AC(x, y) x
#define _AT(t, x) x
#else
#define LINUX_CONST_PASTE(x, y) x##y
#define _AC(x, y) LINUX_CONST_PASTE(x, y)
#define _AT(t, x) ((t)(x))
#endif

#endif
