/* SPDX-License-Identifier: MIT */
/* Loading: good files, every kind of bad file, symbols and lines. */
#include <elf.h>
#include <stdlib.h>

#include "machine.h"

/* A file's bytes; the caller frees them. */
static uint8_t *slurp(const char *name, size_t *size)
{
	char path[1024];
	FILE *f;
	uint8_t *bytes;
	long n;

	(void)snprintf(path, sizeof(path), "%s%s", IMAGE_DIR, name);
	f = fopen(path, "rb");
	assert_non_null(f);
	assert_int_equal(fseek(f, 0, SEEK_END), 0);
	n = ftell(f);
	assert_true(n > 0);
	rewind(f);
	bytes = malloc((size_t)n);
	assert_non_null(bytes);
	assert_int_equal(fread(bytes, 1, (size_t)n, f), n);
	(void)fclose(f);
	*size = (size_t)n;
	return bytes;
}

static void refuse(const void *bytes, size_t size, const char *message)
{
	struct error e = {""};
	struct image *image = image_load("sample.elf", bytes, size, &e);

	assert_null(image);
	if (strstr(e.text, message) == NULL || strstr(e.text, "sample.elf") == NULL)
		fail_msg("message is \"%s\", expected \"%s\"", e.text, message);
}

static void good(const char *file, bool big_endian)
{
	size_t size;
	uint8_t *bytes = slurp(file, &size);
	struct error e;
	struct image *image = image_load(file, bytes, size, &e);
	const struct image_symbol *twice, *s;
	char where[64];
	const char *source;
	int line;

	free(bytes);
	if (image == NULL) {
		fail_msg("%s", e.text);
		return;
	}
	assert_int_equal(image->big_endian, big_endian);
	assert_int_equal(image->entry, 0x8000);
	twice = image_symbol(image, "twice");
	assert_non_null(twice);
	assert_true(twice->function && twice->global && !twice->weak);
	assert_true(image_symbol(image, "weak_function")->weak);
	assert_false(image_symbol(image, "counter")->function);
	assert_null(image_symbol(image, "no such symbol"));
	assert_null(image_symbol(image, "$a"));
	for (size_t i = 1; i < image->n_symbols; i++)
		assert_true(image->symbols[i - 1].address <= image->symbols[i].address);

	assert_ptr_equal(image_symbol_at(image, twice->address), twice);
	assert_ptr_equal(image_symbol_at(image, twice->address + 4), twice);
	assert_string_equal(image_where(image, twice->address + 4, where, sizeof(where)), "twice+0x4");
	assert_string_equal(image_where(image, twice->address, where, sizeof(where)), "twice");
	s = image_symbol(image, "a_label");
	assert_non_null(s);
	assert_string_equal(image_symbol_at(image, s->address)->name, "a_label");
	assert_null(image_symbol_at(image, image_symbol(image, "counter")->address));
	assert_string_equal(image_where(image, 0xf0000000, where, sizeof(where)), "0xf0000000");

	assert_true(image_line(image, twice->address, &source, &line));
	assert_non_null(strstr(source, "sample.c"));
	assert_int_equal(line, 7);
	assert_false(image_line(image, 0xf0000000, &source, &line));
	assert_int_equal(image_insn(image, twice->address)->raw, 0xe52db004); /* push {fp} */
	assert_non_null(image_insn(image, s->address));
	assert_null(image_insn(image, twice->address + 2));
	assert_null(image_insn(image, image->code_end));

	/* The literal is data, in the data's endianness; .bss is zero filled. */
	for (uint32_t at = s->address;; at += 4) {
		const struct insn *in = image_insn(image, at);

		assert_non_null(in);
		if (in->raw == (big_endian ? 0xbebafecau : 0xcafebabeu)) {
			assert_int_equal(in->flow, FLOW_END);
			break;
		}
	}
	s = image_symbol(image, "zeroed");
	for (size_t i = 0; i < image->n_segments; i++) {
		const struct image_segment *g = &image->segments[i];

		if (s->address - g->address < g->bytes) {
			assert_true(g->writable && !g->executable);
			for (unsigned b = 0; b < 16; b++)
				assert_int_equal(g->data[s->address - g->address + b], 0);
		}
	}
	image_free(image);
}

static void test_good(void **state)
{
	(void)state;
	good("sample-le.elf", false);
	good("sample-be.elf", true);
}

/* Runs the sample's twice(21) through the core. */
static void test_runs(void **state)
{
	static struct machine m;

	(void)state;
	for (unsigned big = 0; big < 2; big++) {
		machine_init(&m, "sample", big != 0);
		m.cpu.core.r[0] = 21;
		m.cpu.core.sp[BANK_SVC] = MEM_BASE + 0x100;
		m.cpu.core.lr[BANK_SVC] = 0xfff0;
		m.cpu.core.pc = machine_symbol(&m, "twice");
		while (m.cpu.core.pc != 0xfff0) {
			m.n_access = 0;
			assert_int_equal(cpu_step(&m.cpu, m.image, &m.env, &m.e), CPU_OK);
		}
		assert_int_equal(m.cpu.core.r[0], 42);
		assert_int_equal(m.cpu.core.sp[BANK_SVC], MEM_BASE + 0x100);
		machine_free(&m);
	}
}

/* A file cut off anywhere is refused or (behind the last byte that matters) loads; nothing reads beyond it.
 */
