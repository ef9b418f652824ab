/* SPDX-License-Identifier: MIT */
/* JUnit's XML and KTAP, of regress and of check; the JSON of regress. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>
#include <libxml/relaxng.h>
#include <libxml/tree.h>

#include "files.h"

/* Two of the top level, of which one changed; in a suite one more, one incomplete, and one as expected. */
static const char mixed[] = HEAD "v3" ONE ": pass\n"
                                 "v3" TWO ": fail crash\n"
                                 "[it's<a>&\"b\"]\n"
                                 "no-put" TWO ": pass\n"
                                 "no-put" ONE "--max-states 5 : pass\n"
                                 "no-put" TWO "--endian big : fail fpexc-guest\n";

static xmlDoc *valid(const char *text)
{
	xmlRelaxNGParserCtxt *parser = xmlRelaxNGNewParserCtxt(SCHEMA);
	xmlRelaxNG *schema = xmlRelaxNGParse(parser);
	xmlRelaxNGValidCtxt *context = xmlRelaxNGNewValidCtxt(schema);
	xmlDoc *document = xmlReadMemory(text, (int)strlen(text), "out.xml", NULL, 0);

	assert_non_null(schema);
	assert_non_null(document);
	assert_int_equal(xmlRelaxNGValidateDoc(context, document), 0);
	xmlRelaxNGFreeValidCtxt(context);
	xmlRelaxNGFree(schema);
	xmlRelaxNGFreeParserCtxt(parser);
	return document;
}

static void assert_attribute(xmlNode *node, const char *name, const char *value)
{
	xmlChar *found = xmlGetProp(node, BAD_CAST name);

	assert_non_null(found);
	assert_string_equal((const char *)found, value);
	xmlFree(found);
}

static void test_regress_junit(void **state)
{
	struct outcome o = regress_text(1, mixed, "--format junit");
	xmlDoc *document = valid(o.out);
	xmlNode *root = xmlDocGetRootElement(document), *suite = xmlFirstElementChild(root), *test;

	(void)state;
	assert_attribute(root, "tests", "5");
	assert_attribute(root, "failures", "2");
	assert_attribute(root, "errors", "1");
	assert_attribute(suite, "tests", "2");
	test = xmlFirstElementChild(suite);
	assert_attribute(test, "name", "v3 --cpus 1 --threads 0 --vms 1");
	assert_null(xmlFirstElementChild(test));
	test = xmlNextElementSibling(test);
	assert_attribute(xmlFirstElementChild(test), "message", "crash: not violated any more");
	suite = xmlNextElementSibling(suite);
	assert_attribute(suite, "name", "it's<a>&\"b\"");
	test = xmlNextElementSibling(xmlFirstElementChild(suite));
	assert_string_equal((const char *)xmlFirstElementChild(test)->name, "error");
	assert_attribute(xmlFirstElementChild(test), "type", "incomplete");
	xmlFreeDoc(document);
	outcome_free(&o);
}

/* Names of files are any bytes. */
static void test_hostile_names(void **state)
{
	char *directory = make_directory();
	struct outcome o;

	(void)state;
	write_file(directory, "t.expect", HEAD "[a\x01\xff\x7f]\nv3" ONE ": pass\n");
	o = regress(0, "%s --format junit", directory);
	xmlFreeDoc(valid(o.out));
	outcome_free(&o);
	o = regress(0, "%s --format json", directory);
	json_decref(json_loads(o.out, 0, NULL));
	assert_contains(o.out, "(not UTF-8)");
	outcome_free(&o);
	remove_directory(directory);
}

static void test_check_junit(void **state)
{
	struct outcome o = run_command("check v3 no-put --format junit" TWO);
	xmlDoc *document;
	xmlNode *suite, *test;

	(void)state;
	assert_int_equal(o.status, 1);
	document = valid(o.out);
	suite = xmlFirstElementChild(xmlDocGetRootElement(document));
	assert_attribute(suite, "failures", "1");
	test = xmlNextElementSibling(xmlFirstElementChild(suite));
	assert_attribute(test, "name", "no-put");
	assert_attribute(xmlFirstElementChild(test), "message", "violates fpexc-host, after 7 steps");
	assert_contains(o.out, "the guest exits to be emulated");
	xmlFreeDoc(document);
	outcome_free(&o);
	o = run_command("check v3 --max-states 5 --format junit" TWO);
	assert_int_equal(o.status, 3);
	document = valid(o.out);
	assert_attribute(xmlDocGetRootElement(document), "errors", "1");
	xmlFreeDoc(document);
	outcome_free(&o);
}

