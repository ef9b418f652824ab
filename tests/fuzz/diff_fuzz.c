/* SPDX-License-Identifier: MIT */
/* Unified diffs, and mails that have one. */
#include <string.h>

#include "fuzz.h"
#include "model/kit/diff.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	char *text = malloc(size + 1), *hunks = malloc(2 * size + 2);
	struct diff_reader reader = {.name = "file", .at = text, .line = 1, .before = hunks};
	struct diff_file file;
	struct error e = {0};
	int found = 1;

	fuzz_require(text && hunks);
	memcpy(text, bytes, size);
	text[size] = '\0';
	while (found > 0) {
		char header[64];

		found = diff_next(&reader, &file, &e);
		if (found > 0) {
			fuzz_require(file.hunks_length <= 2 * size + 1 && strlen(file.before) < DIFF_NAME);
			diff_hunk(&file, 1, header, sizeof(header));
			diff_hunk(&file, 99, header, sizeof(header));
		}
	}
	fuzz_require(found == 0 || strncmp(e.text, "file", 4) == 0);
	free(text);
	free(hunks);
	return 0;
}
