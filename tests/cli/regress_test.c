/* SPDX-License-Identifier: MIT */
/* lazyswitch regress: what it finds, what it says, what it rewrites. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>
#include <jansson.h>

#include "model/images/images.h"
#include "files.h"

static const char good[] = HEAD "# a comment\n"
                                "v3" ONE ": pass fpexc-writes/exit<=2 stores/exit<=0 # another\n"
                                "\n"
                                "[leaks]\n"
                                "no-put" TWO ": fail fp-leak|fp-lost fpexc-guest !crash length=8\n"
                                "v3" ONE "--endian big : fail fp-leak|fp-lost !fpexc-host\n"
                                "v3" ONE "--endian big --property fpexc-host,crash : pass\n";

static void test_as_expected(void **state)
{
	struct outcome o = regress_text(0, good, "");

	(void)state;
	assert_contains(o.out, "4 expectations: all as expected; 7 searches");
	assert_null(strstr(o.out, "CHANGED"));
	assert_string_equal(o.err, "");
	outcome_free(&o);
	o = regress_text(0, good, "--verbose");
	assert_contains(o.out, "\n  ok          v3 --cpus 1 --threads 0 --vms 1 ");
	assert_contains(o.out, " [leaks]\n  ok          no-put --cpus 1 --vms 1  ");
	outcome_free(&o);
}

/* One line of a file, and what must be said about it. */
struct change {
	const char *line;
	const char *says[5];
};

static const struct change changes[] = {
        /* passes no more */
        {"no-put" TWO ": pass",
         {":2: CHANGED: no-put --cpus 1 --vms 1\n", "expected  pass\n", "found     fail fp",
          " is violated, after ", "\n      lazyswitch check no-put --cpus 1 --vms 1\n"}},
        /* fails no more */
        {"v3" ONE ": fail crash",
         {"found     pass\n", "- crash: not violated any more\n",
          "      lazyswitch check v3 --cpus 1 --threads 0 --vms 1 --property crash\n"}},
        /* fails in another way: one clause, and all of them */
        {"no-put" TWO ": fail fpexc-guest crash|stuck",
         {"found     fail fpexc-guest !crash !stuck\n", "- crash,stuck: not violated any more\n"}},
        {"no-put" TWO ": fail crash",
         {"expected  fail crash\n", "found     fail fp", " !crash\n", "- crash: not violated any more\n",
          " is violated, after "}},
        /* what shall hold does not */
        {"no-put" TWO ": fail fpexc-guest !fp-lost",
         {"found     fail fpexc-guest fp-lost\n", "- fp-lost is violated, after ", " --property fp-lost\n"}},
        {"no-put" TWO ": fail fp-leak|fp-lost length=7",
         {"found     fail fp-leak|fp-lost length=8\n", "- the shortest trace has 8 steps, not 7\n",
          " --property fp-leak,fp-lost\n"}},
        {"v3" ONE ": pass fpexc-writes/exit<=1 isbs/exit<=5",
         {"found     pass fpexc-writes/exit<=2 isbs/exit<=5\n", "- 2 fpexc-writes in exit, more than 1\n",
          "      lazyswitch cost v3\n"}},
        {"fpexc-first" ONE ": fail crash traps/exit<=1",
         {"found     unknown\n", "- exit does not get to its end: undefined instruction in Hyp mode"}},
};

static void test_changes(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		char text[512];
		struct outcome o;

		(void)snprintf(text, sizeof(text), HEAD "%s\n", changes[i].line);
		o = regress_text(1, text, "");
		for (size_t k = 0; k < 5 && changes[i].says[k]; k++)
			assert_contains(o.out, changes[i].says[k]);
		assert_contains(o.out, "1 expectation: 0 as expected, 1 changed");
		outcome_free(&o);
	}
}

static void test_incomplete(void **state)
{
	struct outcome o = regress_text(3, HEAD "v3" ONE "--max-states 50 : pass\n", "");

	(void)state;
	assert_contains(o.out, "INCOMPLETE: v3");
	assert_contains(o.out, "found     unknown\n");
	assert_contains(o.out, "state limit");
	outcome_free(&o);
	/* What changed counts for more; what is not known is never rewritten. */
	o = regress_text(1, HEAD "v3" ONE "--max-states 50 : pass\nv3" TWO ": fail crash\n", "");
	assert_contains(o.out, "0 as expected, 1 changed, 1 incomplete");
	outcome_free(&o);
	o = regress_text(3, HEAD "v3" ONE "--max-states 50 : fail crash\nv3" TWO ": fail crash\n",
	                 "--update");
	assert_contains(o.out, "1 line updated\n");
	outcome_free(&o);
	o = regress_text(3, HEAD "v3 : pass\n", "--timeout 0.05");
	assert_contains(o.out, "time limit");
	outcome_free(&o);
	/* Its share is not enough, nor is all of it. */
	o = regress_text(3, HEAD "v3 : pass\neager : pass\n", "--memory 3M -j 2");
	assert_contains(o.out, "memory limit");
	outcome_free(&o);
	/* Half of that is nothing, but not no limit. */
	o = regress_text(3, HEAD "v3 : pass\neager : pass\n", "--memory 1 -j 2");
	assert_contains(o.out, "memory limit");
	outcome_free(&o);
}

