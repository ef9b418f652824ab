/* SPDX-License-Identifier: MIT */
/* Broken expectations files: each gets one message that names the place, and nothing runs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "files.h"

struct broken {
	const char *text, *place, *says;
};

static const struct broken files[] = {
        {"", ":1:1: ", "begins with the line 'lazyswitch-expect 1'"},
        {"# nothing\n\n", ":1:1: ", "begins with the line"},
        {"v3 : pass\n", ":1:1: ", "begins with the line"},
        {"lazyswitch-expect 2\n", ":1:1: ", "begins with the line"},
        {HEAD "v3 pass\n", ":2:4: ", "no ':' between blanks"},
        {HEAD "v3: pass\n", ":2:5: ", "no ':' between blanks"},
        {HEAD "  : pass\n", ":2:3: ", "no variant"},
        {HEAD "v3 :\n", ":2:5: ", "a verdict must follow"},
        {HEAD "v3 : # pass\n", ":2:5: ", "a verdict must follow"},
        {HEAD "v3 : passes\n", ":2:6: ", "begins with 'pass' or 'fail'"},
        {HEAD "v3 : fail\n", ":2:6: ", "needs a property that is violated"},
        {HEAD "v3 : fail !crash\n", ":2:6: ", "needs a property that is violated"},
        {HEAD "v3 : fail fp-lst\n", ":2:11: ", "unknown property 'fp-lst'; did you mean 'fp-lost'?"},
        {HEAD "v3 : fail crash|fp-lst\n", ":2:17: ", "unknown property 'fp-lst'"},
        {HEAD "v3 : fail crash|\n", ":2:17: ", "unknown property ''"},
        {HEAD "v3 : fail crash, stuck\n", ":2:11: ", "separated by blanks, without commas"},
        {HEAD "v3 : fail crash !crash\n", ":2:17: ", "said twice, or denied"},
        {HEAD "v3 : fail fp-lost !crash|stuck\n", ":2:19: ", "'!' takes one property"},
        {HEAD "v3 : pass fp-lost\n", ":2:11: ", "behind 'pass' there can be cost ceilings only"},
        {HEAD "v3 : pass length=3\n", ":2:11: ", "behind 'pass'"},
        {HEAD "v3 : fail crash length=0\n", ":2:24: ", "from 1 to"},
        {HEAD "v3 : fail crash length=x\n", ":2:24: ", "whole number"},
        {HEAD "v3 : fail crash length=1 length=2\n", ":2:26: ", "said twice"},
        {HEAD "v3 : pass fpexc-write/exit<=2\n", ":2:11: ", "did you mean 'fpexc-writes'?"},
        {HEAD "v3 : pass fpexc-writes/exits<=2\n", ":2:24: ", "did you mean 'exit'?"},
        {HEAD "v3 : pass fpexc-writes/exit=2\n", ":2:24: ", "unknown scenario 'exit=2'"},
        {HEAD "v3 : pass fpexc-writes/exit<2\n", ":2:28: ", "looks like fpexc-writes/exit<=2"},
        {HEAD "v3 : pass fpexc-writes/exit<=-1\n", ":2:30: ", "whole number"},
        {HEAD "v3 : pass isbs/exit<=1 isbs/exit<=2\n", ":2:24: ", "has a ceiling already"},
        {HEAD "v3 --endian middle : pass\n", ":2:13: ", "--endian knows little and big, not 'middle'"},
        {HEAD "v3 --endain big : pass\n", ":2:4: ", "did you mean '--endian'?"},
        {HEAD "v3 --endian : pass\n", ":2:4: ", "'--endian' needs a value"},
        {HEAD "v3 eager : pass\n", ":2:4: ", "'eager' is not an option"},
        {HEAD "v3 --help : pass\n", ":2:4: ", "no place here"},
        {HEAD "v3 --property crash : fail crash\n", ":2:4: ", "--property has no place here"},
        {HEAD "v3 --cpus 99 : pass\n", ":2:1: ", "99"},
        {HEAD "v4 : pass\n", ":2:1: ", "unknown variant 'v4'"},
        {HEAD "  ./none.elf : pass\n", ":2:3: ", "none.elf: No such file"},
        {HEAD "v3 : pass\n\nv3 --endian little : fail crash\n",
         ":4:1: ", "line 2 has an expectation of the same"},
        {HEAD "[a b]\n", ":2:1: ", "a suite is a name in brackets"},
        {HEAD "[a\n", ":2:1: ", "a suite is a name in brackets"},
        {HEAD "[]\n", ":2:1: ", "a suite is a name in brackets"},
        {HEAD "[a]\n[a]\n", ":3:1: ", "has begun before"},
};

static void test_broken(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		struct outcome o = regress_text(2, files[i].text, "");
		char place[64];

		(void)snprintf(place, sizeof(place), "/t.expect%s", files[i].place);
		if (!strstr(o.err, place) || !strstr(o.err, files[i].says))
			fail_msg("'%s': stderr '%s' does not say '%s' at %s", files[i].text, o.err,
			         files[i].says, files[i].place);
		/* One line, and nothing else. */
		assert_ptr_equal(strchr(o.err, '\n'), o.err + strlen(o.err) - 1);
		assert_string_equal(o.out, "");
		outcome_free(&o);
	}
}

static void test_nothing_to_do(void **state)
{
	struct outcome o = regress_text(2, HEAD "# later\n", "");
	char *directory = make_directory();

	(void)state;
	assert_contains(o.err, "nothing to do");
	outcome_free(&o);
	o = regress(2, "%s", directory);
	assert_contains(o.err, "nothing to do");
	outcome_free(&o);
	remove_directory(directory);
}

/* Blanks, tabs, carriage returns, comments wherever they may be, and no newline at the end. */
static void test_lenient(void **state)
{
	struct outcome o = regress_text(0,
	                                "\n# c\n\tlazyswitch-expect   1\t# c\r\n\r\n"
	                                "v3\t--cpus 1 --threads 0\t--vms\t1 \t:\t pass \t# c # c\r\n"
	                                "[a]  # c\n",
	                                "");

	(void)state;
	outcome_free(&o);
}

/* Bytes that no editor writes. */
static void test_garbage(void **state)
{
	static const char pattern[] = "v3 \xff\x01:[]#|!<=/ pass fail crash length= isbs/exit<= --cpus 1\t\n";
	char text[400];
	uint64_t random = 1;

	(void)state;
	for (unsigned i = 0; i < 60; i++) {
		size_t n = sizeof(HEAD) - 1;
		struct outcome o;

		memcpy(text, HEAD, n);
		while (n < sizeof(text) - 1) {
			random = random * UINT64_C(6364136223846793005) + 1442695040888963407u;
			text[n++] = pattern[(random >> 33) % (sizeof(pattern) - 1)];
		}
		text[n] = '\0';
		o = regress_text(2, text, "--timeout 0.1");
		assert_contains(o.err, "/t.expect:");
		outcome_free(&o);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_broken),
	        cmocka_unit_test(test_nothing_to_do),
	        cmocka_unit_test(test_lenient),
	        cmocka_unit_test(test_garbage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
