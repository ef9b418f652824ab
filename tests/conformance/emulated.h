/* SPDX-License-Identifier: MIT */
/* The second opinion: QEMU, if it is there. */
#ifndef LAZYSWITCH_TESTS_CONFORMANCE_EMULATED_H
#define LAZYSWITCH_TESTS_CONFORMANCE_EMULATED_H

#include <stdbool.h>
#include <stdint.h>

/* Does it start? */
bool emulated_is_there(void);

/* Ends the program, for ctest as a test that was skipped (in CI: that has failed), if there is no emulator. */
void emulated_or_skip(void);

/* Its command: CONFORMANCE_QEMU, or qemu-system-arm. */
const char *emulated_command(void);

/* CONFORMANCE_SEED, or the usual one: the same cases in every run. */
uint64_t emulated_seed(void);

#endif
