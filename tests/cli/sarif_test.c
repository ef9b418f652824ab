/* SPDX-License-Identifier: MIT */
/* --format sarif: what SARIF 2.1.0 asks of a document, and what is in ours. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "files.h"
#include "series_files.h"

static const char *string(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	if (!text)
		fail_msg("'%s' is not there, or no string", name);
	return text;
}

static json_t *array(const json_t *object, const char *name)
{
	json_t *value = json_object_get(object, name);

	if (!json_is_array(value))
		fail_msg("'%s' is not there, or no array", name);
	return value;
}

static void check_message(const json_t *object, const char *name)
{
	assert_true(strlen(string(json_object_get(object, name), "text")) > 0);
}

static void check_location(const json_t *location)
{
	const json_t *physical = json_object_get(location, "physicalLocation"), *region, *logical;
	size_t i;

	assert_true(json_is_object(location));
	if (physical) {
		assert_null(strpbrk(string(json_object_get(physical, "artifactLocation"), "uri"), " \\"));
		region = json_object_get(physical, "region");
		assert_true(!region || json_integer_value(json_object_get(region, "startLine")) > 0);
	}
	json_array_foreach(json_object_get(location, "logicalLocations"), i, logical)(void)
	        string(logical, "fullyQualifiedName");
	if (json_object_get(location, "message"))
		check_message(location, "message");
}

static void check_flow(const json_t *flow)
{
	const json_t *thread, *place;
	size_t i, k, places = 0;

	json_array_foreach(array(flow, "threadFlows"), i, thread)
	{
		assert_true(json_array_size(array(thread, "locations")) > 0);
		json_array_foreach(array(thread, "locations"), k, place)
		{
			check_location(json_object_get(place, "location"));
			assert_true(json_integer_value(json_object_get(place, "executionOrder")) > 0);
			places++;
		}
	}
	assert_true(places > 0);
}

static void check_result(const json_t *result, const json_t *rules)
{
	json_int_t index = json_integer_value(json_object_get(result, "ruleIndex"));
	const json_t *location, *flow;
	size_t i;

	check_message(result, "message");
	assert_string_equal(string(result, "level"), "error");
	assert_string_equal(string(json_array_get(rules, (size_t)index), "id"), string(result, "ruleId"));
	assert_int_equal(json_array_size(array(result, "locations")), 1);
	json_array_foreach(array(result, "locations"), i, location) check_location(location);
	json_array_foreach(json_object_get(result, "codeFlows"), i, flow) check_flow(flow);
	assert_int_equal(json_object_size(json_object_get(result, "partialFingerprints")), 1);
}

static void check_driver(const json_t *driver)
{
	const json_t *rule;
	size_t i;

	assert_string_equal(string(driver, "name"), "lazyswitch");
	assert_true(strlen(string(driver, "version")) > 0);
	json_array_foreach(array(driver, "rules"), i, rule)
	{
		assert_true(strlen(string(rule, "id")) > 0);
		check_message(rule, "shortDescription");
		check_message(rule, "fullDescription");
		check_message(rule, "help");
	}
}

static void check_notification(const json_t *notification, const json_t *driver)
{
	const char *id = string(json_object_get(notification, "descriptor"), "id"),
	           *level = string(notification, "level");
	const json_t *known;
	bool found = false;
	size_t i;

	check_message(notification, "message");
	assert_true(strcmp(level, "note") == 0 || strcmp(level, "warning") == 0 ||
	            strcmp(level, "error") == 0);
	json_array_foreach(array(driver, "notifications"), i, known) found |=
	        strcmp(string(known, "id"), id) == 0;
	assert_true(found);
}

/* The one run of the document, which stays until it is released. */
static json_t *document;

static json_t *sarif(const char *arguments, int status)
{
	struct outcome o = run_command(arguments);
	json_t *run, *driver, *item;
	size_t i;

	json_decref(document);
	document = json_loads(o.out, 0, NULL);
	if (o.status != status || !document)
		fail_msg("lazyswitch %s: status %d, '%s', '%s'", arguments, o.status, o.out, o.err);
	outcome_free(&o);
	assert_string_equal(string(document, "version"), "2.1.0");
	assert_non_null(strstr(string(document, "$schema"), "sarif-2.1.0"));
	assert_int_equal(json_array_size(array(document, "runs")), 1);
	run = json_array_get(array(document, "runs"), 0);
	driver = json_object_get(json_object_get(run, "tool"), "driver");
	check_driver(driver);
	json_array_foreach(array(run, "results"), i, item) check_result(item, array(driver, "rules"));
	item = json_array_get(array(run, "invocations"), 0);
	assert_int_equal(json_integer_value(json_object_get(item, "exitCode")), status);
	assert_int_equal(json_is_true(json_object_get(item, "executionSuccessful")), status < 2);
	json_array_foreach(array(json_array_get(array(run, "invocations"), 0), "toolExecutionNotifications"),
	                   i, item) check_notification(item, driver);
	return run;
}

