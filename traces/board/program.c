/* SPDX-License-Identifier: MIT */
#include "program.h"

#include <gelf.h>
#include <stdlib.h>
#include <string.h>

extern const unsigned char board_monitor_little[], board_monitor_little_end[];
extern const unsigned char board_monitor_big[], board_monitor_big_end[];

enum { PARTS_MAX = 16 };

/* What lies together in memory. */
struct part {
	uint32_t address, bytes;
	void *data;
};

struct program {
	const struct board_schedule *s;
	bool big;
	struct part parts[PARTS_MAX];
	unsigned n_parts;
	uint8_t *room; /* for the data of all */
	size_t size, used;
};

static void put(const struct program *p, uint32_t *to, uint32_t value)
{
	*to = p->big ? __builtin_bswap32(value) : value;
}

/* Room for what lies at an address, all zero; the program owns it. NULL: `e` is filled in. */
static void *add(struct program *p, uint32_t address, size_t bytes, struct error *e)
{
	void *data = p->room + p->used;

	if (p->n_parts == PARTS_MAX || bytes > p->size - p->used) {
		error_set(e, "the image has too many segments, or the trace is too long, for a board");
		return NULL;
	}
	p->parts[p->n_parts++] = (struct part){address, (uint32_t)bytes, data};
	p->used += (bytes + 15) & ~(size_t)15;
	return data;
}

static int add_monitor(struct program *p, struct error *e)
{
	const unsigned char *start = p->big ? board_monitor_big : board_monitor_little,
	                    *end = p->big ? board_monitor_big_end : board_monitor_little_end;
	void *copy = add(p, BOARD_MONITOR, (size_t)(end - start), e);

	if (!copy)
		return -1;
	memcpy(copy, start, (size_t)(end - start));
	return 0;
}

/* Stage 2: four blocks of 1 GiB, each where it is; memory, but for the first, where devices are (B3.6.1, B3.6.2). */
static int add_stage2(struct program *p, struct error *e)
{
	enum {
		BLOCK = 1,
		DEVICE = 1 << 2,
		NORMAL = 15 << 2,
		READ_WRITE = 3 << 6,
		SHARED = 3 << 8,
		ACCESSED = 1 << 10
	};
	uint32_t *table = add(p, BOARD_STAGE2, 8 * sizeof(*table), e);

	if (!table)
		return -1;
	for (uint32_t i = 0; i < 4; i++)
		put(p, &table[2 * i + (p->big ? 1 : 0)],
		    i << 30 | BLOCK | (i == 0 ? DEVICE : NORMAL) | READ_WRITE | SHARED | ACCESSED);
	return 0;
}

static uint32_t rounded(uint32_t bytes)
{
	return (bytes + 3) & ~3u;
}

static int add_segment(struct program *p, const struct image_segment *segment, struct error *e)
{
	uint8_t *copy = add(p, segment->address + BOARD_LOAD_OFFSET, rounded(segment->bytes), e);

	if (!copy)
		return -1;
	memcpy(copy, segment->data, segment->bytes);
	return 0;
}

static size_t schedule_words(const struct board_schedule *s)
{
	size_t n = HEAD_WORDS + 3 * s->world->image->n_segments;

	for (size_t i = 0; i < s->n_turns; i++)
		n += TURN_WORDS + 2 * (s->turns[i].n_patches + s->turns[i].n_changes);
	return n;
}

static uint32_t *put_pairs(const struct program *p, uint32_t *to, const struct board_pair *pairs, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		put(p, to++, pairs[i].to);
		put(p, to++, pairs[i].value);
	}
	return to;
}

static uint32_t *put_turn(const struct program *p, uint32_t *to, const struct board_turn *turn)
{
	put(p, to + T_CPU, turn->cpu);
	put(p, to + T_KIND, turn->kind);
	put(p, to + T_STOP, turn->stop);
	put(p, to + T_DUMP, turn->dump);
	put(p, to + T_DUMP_BYTES, turn->dump_bytes);
	put(p, to + T_PATCHES, turn->n_patches);
	put(p, to + T_CHANGES, (uint32_t)turn->n_changes);
	to = put_pairs(p, to + TURN_WORDS, turn->patches, turn->n_patches);
	return put_pairs(p, to, p->s->changes + turn->change, turn->n_changes);
}

static int add_schedule(struct program *p, struct error *e)
{
	const struct board_schedule *s = p->s;
	const struct image *image = s->world->image;
	size_t n = schedule_words(s);
	uint32_t *words, *to;

	if (n * sizeof(*words) > BOARD_SCHEDULE_MAX)
		return error_set(
		        e, "the trace is too long for a board: its %zu turns need %zu MB, and there are %d",
		        s->n_turns, n * sizeof(*words) >> 20, BOARD_SCHEDULE_MAX >> 20);
	words = add(p, BOARD_SCHEDULE, n * sizeof(*words), e);
	if (!words)
		return -1;
	to = words + HEAD_WORDS;
	put(p, words + H_CPUS, s->world->config.cpus);
	put(p, words + H_COPIES, (uint32_t)image->n_segments);
	put(p, words + H_TURNS, (uint32_t)s->n_turns);
	put(p, words + H_RAM, s->world->ram_base);
	put(p, words + H_RAM_BYTES, s->world->ram_words * 4);
	for (size_t i = 0; i < image->n_segments; i++) {
		put(p, to++, image->segments[i].address);
		put(p, to++, image->segments[i].address + BOARD_LOAD_OFFSET);
		put(p, to++, rounded(image->segments[i].bytes));
	}
	for (size_t i = 0; i < s->n_turns; i++)
		to = put_turn(p, to, &s->turns[i]);
	return 0;
}

