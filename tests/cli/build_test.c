/* SPDX-License-Identifier: MIT */
/* Variants that are built first: the user's own files, several of them, objects; and what goes wrong with
 * them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "files.h"
#include "run_command.h"

#define SMALL " --cpus 1 --vms 1"
#define BOTH  VARIANTS "/switch.S," VARIANTS "/put.c"

static char *directory; /* of the test that runs */

static int setup(void **state)
{
	(void)state;
	directory = make_directory();
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	remove_directory(directory);
	return 0;
}

/* Every %s of the format is the directory. */
__attribute__((format(printf, 1, 0))) static struct outcome run_there(const char *format)
{
	char arguments[2048];

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	(void)snprintf(arguments, sizeof(arguments), format, directory, directory, directory, directory);
#pragma GCC diagnostic pop
	return run_command(arguments);
}

static void expect(struct outcome o, int status, const char *out, const char *err)
{
	if (o.status != status || !strstr(o.out, out) || !strstr(o.err, err))
		fail_msg("status %d, stdout '%s', stderr '%s'; expected %d, '%s', '%s'", o.status, o.out,
		         o.err, status, out, err);
	outcome_free(&o);
}

/* The same row of the table, names apart: "fail  fpexc-host  81  95  3". */
static void same_row(const char *out, const char *one, const char *other)
{
	char rows[2][8][64];
	const char *names[] = {one, other};

	for (unsigned i = 0; i < 2; i++) {
		const char *row = strstr(out, names[i]);

		assert_non_null(row);
		assert_int_equal(sscanf(row + strlen(names[i]), "%63s %63s %63s %63s %63s", rows[i][0],
		                        rows[i][1], rows[i][2], rows[i][3], rows[i][4]),
		                 5);
		for (unsigned k = 0; i == 1 && k < 5; k++)
			assert_string_equal(rows[0][k], rows[1][k]);
	}
}

static void copies_of_shipped_variants_are_the_same(void **state)
{
	static const char *const names[] = {"v3", "load-only", "fpexc-first", "eager"};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char arguments[512], copy[128], name[64];
		struct outcome o;

		(void)snprintf(copy, sizeof(copy), "%s/%s.S", directory, names[i]);
		(void)snprintf(arguments, sizeof(arguments), "show --source %s >%s", names[i], copy);
		expect(run_command(arguments), 0, "", "");
		(void)snprintf(name, sizeof(name), "\n%s ", names[i]);
		(void)snprintf(arguments, sizeof(arguments), "check %s %s --cpus 1 --vms 1 --threads 2",
		               names[i], copy);
		o = run_command(arguments);
		assert_string_equal(o.err, "");
		same_row(o.out, name, copy);
		outcome_free(&o);
	}
}

static void assembly_and_c_make_one_variant(void **state)
{
	(void)state;
	expect(run_command("check " BOTH SMALL), 0, "pass", "");
	expect(run_command("check " BOTH SMALL " --endian big --smp off"), 0, "big endian, no CONFIG_SMP",
	       "");
	expect(run_command("check " BOTH SMALL " --smp off --format json"), 0, "\"smp\": false", "");
	expect(run_command("show " BOTH), 0,
	       "# overrides: __kvm_vcpu_run, __kvm_hyp_vector, kvm_arch_vcpu_put\n", "");
	expect(run_command("check -DFORGETFUL " BOTH SMALL), 1, "fail", "");
	expect(run_command("check -D FORGETFUL=1 " BOTH SMALL), 1, "fail", "");
	expect(run_command("check " VARIANTS "/put.c" SMALL), 2, "",
	       "undefined reference to `switch_to_host'");
}

static void headers_are_found(void **state)
{
	(void)state;
	write_file(directory, "policy.h", "#define FORGETFUL\n");
	expect(run_command("check -D POLICY_HEADER " BOTH SMALL), 2, "", "policy.h: No such file");
	expect(run_there("check -D POLICY_HEADER -I %s " BOTH SMALL), 1, "fail", "");
	expect(run_command("check -I '' " BOTH), 2, "", "-I takes a directory");
}

static void options_rebuild_what_ships(void **state)
{
	(void)state;
	expect(run_command("check v3 --endian big" SMALL), 1, "fail", "");
	expect(run_command("check -D LOAD_DIRTY=ldrb v3 --endian big" SMALL), 0, "pass", "");
	expect(run_command("check -D X xyzzy"), 2, "", "unknown variant 'xyzzy'");
}

