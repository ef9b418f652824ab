/* SPDX-License-Identifier: MIT */
/* Sections that Linux throws away after boot: nothing is thrown away here. */
#ifndef LINUX_INIT_H
#define LINUX_INIT_H

#ifdef __ASSEMBLER__
#define __INIT .section ".text.init", "ax"
#define __FINIT .previous
#endif

#endif
