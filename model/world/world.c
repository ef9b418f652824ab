/* SPDX-License-Identifier: MIT */
#include "world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "actions.h"
#include "layout_map.h"
#include "liveness.h"
#include "tags.h"

const char *const world_property_names[PROPERTIES] = {
        [PROPERTY_FP_LEAK] = "fp-leak",
        [PROPERTY_FP_LOST] = "fp-lost",
        [PROPERTY_FPEXC_HOST] = "fpexc-host",
        [PROPERTY_FPEXC_GUEST] = "fpexc-guest",
        [PROPERTY_CRASH] = "crash",
        [PROPERTY_STUCK] = "stuck",
        [PROPERTY_FP_LEAK_SAVED] = "fp-leak-saved",
        [PROPERTY_FP_LOST_SAVED] = "fp-lost-saved",
};

const char *const world_property_meanings[PROPERTIES] = {
        [PROPERTY_FP_LEAK] = "a context reads an FP register that holds another context's data",
        [PROPERTY_FP_LOST] = "a context reads its own FP data in an old version, or junk",
        [PROPERTY_FPEXC_HOST] =
                "host code outside KVM depends on FPEXC, which is not what host code left there",
        [PROPERTY_FPEXC_GUEST] = "a guest observes an FPEXC that it did not write",
        [PROPERTY_CRASH] = "an exception that nobody can handle, or an access to memory that is not there",
        [PROPERTY_STUCK] = "code that does not end, or an FP instruction that traps for ever",
        [PROPERTY_FP_LEAK_SAVED] = "one context's FP data is stored into another's save area",
        [PROPERTY_FP_LOST_SAVED] =
                "an old version of a context's FP data, or junk, is stored into its save area",
};

const char *const world_env_names[ENV_NAMES] = {"neon",   "fork",          "exec",    "exit",
                                                "ptrace", "signal",        "hotplug", "pm",
                                                "onereg", "vcpu-handover", "softirq", "bounce"};

const char *const world_reduction_names[REDUCTION_NAMES] = {"symmetry", "merge", "dead", "tags", "fp-action"};

struct world_config world_config_default(void)
{
	return (struct world_config){.cpus = 2, .vms = 2, .vcpus = 1, .threads = 1};
}

static int check_config(const struct world_config *c, struct error *e)
{
	if (c->cpus < 1 || c->cpus > NR_CPUS)
		return error_set(e, "%u CPUs: the modelled kernel has 1 to %d", c->cpus, NR_CPUS);
	if (c->vms > NR_VCPUS || c->vcpus > NR_VCPUS || world_vcpus(c) > NR_VCPUS)
		return error_set(e,
		                 "%u VMs with %u vCPUs each: the modelled kernel has at most %d vCPUs in all",
		                 c->vms, c->vcpus, NR_VCPUS);
	if (c->threads > NR_THREADS || world_threads(c) > NR_THREADS)
		return error_set(e,
		                 "%u plain threads, %u VMM threads and %u to be forked: the modelled kernel "
		                 "has at most %d in all",
		                 c->threads, world_vcpus(c), world_unborn(c), NR_THREADS);
	if (c->uniprocessor && c->cpus != 1)
		return error_set(e, "%u CPUs: a kernel without CONFIG_SMP has one", c->cpus);
	if (world_threads(c) == 0)
		return error_set(e, "no thread at all: nothing would ever run");
	return 0;
}

static int find_symbol(const struct world *w, const char *name, uint32_t *address, struct error *e)
{
	const struct image_symbol *symbol = image_symbol(w->image, name);

	if (!symbol)
		return error_set(
		        e, "the image has no symbol '%s': link it with the modelled kernel (model/linux)",
		        name);
	*address = symbol->address;
	return 0;
}

static int find_symbols(struct world *w, struct error *e)
{
	struct world_symbols *s = &w->symbols;
	const struct {
		const char *name;
		uint32_t *address;
	} wanted[] = {
	        {"boot_params", &s->boot_params},
	        {"on_cpu", &s->on_cpu},
	        {"thread_union", &s->thread_union},
	        {"vfp_current_hw_state", &s->vfp_current_hw_state},
	        {"kvm_host_cpu_state", &s->kvm_host_cpu_state},
	        {"kvm_vcpus", &s->kvm_vcpus},
	        {"kvm_vms", &s->kvm_vms},
	        {"kvm_arm_hyp_stack", &s->kvm_arm_hyp_stack},
	        {"kvm_vcpu_mutex", &s->kvm_vcpu_mutex},
	        {"user_sigframe", &s->user_sigframe},
	        {"user_choose", &s->user_choose},
	        {"user_fp", &s->user_fp},
	        {"guest_choose", &s->guest_choose},
	};

	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
		if (find_symbol(w, wanted[i].name, wanted[i].address, e))
			return -1;
	}
	for (const struct program *p = actions_programs; p->symbol; p++) {
		if (find_symbol(w, p->symbol, &s->program[p->guest ? 1 : 0][p->action], e))
			return -1;
	}
	return 0;
}

