/* SPDX-License-Identifier: MIT */
/* The report for different eyes and screens: colour schemes, phones, paper, screen readers; and what it must not do. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../cli/files.h"
#include "page_checks.h"
#include "pages.h"

static void readable(void)
{
	const char *wrong = browser_text(pages.browser, "(%s)()", page_contrast);

	if (wrong[0] != '\0')
		fail_msg("too little contrast: %s", wrong);
}

static void light_and_dark(void **state)
{
	static const char *const schemes[] = {"light", "dark"};
	char before[64];

	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		browser_media(pages.browser, "screen", schemes[i]);
		pages_visit("long", "#step-12");
		assert_string_equal(
		        browser_text(pages.browser,
		                     "document.getElementById('theme').getAttribute('aria-pressed')"),
		        i == 1 ? "true" : "false");
		readable();
		(void)snprintf(
		        before, sizeof(before), "%s",
		        browser_text(pages.browser, "getComputedStyle(document.body).backgroundColor"));
		browser_click(pages.browser, "#theme");
		assert_string_equal(
		        browser_text(pages.browser,
		                     "document.getElementById('theme').getAttribute('aria-pressed')"),
		        i == 1 ? "false" : "true");
		assert_string_not_equal(
		        browser_text(pages.browser, "getComputedStyle(document.body).backgroundColor"),
		        before);
		readable();
		browser_key(pages.browser, "End");
		readable();
		browser_click(pages.browser, "#theme");
		assert_string_equal(
		        browser_text(pages.browser, "getComputedStyle(document.body).backgroundColor"),
		        before);
		pages_show(13);
	}
	browser_media(pages.browser, "screen", "light");
	pages_went_well();
}

static void it_fits_a_phone(void **state)
{
	(void)state;
	browser_size(pages.browser, 360, 740);
	pages_visit("neon", "#step-4");
	pages_show(4);
	assert_true(browser_number(pages.browser, "document.documentElement.scrollWidth") <= 360);
	/* The controls stay in reach of a thumb, and work. */
	assert_true(browser_number(pages.browser,
	                           "document.querySelector('.controls').getBoundingClientRect().bottom") <=
	            740);
	assert_true(browser_number(pages.browser,
	                           "document.querySelector('#forward').getBoundingClientRect().height") >=
	            36);
	browser_click(pages.browser, "#forward");
	pages_show(5);
	readable();
	browser_size(pages.browser, 1280, 900);
	pages_went_well();
}

static void it_can_be_printed(void **state)
{
	(void)state;
	pages_visit("long", "#step-4");
	browser_media(pages.browser, "print", "dark");
	assert_string_equal(
	        browser_text(pages.browser, "getComputedStyle(document.querySelector('.controls')).display"),
	        "none");
	assert_string_equal(
	        browser_text(pages.browser,
	                     "getComputedStyle(document.querySelector('.story .scroll')).overflowY"),
	        "visible");
	/* Light paper, whatever the screen is; the lines around the current one, not whole files. */
	assert_string_equal(
	        browser_text(pages.browser, "getComputedStyle(document.documentElement).colorScheme"),
	        "light");
	assert_true(browser_number(pages.browser, "[...document.querySelectorAll('#code li')].filter((l) => "
	                                          "l.offsetHeight > 0).length") <= 40);
	assert_true(browser_number(pages.browser,
	                           "document.querySelector('#code [aria-current]').offsetHeight") > 0);
	browser_media(pages.browser, "screen", "light");
	pages_went_well();
}

/* What a screen reader is told of the page. */
static void it_has_names_and_landmarks(void **state)
{
	static const char *const wanted[] = {"main:",
	                                     "banner:",
	                                     "contentinfo:",
	                                     "navigation:Steps",
	                                     "slider:Step",
	                                     "button:One step on",
	                                     "button:One step back",
	                                     "button:To the start",
	                                     "button:To the end",
	                                     "status:",
	                                     "region:Story",
	                                     "region:State",
	                                     "region:Source",
	                                     "columnheader:Since step",
	                                     "rowheader:FPEXC.EN",
	                                     "combobox:File",
	                                     "heading:Timeline"};
	char found[64];
	json_t *result, *nodes, *node;
	size_t i;

	(void)state;
	pages_visit("long", "#step-4");
	result = browser_command(pages.browser, "Accessibility.getFullAXTree", NULL);
	nodes = json_object_get(result, "nodes");
	for (size_t w = 0; w < sizeof(wanted) / sizeof(wanted[0]); w++) {
		bool there = false;

		json_array_foreach(nodes, i, node)
		{
			const char *role =
			        json_string_value(json_object_get(json_object_get(node, "role"), "value"));
			const char *name =
			        json_string_value(json_object_get(json_object_get(node, "name"), "value"));

			(void)snprintf(found, sizeof(found), "%s:%s", role ? role : "", name ? name : "");
			there |= wanted[w][strlen(wanted[w]) - 1] == ':'
			                 ? strncmp(found, wanted[w], strlen(wanted[w])) == 0
			                 : strcmp(found, wanted[w]) == 0;
			/* Whatever can be used has a name. */
			if (role &&
			    (strcmp(role, "button") == 0 || strcmp(role, "link") == 0 ||
			     strcmp(role, "checkbox") == 0) &&
			    (!name || name[0] == '\0'))
				fail_msg("a %s without a name", role);
		}
		if (!there)
			fail_msg("no %s", wanted[w]);
	}
	json_decref(result);
	pages_went_well();
}