static void test_interrupt(void **state)
{
	struct outcome o = run_command_signalled("regress --suite default -v", "INT", "0.7");

	(void)state;
	assert_int_equal(o.status, 3);
	assert_contains(o.out, "  INCOMPLETE  v3 ");
	assert_contains(o.out, "interrupted\n");
	assert_contains(o.out, " incomplete; ");
	outcome_free(&o);
}

/* What is said, without how long it took. */
static json_t *without_times(const char *text)
{
	json_t *document = json_loads(text, 0, NULL), *result;
	size_t i;

	assert_non_null(document);
	json_object_del(document, "seconds");
	json_array_foreach(json_object_get(document, "results"), i, result)
	        json_object_del(result, "seconds");
	return document;
}

static void test_parallel(void **state)
{
	static const char text[] = HEAD "v3" ONE ": fail crash\n"
	                                "no-put" TWO ": fail fpexc-guest crash\n"
	                                "v3" TWO ": pass\n"
	                                "no-put" TWO "--endian big : pass\n";
	char *directory = make_directory();
	json_t *one, *three;
	struct outcome a, b;

	(void)state;
	write_file(directory, "t.expect", text);
	a = regress(1, "%s/t.expect --format json -j 1", directory);
	b = regress(1, "%s/t.expect --format json -j 3", directory);
	one = without_times(a.out);
	three = without_times(b.out);
	assert_int_equal(json_array_size(json_object_get(one, "results")), 4);
	assert_true(json_equal(one, three));
	json_decref(one);
	json_decref(three);
	outcome_free(&a);
	outcome_free(&b);
	remove_directory(directory);
}

static void test_update(void **state)
{
	static const char before[] = HEAD "# stays\n"
	                                  "v3" ONE ": pass\n"
	                                  "[s]   # a suite\n"
	                                  "no-put" TWO "  :  pass       # comment\n"
	                                  "\n"
	                                  "v3" TWO ": fail crash stuck # tight\n"
	                                  "no-put" TWO "--endian big : fail fp-lost length=2 isbs/exit<=0";
	static const char after[] = HEAD "# stays\n"
	                                 "v3" ONE ": pass\n"
	                                 "[s]   # a suite\n"
	                                 "no-put" TWO "  :  fail fpexc-host # comment\n"
	                                 "\n"
	                                 "v3" TWO ": pass             # tight\n"
	                                 "no-put" TWO "--endian big : fail fp-lost length=13 isbs/exit<=0";
	char *directory = make_directory(), path[256], *text;
	struct stat status, later;
	struct outcome o;

	(void)state;
	write_file(directory, "t.expect", before);
	(void)snprintf(path, sizeof(path), "%s/t.expect", directory);
	assert_int_equal(chmod(path, 0640), 0);
	o = regress(0, "%s --update", path);
	assert_contains(o.out, "3 lines updated\n");
	outcome_free(&o);
	text = read_file_of(directory, "t.expect");
	assert_string_equal(text, after);
	free(text);
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_mode & 07777, 0640);
	/* Now all is as it says, and there is nothing to be written. */
	o = regress(0, "%s --update", path);
	assert_contains(o.out, "0 lines updated\n");
	outcome_free(&o);
	assert_int_equal(stat(path, &later), 0);
	assert_int_equal(later.st_ino, status.st_ino);
	remove_directory(directory);
	/* The expectations that ship are nobody's to change. */
	o = regress(2, "--update");
	assert_contains(o.err, "--update needs a file");
	outcome_free(&o);
}

static void test_selection(void **state)
{
	struct outcome o = regress_text(0, good, "--suite leaks");

	(void)state;
	assert_contains(o.out, "3 expectations: all");
	outcome_free(&o);
	o = regress_text(2, good, "--suite leak");
	assert_contains(o.err, "there is no suite 'leak'; did you mean 'leaks'?");
	outcome_free(&o);
	o = regress_text(0, good, "no-put");
	assert_contains(o.out, "1 expectation: all");
	outcome_free(&o);
	o = regress_text(2, good, "eager");
	assert_contains(o.err, "nothing is expected of 'eager'");
	outcome_free(&o);
	o = regress(2, "no-such-variant");
	assert_contains(o.err, "nothing is expected of 'no-such-variant'");
	outcome_free(&o);
	o = regress(2, "/nonexistent/x.expect");
	assert_contains(o.err, "/nonexistent/x.expect: No such file");
	outcome_free(&o);
}