static int make_room(struct program *p, struct error *e)
{
	const struct image *image = p->s->world->image;

	p->size = 64 * 1024 + 4 * schedule_words(p->s);
	for (size_t i = 0; i < image->n_segments; i++)
		p->size += image->segments[i].bytes + 64;
	p->room = p->size < 1u << 28 ? calloc(p->size, 1) : NULL;
	return p->room ? 0 : error_set(e, "the program for the board does not fit into memory");
}

static int add_all(struct program *p, struct error *e)
{
	const struct image *image = p->s->world->image;

	if (add_monitor(p, e) || add_stage2(p, e) || add_schedule(p, e))
		return -1;
	for (size_t i = 0; i < image->n_segments; i++) {
		const struct image_segment *segment = &image->segments[i];

		if (segment->address < BOARD_RAM || segment->address - BOARD_RAM > 0x800000 ||
		    segment->bytes > 0x800000)
			return error_set(e,
			                 "the image has a segment at 0x%08x: on the board there is room for "
			                 "it from 0x%08x to 0x%08x",
			                 segment->address, BOARD_RAM, BOARD_MONITOR);
		if (add_segment(p, segment, e))
			return -1;
	}
	return 0;
}

static bool put_section(Elf *elf, const struct part *part)
{
	Elf_Scn *section = elf_newscn(elf);
	Elf_Data *data = section ? elf_newdata(section) : NULL;
	GElf_Shdr header;

	if (!data || !gelf_getshdr(section, &header))
		return false;
	data->d_buf = part->data;
	data->d_size = part->bytes;
	data->d_type = ELF_T_BYTE;
	data->d_align = 4;
	header.sh_type = SHT_PROGBITS;
	header.sh_flags = SHF_ALLOC | SHF_EXECINSTR;
	header.sh_addr = part->address;
	return gelf_update_shdr(section, &header) != 0;
}

/* Where the sections have come to lie is where segments are loaded from. */
static bool put_segments(Elf *elf, const struct program *p)
{
	for (unsigned i = 0; i < p->n_parts; i++) {
		Elf_Scn *section = elf_getscn(elf, i + 1);
		GElf_Shdr from;
		GElf_Phdr header;

		if (!section || !gelf_getshdr(section, &from) || !gelf_getphdr(elf, (int)i, &header))
			return false;
		header = (GElf_Phdr){.p_type = PT_LOAD,
		                     .p_offset = from.sh_offset,
		                     .p_vaddr = p->parts[i].address,
		                     .p_paddr = p->parts[i].address,
		                     .p_filesz = p->parts[i].bytes,
		                     .p_memsz = p->parts[i].bytes,
		                     .p_flags = PF_R | PF_W | PF_X,
		                     .p_align = 4};
		if (!gelf_update_phdr(elf, (int)i, &header))
			return false;
	}
	return true;
}

static bool put_elf(Elf *elf, const struct program *p)
{
	GElf_Ehdr header;

	if (!gelf_newehdr(elf, ELFCLASS32) || !gelf_getehdr(elf, &header))
		return false;
	header.e_ident[EI_DATA] = ELFDATA2LSB; /* the head only: emulators take no other for this machine */
	header.e_type = ET_EXEC;
	header.e_machine = EM_ARM;
	header.e_version = EV_CURRENT;
	header.e_flags = EF_ARM_EABI_VER5;
	header.e_entry = BOARD_MONITOR;
	if (!gelf_update_ehdr(elf, &header) || !gelf_newphdr(elf, p->n_parts))
		return false;
	for (unsigned i = 0; i < p->n_parts; i++) {
		if (!put_section(elf, &p->parts[i]))
			return false;
	}
	return elf_update(elf, ELF_C_NULL) >= 0 && put_segments(elf, p) && elf_update(elf, ELF_C_WRITE) >= 0;
}

int board_program_write(const struct board_schedule *s, int fd, const char *name, struct error *e)
{
	struct program p = {.s = s, .big = s->world->image->big_endian};
	int status = make_room(&p, e) || add_all(&p, e) ? -1 : 0;
	Elf *elf = NULL;

	if (status == 0) {
		if (elf_version(EV_CURRENT) == EV_NONE || !(elf = elf_begin(fd, ELF_C_WRITE, NULL)) ||
		    !put_elf(elf, &p))
			status = error_set(e, "%s: cannot be written: %s", name, elf_errmsg(-1));
	}
	if (elf)
		(void)elf_end(elf);
	free(p.room);
	return status;
}
