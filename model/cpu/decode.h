/* SPDX-License-Identifier: MIT */
/* Internal to model/cpu: from an instruction word to struct insn. */
#ifndef LAZYSWITCH_MODEL_CPU_DECODE_H
#define LAZYSWITCH_MODEL_CPU_DECODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "image.h"
#include "insn.h"

/* A Capstone handle and its scratch instruction. */
struct decoder {
	size_t handle;
	void *scratch;
};

/* Returns false if Capstone cannot be had. */
bool decoder_open(struct decoder *d, struct error *e);
void decoder_close(struct decoder *d);

/* A word that is not code. */
void decode_data(uint32_t raw, struct insn *out);

/*
 * Decodes one word. An encoding that this machine does not know decodes as OP_UNKNOWN. Returns false only if
 * the image's CP15 slots are used up.
 */
bool decode_insn(struct decoder *d, struct image *image, uint32_t address, uint32_t raw, struct insn *out,
                 struct error *e);

/*
 * The decoders of groups: `in` has raw, cond (14 for the unconditional space), and the neutral facts of
 * decode_insn(); they return false if the encoding is none of the group's or is UNPREDICTABLE.
 */

/* decode_data.c */
bool decode_data_processing(struct insn *in);
bool decode_multiply(struct insn *in);
bool decode_bit_field(struct insn *in);
bool decode_data_misc(struct insn *in);
/* Type and amount of an immediate shift (DecodeImmShift(), A8.4.3); RRX uses the flags. */
void shift_operand(struct insn *in);

/* decode_mem.c */
bool decode_load_store(struct insn *in);
bool decode_extra_load_store(struct insn *in);
bool decode_exclusive(struct insn *in);
bool decode_multiple(struct insn *in);
bool decode_srs_rfe(struct insn *in);

/* decode_vfp.c: the FP and Advanced SIMD encodings. `id` is Capstone's; `high` says that it names D16-D31. */
bool decode_vfp(unsigned id, bool high, struct insn *in);

static inline uint32_t bits(uint32_t raw, unsigned high, unsigned low)
{
	return raw >> low & ((2u << (high - low)) - 1);
}

/* The bit of a register in uses and defs; PC has none. */
static inline uint32_t ubit(unsigned n)
{
	return n < 15 ? 1u << n : 0;
}

static inline bool is(uint32_t raw, uint32_t mask, uint32_t value)
{
	return (raw & mask) == value;
}

/* Everything may matter to what comes next: another mode, another level, the environment. */
static inline void uses_all(struct insn *in)
{
	in->uses = 0x7fffu | INSN_FLAGS;
	in->defs = 0;
}

#endif
