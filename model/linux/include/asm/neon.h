/* SPDX-License-Identifier: MIT */
#ifndef ASM_NEON_H
#define ASM_NEON_H

void kernel_neon_begin(void);
void kernel_neon_end(void);

/* Not in an interrupt, of which a softirq is one. */
bool may_use_simd(void);

/* Between the two. */
void compute_with_neon(void);

/* A kernel path that may, or may not, compute with NEON (a checksum, a cipher, RAID). */
void kernel_path_with_neon(void);

#endif
