/* SPDX-License-Identifier: MIT */
/* The report in a browser, as its readers see it: opened from a file, stepped through with keys, buttons, slider and mouse. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../cli/files.h"
#include "browser.h"
#include "page_checks.h"

#define LOST                                                                                                 \
	"lazyswitch-trace 1\n# Written by hand.\nvariant load-only\ncpus 1\nvms 1\nthreads 0\nproperty "     \
	"fp-lost\n"                                                                                          \
	"cpu0 wake\ncpu0 kvm-run\ncpu0 go signal=1\ncpu0 fp\n"

static struct browser *browser;
static char *directory;

/* Writes NAME.html of a trace; `options` and its exit status as with lazyswitch replay. */
static void make_report(const char *name, const char *trace, const char *options, int status)
{
	char arguments[1024];
	struct outcome o;

	(void)snprintf(arguments, sizeof(arguments), "replay --format html -o %s/%s.html %s '%s'", directory,
	               name, options, trace);
	o = run_command(arguments);
	if (o.status != status)
		fail_msg("%s: status %d: %s", arguments, o.status, o.err);
	assert_string_equal(o.out, "");
	outcome_free(&o);
}

static void visit(const char *name, const char *fragment)
{
	char url[256];

	(void)snprintf(url, sizeof(url), "file://%s/%s.html%s", directory, name, fragment);
	browser_visit(browser, url);
}

static int setup(void **state)
{
	char trace[128];

	(void)state;
	directory = make_directory();
	browser = browser_open();
	write_file(directory, "lost.trace", LOST);
	(void)snprintf(trace, sizeof(trace), "%s/lost.trace", directory);
	make_report("lost", trace, "", 1);
	make_report("holds", trace, "--on baseline", 0);
	make_report("long", CORPUS "/no-put-fp-lost.trace", "", 1);
	make_report("neon", CORPUS "/v3-fp-leak-neon.trace", "", 1);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	browser_close(browser);
	remove_directory(directory);
	return 0;
}

/* Is step k shown, by everything on the page? */
static void shows(int k)
{
	const char *wrong = browser_text(browser, "(%s)(%d)", page_shows, k);

	if (wrong[0] != '\0')
		fail_msg("step %d: %s", k, wrong);
}

static void nothing_went_wrong(void)
{
	assert_int_equal(browser_complaints(browser), 0);
	assert_int_equal(browser_requests(browser), 0);
}

static void it_opens_at_the_violation(void **state)
{
	(void)state;
	visit("lost", "");
	shows(4);
	assert_string_equal(browser_text(browser, "document.title"), "load-only violates fp-lost");
	assert_string_equal(browser_text(browser, "document.querySelector('h1').textContent"),
	                    "load-only violates fp-lost");
	assert_contains(browser_text(browser, "document.querySelector('.verdict').innerText"),
	                "reproduced: step 4 of 4 violates fp-lost");
	assert_contains(browser_text(browser, "document.querySelector('.verdict').innerText"),
	                "vmm0 reads d0: expected its own newest data");
	assert_contains(browser_text(browser, "document.querySelector('.verdict').innerText"),
	                "a context reads its own FP data in an old version");
	assert_string_equal(browser_text(browser, "document.querySelector('#comment p').textContent"),
	                    "Written by hand.");
	nothing_went_wrong();
}

static void keys_step(void **state)
{
	static const int from_the_start[] = {1, 2, 3, 4, 4};
	static const int back[] = {3, 2, 1, 0, 0};

	(void)state;
	visit("lost", "");
	browser_key(browser, "Home");
	shows(0);
	for (size_t i = 0; i < 5; i++) {
		browser_key(browser, "ArrowRight");
		shows(from_the_start[i]);
	}
	for (size_t i = 0; i < 5; i++) {
		browser_key(browser, "ArrowLeft");
		shows(back[i]);
	}
	browser_key(browser, "End");
	shows(4);
	nothing_went_wrong();
}

