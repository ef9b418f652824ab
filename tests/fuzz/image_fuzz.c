/* SPDX-License-Identifier: MIT */
/* ELF images. */
#include <string.h>

#include "fuzz.h"
#include "model/cpu/image.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct error e = {0};
	struct image *image = image_load("file", bytes, size, &e);

	if (!image) {
		fuzz_require(e.text[0] != '\0');
		return 0;
	}
	for (uint32_t at = image->code_start; at < image->code_end && at - image->code_start < 4096;
	     at += 64) {
		const char *file;
		char where[128];
		int line;

		fuzz_require(image_insn(image, at) != NULL);
		image_where(image, at, where, sizeof(where));
		(void)image_line(image, at, &file, &line);
	}
	image_free(image);
	return 0;
}