/* Everything can be reached with the Tab key, and one sees where one is. */
static void the_focus_is_seen(void **state)
{
	(void)state;
	pages_visit("lost", "");
	for (int i = 0; i < 12; i++) {
		browser_key(pages.browser, "Tab");
		assert_string_not_equal(
		        browser_text(pages.browser, "getComputedStyle(document.activeElement).outlineStyle"),
		        "none");
	}
	json_decref(browser_value(pages.browser, "document.getElementById('first').focus()"));
	browser_key(pages.browser, "Enter");
	pages_show(0);
	pages_went_well();
}

/* Names and comments are chosen by whoever wrote the trace. */
static void hostile_names_stay_text(void **state)
{
	static const char name[] =
	        "a</script><script>hacked=1</script><!--<img src=x onerror=hacked=1>&amp;\"'";
	char folder[256], trace[512], command[1024];

	(void)state;
	/* A slash is none of a file's name: folders. */
	(void)snprintf(folder, sizeof(folder), "%s/a<", pages.directory);
	(void)snprintf(command, sizeof(command),
	               "cd %s && mkdir -p 'a<' && mkdir -p 'a</script><script>hacked=1<' && printf '#define "
	               "LOAD_DIRTY ldrb\\n"
	               "/* </script><script>hacked=1</script><!-- */\\n#define NO_PUT\\n#include "
	               "<../variants/v3.S>\\n' > "
	               "'a</script><script>hacked=1</script><!--<img src=x onerror=hacked=1>.S'",
	               pages.directory);
	assert_int_equal(system(command), 0); /* NOLINT(cert-env33-c,concurrency-mt-unsafe) */
	(void)snprintf(trace, sizeof(trace),
	               "lazyswitch-trace 1\n# %s\n# <!-- <script> --> \xe2\x80\xa8 ]]>\nvariant "
	               "\"%s/a</script><script>hacked=1</script><!--<img "
	               "src=x onerror=hacked=1>.S\"\ncpus 1\nvms 1\nthreads 0\ncpu0 wake\ncpu0 kvm-run\n",
	               name, pages.directory);
	write_file(pages.directory, "<img src=x onerror=hacked=1>.trace", trace);
	(void)snprintf(trace, sizeof(trace), "%s/<img src=x onerror=hacked=1>.trace", pages.directory);
	pages_make("hostile", trace, "", 0);
	pages_visit("hostile", "");
	pages_show(2);
	assert_string_equal(browser_text(pages.browser, "typeof hacked"), "undefined");
	assert_int_equal((int)browser_number(pages.browser, "document.images.length"), 0);
	assert_int_equal((int)browser_number(pages.browser, "document.scripts.length"), 2);
	assert_contains(browser_text(pages.browser, "document.querySelector('#comment p').textContent"),
	                name);
	assert_contains(browser_text(pages.browser, "document.title"),
	                "<img src=x onerror=hacked=1>.trace on ");
	pages_went_well();
}

/* The policy lets nothing in, and these tests would see a page that is broken. */
static void a_changed_script_does_not_run(void **state)
{
	char command[512];

	(void)state;
	(void)snprintf(command, sizeof(command),
	               "cd %s && sed 's/^const SVG = /const SVG  = /' lost.html > changed.html && ! cmp -s "
	               "lost.html changed.html",
	               pages.directory);
	assert_int_equal(system(command), 0); /* NOLINT(cert-env33-c,concurrency-mt-unsafe) */
	pages_visit("changed", "");
	assert_true(browser_complaints(pages.browser) > 0);
	assert_string_equal(browser_text(pages.browser, "document.querySelector('h1').textContent"), "");
	pages_visit("lost", "");
	json_decref(browser_value(pages.browser, "fetch('https://example.org/').catch(() => 0)"));
	assert_true(browser_complaints(pages.browser) > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(light_and_dark),
	        cmocka_unit_test(it_fits_a_phone),
	        cmocka_unit_test(it_can_be_printed),
	        cmocka_unit_test(it_has_names_and_landmarks),
	        cmocka_unit_test(the_focus_is_seen),
	        cmocka_unit_test(hostile_names_stay_text),
	        cmocka_unit_test(a_changed_script_does_not_run),
	};

	return pages_possible() ? cmocka_run_group_tests(tests, pages_open, pages_close) : PAGES_SKIPPED;
}
