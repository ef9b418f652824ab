/* SPDX-License-Identifier: MIT */
#include "columns.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/world/tags.h"
#include "sim/replay.h"
#include "story_private.h"

enum {
	OF_CPU_RUNS,
	OF_CPU_MODE,
	OF_CPU_HOLDS,
	OF_CPU_EN,
	OF_CPU_TRAP,
	OF_CPU_STATE,
	OF_CPU_LEFT,
	CPU_COLUMNS
};
enum { OF_VCPU_DIRTY, OF_VCPU_HOST, OF_VCPU_LEFT, OF_VCPU_AREA, VCPU_COLUMNS };
enum { COLUMNS_MAX = NR_CPUS * CPU_COLUMNS + NR_VCPUS * VCPU_COLUMNS + NR_THREADS };

static const struct {
	const char *name, *label;
	bool context;
} cpu_columns[CPU_COLUMNS] =
        {
                [OF_CPU_RUNS] = {"runs", "runs", true},
                [OF_CPU_MODE] = {"mode", "mode", false},
                [OF_CPU_HOLDS] = {"hw.owner", "FP registers", true},
                [OF_CPU_EN] = {"fpexc.en", "FPEXC.EN", false},
                [OF_CPU_TRAP] = {"hcptr.fp", "HCPTR traps FP", false},
                [OF_CPU_STATE] = {"hw_state", "vfp_current_hw_state", true},
                [OF_CPU_LEFT] = {"host.fpexc.en", "EN that host code left", false},
},
  vcpu_columns[VCPU_COLUMNS] = {
          [OF_VCPU_DIRTY] = {"dirty", "dirty flag", false},
          [OF_VCPU_HOST] = {"host_fpexc.en", "EN kept for the host", false},
          [OF_VCPU_LEFT] = {"guest.fpexc.en", "EN that the guest left", false},
          [OF_VCPU_AREA] = {"vfp_guest", "vfp_guest", true},
};

static void add(struct columns *c, const char *group, const char *name, const char *label, bool context)
{
	struct column *column = &c->column[c->n++];

	column->label = label;
	column->context = context;
	(void)snprintf(column->group, sizeof(column->group), "%s", group);
	(void)snprintf(column->name, sizeof(column->name), "%s.%s", group, name);
}

static void add_all(struct columns *c, const struct world *w)
{
	char group[16];

	for (unsigned cpu = 0; cpu < w->config.cpus; cpu++) {
		(void)snprintf(group, sizeof(group), "cpu%u", cpu);
		for (unsigned i = 0; i < CPU_COLUMNS; i++)
			add(c, group, cpu_columns[i].name, cpu_columns[i].label, cpu_columns[i].context);
	}
	for (unsigned vcpu = 0; vcpu < world_vcpus(&w->config); vcpu++) {
		(void)snprintf(group, sizeof(group), "vcpu%u", vcpu);
		for (unsigned i = 0; i < VCPU_COLUMNS; i++)
			add(c, group, vcpu_columns[i].name, vcpu_columns[i].label, vcpu_columns[i].context);
	}
	for (unsigned i = 0; i < world_threads(&w->config); i++) {
		world_task_name(w, NR_CPUS + i, group, sizeof(group));
		add(c, group, "vfpstate", "vfpstate", true);
	}
}

/* Whose data 32 D registers hold: the one context's, or "mixed". */
static void data_text(const struct world *w, const uint64_t *d, char *text)
{
	char name[32];

	for (unsigned i = 1; i < 32; i++) {
		if (is_tag((uint32_t)d[i]) != is_tag((uint32_t)d[0]) ||
		    tag_owner((uint32_t)d[i]) != tag_owner((uint32_t)d[0]) ||
		    tag_stale((uint32_t)d[i]) != tag_stale((uint32_t)d[0])) {
			(void)snprintf(text, COLUMN_TEXT, "mixed");
			return;
		}
	}
	if (!is_tag((uint32_t)d[0]))
		(void)snprintf(text, COLUMN_TEXT, "no FP data");
	else
		(void)snprintf(text, COLUMN_TEXT, "%s%s",
		               world_owner_name(w, tag_owner((uint32_t)d[0]), name, sizeof(name)),
		               tag_stale((uint32_t)d[0]) ? " (old)" : "");
}

/* The same for a save area. */
static void area_text(struct machine *m, uint32_t address, char *text)
{
	uint64_t d[32];

	for (uint32_t i = 0; i < 32; i++)
		d[i] = machine_word(m, address + 8 * i + (m->world->image->big_endian ? 4 : 0));
	data_text(m->world, d, text);
}

static const char *mode_text(const struct cpu *cpu)
{
	return cpu_in_guest(cpu)           ? "guest"
	       : cpu_mode(cpu) == MODE_HYP ? "Hyp"
	       : cpu_mode(cpu) == MODE_USR ? "user"
	                                   : "kernel";
}

