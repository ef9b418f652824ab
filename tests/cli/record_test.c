/* SPDX-License-Identifier: MIT */
/* A trace that does not replay has no story, so that nobody can take it for a counterexample. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "checker/check.h"
#include "model/images/images.h"
#include "model/world/collapsed.h"
#include "traces/story.h"

struct fixture {
	struct image *image;
	struct world *world;
	struct collapsed *collapsed;
	struct check_result result;
};

static int setup(void **state)
{
	static struct fixture f;
	const struct world_config config = {.cpus = 1, .vms = 1, .vcpus = 1};
	const struct check_options options = {.properties = 1u << PROPERTY_FP_LOST};
	struct error e;

	f.image = shipped_image(shipped_variant("no-put"), false, false, &e);
	assert_non_null(f.image);
	f.world = world_new(&config, f.image, &e);
	assert_non_null(f.world);
	f.collapsed = collapsed_new(f.world, &(struct collapsed_options){.symmetry = false}, &e);
	assert_non_null(f.collapsed);
	assert_int_equal(check_breadth_first(collapsed_model(f.collapsed), &options, &f.result, &e), 0);
	assert_int_equal(f.result.verdict, CHECK_FAIL);
	*state = &f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	check_result_free(&f->result);
	collapsed_free(f->collapsed);
	world_free(f->world);
	image_free(f->image);
	return 0;
}

static struct story *record(const struct fixture *f, size_t length, enum world_property property,
                            struct error *e)
{
	e->text[0] = '\0';
	return story_record(f->world, collapsed_learnt(f->collapsed), f->result.trace, length, length,
	                    property, e);
}

static void test_counterexample(void **state)
{
	const struct fixture *f = *state;
	struct error e;
	struct story *story = record(f, f->result.trace_length, PROPERTY_FP_LOST, &e);

	assert_non_null(story);
	assert_int_equal(story_steps(story), f->result.trace_length);
	assert_string_equal(story_step(story, 0), "cpu0 idle0 wake @ user_choose");
	assert_non_null(story_violation(story));
	assert_int_equal(story_violation(story)->property, PROPERTY_FP_LOST);
	story_free(story);
}

static void test_other_property(void **state)
{
	const struct fixture *f = *state;
	struct error e;

	assert_null(record(f, f->result.trace_length, PROPERTY_CRASH, &e));
	assert_non_null(strstr(e.text, "crash"));
	/* Nor is it a standstill: there is something to do. */
	assert_null(record(f, f->result.trace_length, PROPERTY_STUCK, &e));
	assert_non_null(strstr(e.text, "stuck"));
}

static void test_too_short(void **state)
{
	const struct fixture *f = *state;
	struct error e;

	assert_null(record(f, f->result.trace_length - 1, PROPERTY_FP_LOST, &e));
	assert_null(record(f, 0, PROPERTY_FP_LOST, &e));
	assert_null(record(f, 0, PROPERTY_STUCK, &e));
}

static void test_impossible_step(void **state)
{
	struct fixture *f = *state;
	struct model_label *label = &f->result.trace[1];
	struct model_label kept = *label;
	struct error e;

	label->choice[label->length - 1] = 200;
	assert_null(record(f, f->result.trace_length, PROPERTY_FP_LOST, &e));
	assert_true(e.text[0] != '\0');
	*label = kept;
	label->length++;
	assert_null(record(f, f->result.trace_length, PROPERTY_FP_LOST, &e));
	assert_true(e.text[0] != '\0');
	*label = kept;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_counterexample),
	        cmocka_unit_test(test_other_property),
	        cmocka_unit_test(test_too_short),
	        cmocka_unit_test(test_impossible_step),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
