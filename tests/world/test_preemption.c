/* SPDX-License-Identifier: MIT */
/*
 * Preemption between any two visible things that preemptible kernel code does. The shipped variants do next
 * to nothing there, so this needs a variant of its own: variants/neon-preemptible.c.
 */
#include <string.h>

#include "model/kit/kit.h"
#include "sim/replay.h"
#include "system.h"

static struct image *built(void)
{
	static const char *const files[] = {SOURCE};
	const struct kit_request request = {.name = SOURCE, .files = files, .n_files = 1};
	struct kit_image elf;
	struct image *image;
	struct error e = {0};

	if (kit_build(&request, &elf, &e))
		fail_msg("%s", e.text);
	image = image_load(SOURCE, elf.elf, elf.size, &e);
	if (!image)
		fail_msg("%s", e.text);
	kit_image_free(&elf);
	return image;
}

static void a_preempted_section_crashes(void **unused)
{
	struct world_config config = {.cpus = 1, .threads = 2, .env = ENV_NEON};
	const struct check_options options = {.properties = 1u << PROPERTY_CRASH,
	                                      .max_memory = (size_t)1 << 30};
	struct error e = {0};
	struct image *image = built();
	struct world *world = world_new(&config, image, &e);
	struct collapsed *collapsed =
	        world ? collapsed_new(world, &(struct collapsed_options){.symmetry = false}, &e) : NULL;
	struct check_result result = {0};
	struct violation violation = {0};

	(void)unused;
	if (!collapsed || check_breadth_first(collapsed_model(collapsed), &options, &result, &e))
		fail_msg("%s", e.text);
	/* The other thread's switch clears EN: NEON in the kernel is UNDEFINED then. */
	assert_int_equal(result.verdict, CHECK_FAIL);
	if (replay(world, collapsed_learnt(collapsed), result.trace, result.trace_length, PROPERTY_CRASH,
	           NULL, &violation, &e))
		fail_msg("%s", e.text);
	assert_non_null(strstr(violation.text, "undefined instruction"));
	check_result_free(&result);
	collapsed_free(collapsed);
	world_free(world);
	image_free(image);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(a_preempted_section_crashes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
