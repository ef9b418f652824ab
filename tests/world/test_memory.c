/* SPDX-License-Identifier: MIT */
/* Memory that is not RAM: the GICH registers; and RAM that is constant after boot: virtual machines. */
#include "system.h"

#include <string.h>

#include "model/world/memory.h"

static struct system s;
static struct machine *m;

static int setup(void **state)
{
	const struct setup two_vms = {.variant = "baseline", .cpus = 2, .vms = 2, .threads = 1};
	struct error e;

	(void)state;
	s = system_open(&two_vms);
	m = machine_new(s.world);
	assert_non_null(m);
	if (machine_boot(m, &e))
		fail_msg("%s", e.text);
	m->cpu_number = 0;
	m->cpu = machine_cpu(m, 0);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	machine_free(m);
	system_close(&s);
	return 0;
}

static void gich_reads_zero_and_ignores_writes(void **state)
{
	(void)state;
	for (uint32_t offset = 0; offset < GICH_SIZE; offset += 4) {
		struct error e = {0};

		assert_int_equal(memory_access(m, GICH_BASE + offset, 4, true, &e), ACCESS_OK);
		memory_store(m, GICH_BASE + offset, 4, 0xffffffff);
		assert_int_equal(memory_access(m, GICH_BASE + offset, 4, false, &e), ACCESS_OK);
		assert_int_equal(memory_load(m, GICH_BASE + offset, 4), 0);
	}
	memory_store(m, GICH_BASE + 1, 1, 0xff);
	assert_int_equal(memory_load(m, GICH_BASE + 1, 1), 0);
	assert_int_equal(memory_load(m, GICH_BASE + 2, 2), 0);
}

static void nothing_is_beside_it(void **state)
{
	static const struct {
		uint32_t address, bytes;
	} outside[] = {
	        {GICH_BASE - 4, 4},
	        {GICH_BASE - 4, 8},
	        {GICH_BASE + GICH_SIZE, 4},
	        {GICH_BASE + GICH_SIZE - 4, 8},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(outside) / sizeof(outside[0]); i++) {
		struct error e = {0};

		for (int write = 0; write < 2; write++) {
			assert_int_equal(
			        memory_access(m, outside[i].address, outside[i].bytes, write != 0, &e),
			        ACCESS_FAULT);
			assert_non_null(strstr(e.text, "there is no memory"));
		}
	}
}

static void virtual_machines_are_constant_after_boot(void **state)
{
	const struct image_symbol *vms = image_symbol(s.image, "kvm_vms");

	(void)state;
	assert_non_null(vms);
	for (unsigned i = 0; i < 2; i++) {
		uint32_t vm = vms->address + i * KVM_SIZE;
		struct error e = {0};

		assert_int_equal(memory_access(m, vm + KVM_VTTBR, 8, false, &e), ACCESS_OK);
		assert_int_equal(memory_load(m, vm + KVM_VTTBR + 4, 4), (i + 1) << 16); /* little endian */
		assert_int_equal(memory_load(m, vm + KVM_VGIC_VCTRL, 4), GICH_BASE);
		assert_int_equal(memory_load(m, vm + KVM_TIMER_ENABLED, 4), 1);
		assert_int_equal(memory_access(m, vm + KVM_VTTBR, 8, true, &e), ACCESS_FAULT);
		assert_non_null(strstr(e.text, "constant after boot"));
	}
}

static void every_vcpu_knows_its_vm(void **state)
{
	const struct image_symbol *vms = image_symbol(s.image, "kvm_vms");

	(void)state;
	for (unsigned v = 0; v < 2; v++)
		assert_int_equal(machine_word(m, s.world->symbols.kvm_vcpus + v * VCPU_SIZE + VCPU_KVM),
		                 vms->address + v * KVM_SIZE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(gich_reads_zero_and_ignores_writes),
	        cmocka_unit_test(nothing_is_beside_it),
	        cmocka_unit_test(virtual_machines_are_constant_after_boot),
	        cmocka_unit_test(every_vcpu_knows_its_vm),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