/* Not only that all agree: what a person who knows the code expects. */
static void a_step_is_told_as_it_was(void **state)
{
	(void)state;
	visit("lost", "#step-2");
	shows(2);
	assert_string_equal(browser_text(browser, "document.querySelector('#now p').textContent"),
	                    "Step 2 of 4, cpu0, vmm0: ioctl(KVM_RUN).");
	assert_contains(browser_text(browser, "document.querySelector('#now').textContent"),
	                "FPEXC: EN=0 -> EN=1, by KVM");
	assert_string_equal(
	        browser_text(browser,
	                     "[...document.querySelector('[data-field=\"cpu0.fpexc.en\"]').cells].map((c) => "
	                     "c.textContent).join('|')"),
	        "FPEXC.EN|0|1 (changed)|2");
	assert_contains(
	        browser_text(browser, "document.querySelector('#code [aria-current] code').textContent"),
	        "save_host_fpexc");
	assert_contains(browser_text(browser, "document.querySelector('#code [aria-current]').textContent"),
	                "FPEXC: EN=0 -> EN=1, by KVM");
	assert_string_equal(
	        browser_text(browser, "document.querySelector('#file option:checked').textContent"),
	        "model/variants/load-put.S");
	nothing_went_wrong();
}

static void buttons_step(void **state)
{
	(void)state;
	visit("long", "");
	shows(13);
	browser_click(browser, "#first");
	shows(0);
	browser_click(browser, "#forward");
	shows(1);
	browser_click(browser, "#forward");
	shows(2);
	browser_click(browser, "#back");
	shows(1);
	browser_click(browser, "#last");
	shows(13);
	nothing_went_wrong();
}

static void the_slider_steps(void **state)
{
	(void)state;
	visit("long", "");
	browser_click_at(browser, "#slider", 0.5);
	assert_true(browser_number(browser, "Number(document.getElementById('slider').value)") >= 5);
	shows((int)browser_number(browser, "Number(document.getElementById('slider').value)"));
	browser_click_at(browser, "#slider", 0.005);
	shows(0);
	/* It has the focus now: a key makes one step, not two. */
	browser_key(browser, "ArrowRight");
	shows(1);
	browser_key(browser, "End");
	shows(13);
	assert_contains(
	        browser_text(browser, "document.getElementById('slider').getAttribute('aria-valuetext')"),
	        "step 13, cpu0, vmm0: ");
	nothing_went_wrong();
}

static void story_table_and_timeline_lead_to_steps(void **state)
{
	(void)state;
	visit("long", "");
	browser_click(browser, "#story a[href='#step-4'] .what");
	shows(4);
	/* FPEXC.EN changed in step 4 and in step 5; the one before that is step 3. */
	browser_click(browser, "#first");
	browser_click(browser, "#story a[href='#step-8'] .what");
	browser_click(browser, "[data-field='cpu0.fpexc.en'] button");
	shows(5);
	browser_click_at(browser, "#timeline svg:not(.labels)", 9.5 / 14);
	shows(9);
	nothing_went_wrong();
}

static void the_source_can_be_read_freely(void **state)
{
	(void)state;
	visit("long", "#step-4");
	shows(4);
	browser_click(browser, "#places button");
	assert_string_equal(
	        browser_text(browser, "document.querySelector('#places [aria-pressed=true]').textContent"),
	        "user.S:68");
	assert_string_equal(browser_text(browser, "document.querySelector('#line').textContent"), "line 68");
	assert_string_equal(
	        browser_text(browser, "document.querySelector('#file option:checked').textContent"),
	        "model/linux/user/user.S");
	/* In a list of files the arrow keys belong to the list. */
	browser_key(browser, "Tab");
	json_decref(browser_value(browser, "document.getElementById('file').focus()"));
	browser_key(browser, "End");
	assert_int_equal((int)browser_number(browser, "Number(document.getElementById('slider').value)"), 4);
	browser_click(browser, "#all-fields");
	assert_int_equal(
	        (int)browser_number(browser, "document.querySelectorAll('#state tr[data-field]').length"),
	        (int)browser_number(browser,
	                            "JSON.parse(document.getElementById('data').textContent).fields.length"));
	nothing_went_wrong();
}

static void readable(void)
{
	const char *wrong = browser_text(browser, "(%s)()", page_contrast);

	if (wrong[0] != '\0')
		fail_msg("too little contrast: %s", wrong);
}

