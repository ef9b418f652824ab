/* SPDX-License-Identifier: MIT */
/* Building a world, its initial state, and bad input. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/linux/include/layout.h"
#include "model/world/machine.h"
#include "model/world/tags.h"
#include "system.h"

static const struct setup both_endians[] = {
        {.variant = "v3", .cpus = 2, .vms = 2, .threads = 1},
        {.variant = "v3", .cpus = 2, .vms = 2, .threads = 1, .big_endian = true},
};

static void assert_refused(struct world_config config, const char *why)
{
	struct error e = {0};
	struct image *image = shipped_image(shipped_variant("baseline"), false, false, &e);

	assert_non_null(image);
	if (world_new(&config, image, &e))
		fail_msg("%u CPUs, %u VMs of %u, %u threads: was not refused", config.cpus, config.vms,
		         config.vcpus, config.threads);
	if (!strstr(e.text, why))
		fail_msg("'%s' does not say '%s'", e.text, why);
	image_free(image);
}

static void impossible_systems_are_refused(void **unused)
{
	(void)unused;
	assert_refused((struct world_config){.cpus = 0, .vms = 1, .vcpus = 1, .threads = 1}, "CPU");
	assert_refused((struct world_config){.cpus = NR_CPUS + 1, .vms = 1, .vcpus = 1, .threads = 1}, "CPU");
	assert_refused((struct world_config){.cpus = UINT32_MAX, .vms = 1, .vcpus = 1, .threads = 1}, "CPU");
	assert_refused((struct world_config){.cpus = 1, .vms = NR_VCPUS + 1, .vcpus = 1}, "vCPU");
	assert_refused((struct world_config){.cpus = 1, .vms = 2, .vcpus = NR_VCPUS}, "vCPU");
	assert_refused((struct world_config){.cpus = 1, .vms = 65536, .vcpus = 65536}, "vCPU");
	assert_refused((struct world_config){.cpus = 1, .threads = NR_THREADS + 1}, "thread");
	assert_refused((struct world_config){.cpus = 1, .threads = UINT32_MAX, .vms = 1, .vcpus = 1},
	               "thread");
	assert_refused((struct world_config){.cpus = 1, .vms = 1, .vcpus = 1, .threads = NR_THREADS},
	               "thread");
	assert_refused((struct world_config){.cpus = 1, .vms = 1, .vcpus = 0, .threads = 0}, "thread");
}

/* The largest that there can be. */
static void the_largest_system_boots(void **unused)
{
	const struct world_config config = {.cpus = NR_CPUS,
	                                    .vms = 4,
	                                    .vcpus = NR_VCPUS / 4,
	                                    .threads = NR_THREADS - NR_VCPUS,
	                                    .env = ENV_NEON};
	struct error e = {0};
	struct image *image = shipped_image(shipped_variant("load-put"), true, false, &e);
	struct world *world = world_new(&config, image, &e);
	struct machine *m;

	(void)unused;
	if (!world)
		fail_msg("%s", e.text);
	m = machine_new(world);
	assert_non_null(m);
	if (machine_boot(m, &e))
		fail_msg("%s", e.text);
	machine_free(m);
	world_free(world);
	image_free(image);
}

static void a_symbol_that_is_not_there_is_named(void **unused)
{
	static const char *const wanted[] = {
	        "boot_params",
	        "on_cpu",
	        "thread_union",
	        "vfp_current_hw_state",
	        "kvm_host_cpu_state",
	        "kvm_vcpus",
	        "kvm_arm_hyp_stack",
	        "user_choose",
	        "user_fp",
	        "user_kvm_run",
	        "user_neon",
	        "guest_choose",
	        "guest_fp",
	        "guest_fpexc",
	        "guest_exit",
	};
	const struct world_config config = world_config_default();

	(void)unused;
	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
		struct error e = {0};
		struct image *image = shipped_image(shipped_variant("baseline"), false, false, &e);
		unsigned hidden = 0;

		assert_non_null(image);
		for (size_t s = 0; s < image->n_symbols; s++) {
			char *name;

			memcpy(&name, &image->symbols[s].name, sizeof(name));

			if (strcmp(name, wanted[i]) == 0) {
				name[0] = '?';
				hidden++;
			}
		}
		assert_true(hidden > 0);
		assert_null(world_new(&config, image, &e));
		if (!strstr(e.text, wanted[i]))
			fail_msg("'%s' does not name %s", e.text, wanted[i]);
		image_free(image);
	}
}

static struct image_symbol *symbol_of(struct image *image, const char *name)
{
	for (size_t s = 0; s < image->n_symbols; s++) {
		if (strcmp(image->symbols[s].name, name) == 0)
			return &image->symbols[s];
	}
	fail_msg("no symbol %s", name);
	return NULL;
}