static void objects_are_linked(void **state)
{
	static const char compile[] =
	        CROSS_GCC " -marm -march=armv7ve -mfloat-abi=soft -ffreestanding -O2 -I" INCLUDE
	                  " -DCONFIG_SMP=1 %s -c " VARIANTS "/put.c -o %s/%s.o";
	char command[2048];

	(void)state;
	(void)snprintf(command, sizeof(command), compile, "", directory, "little");
	assert_int_equal(system(command), 0); /* NOLINT(cert-env33-c,concurrency-mt-unsafe) */
	(void)snprintf(command, sizeof(command), compile, "-mbig-endian", directory, "big");
	assert_int_equal(system(command), 0); /* NOLINT(cert-env33-c,concurrency-mt-unsafe) */
	expect(run_there("check " VARIANTS "/switch.S,%s/little.o" SMALL), 0, "little endian", "");
	expect(run_there("check " VARIANTS "/switch.S,%s/big.o" SMALL), 0, "big endian", "");
	expect(run_there("check --endian big " VARIANTS "/switch.S,%s/little.o" SMALL), 2, "",
	       "this object is little endian");
	expect(run_there("check %s/big.o,%s/little.o" SMALL), 2, "", "this object is little endian");
	expect(run_command("check " VARIANTS "/put.c," IMAGES "/little/v3.elf"), 2, "",
	       "a linked image is a variant");
	expect(run_command("check -DX " IMAGES "/little/v3.elf"), 2, "", "is linked already");
	expect(run_command("check --patch " EXAMPLE "/byte.diff " IMAGES "/little/v3.elf"), 2, "",
	       "is linked already");
}

static void symbols_that_override_nothing(void **state)
{
	(void)state;
	write_file(directory, "typo.c",
	           "void kvm_arch_vcpu_putt(void *vcpu);\n"
	           "void kvm_arch_vcpu_putt(void *vcpu) { (void)vcpu; }\n");
	expect(run_there("check %s/typo.c" SMALL), 0, "pass", "did you mean 'kvm_arch_vcpu_put'?");
	expect(run_there("check %s/typo.c" SMALL), 0, "pass", "overrides nothing: what runs is the baseline");
	expect(run_there("show %s/typo.c"), 0, "# warning: ", "");
	expect(run_there("show %s/typo.c"), 0, "# overrides nothing", "");
	write_file(directory, "weak.S", "\t.weak kvm_arch_vcpu_put\nkvm_arch_vcpu_put:\tbx lr\n");
	expect(run_there("check %s/weak.S" SMALL), 0, "pass", "is weak there, too");
	write_file(directory, "strong.c",
	           "void kvm_sched_out(void *vcpu);\nvoid kvm_sched_out(void *vcpu) { (void)vcpu; }\n");
	expect(run_there("check %s/strong.c" SMALL), 2, "",
	       "'kvm_sched_out' cannot be overridden: it is in the modelled kernel, too "
	       "(model/linux/kvm/arm.c)");
	expect(run_there("check %s/typo.c,%s/typo.c" SMALL), 2, "", "is defined in both");
	/* No .type, no size: an override all the same. */
	write_file(directory, "bare.S", "\t.global kvm_arch_vcpu_put\nkvm_arch_vcpu_put:\tbx lr\n");
	expect(run_there("show %s/bare.S"), 0, "# overrides: kvm_arch_vcpu_put\n", "");
}

static void patches_on_the_command_line(void **state)
{
	(void)state;
	write_file(directory, "fix.diff",
	           "--- a/model/variants/v3.S\n+++ b/model/variants/v3.S\n@@ -9,3 +9,3 @@\n"
	           " #ifndef LOAD_DIRTY\n"
	           "-#define LOAD_DIRTY ldr\t\t\t\t/* as posted: a byte is stored, a word is tested */\n"
	           "+#define LOAD_DIRTY ldrb\n #endif\n");
	expect(run_there("check v3 --endian big --patch %s/fix.diff" SMALL), 0, "pass", "");
	expect(run_there("show v3 --patch %s/fix.diff"), 0, "ldrb r7, [r0, #", "");
	expect(run_there("check v3 --patch %s/fix.diff --patch %s/fix.diff" SMALL), 2, "", "does not apply");
	expect(run_there("check eager --patch %s/fix.diff" SMALL), 2, "", "changes nothing");
	expect(run_there("check v3 --patch %s/none.diff" SMALL), 2, "", "none.diff: No such file");
	expect(run_there("check v3 --patch /dev/null" SMALL), 2, "", "not a regular file");
}

/* A trace of a variant that was built is replayed with the same options; and so it is with costs. */
static void every_command_builds(void **state)
{
	(void)state;
	expect(run_there("check -D FORGETFUL " BOTH SMALL " --trace-out %s"), 1, "fail", "");
	expect(run_there("replay -D FORGETFUL %s/*.trace"), 1, "violates", "");
	expect(run_command("cost -D FORGETFUL " BOTH), 0, "switch.S", "");
	expect(run_command("cost " VARIANTS "/put.c"), 2, "", "does not link");
}

