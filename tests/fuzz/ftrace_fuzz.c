/* SPDX-License-Identifier: MIT */
/* What tracefs prints, and a binary file of it. */
#include <stdio.h>
#include <string.h>

#include "fuzz.h"
#include "traces/ftrace/dat.h"
#include "traces/ftrace/ftrace.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	char *text = malloc(size + 1), *binary = NULL;
	size_t binary_size;
	struct error e = {0};
	struct ftrace f;
	FILE *out = open_memstream(&binary, &binary_size);

	fuzz_require(text && out);
	memcpy(text, bytes, size);
	text[size] = '\0';
	fuzz_require(dat_write(out, text, size, 2) == 0);
	fuzz_require(fclose(out) == 0);
	free(binary);
	free(text);
	if (ftrace_parse("file", (const char *)bytes, size, &f, &e)) {
		fuzz_require(strncmp(e.text, "file:", 5) == 0);
		return 0;
	}
	fuzz_require(f.n_events <= size);
	ftrace_free(&f);
	return 0;
}