static void arrays_that_lie_about_their_place_are_refused(void **unused)
{
	static const char *const arrays[] = {
	        "on_cpu",    "thread_union",      "vfp_current_hw_state", "kvm_host_cpu_state",
	        "kvm_vcpus", "kvm_arm_hyp_stack", "boot_params"};
	static const uint32_t places[] = {0, 1, 0x40010000, 0x40010002, 0xfffffff0, 0xffffffff, 0x80000000};
	const struct world_config config = world_config_default();

	(void)unused;
	for (size_t i = 0; i < sizeof(arrays) / sizeof(arrays[0]); i++) {
		for (size_t p = 0; p < sizeof(places) / sizeof(places[0]); p++) {
			struct error e = {0};
			struct image *image = shipped_image(shipped_variant("baseline"), false, false, &e);

			symbol_of(image, arrays[i])->address = places[p];
			assert_null(world_new(&config, image, &e));
			assert_non_null(strstr(e.text, arrays[i]));
			image_free(image);
		}
	}
}

static void two_arrays_in_one_place_are_refused(void **unused)
{
	const struct world_config config = world_config_default();
	struct error e = {0};
	struct image *image = shipped_image(shipped_variant("baseline"), false, false, &e);

	(void)unused;
	symbol_of(image, "kvm_vcpus")->address = symbol_of(image, "thread_union")->address;
	assert_null(world_new(&config, image, &e));
	assert_non_null(strstr(e.text, "overlap"));
	image_free(image);
}

/* One word of RAM of a machine that has booted. */
static uint32_t word(struct machine *m, uint32_t address)
{
	return machine_word(m, address);
}

static void assert_area_is_of(struct machine *m, uint32_t address, unsigned owner)
{
	unsigned low = m->world->image->big_endian ? 4 : 0;

	for (unsigned reg = 0; reg < 32; reg++) {
		assert_int_equal(word(m, address + 8 * reg + low), tag(owner, reg, 0));
		assert_int_equal(word(m, address + 8 * reg + 4 - low), tag(owner, reg, 1));
	}
	assert_int_equal(word(m, address + VFP_FPSCR), tag(owner, TAG_FPSCR, 0));
}

static void the_initial_state(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < sizeof(both_endians) / sizeof(both_endians[0]); i++) {
		struct system s = system_open(&both_endians[i]);
		const struct world *w = s.world;
		struct machine *m = machine_new(w);
		struct error e = {0};

		assert_int_equal(machine_boot(m, &e), 0);
		for (unsigned c = 0; c < 2; c++) {
			const struct cpu *cpu = machine_cpu(m, c);
			const struct insn *insn = image_insn(w->image, cpu->core.pc);

			assert_int_equal(cpu_mode(cpu), MODE_SVC);
			assert_non_null(insn);
			assert_int_equal(insn->raw & 0x0fffffff, 0x0320f003); /* WFI */
			assert_int_equal(machine_task(m, c), c);
			assert_int_equal((cpu->core.cpsr & PSR_E) != 0, both_endians[i].big_endian);
			assert_int_equal(cpu->core.cpsr & PSR_I, 0);
			assert_int_equal(cpu->sys.hcptr.value & (HCPTR_TCP10 | HCPTR_TCP11), 0);
			assert_int_equal(cpu->sys.hcptr.unsynced, 0);
			assert_int_equal(cpu->sys.hcr, 0);
			assert_int_equal(cpu->sys.vttbr, 0);
			assert_int_equal(cpu->fpexc & FPEXC_EN, 0);
			assert_int_equal(m->ghosts->host_fpexc[c], cpu->fpexc);
			assert_int_equal(word(m, w->symbols.on_cpu + 4 * c), c + 1);
			assert_int_equal(word(m, w->symbols.vfp_current_hw_state + 4 * c), 0);
			for (unsigned reg = 0; reg < 32; reg++)
				assert_true(cpu->fp.d[reg] == tag_d(OWNER_JUNK, reg));
		}
		for (unsigned t = 0; t < 3; t++) {
			uint32_t thread = w->symbols.thread_union + (NR_CPUS + t) * THREAD_SIZE;

			assert_int_equal(word(m, w->symbols.on_cpu + 4 * (NR_CPUS + t)), 0);
			assert_int_equal(word(m, thread + TI_TASK), NR_CPUS + t);
			assert_int_equal(word(m, thread + TI_PREEMPT), 1);
			assert_int_equal(word(m, thread + TI_VFPSTATE + VFP_CPU), NR_CPUS);
			assert_area_is_of(m, thread + TI_VFPSTATE, world_thread_owner(w, NR_CPUS + t));
			assert_int_equal(machine_task_vcpu(m, NR_CPUS + t), (int)t - 1);
		}
		for (unsigned v = 0; v < 2; v++) {
			uint32_t vcpu = w->symbols.kvm_vcpus + v * VCPU_SIZE;

			assert_int_equal(word(m, vcpu + VCPU_CPU), UINT32_MAX);
			assert_int_equal(word(m, vcpu + VCPU_PC), w->symbols.guest_choose);
			assert_int_equal(word(m, vcpu + VCPU_VFP_GUEST + VFP_FPEXC) & FPEXC_EN, 0);
			assert_int_equal(m->ghosts->guest_fpexc[v], 0);
			assert_area_is_of(m, vcpu + VCPU_VFP_GUEST, world_vcpu_owner(w, v));
		}
		machine_free(m);
		system_close(&s);
	}
}