static void light_and_dark(void **state)
{
	static const char *const schemes[] = {"light", "dark"};
	char before[64];

	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		browser_media(browser, "screen", schemes[i]);
		visit("long", "#step-12");
		assert_string_equal(
		        browser_text(browser,
		                     "document.getElementById('theme').getAttribute('aria-pressed')"),
		        i == 1 ? "true" : "false");
		readable();
		(void)snprintf(before, sizeof(before), "%s",
		               browser_text(browser, "getComputedStyle(document.body).backgroundColor"));
		browser_click(browser, "#theme");
		assert_string_equal(
		        browser_text(browser,
		                     "document.getElementById('theme').getAttribute('aria-pressed')"),
		        i == 1 ? "false" : "true");
		assert_string_not_equal(
		        browser_text(browser, "getComputedStyle(document.body).backgroundColor"), before);
		readable();
		browser_key(browser, "End");
		readable();
		browser_click(browser, "#theme");
		assert_string_equal(browser_text(browser, "getComputedStyle(document.body).backgroundColor"),
		                    before);
		shows(13);
	}
	browser_media(browser, "screen", "light");
	nothing_went_wrong();
}

static void it_fits_a_phone(void **state)
{
	(void)state;
	browser_size(browser, 360, 740);
	visit("neon", "#step-4");
	shows(4);
	assert_true(browser_number(browser, "document.documentElement.scrollWidth") <= 360);
	/* The controls stay in reach of a thumb, and work. */
	assert_true(browser_number(browser,
	                           "document.querySelector('.controls').getBoundingClientRect().bottom") <=
	            740);
	assert_true(browser_number(browser,
	                           "document.querySelector('#forward').getBoundingClientRect().height") >=
	            36);
	browser_click(browser, "#forward");
	shows(5);
	readable();
	browser_size(browser, 1280, 900);
	nothing_went_wrong();
}

static void it_can_be_printed(void **state)
{
	(void)state;
	visit("long", "#step-4");
	browser_media(browser, "print", "dark");
	assert_string_equal(
	        browser_text(browser, "getComputedStyle(document.querySelector('.controls')).display"),
	        "none");
	assert_string_equal(
	        browser_text(browser, "getComputedStyle(document.querySelector('.story .scroll')).overflowY"),
	        "visible");
	/* Light paper, whatever the screen is; the lines around the current one, not whole files. */
	assert_string_equal(browser_text(browser, "getComputedStyle(document.documentElement).colorScheme"),
	                    "light");
	assert_true(browser_number(browser, "[...document.querySelectorAll('#code li')].filter((l) => "
	                                    "l.offsetHeight > 0).length") <= 40);
	assert_true(browser_number(browser, "document.querySelector('#code [aria-current]').offsetHeight") >
	            0);
	browser_media(browser, "screen", "light");
	nothing_went_wrong();
}

static void other_ends_are_told_apart(void **state)
{
	(void)state;
	visit("holds", "");
	shows(4);
	assert_string_equal(browser_text(browser, "document.getElementById('sign').textContent"),
	                    "✓ No violation");
	assert_true(browser_number(browser, "document.querySelectorAll('#seen p, #property p').length") == 0);
	nothing_went_wrong();
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
	visit("long", "#step-4");
	result = browser_command(browser, "Accessibility.getFullAXTree", NULL);
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
	nothing_went_wrong();
}

/* Everything can be reached with the Tab key, and one sees where one is. */
static void the_focus_is_seen(void **state)
{
	(void)state;
	visit("lost", "");
	for (int i = 0; i < 12; i++) {
		browser_key(browser, "Tab");
		assert_string_not_equal(
		        browser_text(browser, "getComputedStyle(document.activeElement).outlineStyle"),
		        "none");
	}
	json_decref(browser_value(browser, "document.getElementById('first').focus()"));
	browser_key(browser, "Enter");
	shows(0);
	nothing_went_wrong();
}