/* The test fails unless the suite has a line for every variant that ships. */
static void assert_complete(const char *text, const char *heading)
{
	const char *begin = strstr(text, heading), *end;
	size_t n;
	const struct shipped_variant *all = shipped_variants(&n);
	char *suite, name[64];

	assert_non_null(begin);
	begin += strlen(heading) - 1;
	end = strstr(begin, "\n[");
	suite = strndup(begin, end ? (size_t)(end - begin) : strlen(begin));
	assert_non_null(suite);
	for (size_t i = 0; i < n; i++) {
		(void)snprintf(name, sizeof(name), "\n%s ", all[i].name);
		assert_contains(suite, name);
	}
	free(suite);
}

/* Whatever ships is in the expectations that ship, and they are a file like any other. */
static void test_shipped(void **state)
{
	struct outcome o = regress(0, "--print"), again;
	char *directory = make_directory();

	(void)state;
	assert_complete(o.out, "\n[default]\n");
	assert_complete(o.out, "\n[neon]\n");
	write_file(directory, "mine.expect", o.out);
	again = regress(0, "%s/mine.expect no-isb fpexc-first", directory);
	assert_contains(again.out, ": all as expected");
	outcome_free(&again);
	outcome_free(&o);
	remove_directory(directory);
}

/* Every bug of the past is found, and wherever it is what mended it is expected to hold: nobody need say so. */
static void test_history(void **state)
{
	struct outcome o = regress(0, "--print --suite history"),
	               run = regress(0, "--verbose --suite history");
	const struct shipped_variant *all;
	size_t count;

	(void)state;
	assert_contains(run.out, ": all as expected");
	all = history_variants(&count);
	assert_true(count >= 38);
	for (size_t i = 0; i < count; i++) {
		char name[64];

		(void)snprintf(name, sizeof(name), "\n%s ", all[i].name);
		if (strstr(all[i].name, "-broken"))
			assert_contains(o.out, name);
		(void)snprintf(name, sizeof(name), " %s ", all[i].name);
		assert_contains(run.out, name);
	}
	outcome_free(&run);
	outcome_free(&o);
}

/* What is implied is run, may be contradicted, and is not written into a file. */
static void test_implied(void **state)
{
	char *directory = make_directory(), *text;
	struct outcome o;

	(void)state;
	write_file(directory, "a.expect",
	           "lazyswitch-expect 1\na24-broken --cpus 1 --vms 1 --threads 0 : fail crash\n");
	o = regress(0, "%s/a.expect", directory);
	assert_contains(o.out, "2 expectations: all as expected");
	outcome_free(&o);
	/* On SMP what mended A11 fails itself. */
	write_file(directory, "a.expect",
	           "lazyswitch-expect 1\na11-broken --vms 0 --env pm : pass\n"
	           "a12-broken --vms 0 --env pm : fail fp-lost\n");
	o = regress(0, "%s/a.expect", directory);
	assert_contains(o.out, "3 expectations: all as expected");
	outcome_free(&o);
	write_file(directory, "a.expect",
	           "lazyswitch-expect 1\na24-broken --cpus 1 --vms 1 --threads 0 : fail crash\n"
	           "a24-fixed --cpus 1 --vms 1 --threads 0 : fail crash\n");
	o = regress(1, "%s/a.expect", directory);
	assert_contains(o.out, ":3: CHANGED: a24-fixed");
	outcome_free(&o);
	/* An update changes the line that is there. */
	write_file(directory, "a.expect",
	           "lazyswitch-expect 1\na24-broken --cpus 1 --vms 1 --threads 0 : fail fp-lost\n");
	o = regress(0, "--update %s/a.expect", directory);
	assert_contains(o.out, "1 line updated");
	outcome_free(&o);
	text = read_file_of(directory, "a.expect");
	assert_contains(text, "a24-broken --cpus 1 --vms 1 --threads 0 : fail crash");
	assert_null(strstr(text, "a24-fixed"));
	free(text);
	remove_directory(directory);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_as_expected), cmocka_unit_test(test_changes),
	        cmocka_unit_test(test_incomplete),  cmocka_unit_test(test_interrupt),
	        cmocka_unit_test(test_parallel),    cmocka_unit_test(test_update),
	        cmocka_unit_test(test_selection),   cmocka_unit_test(test_shipped),
	        cmocka_unit_test(test_history),     cmocka_unit_test(test_implied),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