static void every_word_is_in_one_slot_at_most(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < sizeof(both_endians) / sizeof(both_endians[0]); i++) {
		struct system s = system_open(&both_endians[i]);
		const struct world *w = s.world;
		uint16_t *owner = calloc(w->words, sizeof(*owner));

		for (unsigned n = 0; n < w->n_slots; n++) {
			uint32_t words = 0;

			for (unsigned k = 0; k < w->slots[n].spans; k++) {
				const struct span *span = &w->slots[n].span[k];

				words += span->count;
				assert_true(span->first + span->count <= w->words);
				for (uint32_t at = span->first; at < span->first + span->count; at++) {
					assert_int_equal(owner[at], 0);
					owner[at] = (uint16_t)(n + 1);
					if (at < w->ram_words)
						assert_int_equal(w->slot_of[at], n);
				}
			}
			assert_int_equal(words, w->slots[n].words);
		}
		for (uint32_t at = 0; at < w->ram_words; at++)
			assert_true(owner[at] != 0 || w->slot_of[at] >= SLOT_READONLY);
		/* All of a CPU is in the state, but for the padding between its parts. */
		for (uint32_t at = w->cpus_at; at < w->words; at++) {
			size_t offset = (at - w->cpus_at) % w->cpu_words * 4;

			if (offset < sizeof(struct cpu_core) ||
			    (offset >= offsetof(struct cpu, sys) &&
			     offset < offsetof(struct cpu, fpexc) + 4) ||
			    offset >= offsetof(struct cpu, fp))
				assert_int_not_equal(owner[at], 0);
		}
		free(owner);
		system_close(&s);
	}
}

static void labels_that_do_not_fit_are_errors(void **unused)
{
	struct system s = system_open(&both_endians[0]);
	struct machine *m = machine_new(s.world);
	uint64_t random = 1;
	struct error e = {0};

	(void)unused;
	for (unsigned first = 2; first < 256; first++) {
		const struct model_label label = {.length = 1, .choice = {(uint8_t)first}};

		assert_int_equal(machine_boot(m, &e), 0);
		assert_int_equal(machine_step(m, &label, &e), -1);
		assert_non_null(strstr(e.text, "possibilities"));
	}
	/* Whatever the choices: a step or an error. */
	assert_int_equal(machine_boot(m, &e), 0);
	for (unsigned i = 0; i < 20000; i++) {
		struct model_label label = {0};

		for (unsigned k = 0; k < MODEL_LABEL_MAX; k++) {
			random = random * UINT64_C(6364136223846793005) + 1442695040888963407u;
			label.choice[k] = (uint8_t)((random >> 33) % 5);
		}
		label.length = (uint8_t)((random >> 40) % (MODEL_LABEL_MAX + 1));
		if (machine_step(m, &label, &e) || m->ended)
			assert_int_equal(machine_boot(m, &e), 0);
	}
	machine_free(m);
	system_close(&s);
}

static void names(void **unused)
{
	struct system s = system_open(&both_endians[0]);
	char name[32];

	(void)unused;
	assert_string_equal(world_task_name(s.world, 1, name, sizeof(name)), "idle1");
	assert_string_equal(world_task_name(s.world, NR_CPUS, name, sizeof(name)), "app0");
	assert_string_equal(world_task_name(s.world, NR_CPUS + 2, name, sizeof(name)), "vmm1");
	assert_string_equal(world_owner_name(s.world, 0, name, sizeof(name)), "app0");
	assert_string_equal(world_owner_name(s.world, 2, name, sizeof(name)), "vmm1");
	assert_string_equal(world_owner_name(s.world, world_vcpu_owner(s.world, 1), name, sizeof(name)),
	                    "vcpu1");
	assert_string_equal(world_owner_name(s.world, OWNER_NEON, name, sizeof(name)), "kernel-mode NEON");
	assert_string_equal(world_owner_name(s.world, OWNER_JUNK, name, sizeof(name)), "nobody");
	for (int i = 0; i < PROPERTIES; i++) {
		assert_true(strlen(world_property_names[i]) > 0);
		assert_true(strlen(world_property_meanings[i]) > 0);
	}
	system_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(impossible_systems_are_refused),
	        cmocka_unit_test(the_largest_system_boots),
	        cmocka_unit_test(a_symbol_that_is_not_there_is_named),
	        cmocka_unit_test(arrays_that_lie_about_their_place_are_refused),
	        cmocka_unit_test(two_arrays_in_one_place_are_refused),
	        cmocka_unit_test(the_initial_state),
	        cmocka_unit_test(every_word_is_in_one_slot_at_most),
	        cmocka_unit_test(labels_that_do_not_fit_are_errors),
	        cmocka_unit_test(names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
