/* SPDX-License-Identifier: MIT */
/*
 * The trap matrix: mode x FPEXC x HCPTR x CPACR x instruction. Each cell is a case of one instruction, which ends by SVC if it executes; its
 * outcome is read off the state at its end.
 */
#ifndef LAZYSWITCH_TESTS_CONFORMANCE_MATRIX_H
#define LAZYSWITCH_TESTS_CONFORMANCE_MATRIX_H

#include "batch.h"

enum { MATRIX_WINDOW_BYTES = 128 };

/*
 * Fills `b`, made by batch_init() with a window of that size, with all cells, or with one in so many at random. `code` is the file of
 * matrix.S.
 */
bool matrix_make(struct batch *b, const char *runner, const char *code, uint64_t seed, unsigned one_in,
                 struct error *e);

/* The image of its code. */
struct image *matrix_image(const struct batch *b, struct error *e);

/* "User, EN 1 EX 0, TCP10 1 TCP11 1 TASE 0, CPACR 0x00f00000, vmov r4, s5" into buf; returns buf. */
const char *matrix_cell(const struct image *image, const struct conformance_case *c, char *buf, size_t size);

enum outcome { EXECUTES, UNDEF, HYP_TRAP, OTHER, OUTCOMES };

extern const char *const matrix_outcomes[OUTCOMES];

enum outcome matrix_outcome(const uint32_t end[STATE_WORDS]);

/* The same with where it was taken, and the syndrome. */
const char *matrix_end(const uint32_t end[STATE_WORDS], char *buf, size_t size);

#endif
