/* SPDX-License-Identifier: MIT */
#include "machine.h"

static enum cpu_access on_access(void *self, uint32_t address, uint32_t bytes, bool write, struct error *e)
{
	struct machine *m = self;

	if (m->n_access < 4) {
		m->access_address[m->n_access] = address;
		m->access_bytes[m->n_access] = bytes;
		m->access_write[m->n_access] = write;
	}
	m->n_access++;
	if (address < MEM_BASE || bytes > MEM_BYTES || address - MEM_BASE > MEM_BYTES - bytes) {
		error_set(e, "no memory at 0x%08x", address);
		return ACCESS_FAULT;
	}
	return m->answer;
}

static uint32_t get(const struct machine *m, uint32_t address, unsigned bytes)
{
	uint32_t value = 0;

	assert_true(address >= MEM_BASE && address - MEM_BASE <= MEM_BYTES - bytes);
	assert_int_equal(address & (bytes - 1), 0);
	for (unsigned i = 0; i < bytes; i++) {
		unsigned shift = 8 * (m->image->big_endian ? bytes - 1 - i : i);

		value |= (uint32_t)m->memory[address - MEM_BASE + i] << shift;
	}
	return value;
}

static void put(struct machine *m, uint32_t address, unsigned bytes, uint32_t value)
{
	assert_true(address >= MEM_BASE && address - MEM_BASE <= MEM_BYTES - bytes);
	assert_int_equal(address & (bytes - 1), 0);
	for (unsigned i = 0; i < bytes; i++) {
		unsigned shift = 8 * (m->image->big_endian ? bytes - 1 - i : i);

		m->memory[address - MEM_BASE + i] = (uint8_t)(value >> shift);
	}
}

/* Whether the instruction announced this access. */
static bool announced(const struct machine *m, uint32_t address, unsigned bytes, bool write)
{
	for (unsigned i = 0; i < m->n_access && i < 4; i++)
		if (m->access_write[i] == write && address >= m->access_address[i] &&
		    address - m->access_address[i] + bytes <= m->access_bytes[i])
			return true;
	return false;
}

static uint32_t on_load(void *self, uint32_t address, unsigned bytes)
{
	assert_true(announced(self, address, bytes, false));
	return get(self, address, bytes);
}

static void on_store(void *self, uint32_t address, unsigned bytes, uint32_t value)
{
	assert_true(announced(self, address, bytes, true));
	put(self, address, bytes, value);
}

static unsigned on_choose(void *self, unsigned n)
{
	struct machine *m = self;

	assert_int_equal(n, 2);
	assert_true(m->n_choices < 32);
	return m->choices >> m->n_choices++ & 1;
}

static bool on_event(void *self, const struct cpu_event *event)
{
	struct machine *m = self;

	if (m->n_events < 16)
		m->events[m->n_events] = *event;
	m->n_events++;
	return !m->stop_at_event;
}

void machine_init(struct machine *m, const char *name, bool big_endian)
{
	char path[1024];

	memset(m, 0, sizeof(*m));
	(void)snprintf(path, sizeof(path), "%s%s-%s.elf", IMAGE_DIR, name, big_endian ? "be" : "le");
	m->image = image_load_file(path, &m->e);
	if (m->image == NULL)
		fail_msg("%s", m->e.text);
	assert_int_equal(m->image->big_endian, big_endian);
	machine_environment(m);
	machine_reset(m);
}

void machine_environment(struct machine *m)
{
	m->env = (struct cpu_env){m, on_access, on_load, on_store, on_choose, on_event};
}

void machine_free(struct machine *m)
{
	image_free(m->image);
	m->image = NULL;
}

void machine_reset(struct machine *m)
{
	cpu_reset(&m->cpu, 0);
	if (m->image->big_endian)
		m->cpu.core.cpsr |= PSR_E;
	for (unsigned i = 0; i < MEM_BYTES; i++)
		m->memory[i] = (uint8_t)(i * 7 + 1);
	m->n_events = m->n_access = m->n_choices = 0;
	m->choices = 0;
	m->answer = ACCESS_OK;
	m->stop_at_event = false;
	m->e.text[0] = '\0';
}

enum cpu_status machine_step_at(struct machine *m, uint32_t address)
{
	m->cpu.core.pc = address;
	return cpu_step(&m->cpu, m->image, &m->env, &m->e);
}

uint32_t machine_symbol(const struct machine *m, const char *name)
{
	const struct image_symbol *s = image_symbol(m->image, name);

	if (s == NULL)
		fail_msg("no symbol %s", name);
	return s != NULL ? s->address : 0;
}

enum cpu_status machine_step(struct machine *m, const char *symbol)
{
	return machine_step_at(m, machine_symbol(m, symbol));
}

uint32_t machine_word(const struct machine *m, uint32_t address)
{
	return get(m, address, 4);
}

void machine_set_word(struct machine *m, uint32_t address, uint32_t value)
{
	put(m, address, 4, value);
}

bool same_words(const void *a, const void *b, size_t bytes)
{
	const uint32_t *x = a, *y = b;

	for (size_t i = 0; i < bytes / sizeof(*x); i++) {
		if (x[i] != y[i])
			return false;
	}
	return true;
}

void machine_mode(struct machine *m, uint32_t mode)
{
	m->cpu.core.cpsr = (m->cpu.core.cpsr & ~PSR_MODE) | mode;
}

const struct cpu_event *machine_event(const struct machine *m, enum cpu_event_kind kind)
{
	for (unsigned i = 0; i < m->n_events && i < 16; i++)
		if (m->events[i].kind == kind)
			return &m->events[i];
	return NULL;
}

uint32_t flags_of(const char *text)
{
	uint32_t flags = 0;

	for (; *text != '\0'; text++)
		flags |= *text == 'N'   ? PSR_N
		         : *text == 'Z' ? PSR_Z
		         : *text == 'C' ? PSR_C
		         : *text == 'V' ? PSR_V
		                        : 0;
	return flags;
}

const char *flags_text(uint32_t psr, char buf[5])
{
	for (unsigned i = 0; i < 4; i++)
		buf[i] = ((psr >> (31 - i) & 1) != 0 ? "NZCV" : "nzcv")[i];
	buf[4] = '\0';
	return buf;
}
