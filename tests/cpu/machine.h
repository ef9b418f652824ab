/* SPDX-License-Identifier: MIT */
/* A core with a little memory and a recording environment, for tests. */
#ifndef LAZYSWITCH_TESTS_CPU_MACHINE_H
#define LAZYSWITCH_TESTS_CPU_MACHINE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "model/cpu/cpu.h"
#include "model/cpu/image.h"

#define MEM_BASE  0x00100000u
#define MEM_BYTES 0x1000u

struct machine {
	struct cpu cpu;
	struct image *image;
	uint8_t memory[MEM_BYTES];
	struct cpu_env env;
	struct error e;
	/* What happened: */
	struct cpu_event events[16];
	unsigned n_events;
	unsigned n_access;
	uint32_t access_address[4], access_bytes[4];
	bool access_write[4];
	unsigned n_choices;
	/* What the environment does: */
	unsigned choices;       /* bit i: answer of the i-th choose() */
	enum cpu_access answer; /* to access() within memory */
	bool stop_at_event;
};

/* IMAGE_DIR name "-le.elf" or "-be.elf"; fails the test if it does not load. */
void machine_init(struct machine *m, const char *name, bool big_endian);
void machine_free(struct machine *m);
/* Points env at this machine: for copies and machines with an image of their own. */
void machine_environment(struct machine *m);
/* Forgets events, accesses and choices; memory byte i becomes i * 7 + 1; the core is reset with CPSR.E
 * fitting. */
void machine_reset(struct machine *m);
/* Sets PC to a symbol and executes one instruction. */
enum cpu_status machine_step(struct machine *m, const char *symbol);
enum cpu_status machine_step_at(struct machine *m, uint32_t address);
uint32_t machine_symbol(const struct machine *m, const char *name);
/* A word of memory in the image's endianness. */
uint32_t machine_word(const struct machine *m, uint32_t address);
void machine_set_word(struct machine *m, uint32_t address, uint32_t value);
/* Is every word of two cores, or of a part of each, the same? */
bool same_words(const void *a, const void *b, size_t bytes);
/* Puts the core into a mode, keeping everything else. */
void machine_mode(struct machine *m, uint32_t mode);
/* NULL or the event of that kind. */
const struct cpu_event *machine_event(const struct machine *m, enum cpu_event_kind kind);
/* "NzCv" to PSR bits. */
uint32_t flags_of(const char *text);
const char *flags_text(uint32_t psr, char buf[5]);

#endif