static void test_truncated(void **state)
{
	size_t size;
	uint8_t *bytes = slurp("sample-le.elf", &size);
	Elf32_Ehdr header;
	Elf32_Phdr segment;

	(void)state;
	memcpy(&header, bytes, sizeof(header));
	memcpy(&segment, bytes + header.e_phoff, sizeof(segment));
	for (size_t n = 0; n < size; n += n < 0x200 || n > size - 0x800 ? 1 : 61) {
		struct error e = {""};
		uint8_t *exact = malloc(n == 0 ? 1 : n); /* so that ASan sees an access behind it */
		struct image *image;

		assert_non_null(exact);
		memcpy(exact, bytes, n);
		image = image_load("sample.elf", exact, n, &e);
		if (n < segment.p_offset + segment.p_filesz)
			assert_null(image);
		if (image == NULL)
			assert_non_null(strstr(e.text, "sample.elf"));
		image_free(image);
		free(exact);
	}
	free(bytes);
}

static void test_wrong_kind(void **state)
{
	size_t size;
	uint8_t *bytes = slurp("sample-le.elf", &size), *copy = malloc(size);
	Elf32_Ehdr *h = (Elf32_Ehdr *)(void *)copy;
	Elf32_Phdr *ph;

	(void)state;
	assert_non_null(copy);
	refuse("", 0, "not an ELF file");
	refuse("\177ELF", 4, "not an ELF file");
	refuse("#include <linux/kvm.h> and so on and so forth, in sixty bytes", 60, "not an ELF file");
#define WITH(change, message)                                                                                \
	memcpy(copy, bytes, size);                                                                           \
	ph = (Elf32_Phdr *)(void *)(copy + h->e_phoff);                                                      \
	change;                                                                                              \
	refuse(copy, size, message)
	WITH(h->e_machine = EM_386, "not for ARM");
	WITH(h->e_machine = EM_AARCH64, "not for ARM");
	WITH(h->e_ident[EI_CLASS] = ELFCLASS64, "64-bit");
	WITH(h->e_type = ET_REL, "relocatable object; link it first");
	WITH(h->e_type = ET_DYN, "position independent");
	WITH(h->e_type = ET_CORE, "not an executable");
	WITH(h->e_entry |= 1, "Thumb");
	WITH(h->e_phnum = 0, "no program headers");
	WITH(h->e_phoff = 0xfffffff0, "sample.elf");
	WITH(ph[0].p_offset = 0xfffffff0, "truncated");
	WITH(ph[0].p_filesz = 0x7fffffff, "sample.elf");
	WITH(ph[0].p_memsz = 1, "inconsistent");
	WITH(ph[0].p_vaddr = 0xfffffff0, "inconsistent");
	WITH(ph[0].p_vaddr |= 2, "inconsistent");
	WITH(ph[1].p_vaddr = ph[0].p_vaddr, "overlap");
	WITH(ph[1].p_memsz = 65 << 20, "64 MiB");
	WITH(ph[0].p_flags = PF_R, "no code");
	WITH(ph[2].p_type = PT_INTERP, "dynamically linked");
	WITH(ph[2].p_type = PT_DYNAMIC, "dynamically linked");
	WITH((ph[1].p_flags |= PF_X, ph[1].p_vaddr = 0x40000000), "4 MiB");
#undef WITH
	free(copy);
	free(bytes);

	bytes = slurp("sample-be.elf", &size);
	bytes[offsetof(Elf32_Ehdr, e_flags) + 1] &= 0x7f; /* EF_ARM_BE8, big endian */
	refuse(bytes, size, "not BE8");
	free(bytes);

	struct error e;

	assert_null(image_load_file("/no/such/file", &e));
	assert_non_null(strstr(e.text, "/no/such/file"));
	assert_null(image_load_file("/", &e));
}

/* Bytes changed at random: whatever it does, it does it without a crash, and execution of the result is safe,
 * too. */
static void test_damaged(void **state)
{
	static struct machine m;
	size_t size;
	uint8_t *bytes = slurp("sample-le.elf", &size), *copy = malloc(size);
	uint32_t seed = 12345;

	(void)state;
	assert_non_null(copy);
	for (unsigned round = 0; round < 3000; round++) {
		struct error e = {""};
		struct image *image;

		memcpy(copy, bytes, size);
		for (unsigned i = 0; i < 1 + round % 8; i++) {
			size_t at;

			seed = seed * 1664525 + 1013904223;
			/* Headers matter most: the first 128 bytes, the last 0x400, or anywhere. */
			at = seed >> 8;
			at = round % 3 == 0 ? at % 128 : round % 3 == 1 ? size - 1 - at % 0x400 : at % size;
			copy[at] = (uint8_t)(seed >> 5);
		}
		image = image_load("sample.elf", copy, size, &e);
		if (image == NULL) {
			assert_true(e.text[0] != '\0');
			continue;
		}
		memset(&m, 0, sizeof(m));
		m.image = image;
		machine_environment(&m);
		machine_reset(&m);
		m.cpu.core.pc = image->entry;
		for (unsigned i = 0; i < 20 && cpu_step(&m.cpu, image, &m.env, &m.e) == CPU_OK; i++)
			m.n_access = 0;
		image_free(image);
	}
	free(copy);
	free(bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_good),      cmocka_unit_test(test_runs),
	        cmocka_unit_test(test_truncated), cmocka_unit_test(test_wrong_kind),
	        cmocka_unit_test(test_damaged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
