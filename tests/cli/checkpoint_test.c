/* SPDX-License-Identifier: MIT */
/* The options about checkpoints: what they refuse, before anything is searched, and why. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "checker/checkpoint_file.h"
#include "run_command.h"

static char *directory;
static char path[256];

static int setup(void **state)
{
	(void)state;
	directory = make_directory();
	(void)snprintf(path, sizeof(path), "%s/a.save", directory);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	remove_directory(directory);
	return 0;
}

/* One message, on stderr; status 2; nothing on stdout. `arguments` has %s for the file. */
static void expect_refusal(const char *arguments, const char *message)
{
	char line[1024];
	struct outcome o;

	(void)snprintf(line, sizeof(line), arguments, path);
	o = run_command(line);
	if (o.status != 2 || strcmp(o.out, "") != 0 || strstr(o.err, message) == NULL ||
	    strchr(o.err, '\n') != o.err + strlen(o.err) - 1)
		fail_msg("lazyswitch %s: status %d, stdout '%s', stderr '%s'", line, o.status, o.out, o.err);
	outcome_free(&o);
}

static void options_that_do_not_fit(void **unused)
{
	(void)unused;
	expect_refusal("check --checkpoint %s", "--checkpoint is for one variant: name it");
	expect_refusal("check --resume %s", "--resume is for one variant: name it");
	expect_refusal("check v3 baseline --checkpoint %s", "for one variant, and these are 2");
	expect_refusal("check v3 --checkpoint-every 5", "--checkpoint-every needs --checkpoint");
	expect_refusal("check v3 --checkpoint-every 0 --checkpoint %s", "--checkpoint-every takes seconds");
	expect_refusal("check v3 --checkpoint ''", "--checkpoint takes a file");
	expect_refusal("check v3 --resume ''", "--resume takes a file");
	expect_refusal("check v3 --store bitstate --checkpoint %s", "--store exact");
}

static void files_that_cannot_be(void **unused)
{
	(void)unused;
	expect_refusal("check v3 --checkpoint /dev/full", "it is not a regular file");
	expect_refusal("check v3 --checkpoint %s/x", "No such file or directory");
	expect_refusal("check v3 --resume %s", "No such file or directory");
	expect_refusal("check v3 --resume /dev/null", "it is not a regular file");
	expect_refusal("check v3 --resume /etc/passwd", "this is not a checkpoint");
}

static void write_checkpoint(const char *identity)
{
	struct error e = {0};
	struct checkpoint_writer *w = checkpoint_create(path, identity, &e);

	if (!w || checkpoint_commit(w, &e))
		fail_msg("%s", e.text);
}

/* The same options are asked for again; what differs is named as it is on the command line. */
static void files_of_other_searches(void **unused)
{
	(void)unused;
	write_checkpoint(
	        "--cpus=3\n--vms=2\n--vcpus=1\n--threads=1\n--env=neon,fork\n--smp=on\n--granularity=step\n"
	        "--property=fp-leak\n--symmetry=off\n--endian=big\n--no-reduce=dead\n--all\nbuild=default -D "
	        "X=1\n"
	        "variant=v4 0123456789abcdef\nprogram=lazyswitch 0.0 0123456789abcdef\n");
	expect_refusal("check v3 --resume %s",
	               "a.save was made with --cpus 3, --env neon,fork, --property fp-leak, --symmetry off, "
	               "--endian big, --no-reduce dead, --all, build default -D X=1, variant v4 "
	               "0123456789abcdef, program lazyswitch "
	               "0.0 0123456789abcdef; this search has --cpus 2, --env none, --property "
	               "fp-leak,fp-lost,fpexc-host,fpexc-guest,crash,stuck, --symmetry on, --endian little, "
	               "--no-reduce none, build default, variant v3 ");
	write_checkpoint("");
	expect_refusal("check v3 --resume %s", "a.save was made with no --cpus, no --vms");
}

/* Cut short twice, by one thread and by several, and then not. */
static void a_search_goes_on(void **unused)
{
	static const char *const pieces[] = {"--max-states 5000 --checkpoint",
	                                     "--max-states 90000 -j 3 --resume"};
	char line[1024];
	struct outcome o;

	(void)unused;
	for (unsigned i = 0; i < 2; i++) {
		(void)snprintf(line, sizeof(line), "check eager %s %s", pieces[i], path);
		o = run_command(line);
		assert_int_equal(o.status, 3);
		(void)snprintf(line, sizeof(line), "lazyswitch check --resume %s eager\n", path);
		assert_non_null(strstr(o.out, line));
		outcome_free(&o);
	}
	(void)snprintf(line, sizeof(line), "check eager --resume %s", path);
	o = run_command(line);
	assert_int_equal(o.status, 0);
	assert_non_null(strstr(o.out, " 206795 "));
	assert_non_null(strstr(o.out, " 1400336 "));
	outcome_free(&o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(options_that_do_not_fit),
	        cmocka_unit_test(files_that_cannot_be),
	        cmocka_unit_test(files_of_other_searches),
	        cmocka_unit_test(a_search_goes_on),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
