/* SPDX-License-Identifier: MIT */
/* The kit builds what the build system has built: the same bytes, for every variant. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "model/images/images.h"
#include "model/kit/kit.h"

static void every_variant_is_built_alike(void **unused)
{
	size_t count;
	const struct shipped_variant *all = shipped_variants(&count);

	(void)unused;
	for (size_t i = 0; i < 4 * count; i++) {
		const struct shipped_variant *v = &all[i / 4];
		bool big = i % 2 != 0, up = i / 2 % 2 != 0;
		const struct embedded *elf = &v->elf[up][big];
		const struct kit_request request = {
		        .name = v->name, .shipped = v->name, .big_endian = big, .uniprocessor = up};
		struct kit_image image;
		struct error e;

		/* v3 in all builds, the others in one each */
		if (i % 4 != i / 4 % 4 && strcmp(v->name, "v3") != 0)
			continue;
		if (kit_build(&request, &image, &e))
			fail_msg("%s", e.text);
		if (image.size != (size_t)(elf->end - elf->start) ||
		    memcmp(image.elf, elf->start, image.size) != 0)
			fail_msg("%s, big %d, uniprocessor %d: another image than the one that ships",
			         v->name, big, up);
		kit_image_free(&image);
	}
}

static void sources_are_there(void **unused)
{
	size_t size = 0;
	const char *text = kit_text("model/variants/v3.S", &size);

	(void)unused;
	assert_non_null(text);
	assert_memory_equal(text, "/* SPDX-License-Identifier: MIT */", 34);
	assert_int_equal(text[size - 1], '\n');
	assert_non_null(kit_text("model/linux/include/layout.h", &size));
	assert_non_null(kit_text("model/linux/vfp/vfpmodule.c", &size));
	assert_null(kit_text("model/variants/v4.S", &size));
}

static void what_cannot_be_built_is_named(void **unused)
{
	static const char *const missing[] = {"/nonexistent/x.S"};
	const struct kit_request unknown = {.name = "v4", .shipped = "v4"},
	                         no_file = {.name = "x.S", .files = missing, .n_files = 1};
	struct kit_image image;
	struct error e;

	(void)unused;
	assert_int_equal(kit_build(&unknown, &image, &e), -1);
	assert_non_null(strstr(e.text, "unknown variant 'v4'"));
	assert_null(image.elf);
	assert_int_equal(kit_build(&no_file, &image, &e), -1);
	assert_non_null(strstr(e.text, "/nonexistent/x.S: No such file"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(every_variant_is_built_alike),
	        cmocka_unit_test(sources_are_there),
	        cmocka_unit_test(what_cannot_be_built_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