/* Names and comments are chosen by whoever wrote the trace. */
static void hostile_names_stay_text(void **state)
{
	static const char name[] =
	        "a</script><script>hacked=1</script><!--<img src=x onerror=hacked=1>&amp;\"'";
	char folder[256], trace[512], command[1024];

	(void)state;
	/* A slash is none of a file's name: folders. */
	(void)snprintf(folder, sizeof(folder), "%s/a<", directory);
	(void)snprintf(command, sizeof(command),
	               "cd %s && mkdir -p 'a<' && mkdir -p 'a</script><script>hacked=1<' && printf '#define "
	               "LOAD_DIRTY ldrb\\n"
	               "/* </script><script>hacked=1</script><!-- */\\n#define NO_PUT\\n#include "
	               "<../variants/v3.S>\\n' > "
	               "'a</script><script>hacked=1</script><!--<img src=x onerror=hacked=1>.S'",
	               directory);
	assert_int_equal(system(command), 0); /* NOLINT(cert-env33-c,concurrency-mt-unsafe) */
	(void)snprintf(trace, sizeof(trace),
	               "lazyswitch-trace 1\n# %s\n# <!-- <script> --> \xe2\x80\xa8 ]]>\nvariant "
	               "\"%s/a</script><script>hacked=1</script><!--<img "
	               "src=x onerror=hacked=1>.S\"\ncpus 1\nvms 1\nthreads 0\ncpu0 wake\ncpu0 kvm-run\n",
	               name, directory);
	write_file(directory, "<img src=x onerror=hacked=1>.trace", trace);
	(void)snprintf(trace, sizeof(trace), "%s/<img src=x onerror=hacked=1>.trace", directory);
	make_report("hostile", trace, "", 0);
	visit("hostile", "");
	shows(2);
	assert_string_equal(browser_text(browser, "typeof hacked"), "undefined");
	assert_int_equal((int)browser_number(browser, "document.images.length"), 0);
	assert_int_equal((int)browser_number(browser, "document.scripts.length"), 2);
	assert_contains(browser_text(browser, "document.querySelector('#comment p').textContent"), name);
	assert_contains(browser_text(browser, "document.title"), "<img src=x onerror=hacked=1>.trace on ");
	nothing_went_wrong();
}

/* The policy lets nothing in, and these tests would see a page that is broken. */
static void a_changed_script_does_not_run(void **state)
{
	char command[512];

	(void)state;
	(void)snprintf(command, sizeof(command),
	               "cd %s && sed 's/^const SVG = /const SVG  = /' lost.html > changed.html && ! cmp -s "
	               "lost.html changed.html",
	               directory);
	assert_int_equal(system(command), 0); /* NOLINT(cert-env33-c,concurrency-mt-unsafe) */
	visit("changed", "");
	assert_true(browser_complaints(browser) > 0);
	assert_string_equal(browser_text(browser, "document.querySelector('h1').textContent"), "");
	visit("lost", "");
	json_decref(browser_value(browser, "fetch('https://example.org/').catch(() => 0)"));
	assert_true(browser_complaints(browser) > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(it_opens_at_the_violation),
	        cmocka_unit_test(keys_step),
	        cmocka_unit_test(a_step_is_told_as_it_was),
	        cmocka_unit_test(buttons_step),
	        cmocka_unit_test(the_slider_steps),
	        cmocka_unit_test(story_table_and_timeline_lead_to_steps),
	        cmocka_unit_test(the_source_can_be_read_freely),
	        cmocka_unit_test(light_and_dark),
	        cmocka_unit_test(it_fits_a_phone),
	        cmocka_unit_test(it_can_be_printed),
	        cmocka_unit_test(other_ends_are_told_apart),
	        cmocka_unit_test(it_has_names_and_landmarks),
	        cmocka_unit_test(the_focus_is_seen),
	        cmocka_unit_test(hostile_names_stay_text),
	        cmocka_unit_test(a_changed_script_does_not_run),
	};

	/* CI installs it; who builds elsewhere may go without. */
	if (!browser_exists() && !getenv("CI")) { /* NOLINT(concurrency-mt-unsafe) */
		(void)puts("no Chromium: skipped");
		return 77;
	}
	return cmocka_run_group_tests(tests, setup, teardown);
}
