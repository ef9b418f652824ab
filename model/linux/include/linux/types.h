/* SPDX-License-Identifier: MIT */
#ifndef LINUX_TYPES_H
#define LINUX_TYPES_H

#ifndef __ASSEMBLER__

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;

/* Written while the kernel boots and never again: the world refuses a later store. */
#define __ro_after_init __attribute__((section(".data..ro_after_init")))

#define CHECK_OFFSET(type, member, value) _Static_assert(offsetof(type, member) == (value), #member " moved: see layout.h")

#endif
#endif
