/* SPDX-License-Identifier: MIT */
/* ELF files, linked and unlinked, that are cut off, damaged, or lie. */
#include <setjmp.h>
#include <stdarg.h>
#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "attack.h"

static void attack_bytes(struct attacks *a, const char *what, const char *name, const uint8_t *bytes,
                         size_t size, unsigned statuses)
{
	char path[256];

	attack(a, what, attack_file(a, name, bytes, size, path), statuses, NULL);
}

static void truncate_somewhere(struct attacks *a, const char *file, const char *name, unsigned n,
                               unsigned statuses)
{
	size_t size;
	uint8_t *bytes = attack_image(file, &size);
	char what[128];

	for (unsigned i = 0; i < n; i++) {
		uint32_t cut = i < 3 ? i * 26 : attack_random(a, (uint32_t)size);

		(void)snprintf(what, sizeof(what), "%s cut off after %u bytes", file, cut);
		attack_bytes(a, what, name, bytes, cut, statuses);
	}
	free(bytes);
}

/* Headers are hit more often than the rest: the first bytes, the last ones, anywhere. */
static void flip_bits(struct attacks *a, const char *file, const char *name, unsigned n, unsigned statuses)
{
	size_t size;
	uint8_t *bytes = attack_image(file, &size), *copy = malloc(size);
	char what[128];

	assert_non_null(copy);
	for (unsigned i = 0; i < n; i++) {
		uint32_t where = 0, bits = 1 + attack_random(a, 4);

		memcpy(copy, bytes, size);
		for (unsigned k = 0; k < bits; k++) {
			where = i % 4 == 0   ? attack_random(a, 120)
			        : i % 4 == 1 ? (uint32_t)size - 1 - attack_random(a, 640)
			                     : attack_random(a, (uint32_t)size);
			copy[where] ^= (uint8_t)(1u << attack_random(a, 8));
		}
		(void)snprintf(what, sizeof(what), "%s, flip %u: %u bits, the last one in byte %u", file, i,
		               bits, where);
		attack_bytes(a, what, name, copy, size, statuses);
	}
	free(copy);
	free(bytes);
}

/* Each field of the program headers and of some section headers, with values that make no sense. */
static void lie_in_headers(struct attacks *a)
{
	static const uint32_t lies[] = {0, 3, 0x7fffffff, 0xfffffff0};
	size_t size;
	uint8_t *bytes = attack_image("little/v3.elf", &size), *copy = malloc(size);
	Elf32_Ehdr header;
	char what[128];

	assert_non_null(copy);
	memcpy(&header, bytes, sizeof(header));
	for (unsigned field = 1; field < 6; field++) { /* offset, vaddr, paddr, filesz, memsz */
		uint32_t lie = lies[attack_random(a, 4)];

		memcpy(copy, bytes, size);
		memcpy(copy + header.e_phoff + (field & 1) * sizeof(Elf32_Phdr) + field * 4, &lie, 4);
		(void)snprintf(what, sizeof(what), "program header %u, word %u is 0x%x", field & 1, field,
		               lie);
		attack_bytes(a, what, "lie.elf", copy, size, ANY);
	}
	for (unsigned i = 0; i < 15; i++) {
		uint32_t section = attack_random(a, header.e_shnum), field = 1 + attack_random(a, 9);
		uint32_t lie = lies[attack_random(a, 4)];

		memcpy(copy, bytes, size);
		memcpy(copy + header.e_shoff + section * sizeof(Elf32_Shdr) + field * 4, &lie, 4);
		(void)snprintf(what, sizeof(what), "section %u, word %u is 0x%x", section, field, lie);
		attack_bytes(a, what, "lie.elf", copy, size, ANY);
	}
	free(copy);
	free(bytes);
}

void elf_cases(void **state)
{
	struct attacks *a = *state;

	truncate_somewhere(a, "little/v3.elf", "cut.elf", 12, REFUSED | PASSES);
	flip_bits(a, "little/v3.elf", "flip.elf", 30, ANY);
	flip_bits(a, "big/shadow.elf", "flip.elf", 10, ANY);
	lie_in_headers(a);
}

/* What is linked first: the linker sees it, too. */
void object_cases(void **state)
{
	struct attacks *a = *state;

	truncate_somewhere(a, "little/variant-v3.o", "cut.o", 8, REFUSED | PASSES);
	flip_bits(a, "little/variant-v3.o", "flip.o", 16, ANY);
}

/* Symbols that the world believes in, somewhere else. */
void symbol_cases(void **state)
{
	static const char *const names[] = {
	        "boot_params", "on_cpu",    "thread_union", "vfp_current_hw_state", "kvm_host_cpu_state",
	        "kvm_vcpus",   "user_fp",   "user_choose",  "guest_choose",         "kvm_arm_hyp_stack",
	        "guest_fpexc", "guest_exit"};
	static const uint32_t places[] = {0, 0x40010002, 0x40010004, 0x40018000, 0x4001c000, 0xfffffffc};
	struct attacks *a = *state;
	size_t size;
	uint8_t *bytes = attack_image("little/v3.elf", &size);
	char what[128];

	for (size_t i = 0; i < 2 * sizeof(names) / sizeof(names[0]); i++) {
		const char *name = names[i / 2];
		size_t entry = attack_symbol(bytes, name) + offsetof(Elf32_Sym, st_value);
		uint32_t place = places[attack_random(a, sizeof(places) / sizeof(places[0]))], old;

		memcpy(&old, bytes + entry, 4);
		memcpy(bytes + entry, &place, 4);
		(void)snprintf(what, sizeof(what), "%s is at 0x%x", name, place);
		attack_bytes(a, what, "symbol.elf", bytes, size, ANY);
		memcpy(bytes + entry, &old, 4);
	}
	free(bytes);
}
