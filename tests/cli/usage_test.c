/* SPDX-License-Identifier: MIT */
/* Usage, help, and everything that can be wrong with the arguments. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "run_command.h"

/* One message, on stderr, that contains `message`; status 2; nothing on stdout. */
static void expect_refusal(const char *arguments, const char *message)
{
	struct outcome o = run_command(arguments);

	if (o.status != 2 || strcmp(o.out, "") != 0 || strncmp(o.err, "lazyswitch: ", 12) != 0 ||
	    strstr(o.err, message) == NULL || strchr(o.err, '\n') != o.err + strlen(o.err) - 1)
		fail_msg("lazyswitch %s: status %d, stdout '%s', stderr '%s'", arguments, o.status, o.out,
		         o.err);
	outcome_free(&o);
}

static void expect_answer(const char *arguments, const char *answer)
{
	struct outcome o = run_command(arguments);

	if (o.status != 0 || strstr(o.out, answer) == NULL || strcmp(o.err, "") != 0)
		fail_msg("lazyswitch %s: status %d, stdout '%s', stderr '%s'", arguments, o.status, o.out,
		         o.err);
	outcome_free(&o);
}

static void test_help(void **state)
{
	(void)state;
	expect_answer("--help", "Usage: lazyswitch [");
	expect_answer("--help", "\n  show       annotated");
	expect_answer("help", "Usage: lazyswitch [");
	expect_answer("check --help", "Usage: lazyswitch check [");
	expect_answer("check --help", "--max-states=N");
	expect_answer("help check", "Usage: lazyswitch check [");
	expect_answer("list --help", "Usage: lazyswitch list [");
	expect_answer("help list", "Usage: lazyswitch list [");
	expect_answer("show --help", "Usage: lazyswitch show [");
	expect_answer("help show", "--endian=little|big");
	expect_answer("help --help", "Usage: lazyswitch help [");
	expect_answer("check --usage", "--trace-out=DIR");
	expect_answer("check --help", "--symmetry=on|off");
	expect_answer("check --help", "--no-reduce=LIST");
}

static void test_version(void **state)
{
	(void)state;
	expect_answer("--version", "lazyswitch ");
	expect_answer("-V", "lazyswitch ");
	expect_answer("check --version", "lazyswitch ");
	expect_answer("list --version", "lazyswitch ");
	expect_answer("show --version", "lazyswitch ");
	expect_answer("help --version", "lazyswitch ");
}

static void test_commands(void **state)
{
	(void)state;
	expect_refusal("", "no command");
	expect_refusal("chekc", "did you mean 'check'?");
	expect_refusal("xyzzy", "unknown command 'xyzzy'");
	expect_refusal("help xyzzy", "unknown command 'xyzzy'");
	expect_refusal("help check list", "'list' as well");
	expect_refusal("help check --format bash", "for all commands");
	expect_refusal("help check --format html", "text, man, bash, zsh and fish");
	expect_refusal("list v3", "takes no arguments");
	expect_refusal("show", "needs a variant");
	expect_refusal("show v3 v3-byte", "takes one variant");
	expect_refusal("show v33", "did you mean 'v3'?");
}

static void test_options(void **state)
{
	(void)state;
	expect_refusal("check v3 --symmetry maybe", "--symmetry knows on and off");
	expect_refusal("check v3 --no-reduce ded", "did you mean 'dead'?");
	expect_refusal("--bogus", "unknown option '--bogus'");
	expect_refusal("check --bogus", "unknown option '--bogus'");
	expect_refusal("check --thraeds 3", "did you mean '--threads'?");
	expect_refusal("check -x", "unknown option '-x'");
	expect_refusal("check --cpus", "'--cpus' needs a value");
	expect_refusal("check --help=3", "'--help' takes no value");
	expect_refusal("check --v 3", "ambiguous");
	expect_refusal("list --endian big", "unknown option '--endian'");
}

static void test_numbers(void **state)
{
	(void)state;
	expect_refusal("check v3 --cpus 0", "0 CPUs");
	expect_refusal("check v3 --cpus 9", "9 CPUs");
	expect_refusal("check v3 --cpus 4294967297", "--cpus takes a number");
	expect_refusal("check v3 --cpus 99999999999999999999999", "--cpus takes a number");
	expect_refusal("check v3 --cpus -1", "not '-1'");
	expect_refusal("check v3 --cpus +1", "not '+1'");
	expect_refusal("check v3 --cpus 2x", "not '2x'");
	expect_refusal("check v3 --cpus 0x2", "not '0x2'");
	expect_refusal("check v3 --cpus ''", "not ''");
	expect_refusal("check v3 --cpus ' 2'", "not ' 2'");
	expect_refusal("check v3 --vms 1000", "1000 VMs");
	expect_refusal("check v3 --vcpus 65536 --vms 65536", "65536 VMs");
	expect_refusal("check v3 --threads 17", "17 plain threads");
	expect_refusal("check v3 --vms 0 --threads 0", "no thread at all");
	expect_refusal("check v3 --max-states 0", "--max-states");
	expect_refusal("check v3 --timeout 0", "--timeout");
	expect_refusal("check v3 --timeout -5", "--timeout");
	expect_refusal("check v3 --timeout nan", "--timeout");
	expect_refusal("check v3 --timeout 1.2.3", "--timeout");
	expect_refusal("check v3 --memory 0", "--memory");
	expect_refusal("check v3 --memory 4X", "--memory");
	expect_refusal("check v3 --memory 4Gx", "--memory");
	expect_refusal("check v3 --memory 99999999999T", "--memory");
}

