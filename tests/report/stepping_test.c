/* SPDX-License-Identifier: MIT */
/* The report in a browser: opened from a file, stepped through with keys, buttons, slider and mouse. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../cli/files.h"
#include "pages.h"

static void it_opens_at_the_violation(void **state)
{
	(void)state;
	pages_visit("lost", "");
	pages_show(4);
	assert_string_equal(browser_text(pages.browser, "document.title"), "load-only violates fp-lost");
	assert_string_equal(browser_text(pages.browser, "document.querySelector('h1').textContent"),
	                    "load-only violates fp-lost");
	assert_contains(browser_text(pages.browser, "document.querySelector('.verdict').innerText"),
	                "reproduced: step 4 of 4 violates fp-lost");
	assert_contains(browser_text(pages.browser, "document.querySelector('.verdict').innerText"),
	                "vmm0 reads d0: expected its own newest data");
	assert_contains(browser_text(pages.browser, "document.querySelector('.verdict').innerText"),
	                "a context reads its own FP data in an old version");
	assert_string_equal(browser_text(pages.browser, "document.querySelector('#comment p').textContent"),
	                    "Written by hand.");
	pages_went_well();
}

static void keys_step(void **state)
{
	static const int from_the_start[] = {1, 2, 3, 4, 4};
	static const int back[] = {3, 2, 1, 0, 0};

	(void)state;
	pages_visit("lost", "");
	browser_key(pages.browser, "Home");
	pages_show(0);
	for (size_t i = 0; i < 5; i++) {
		browser_key(pages.browser, "ArrowRight");
		pages_show(from_the_start[i]);
	}
	for (size_t i = 0; i < 5; i++) {
		browser_key(pages.browser, "ArrowLeft");
		pages_show(back[i]);
	}
	browser_key(pages.browser, "End");
	pages_show(4);
	pages_went_well();
}

/* Not only that all agree: what a person who knows the code expects. */
static void a_step_is_told_as_it_was(void **state)
{
	(void)state;
	pages_visit("lost", "#step-2");
	pages_show(2);
	assert_string_equal(browser_text(pages.browser, "document.querySelector('#now p').textContent"),
	                    "Step 2 of 4, cpu0, vmm0: ioctl(KVM_RUN).");
	assert_contains(browser_text(pages.browser, "document.querySelector('#now').textContent"),
	                "FPEXC: EN=0 -> EN=1, by KVM");
	assert_string_equal(
	        browser_text(pages.browser,
	                     "[...document.querySelector('[data-field=\"cpu0.fpexc.en\"]').cells].map((c) => "
	                     "c.textContent).join('|')"),
	        "FPEXC.EN|0|1 (changed)|2");
	assert_contains(browser_text(pages.browser,
	                             "document.querySelector('#code [aria-current] code').textContent"),
	                "save_host_fpexc");
	assert_contains(
	        browser_text(pages.browser, "document.querySelector('#code [aria-current]').textContent"),
	        "FPEXC: EN=0 -> EN=1, by KVM");
	assert_string_equal(
	        browser_text(pages.browser, "document.querySelector('#file option:checked').textContent"),
	        "model/variants/load-put.S");
	pages_went_well();
}

static void buttons_step(void **state)
{
	(void)state;
	pages_visit("long", "");
	pages_show(13);
	browser_click(pages.browser, "#first");
	pages_show(0);
	browser_click(pages.browser, "#forward");
	pages_show(1);
	browser_click(pages.browser, "#forward");
	pages_show(2);
	browser_click(pages.browser, "#back");
	pages_show(1);
	browser_click(pages.browser, "#last");
	pages_show(13);
	pages_went_well();
}

static void the_slider_steps(void **state)
{
	(void)state;
	pages_visit("long", "");
	browser_click_at(pages.browser, "#slider", 0.5);
	assert_true(browser_number(pages.browser, "Number(document.getElementById('slider').value)") >= 5);
	pages_show((int)browser_number(pages.browser, "Number(document.getElementById('slider').value)"));
	browser_click_at(pages.browser, "#slider", 0.005);
	pages_show(0);
	/* It has the focus now: a key makes one step, not two. */
	browser_key(pages.browser, "ArrowRight");
	pages_show(1);
	browser_key(pages.browser, "End");
	pages_show(13);
	assert_contains(browser_text(pages.browser,
	                             "document.getElementById('slider').getAttribute('aria-valuetext')"),
	                "step 13, cpu0, vmm0: ");
	pages_went_well();
}

static void story_table_and_timeline_lead_to_steps(void **state)
{
	(void)state;
	pages_visit("long", "");
	browser_click(pages.browser, "#story a[href='#step-4'] .what");
	pages_show(4);
	/* FPEXC.EN changed in step 4 and in step 5; the one before that is step 3. */
	browser_click(pages.browser, "#first");
	browser_click(pages.browser, "#story a[href='#step-8'] .what");
	browser_click(pages.browser, "[data-field='cpu0.fpexc.en'] button");
	pages_show(5);
	browser_click_at(pages.browser, "#timeline svg:not(.labels)", 9.5 / 14);
	pages_show(9);
	pages_went_well();
}

static void the_source_can_be_read_freely(void **state)
{
	(void)state;
	pages_visit("long", "#step-4");
	pages_show(4);
	browser_click(pages.browser, "#places button");
	assert_string_equal(browser_text(pages.browser,
	                                 "document.querySelector('#places [aria-pressed=true]').textContent"),
	                    "user.S:68");
	assert_string_equal(browser_text(pages.browser, "document.querySelector('#line').textContent"),
	                    "line 68");
	assert_string_equal(
	        browser_text(pages.browser, "document.querySelector('#file option:checked').textContent"),
	        "model/linux/user/user.S");
	/* In a list of files the arrow keys belong to the list. */
	browser_key(pages.browser, "Tab");
	json_decref(browser_value(pages.browser, "document.getElementById('file').focus()"));
	browser_key(pages.browser, "End");
	assert_int_equal(
	        (int)browser_number(pages.browser, "Number(document.getElementById('slider').value)"), 4);
	browser_click(pages.browser, "#all-fields");
	assert_int_equal(
	        (int)browser_number(pages.browser,
	                            "document.querySelectorAll('#state tr[data-field]').length"),
	        (int)browser_number(pages.browser,
	                            "JSON.parse(document.getElementById('data').textContent).fields.length"));
	pages_went_well();
}

static void other_ends_are_told_apart(void **state)
{
	(void)state;
	pages_visit("holds", "");
	pages_show(4);
	assert_string_equal(browser_text(pages.browser, "document.getElementById('sign').textContent"),
	                    "✓ No violation");
	assert_true(browser_number(pages.browser,
	                           "document.querySelectorAll('#seen p, #property p').length") == 0);
	pages_went_well();
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
	        cmocka_unit_test(other_ends_are_told_apart),
	};

	return pages_possible() ? cmocka_run_group_tests(tests, pages_open, pages_close) : PAGES_SKIPPED;
}