/* Copies a segment into words as the data endianness reads them. */
static uint32_t *segment_words(const struct image *image, const struct image_segment *segment)
{
	uint32_t *words = calloc(segment->bytes / 4 + 1, sizeof(*words));

	if (!words)
		return NULL;
	for (uint32_t i = 0; i + 4 <= segment->bytes; i += 4) {
		const uint8_t *b = segment->data + i;

		words[i / 4] =
		        image->big_endian
		                ? (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3]
		                : (uint32_t)b[3] << 24 | (uint32_t)b[2] << 16 | (uint32_t)b[1] << 8 | b[0];
	}
	return words;
}

static int find_segments(struct world *w, struct error *e)
{
	const struct image_segment *text = NULL, *ram = NULL;

	for (size_t i = 0; i < w->image->n_segments; i++) {
		const struct image_segment *segment = &w->image->segments[i];
		const struct image_segment **kind = segment->writable ? &ram : &text;

		if (*kind || segment->address % 4 != 0)
			return error_set(
			        e, "the image is not laid out by the modelled kernel's linker script: one "
			           "read-only and one writable segment, word aligned");
		*kind = segment;
	}
	if (!text || !ram)
		return error_set(e, "the image lacks a read-only or a writable segment");
	w->text_base = text->address;
	w->text_words = text->bytes / 4;
	w->text = segment_words(w->image, text);
	w->ram_base = ram->address;
	w->ram_words = ram->bytes / 4;
	w->ram_initial = segment_words(w->image, ram);
	if (!w->text || !w->ram_initial)
		return error_set(e, "out of memory");
	return 0;
}

struct world *world_new(const struct world_config *config, const struct image *image, struct error *e)
{
	struct world *w;

	if (check_config(config, e))
		return NULL;
	w = calloc(1, sizeof(*w));
	if (!w) {
		error_set(e, "out of memory");
		return NULL;
	}
	w->config = *config;
	w->image = image;
	if (find_symbols(w, e) || find_segments(w, e) || layout_map(w, e)) {
		world_free(w);
		return NULL;
	}
	w->live = liveness(image);
	if (!w->live) {
		error_set(e, "out of memory");
		world_free(w);
		return NULL;
	}
	return w;
}

void world_free(struct world *w)
{
	if (!w)
		return;
	free(w->text);
	free(w->ram_initial);
	free(w->slot_of);
	free(w->slots);
	free(w->live);
	free(w);
}

const char *world_task_name(const struct world *w, uint32_t task, char *buf, size_t size)
{
	if (task < NR_CPUS)
		(void)snprintf(buf, size, "idle%u", (unsigned)task);
	else if (task - NR_CPUS < w->config.threads)
		(void)snprintf(buf, size, "app%u", (unsigned)task - NR_CPUS);
	else if (task - NR_CPUS >= w->config.threads + world_vcpus(&w->config))
		(void)snprintf(buf, size, "child");
	else
		(void)snprintf(buf, size, "vmm%u", (unsigned)task - NR_CPUS - w->config.threads);
	return buf;
}

const char *world_owner_name(const struct world *w, unsigned owner, char *buf, size_t size)
{
	unsigned threads = world_threads(&w->config), vcpus = world_vcpus(&w->config);
	char name[16];

	if (owner == OWNER_NEON)
		(void)snprintf(buf, size, "kernel-mode NEON");
	else if (owner == OWNER_JUNK)
		(void)snprintf(buf, size, "nobody");
	else if (owner < threads)
		world_task_name(w, owner + NR_CPUS, buf, size);
	else if (owner < threads + vcpus)
		(void)snprintf(buf, size, "vcpu%u", owner - threads);
	else
		(void)snprintf(buf, size, "%s before its signal",
		               world_task_name(w, owner - threads - vcpus + NR_CPUS, name, sizeof(name)));
	return buf;
}