/* The lines that are no diagnostics. */
static void assert_ktap(const char *text, const char *const *lines)
{
	char *copy = strdup(text), *save = NULL;

	assert_non_null(copy);
	for (char *line = strtok_r(copy, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		const char *content = line + strspn(line, " ");

		if (*content == '#' && strncmp(content, "# Subtest: ", 11) != 0)
			continue;
		assert_non_null(*lines);
		assert_string_equal(line, *lines++);
	}
	assert_null(*lines);
	free(copy);
}

static void test_ktap(void **state)
{
	static const char *const lines[] = {
	        "KTAP version 1",
	        "1..3",
	        "ok 1 v3 --cpus 1 --threads 0 --vms 1",
	        "not ok 2 v3 --cpus 1 --vms 1",
	        "  KTAP version 1",
	        "  # Subtest: it's<a>&\"b\"",
	        "  1..3",
	        "  not ok 1 no-put --cpus 1 --vms 1",
	        "  not ok 2 no-put --cpus 1 --threads 0 --vms 1 --max-states 5 # ERROR state limit",
	        "  ok 3 no-put --cpus 1 --vms 1 --endian big",
	        "not ok 3 it's<a>&\"b\"",
	        NULL,
	};
	static const char *const check[] = {
	        "KTAP version 1", "1..2", "ok 1 v3", "not ok 2 no-put", NULL,
	};
	static const char *const late[] = {
	        "KTAP version 1",
	        "1..1",
	        "not ok 1 v3 # TIMEOUT time limit",
	        NULL,
	};
	struct outcome o = regress_text(1, mixed, "--format ktap");

	(void)state;
	assert_ktap(o.out, lines);
	assert_contains(o.out, "\n# crash: not violated any more\n");
	outcome_free(&o);
	o = run_command("check v3 no-put --format ktap" TWO);
	assert_ktap(o.out, check);
	assert_contains(o.out, "\n# violated: fpexc-host - ");
	outcome_free(&o);
	o = run_command("check v3 --cpus 3 --format ktap --timeout 0.1");
	assert_ktap(o.out, late);
	outcome_free(&o);
}

static void test_json(void **state)
{
	struct outcome o = regress_text(1, mixed, "--format json");
	json_t *document = json_loads(o.out, 0, NULL), *results, *r;
	int version, same, changed, incomplete, line;
	const char *suite, *status, *expected, *found, *what, *command;

	(void)state;
	assert_int_equal(json_unpack(document, "{s:i, s:{s:i, s:i, s:i}, s:o}", "version", &version,
	                             "summary", "same", &same, "changed", &changed, "incomplete", &incomplete,
	                             "results", &results),
	                 0);
	assert_int_equal(version, 1);
	assert_int_equal(same, 2);
	assert_int_equal(changed, 2);
	assert_int_equal(incomplete, 1);
	assert_int_equal(json_array_size(results), 5);
	r = json_array_get(results, 1);
	assert_int_equal(json_unpack(r, "{s:s, s:i, s:s, s:s, s:s, s:[{s:s, s:s}]}", "suite", &suite, "line",
	                             &line, "status", &status, "expected", &expected, "found", &found,
	                             "differences", "what", &what, "command", &command),
	                 0);
	assert_string_equal(suite, "");
	assert_int_equal(line, 3);
	assert_string_equal(status, "changed");
	assert_string_equal(expected, "fail crash");
	assert_string_equal(found, "pass");
	assert_string_equal(what, "crash: not violated any more");
	assert_string_equal(command, "lazyswitch check v3 --cpus 1 --vms 1 --property crash");
	assert_true(json_is_null(json_object_get(json_array_get(results, 3), "found")));
	json_decref(document);
	outcome_free(&o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_regress_junit), cmocka_unit_test(test_hostile_names),
	        cmocka_unit_test(test_check_junit),   cmocka_unit_test(test_ktap),
	        cmocka_unit_test(test_json),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	xmlRelaxNGCleanupTypes();
	xmlCleanupParser();
	return failed;
}
