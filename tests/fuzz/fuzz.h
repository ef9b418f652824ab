/* SPDX-License-Identifier: MIT */
/* What libFuzzer calls. A reader must return, whatever the bytes; and say why, if it refuses them. */
#ifndef LAZYSWITCH_TESTS_FUZZ_FUZZ_H
#define LAZYSWITCH_TESTS_FUZZ_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* Stops the fuzzer, which keeps the input. */
static inline void fuzz_require(bool holds)
{
	if (!holds)
		abort();
}

#endif