static void test_names(void **state)
{
	(void)state;
	expect_refusal("check v33", "unknown variant 'v33'; did you mean 'v3'?");
	expect_refusal("check v3 lod-put", "did you mean 'load-put'?");
	expect_refusal("check xyzzy", "lazyswitch list");
	expect_refusal("check v3 --property fp-leek", "did you mean 'fp-leak'?");
	expect_refusal("check v3 --property ''", "empty name");
	expect_refusal("check v3 --property crash,", "empty name");
	expect_refusal("check v3 --env spoon", "--env knows neon, fork, exec");
	expect_refusal("check v3 --endian middle", "little and big");
	expect_refusal("show v3 --smp maybe", "on and off");
	expect_refusal("check v3 --format xml", "text, json, junit, ktap, sarif and mail");
}

static void test_files(void **state)
{
	(void)state;
	expect_refusal("check /nonexistent.elf", "/nonexistent.elf: No such file");
	expect_refusal("check nonexistent.elf", "nonexistent.elf: No such file");
	expect_refusal("check /tmp", "/tmp: is a directory");
	expect_refusal("check /bin/sh", "/bin/sh: ");
	expect_refusal("check /dev/null", "not a regular file");
	expect_refusal("check /etc/passwd", "not an ELF file");
	expect_refusal("check --endian big " IMAGES "/little/v3.elf", "is little endian");
	expect_refusal("check --endian little " IMAGES "/big/v3.elf", "is big endian");
	expect_refusal("check --cpus 1 " IMAGES "/little-up/v3.elf", "a kernel without CONFIG_SMP");
	expect_refusal("check --smp off " IMAGES "/little/v3.elf", "a kernel with CONFIG_SMP");
	expect_refusal("check v3 /nonexistent.elf", "/nonexistent.elf"); /* before v3 runs */
}

static void test_trace_directory(void **state)
{
	(void)state;
	expect_refusal("check no-put --trace-out /etc/passwd", "not a directory");
	expect_refusal("check no-put --trace-out /nonexistent/a/b", "cannot be made");
	expect_refusal("check no-put --trace-out ''", "empty name");
	expect_refusal("check --trace-out /tmp " IMAGES "/little/v3.elf " IMAGES "/big/v3.elf",
	               "the same file");
}

static void test_list_and_show(void **state)
{
	(void)state;
	expect_answer("list", "baseline");
	expect_answer("list", "\nv3 ");
	expect_answer("show baseline", "# overrides nothing");
	expect_answer("show v3", "# overrides: ");
	expect_answer("show v3", "kvm_arch_vcpu_put:\n");
	expect_answer("show v3", "* vmrs r2, fpexc");
	expect_answer("show v3 --endian big", "big endian data");
	expect_answer("show v3 --smp off", "kvm_arch_vcpu_put:\n");
	expect_answer("show " IMAGES "/big/v3.elf", "big endian data");
}

static void test_full_disk(void **state)
{
	struct outcome o;

	(void)state;
	o = run_command("list >/dev/full");
	assert_int_equal(o.status, 2);
	assert_non_null(strstr(o.err, "cannot write the output: No space left on device"));
	outcome_free(&o);
	o = run_command("--help >/dev/full");
	assert_int_equal(o.status, 2);
	outcome_free(&o);
	o = run_command("check v3 --cpus 1 --threads 0 --vms 1 >/dev/full");
	assert_int_equal(o.status, 2);
	assert_non_null(strstr(o.err, "cannot write the output"));
	outcome_free(&o);
	o = run_command("list >&-");
	assert_int_equal(o.status, 2);
	outcome_free(&o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_help),          cmocka_unit_test(test_version),
	        cmocka_unit_test(test_commands),      cmocka_unit_test(test_options),
	        cmocka_unit_test(test_numbers),       cmocka_unit_test(test_names),
	        cmocka_unit_test(test_files),         cmocka_unit_test(test_trace_directory),
	        cmocka_unit_test(test_list_and_show), cmocka_unit_test(test_full_disk),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
