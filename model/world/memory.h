/* SPDX-License-Identifier: MIT */
/* The memory of a machine, as its cores see it: slots on demand, ownership, dead words. */
#ifndef LAZYSWITCH_MODEL_WORLD_MEMORY_H
#define LAZYSWITCH_MODEL_WORLD_MEMORY_H

#include "machine.h"

/* Has a slot loaded, if it is not. */
static inline void memory_need(struct machine *m, unsigned slot)
{
	if (!m->loaded[slot]) {
		m->load(m->load_arg, m, slot);
		m->loaded[slot] = 1;
	}
}

/* The three memory functions of a struct cpu_env whose self is the machine. */
enum cpu_access memory_access(void *self, uint32_t address, uint32_t bytes, bool write, struct error *e);
uint32_t memory_load(void *self, uint32_t address, unsigned bytes);
void memory_store(void *self, uint32_t address, unsigned bytes, uint32_t value);

/* The save area (struct vfp_hard_struct) at an address, its slot loaded and about to be written. */
uint32_t *memory_area(struct machine *m, uint32_t address);

/* Ghosts that live in the slot of a task or vCPU: ready to be read and written. */
uint32_t *memory_in_kvm(struct machine *m, uint32_t task);
uint32_t *memory_guest_fpexc(struct machine *m, unsigned vcpu);

/* After boot: what is in the host contexts of KVM was never stored there, so it counts as spent. */
void memory_never_stored(struct machine *m);

/* Forgets which words of save areas were loaded. */
void memory_forget_spent(struct machine *m);

#endif
