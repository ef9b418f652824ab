/* SPDX-License-Identifier: MIT */
/* The stories of counterexamples: what they must say, and that they fit on a page. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "run_command.h"

#define SMALL " --cpus 1 --threads 0 --vms 1 "

enum { WIDTH = 110 };

/* The words, in this order, in the output of a check that fails; and no line too long. */
static void expect_story(const char *arguments, const char *const *words)
{
	struct outcome o = run_command(arguments);
	const char *at = o.out;

	assert_int_equal(o.status, 1);
	for (; *words; words++) {
		const char *found = strstr(at, *words);

		if (!found) {
			fail_msg("lazyswitch %s: no '%s' in its place in '%s'", arguments, *words, o.out);
			return; /* fail_msg() does not, but the analyser cannot know */
		}
		at = found + strlen(*words);
	}
	for (at = o.out; *at != '\0'; at += strcspn(at, "\n") + 1) {
		size_t width = strcspn(at, "\n");

		if (width > WIDTH || (width > 0 && at[width - 1] == ' '))
			fail_msg("lazyswitch %s: too wide, or blank at the end: '%.*s'", arguments,
			         (int)width, at);
	}
	outcome_free(&o);
}

static void test_lost(void **state)
{
	static const char *const words[] = {
	        "no-put violates fp-lost; the shortest schedule, ",
	        "[idle0] wakes up: vmm0 is next\n",
	        "[vmm0]  ioctl(KVM_RUN)",
	        "kvm_arch_vcpu_load leaves FP alone",
	        "HCPTR: FP accesses will trap to Hyp",
	        "FP access traps to Hyp",
	        "load vcpu0's registers <- vcpu0's vfp_guest",
	        "a signal is pending, back to user space",
	        "[vmm0]  executes an FP instruction: new data in all registers\n",
	        "load vmm0's OLD registers <- vmm0's vfpstate",
	        "=> violates fp-lost",
	        "\nviolated: fp-lost - ",
	        "\n  vmm0 reads d0: expected its own newest data, got an older version of it\n",
	        "  on cpu0, user.S:",
	        " user_fp: vadd.f64 d0, d0, d0\n\nAt that moment:\n",
	        "  cpu0   vmm0 in user space; FPEXC EN=1",
	        "vmm0's newest data: nowhere: it has been overwritten\n",
	        NULL,
	};

	(void)state;
	expect_story("check no-put --property fp-lost" SMALL, words);
}

static void test_leak(void **state)
{
	static const char *const words[] = {
	        "(violates fpexc-host as well)",
	        "=> violates fp-leak",
	        "got data of vcpu0",
	        "holds vcpu0's registers",
	        "vmm0's newest data: in vmm0's vfpstate\n",
	        NULL,
	};

	(void)state;
	expect_story("check no-put --property fp-leak" SMALL, words);
}

static void test_fpexc(void **state)
{
	static const char *const host[] = {
	        "FPEXC: EN=0 -> EN=1, by KVM",
	        "=> violates fpexc-host",
	        "the host kernel, in vmm0, reads FPEXC 0x40000000: it left 0x00000000",
	        "vmrs r",
	        "FPEXC EN=1 (host code left EN=0)",
	        NULL,
	};
	static const char *const guest[] = {
	        "FPEXC: EN=0 -> EN=1, by the guest",
	        "=> violates fpexc-guest",
	        "its guest left FPEXC EN=1",
	        NULL,
	};

	(void)state;
	expect_story("check load-only" SMALL, host);
	expect_story("check no-enable" SMALL, guest);
}

static void test_crash(void **state)
{
	static const char *const words[] = {
	        "UNDEFINED in Hyp mode",
	        "=> violates crash",
	        "vldmia",
	        "{d0-d15}",
	        "in Hyp mode; FPEXC EN=0",
	        NULL,
	};

	(void)state;
	expect_story("check fpexc-first" SMALL, words);
}

/* The flag stored as a byte, tested as a word: the bug that the review found. */
static void test_big_endian(void **state)
{
	static const char *const words[] = {
	        "big endian",
	        "vcpu0's dirty flag: 0 -> 1 (as a word: 0x01000000)",
	        "violated: ",
	        NULL,
	};

	(void)state;
	expect_story("check v3 --endian big" SMALL, words);
}

/* More CPUs than columns: only the one that steps is shown. */
static void test_many_cpus(void **state)
{
	static const char *const columns[] = {" cpu0    cpu1   what happens", "[idle0]  idle1  wakes up",
	                                      NULL};
	static const char *const many[] = {"on this CPU", "cpu0 idle0", "cpu5   idle; FPEXC EN=0", NULL};

	(void)state;
	expect_story("check load-only --cpus 2", columns);
	expect_story("check load-only --cpus 6", many);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_lost),       cmocka_unit_test(test_leak),
	        cmocka_unit_test(test_fpexc),      cmocka_unit_test(test_crash),
	        cmocka_unit_test(test_big_endian), cmocka_unit_test(test_many_cpus),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
