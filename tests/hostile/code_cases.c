/* SPDX-License-Identifier: MIT */
/* Code that does what code should not, put in the place of good code. */
#include <setjmp.h>
#include <stdarg.h>
#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "attack.h"

/* Two instructions, the second at the first one's address + 4. */
static const struct evil {
	const char *what;
	uint32_t code[2];
} evils[] = {
        {"branches to itself", {0xeafffffe, 0xeafffffe}},
        {"branches to and fro", {0xe1a00000, 0xeafffffd}},
        {"an unknown BKPT", {0xe12fff7f, 0xe12fff1e}},
        {"the world's BKPT for the next task", {0xe1200071, 0xe12fff1e}},
        {"the world's BKPT that leaves KVM", {0xe1200074, 0xe12fff1e}},
        {"permanently undefined", {0xe7f000f0, 0xe12fff1e}},
        {"jumps to 0", {0xe3a0f000, 0xe12fff1e}},
        {"jumps into data", {0xe59ff000, 0x40018000}},
        {"jumps to an odd address", {0xe3a00001, 0xe12fff10}},
        {"loads from 0", {0xe3a01000, 0xe5910000}},
        {"stores to 0xfffffffc", {0xe3e01003, 0xe5810000}},
        {"an unaligned load", {0xe24d1002, 0xe5910003}},
        {"an unaligned load multiple", {0xe38d1002, 0xe8910ff0}},
        {"recurses", {0xe92d4000, 0xebfffffd}},
        {"pushes for ever", {0xe92d4000, 0xeafffffd}},
        {"pops for ever", {0xe8bd4000, 0xeafffffd}},
        {"calls the kernel", {0xef000000, 0xe12fff1e}},
        {"calls the hypervisor", {0xe1400070, 0xe12fff1e}},
        {"goes to user mode", {0xe3a00010, 0xe121f000}},
        {"goes to a mode that is not there", {0xe3a0001c, 0xe121f000}},
        {"goes to Hyp mode", {0xe3a0001a, 0xe121f000}},
        {"returns from no exception", {0xe160006e, 0xe1b0f00e}},
        {"waits for an interrupt", {0xe320f003, 0xeafffffd}},
        {"loses its stack", {0xe3a0d000, 0xe92d4000}},
        {"stores FP registers to 0", {0xe3a01000, 0xec811b20}},
        {"disables CP10", {0xe3a01000, 0xee011f50}},
        {"moves VBAR", {0xe3e01000, 0xee0c1f10}},
        {"moves HVBAR", {0xe3e01000, 0xee8c1f10}},
        {"a Thumb instruction", {0xe1a0100f, 0xe12fff31}},
        {"an unknown coprocessor", {0xee010f10, 0xe12fff1e}},
};
enum { EVILS = sizeof(evils) / sizeof(evils[0]) };

/* Where: in user mode, guest, kernel with interrupts on and off, Hyp mode. */
static const char *const places[] = {"kvm_arch_vcpu_load",
                                     "kvm_arch_vcpu_put",
                                     "__kvm_vcpu_run",
                                     "__kvm_vcpu_return",
                                     "vfp_thread_switch",
                                     "vfp_support_entry",
                                     "kernel_neon_begin",
                                     "switch_to_guest_vfp",
                                     "user_fp",
                                     "guest_fp",
                                     "do_syscall",
                                     "preempt_schedule_irq",
                                     "start_kernel",
                                     "hyp_hvc",
                                     "__switch_to"};
enum { PLACES = sizeof(places) / sizeof(places[0]) };

/* The file offset of the code at a symbol. */
static size_t code_at(const uint8_t *image, const char *name)
{
	Elf32_Ehdr header;
	Elf32_Phdr text;
	Elf32_Sym symbol;

	memcpy(&header, image, sizeof(header));
	memcpy(&text, image + header.e_phoff, sizeof(text));
	memcpy(&symbol, image + attack_symbol(image, name), sizeof(symbol));
	return symbol.st_value - text.p_vaddr + text.p_offset;
}

void code_cases(void **state)
{
	struct attacks *a = *state;
	uint8_t *image;
	size_t size;
	char what[160], path[256];

	image = attack_image("little/v3-byte.elf", &size);
	for (unsigned i = 0; i < 60; i++) {
		const struct evil *evil = &evils[i % EVILS];
		const char *place = places[attack_random(a, PLACES)];
		size_t at = code_at(image, place) + 4 * (size_t)attack_random(a, 3);
		uint8_t old[8];

		memcpy(old, image + at, 8);
		memcpy(image + at, evil->code, 8);
		(void)snprintf(what, sizeof(what), "%s: %s", place, evil->what);
		attack(a, what, attack_file(a, "evil.elf", image, size, path), ANY, NULL);
		memcpy(image + at, old, 8);
	}
	free(image);
}

/* Any word at all, where it is executed. */
void random_code_cases(void **state)
{
	struct attacks *a = *state;
	uint8_t *image;
	size_t size;
	char what[160], path[256];

	image = attack_image("little/load-put.elf", &size);
	for (unsigned i = 0; i < 30; i++) {
		const char *place = places[attack_random(a, PLACES)];
		size_t at = code_at(image, place) + 4 * (size_t)attack_random(a, 4);
		uint32_t word = 0xe0000000 | attack_random(a, 0x10000) << 12 | attack_random(a, 0x1000), old;

		memcpy(&old, image + at, 4);
		memcpy(image + at, &word, 4);
		(void)snprintf(what, sizeof(what), "%s: 0x%08x at file offset 0x%zx", place, word, at);
		attack(a, what, attack_file(a, "random.elf", image, size, path), ANY, NULL);
		memcpy(image + at, &old, 4);
	}
	free(image);
}
