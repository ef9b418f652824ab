/* SPDX-License-Identifier: MIT */
/* The properties: what counts as an observation, and what must be seen. */
#ifndef LAZYSWITCH_MODEL_WORLD_OBSERVE_H
#define LAZYSWITCH_MODEL_WORLD_OBSERVE_H

#include "machine.h"

/* Records a violation; the text is formatted as by printf. */
void observe_violation(struct machine *m, enum world_property property, const char *format, ...)
        __attribute__((format(printf, 3, 4)));

/* The context that runs on the machine's current CPU looks at all its FP registers and gives them new values.
 */
void observe_fp_compute(struct machine *m);
/* The kernel does to the registers what an FP instruction of the current thread, `raw`, does: the same for the thread. */
void observe_emulated(struct machine *m, uint32_t raw);
/* Somebody looks at the FP data of `owner` in memory, a struct vfp_hard_struct, on behalf of `who`. */
void observe_area(struct machine *m, const uint32_t *area, const char *who, unsigned owner);
/* FP data is stored in word i of the RAM: if that is in a save area, it should be the newest of whom the area
 * is for.
 */
void observe_save(struct machine *m, uint32_t i, uint32_t word);
/* VMRS and VMSR of FPEXC. */
void observe_fpexc_read(struct machine *m, uint32_t value);
void observe_fpexc_write(struct machine *m, uint32_t value);
/* An exception was taken. */
void observe_exception(struct machine *m, const struct cpu_event *event);
/* A user thread's FP instruction starts, whatever becomes of it. */
void observe_user_fp(struct machine *m);

#endif
