/* SPDX-License-Identifier: MIT */
/* The files that are embedded into the program: kit_table.h is made by CMake. */
#include "build.h"

#define DECLARE(n)           extern const unsigned char kit_file_##n[], kit_file_##n##_end[];
#define ROW(path, source, n) {path, source, kit_file_##n, kit_file_##n##_end},

#define TEXT(path, n)                  DECLARE(n)
#define OBJECT(build, object, path, n) DECLARE(n)
#include "kit_table.h"
#undef TEXT
#undef OBJECT

#define TEXT(path, n) ROW(path, NULL, n)
#define OBJECT(build, object, path, n)
const struct kit_file kit_texts[] = {
#include "kit_table.h"
};
#undef OBJECT
#undef TEXT
const size_t kit_n_texts = sizeof(kit_texts) / sizeof(kit_texts[0]);

/* All objects of a build lie together, and there are as many in each. */
enum build_number { little, big, little_up, big_up, BUILDS };
#define TEXT(path, n)
#define OBJECT(build, object, path, n) ROW("kernel/" object, path, n)
static const struct kit_file objects[] = {
#include "kit_table.h"
};
#undef OBJECT
#define OBJECT(build, object, path, n) build,
static const enum build_number builds[] = {
#include "kit_table.h"
};

const struct kit_file *kit_objects(bool big_endian, bool uniprocessor, size_t *n)
{
	enum build_number wanted =
	        uniprocessor ? (big_endian ? big_up : little_up) : (big_endian ? big : little);
	const size_t all = sizeof(objects) / sizeof(objects[0]);
	size_t first = 0;

	while (builds[first] != wanted)
		first++;
	*n = all / BUILDS;
	return &objects[first];
}
