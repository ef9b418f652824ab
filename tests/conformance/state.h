/* SPDX-License-Identifier: MIT */
/* States of the two sides: our core to and from the words that the runner knows. */
#ifndef LAZYSWITCH_TESTS_CONFORMANCE_STATE_H
#define LAZYSWITCH_TESTS_CONFORMANCE_STATE_H

#include "layout.h"
#include "model/cpu/cpu.h"
#include "model/cpu/image.h"

/* A case's state at its entry, into a core that the runner has just left by ERET. */
void state_enter(struct cpu *cpu, const struct image *image, const uint32_t words[STATE_WORDS]);

/* What the runner would write: all words but W_PC and those of the window are set. */
void state_leave(const struct cpu *cpu, const struct image *image, unsigned vector,
                 uint32_t words[STATE_WORDS]);

/* "SP_irq", "D7[63:32]"; in one of two static strings a thread is not needed for, so into buf; returns buf. */
const char *state_name(unsigned word, bool big_endian, char buf[32]);

/* The decoded code names every CP15 register of cp15.def if these words are part of it; returns how many they are. */
unsigned state_cp15_code(const uint32_t **code);

#endif
