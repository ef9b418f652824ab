/* SPDX-License-Identifier: MIT */
#ifndef LINUX_LINKAGE_H
#define LINUX_LINKAGE_H

#ifdef __ASSEMBLER__

#define ALIGN .balign 4

#define ENTRY(name)                                                                                                  \
	.global name;                                                                                                \
	.balign 4;                                                                                                   \
	name:

/* An entry point that a variant may override with a strong definition. */
#define WEAK(name)                                                                                                   \
	.weak name;                                                                                                  \
	.balign 4;                                                                                                   \
	name:

#define END(name) .size name, . - name
#define ENDPROC(name)                                                                                                \
	.type name, %function;                                                                                       \
	END(name)

#else

#define asmlinkage
#define __weak __attribute__((weak))

#endif
#endif