static void put_cpu(struct machine *m, unsigned number, char (*row)[COLUMN_TEXT])
{
	const struct world *w = m->world;
	const struct cpu *cpu = machine_cpu(m, number);
	const struct cpu_trapreg *hcptr = &cpu->sys.hcptr;
	uint32_t fp = HCPTR_TCP10 | HCPTR_TCP11;
	int state = story_hw_state(w, machine_word(m, w->symbols.vfp_current_hw_state + 4 * number));
	char name[16];

	story_occupant(m, number, row[OF_CPU_RUNS]);
	(void)snprintf(row[OF_CPU_MODE], COLUMN_TEXT, "%s", mode_text(cpu));
	data_text(w, cpu->fp.d, row[OF_CPU_HOLDS]);
	(void)snprintf(row[OF_CPU_EN], COLUMN_TEXT, "%d", (cpu->fpexc & FPEXC_EN) != 0);
	(void)snprintf(row[OF_CPU_TRAP], COLUMN_TEXT, "%d%s", (hcptr->value & fp) != 0,
	               (hcptr->unsynced & fp) != 0 ? "?" : "");
	(void)snprintf(row[OF_CPU_STATE], COLUMN_TEXT, "%s",
	               state < 0 ? "nobody" : world_task_name(w, (uint32_t)state, name, sizeof(name)));
	(void)snprintf(row[OF_CPU_LEFT], COLUMN_TEXT, "%d", (m->ghosts->host_fpexc[number] & FPEXC_EN) != 0);
}

static void put_vcpu(struct machine *m, unsigned vcpu, char (*row)[COLUMN_TEXT])
{
	char text[COLUMN_TEXT];

	(void)snprintf(row[OF_VCPU_DIRTY], COLUMN_TEXT, "%s",
	               story_dirty(m->world, story_vcpu_word(m, vcpu, VCPU_VFP_DIRTY), text, sizeof(text)));
	(void)snprintf(row[OF_VCPU_HOST], COLUMN_TEXT, "%d",
	               (story_vcpu_word(m, vcpu, VCPU_VFP_HOST_FPEXC) & FPEXC_EN) != 0);
	(void)snprintf(row[OF_VCPU_LEFT], COLUMN_TEXT, "%d", (m->ghosts->guest_fpexc[vcpu] & FPEXC_EN) != 0);
	area_text(m, m->world->symbols.kvm_vcpus + vcpu * VCPU_SIZE + VCPU_VFP_GUEST, row[OF_VCPU_AREA]);
}

void columns_read(const struct columns *c, struct machine *m, char (*row)[COLUMN_TEXT])
{
	const struct world *w = m->world;

	(void)c;
	for (unsigned cpu = 0; cpu < w->config.cpus; cpu++, row += CPU_COLUMNS)
		put_cpu(m, cpu, row);
	for (unsigned vcpu = 0; vcpu < world_vcpus(&w->config); vcpu++, row += VCPU_COLUMNS)
		put_vcpu(m, vcpu, row);
	for (unsigned i = 0; i < world_threads(&w->config); i++, row++)
		area_text(m, w->symbols.thread_union + (NR_CPUS + i) * THREAD_SIZE + TI_VFPSTATE, *row);
}

static void put(struct columns *c, struct machine *m)
{
	columns_read(c, m, &c->values[c->step * c->n]);
}

static void on_step(void *arg, struct machine *m, size_t number)
{
	struct columns *c = arg;

	if (!c->seen)
		put(c, m);
	c->step = number + 1;
}

/* What comes behind the violation is of no interest: its step writes over what was seen. */
static void on_event(void *arg, struct machine *m, const struct watch *watch)
{
	struct columns *c = arg;

	if (c->step < c->last || watch->kind != WATCH_VIOLATION ||
	    (int)watch->violation->property != c->property || c->seen)
		return;
	put(c, m);
	c->seen = true;
}

size_t columns_find(const struct columns *columns, const char *name, size_t length)
{
	size_t i = 0;

	while (i < columns->n && (strlen(columns->column[i].name) != length ||
	                          strncmp(columns->column[i].name, name, length) != 0))
		i++;
	return i;
}

int columns_open(struct columns *c, const struct world *world, struct error *e)
{
	*c = (struct columns){.cpus = world->config.cpus, .column = calloc(COLUMNS_MAX, sizeof(*c->column))};
	if (!c->column)
		return error_set(e, "out of memory");
	add_all(c, world);
	return 0;
}

int columns_record(struct columns *c, const struct world *world, const struct learnt *learnt,
                   const struct model_label *trace, size_t length, int property, struct error *e)
{
	const struct replay_watcher watcher = {.arg = c, .event = on_event, .step = on_step};

	if (columns_open(c, world, e))
		return -1;
	c->property = property;
	c->last = length;
	c->values = calloc((length + 1) * c->n, sizeof(*c->values));
	if (!c->values)
		return error_set(e, "out of memory");
	return replay(world, learnt, trace, length, -1, &watcher, NULL, e);
}

void columns_free(struct columns *c)
{
	free(c->column);
	free(c->values);
}