static void compilers_say_why(void **state)
{
	(void)state;
	write_file(directory, "bad.S", "\tnonsense r0, r1\n");
	write_file(directory, "bad.c", "int f(void) { return x; }\n");
	write_file(directory, "missing.S", "\tbl nowhere\n");
	expect(run_there("check %s/bad.S"), 2, "", "bad instruction `nonsense r0,r1'");
	expect(run_there("check %s/bad.S"), 2, "",
	       "bad.S: does not compile (arm-linux-gnueabihf-gcc says why, above)");
	expect(run_there("check %s/bad.c"), 2, "", "undeclared");
	write_file(directory, "bad2.S", "\t.global kvm_arch_vcpu_put\nkvm_arch_vcpu_put: b nowhere\n");
	expect(run_there("check %s/bad2.S"), 2, "", "does not link with the modelled kernel");
}

static void there_may_be_no_compiler(void **state)
{
	(void)state;
	expect(run_command_after("env CROSS_COMPILE=nonsense-", "check " BOTH), 2, "",
	       "there is no nonsense-gcc to build it with: install the package gcc-arm-linux-gnueabihf, or "
	       "set "
	       "CROSS_COMPILE");
	expect(run_command_after("env PATH=/nonexistent", "check " BOTH), 2, "", "gcc-arm-linux-gnueabihf");
	expect(run_command_after("env PATH=/nonexistent", "check v3" SMALL), 0, "pass", "");
	expect(run_command_after("env CROSS_COMPILE='env arm-linux-gnueabihf-'", "check " BOTH SMALL), 0,
	       "pass", "");
}

static void there_may_be_no_room(void **state)
{
	(void)state;
	expect(run_command_after("env TMPDIR=/nonexistent", "check " BOTH), 2, "",
	       "no temporary directory can be made in /nonexistent: No such file or directory; set TMPDIR");
	expect(run_command_after("env TMPDIR=/proc", "check " BOTH), 2, "", "set TMPDIR");
	/* As good as a full disk. */
	expect(run_command_after("sh -c 'trap \"\" XFSZ; ulimit -f 6; exec \"$@\"' sh", "check " BOTH), 2, "",
	       "cannot be written: File too large; set TMPDIR");
}

/* Whatever happens, nothing is left behind. */
static void the_temporary_directory_is_removed(void **state)
{
	char before[256];
	struct outcome o;

	(void)state;
	write_file(directory, "slow.S", "\t.incbin \"fifo\"\n"); /* waits for somebody to write */
	write_file(directory, "bad.S", "\tnonsense\n");
	(void)snprintf(before, sizeof(before),
	               "sh -c 'cd %s; mkdir -p tmp; mkfifo fifo 2>/dev/null; TMPDIR=$PWD/tmp exec \"$@\"' sh",
	               directory);
	expect(run_command_after(before, "check bad.S"), 2, "", "does not compile");
	expect(run_command_after(before, "show " BOTH), 0, "", "");
	(void)snprintf(before, sizeof(before),
	               "sh -c 'cd %s; TMPDIR=$PWD/tmp exec timeout -s TERM 0.5 \"$@\"' sh", directory);
	o = run_command_after(before, "check slow.S");
	assert_int_equal(o.status, 124);
	outcome_free(&o);
	(void)snprintf(before, sizeof(before), "%s/tmp", directory);
	assert_int_equal(rmdir(before), 0); /* it is empty */
}

static void names_are_looked_at(void **state)
{
	(void)state;
	expect(run_command("check nonexistent.S"), 2, "", "nonexistent.S: No such file");
	expect(run_command("check nonexistent.o"), 2, "", "nonexistent.o: No such file");
	expect(run_command("check a.S,"), 2, "", "an empty name between commas");
	expect(run_command("check ,a.S"), 2, "", "an empty name between commas");
	expect(run_command("check /dev/null,/dev/null"), 2, "", "not a regular file");
	expect(run_command("show --source v33"), 2, "", "there is no source 'v33'");
	expect(run_command("show --source model/linux/lazyswitch.lds"), 0, "ENTRY(_start)", "");
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
	        TEST(copies_of_shipped_variants_are_the_same),
	        TEST(assembly_and_c_make_one_variant),
	        TEST(headers_are_found),
	        TEST(options_rebuild_what_ships),
	        TEST(objects_are_linked),
	        TEST(symbols_that_override_nothing),
	        TEST(patches_on_the_command_line),
	        TEST(every_command_builds),
	        TEST(compilers_say_why),
	        TEST(there_may_be_no_compiler),
	        TEST(there_may_be_no_room),
	        TEST(the_temporary_directory_is_removed),
	        TEST(names_are_looked_at),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