static json_t *result(const json_t *run, size_t i)
{
	return json_array_get(array(run, "results"), i);
}

static json_t *notification(const json_t *run, size_t i)
{
	return json_array_get(
	        array(json_array_get(array(run, "invocations"), 0), "toolExecutionNotifications"), i);
}

static const char *fingerprint(const json_t *run)
{
	return string(json_object_get(result(run, 0), "partialFingerprints"), "lazyswitchCause/v1");
}

static void violations(void **state)
{
	const json_t *run = sarif("check v3 --patch " SERIES TINY "--format sarif", 1), *place;
	char *first;

	(void)state;
	assert_int_equal(json_array_size(array(run, "results")), 1);
	assert_string_equal(string(result(run, 0), "ruleId"), "fpexc-host");
	place = json_object_get(json_array_get(array(result(run, 0), "locations"), 0), "physicalLocation");
	assert_string_equal(string(json_object_get(place, "artifactLocation"), "uri"), "model/variants/v3.S");
	assert_int_equal(json_integer_value(json_object_get(json_object_get(place, "region"), "startLine")),
	                 62);
	assert_string_equal(string(json_object_get(result(run, 0), "properties"), "patch"),
	                    "v3: Set FPEXC.EN once, in vcpu_load");
	first = strdup(fingerprint(run));
	/* On another system, and one cause of several: it is the same thing. */
	run = sarif("check v3 --each-patch off --apply 2 --patch " SERIES ONE "--all --format sarif", 1);
	assert_true(json_array_size(array(run, "results")) > 1);
	assert_string_equal(fingerprint(run), first);
	free(first);
}

static void what_is_no_result(void **state)
{
	const json_t *run = sarif("check v3 --format sarif" TINY, 0);
	char *directory = make_directory(),
	     *text = series_with("+\tsave_host_fpexc\n", "+\tsafe_host_fpexc\n"), command[512];

	(void)state;
	assert_int_equal(json_array_size(array(run, "results")), 0);
	assert_null(notification(run, 0));
	assert_non_null(json_object_get(json_object_get(run, "properties"), "verdicts"));
	run = sarif("check v3 --format sarif --max-states 100" TINY, 3);
	assert_int_equal(json_array_size(array(run, "results")), 0);
	assert_string_equal(string(json_object_get(notification(run, 0), "descriptor"), "id"), "incomplete");
	run = sarif("check baseline --cpus 1 --vms 0 --property fpexc-guest --format sarif", 0);
	assert_string_equal(string(json_object_get(notification(run, 0), "descriptor"), "id"), "vacuous");
	write_file(directory, "t.mbox", text);
	(void)snprintf(command, sizeof(command), "check v3 --format sarif --patch %s/t.mbox" TINY, directory);
	run = sarif(command, 2);
	assert_string_equal(string(json_object_get(notification(run, 0), "descriptor"), "id"), "error");
	assert_non_null(strstr(string(json_object_get(notification(run, 0), "message"), "text"),
	                       "model/variants/v3.S:62: Error: bad instruction"));
	/* What the base violates is not the patches' fault. */
	run = sarif("check v3 --format sarif --endian big --apply 1 --each-patch on --patch " SERIES TINY, 0);
	assert_int_equal(json_array_size(array(run, "results")), 0);
	assert_string_equal(string(json_object_get(notification(run, 0), "descriptor"), "id"), "base");
	free(text);
	remove_directory(directory);
}

static void expectations(void **state)
{
	char *directory = make_directory(), command[256];
	const json_t *run, *place;

	(void)state;
	write_file(directory, "my own.expect", HEAD "v3" TINY ": pass\nload-only" TINY ": pass\n");
	(void)snprintf(command, sizeof(command), "regress %s --format sarif", directory);
	run = sarif(command, 1);
	assert_int_equal(json_array_size(array(run, "results")), 1);
	assert_string_equal(string(result(run, 0), "ruleId"), "unexpected");
	place = json_object_get(json_array_get(array(result(run, 0), "locations"), 0), "physicalLocation");
	assert_non_null(
	        strstr(string(json_object_get(place, "artifactLocation"), "uri"), "/my%20own.expect"));
	assert_int_equal(json_integer_value(json_object_get(json_object_get(place, "region"), "startLine")),
	                 3);
	remove_directory(directory);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(violations),
	        cmocka_unit_test(what_is_no_result),
	        cmocka_unit_test(expectations),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	json_decref(document);
	return failed;
}
