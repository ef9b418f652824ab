/* SPDX-License-Identifier: MIT */
/* One hostile input: made, given to the command, judged. */
#ifndef LAZYSWITCH_TESTS_HOSTILE_ATTACK_H
#define LAZYSWITCH_TESTS_HOSTILE_ATTACK_H

#include <stddef.h>
#include <stdint.h>

#include "../cli/run_command.h"

/* Statuses that an attack may end with, as a bit set. */
enum {
	PASSES = 1 << 0,
	FAILS = 1 << 1,
	REFUSED = 1 << 2,
	LIMITED = 1 << 3, /* a limit that attack() itself sets: time, states, memory */
	ANY = PASSES | FAILS | REFUSED | LIMITED,
};

struct attacks {
	char *directory;   /* for its files; also the place of temporary files */
	unsigned n;        /* attacks so far */
	unsigned wrong;    /* those that ended in another way than they should */
	unsigned ended[4]; /* by exit status */
	uint64_t seed;
};

/* A pseudo-random number below `n`, the same in every run. */
uint32_t attack_random(struct attacks *a, uint32_t n);

/* Writes a file into the directory and returns its path, in buf of 256 bytes. */
const char *attack_file(const struct attacks *a, const char *name, const void *bytes, size_t size, char *buf);

/*
 * Checks the files with the command. Counts as wrong unless it ends with one of the statuses, and, when
 * refused, with a message that contains `message` (NULL: any).
 */
void attack(struct attacks *a, const char *what, const char *files, unsigned statuses, const char *message);

/* The kinds of attacks. */
void elf_cases(void **state);
void object_cases(void **state);
void symbol_cases(void **state);
void code_cases(void **state);
void random_code_cases(void **state);
void source_cases(void **state);
void large_source_cases(void **state);

/* A shipped image, read from the build tree; the caller frees it. */
uint8_t *attack_image(const char *name, size_t *size);

/* The file offset of a symbol's entry in the symbol table of an image; the test fails if there is none. */
size_t attack_symbol(const uint8_t *image, const char *name);

#endif
