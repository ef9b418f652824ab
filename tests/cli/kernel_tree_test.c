/* SPDX-License-Identifier: MIT */
/* lazyswitch check --as: files of a kernel tree, or what stands in for them (kernel-tree/). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "run_command.h"

#define KVM TREE "/arch/arm/kvm/interrupts.S"
#define VFP TREE "/arch/arm/vfp/vfphw.S"

static char *directory; /* for what a test writes */
static char lazy[4096]; /* "...interrupts.S,...put.c" */

/* What the series of 2015 does to arch/arm/kvm/arm.c. */
static const char put_c[] = "#include <linux/kvm_host.h>\n"
                            "\n"
                            "void kvm_arch_vcpu_put(struct kvm_vcpu *vcpu)\n"
                            "{\n"
                            "	if (vcpu->arch.vfp_dirty)\n"
                            "		kvm_restore_host_vfp_state(vcpu);\n"
                            "	vcpu->cpu = -1;\n"
                            "}\n";

static int setup(void **state)
{
	char path[2048];
	FILE *f;

	(void)state;
	directory = make_directory();
	(void)snprintf(path, sizeof(path), "%s/put.c", directory);
	(void)snprintf(lazy, sizeof(lazy), "%s,%s", KVM, path);
	f = fopen(path, "w");
	if (!f || fputs(put_c, f) < 0 || fclose(f) != 0)
		return -1;
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	remove_directory(directory);
	return 0;
}

struct finding {
	char verdict[16], property[32], err[4096];
	unsigned long states;
};

/* Checks `files` with these options, on a small system. The test fails unless there is a verdict. */
static struct finding check(const char *options, const char *files)
{
	char arguments[8192];
	struct outcome o;
	struct finding f = {0};
	json_t *document, *result;
	const char *property;

	(void)snprintf(arguments, sizeof(arguments), "check --format json --vms 1 %s %s", options, files);
	o = run_command(arguments);
	document = json_loads(o.out, 0, NULL);
	result = json_array_get(json_object_get(document, "results"), 0);
	if (!result || (o.status != 0 && o.status != 1))
		fail_msg("lazyswitch %s: status %d, %s", arguments, o.status, o.err);
	property = json_string_value(json_object_get(result, "property"));
	(void)snprintf(f.verdict, sizeof(f.verdict), "%s",
	               json_string_value(json_object_get(result, "verdict")));
	(void)snprintf(f.property, sizeof(f.property), "%s", property ? property : "");
	(void)snprintf(f.err, sizeof(f.err), "%s", o.err);
	f.states = (unsigned long)json_integer_value(json_object_get(result, "states"));
	json_decref(document);
	outcome_free(&o);
	return f;
}

/* The code does what the shipped variant does: it has exactly as many states. */
static void assert_like(const char *options, const char *files, const char *shipped)
{
	struct finding mine = check(options, files), its = check(options, shipped);

	assert_string_equal(mine.err, "");
	assert_string_equal(mine.verdict, "pass");
	assert_int_equal(mine.states, its.states);
}

static void assert_fails(const char *options, const char *files, const char *property)
{
	struct finding f = check(options, files);

	assert_string_equal(f.verdict, "fail");
	assert_string_equal(f.property, property);
}

static void the_world_switch(void **state)
{
	(void)state;
	assert_like("--as kvm", KVM, "baseline");
	assert_like("--as kvm --endian big", KVM, "baseline");
	assert_like("--as kvm --smp off --cpus 1", KVM, "baseline");
	assert_like("--as kvm --env neon", KVM, "baseline");
}

static void before_the_isb_of_2015(void **state)
{
	static const char *const others[] = {"fp-leak", "fp-lost", "fpexc-host", "fpexc-guest", "stuck"};

	(void)state;
	assert_fails("--as kvm -DWITHOUT_ISB", KVM, "crash");
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		char options[128];

		(void)snprintf(options, sizeof(options), "--as kvm -DWITHOUT_ISB --property %s", others[i]);
		assert_string_equal(check(options, KVM).verdict, "pass");
	}
}

