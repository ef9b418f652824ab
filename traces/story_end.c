/* SPDX-License-Identifier: MIT */
/* The state of the machine when the violation is seen. */
#include <stdio.h>
#include <stdlib.h>

#include "model/world/tags.h"
#include "story_private.h"

/* A line of 110 columns has this many before vfp_current_hw_state. */
enum { ROOM = 80 };

static const char *doing(const struct cpu *cpu, uint32_t task)
{
	if (cpu_in_guest(cpu))
		return "in the guest";
	if (cpu_mode(cpu) == MODE_HYP)
		return "in Hyp mode";
	if (task < NR_CPUS)
		return "idle";
	return cpu_mode(cpu) == MODE_USR ? "in user space" : "in the host kernel";
}

static void print_cpu(FILE *f, struct machine *m, unsigned number)
{
	const struct world *w = m->world;
	const struct cpu *cpu = machine_cpu(m, number);
	uint32_t task = machine_task(m, number), left = m->ghosts->host_fpexc[number];
	int state = story_hw_state(w, machine_word(m, w->symbols.vfp_current_hw_state + 4 * number));
	char name[16], fpexc[16], data[64];
	int at = fprintf(f, "  cpu%u   ", number);

	if (task >= NR_CPUS)
		at += fprintf(f, "%s ", world_task_name(w, task, name, sizeof(name)));
	at += fprintf(f, "%s; FPEXC %s", doing(cpu, task), story_fpexc(cpu->fpexc, fpexc, sizeof(fpexc)));
	if (left != cpu->fpexc)
		at += fprintf(f, " (host code left %s)", story_fpexc(left, fpexc, sizeof(fpexc)));
	at += fprintf(f, "; holds %s;", story_data(w, (uint32_t)cpu->fp.d[0], data, sizeof(data)));
	if (state < 0)
		(void)snprintf(name, sizeof(name), "nobody");
	else
		world_task_name(w, (uint32_t)state, name, sizeof(name));
	if (at > ROOM)
		(void)fprintf(f, "\n        ");
	(void)fprintf(f, " vfp_current_hw_state: %s\n", name);
}

static void print_vcpu(FILE *f, struct machine *m, unsigned vcpu)
{
	char guest[16], host[16], dirty[48];

	(void)fprintf(f, "  vcpu%u  its guest left FPEXC %s; dirty flag %s; host FPEXC kept for it %s\n",
	              vcpu, story_fpexc(m->ghosts->guest_fpexc[vcpu], guest, sizeof(guest)),
	              story_dirty(m->world, story_vcpu_word(m, vcpu, VCPU_VFP_DIRTY), dirty, sizeof(dirty)),
	              story_fpexc(story_vcpu_word(m, vcpu, VCPU_VFP_HOST_FPEXC), host, sizeof(host)));
}

/* The first D register of a save area, as the word that holds its low half. */
static uint32_t area_word(struct machine *m, const struct slot *slot)
{
	uint32_t first = slot->span[0].first + (m->world->image->big_endian ? 1 : 0);

	return machine_word(m, m->world->ram_base + 4 * first);
}

/* Where the newest data of a context is: in the registers of a CPU, in save areas, or nowhere any more. */
static void print_newest(FILE *f, struct machine *m, unsigned owner)
{
	const struct world *w = m->world;
	char name[32];
	bool any = false;

	(void)fprintf(f, "  %s's newest data:", world_owner_name(w, owner, name, sizeof(name)));
	for (unsigned i = 0; i < w->config.cpus; i++) {
		if ((uint32_t)machine_cpu(m, i)->fp.d[0] == tag(owner, 0, 0)) {
			(void)fprintf(f, "%s in cpu%u's registers", any ? "," : "", i);
			any = true;
		}
	}
	for (unsigned i = 0; i < w->n_slots; i++) {
		const struct slot *slot = &w->slots[i];

		if ((slot->class != SLOT_TASK_VFP && slot->class != SLOT_VCPU_VFP &&
		     slot->class != SLOT_HOST_CTX) ||
		    area_word(m, slot) != tag(owner, 0, 0))
			continue;
		(void)fprintf(f, "%s in %s", any ? "," : "", story_area(w, i, name, sizeof(name)));
		any = true;
	}
	(void)fprintf(f, "%s\n", any ? "" : " nowhere: it has been overwritten");
}

char *story_ending(struct machine *m, int owner)
{
	const struct world_config *c = &m->world->config;
	char *text = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	if (!f)
		return NULL;
	for (unsigned i = 0; i < c->cpus; i++)
		print_cpu(f, m, i);
	for (unsigned i = 0; i < world_vcpus(c); i++)
		print_vcpu(f, m, i);
	if (owner >= 0)
		print_newest(f, m, (unsigned)owner);
	if (fclose(f) != 0) {
		free(text);
		return NULL;
	}
	return text;
}