static void the_series_of_2015(void **state)
{
	struct finding mine = check("--as kvm -DLAZY", lazy), its = check("", "v3");

	(void)state;
	assert_string_equal(mine.err, "");
	assert_string_equal(mine.verdict, "pass");
	assert_int_equal(mine.states, its.states);
	assert_string_equal(check("--as kvm -DLAZY --endian big", lazy).verdict, "fail");
	assert_string_equal(check("--as kvm -DLAZY --env neon", lazy).verdict, "fail");
}

static void without_its_part_in_c(void **state)
{
	struct finding f = check("--as kvm -DLAZY", KVM);

	(void)state;
	assert_string_equal(f.verdict, "fail");
	assert_non_null(strstr(f.err, "kvm_restore_host_vfp_state"));
	assert_non_null(strstr(f.err, "nothing refers to it"));
	assert_null(strstr(f.err, "__kvm_flush_vm_context"));
}

static void the_host_side(void **state)
{
	static const char *const systems[] = {"", "--endian big", "--smp off --cpus 1",
	                                      "--smp off --cpus 1 --endian big"};
	static const char *const kinds[] = {"", "-DOLD", "-DDEBUG"};

	(void)state;
	for (size_t i = 0; i < sizeof(systems) / sizeof(systems[0]); i++) {
		struct finding its = check(systems[i], "baseline");

		for (size_t j = 0; j < sizeof(kinds) / sizeof(kinds[0]); j++) {
			char options[128];
			struct finding mine;

			(void)snprintf(options, sizeof(options), "--as vfp %s %s", systems[i], kinds[j]);
			mine = check(options, VFP);
			assert_string_equal(mine.err, "");
			assert_string_equal(mine.verdict, "pass");
			assert_int_equal(mine.states, its.states);
		}
	}
}

static void a_host_that_forgets(void **state)
{
	(void)state;
	assert_fails("--as vfp -DFORGET_LOAD", VFP, "fp-lost");
	assert_fails("--as vfp -DFORGET_LOAD --smp off --cpus 1", VFP, "fp-lost");
}

/* Violations are told with the positions in the user's own files. */
static void positions(void **state)
{
	struct outcome o = run_command("check --vms 1 --as kvm -DWITHOUT_ISB " KVM);

	(void)state;
	assert_int_equal(o.status, 1);
	assert_non_null(strstr(o.out, " interrupts.S:"));
	outcome_free(&o);
	o = run_command("check --vms 1 --as vfp -DFORGET_LOAD " VFP);
	assert_int_equal(o.status, 1);
	assert_non_null(strstr(o.out, " vfphw.S:"));
	outcome_free(&o);
}

static void mistakes(void **state)
{
	static const struct {
		const char *arguments, *message;
	} cases[] = {
	        {"check " KVM, "does not compile"}, /* no --as, no configuration */
	        {"check --as arm64 baseline", "--as arm64: kvm and vfp are all there is"},
	        {"check --as vfp " TREE "/no-such-file.S", "no-such-file.S: No such file"},
	        {"check --as kvm " TREE "/arch/arm", "is a directory"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct outcome o = run_command(cases[i].arguments);

		if (o.status != 2 || !strstr(o.err, cases[i].message))
			fail_msg("lazyswitch %s: status %d, %s", cases[i].arguments, o.status, o.err);
		outcome_free(&o);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(the_world_switch),   cmocka_unit_test(before_the_isb_of_2015),
	        cmocka_unit_test(the_series_of_2015), cmocka_unit_test(without_its_part_in_c),
	        cmocka_unit_test(the_host_side),      cmocka_unit_test(a_host_that_forgets),
	        cmocka_unit_test(positions),          cmocka_unit_test(mistakes),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
