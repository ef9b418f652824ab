/* SPDX-License-Identifier: MIT */
/* Files of expectations. */
#include <string.h>

#include "expect.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct error e = {0};
	struct expect_file file;
	int status = expect_parse(&file, "file", (const char *)bytes, size, &e);

	fuzz_require(status == 0 || strncmp(e.text, "file:", 5) == 0);
	for (size_t i = 0; status == 0 && i < file.n_rows; i++) {
		const struct expectation *row = &file.rows[i];
		char text[4096];

		fuzz_require(row->verdict_at + row->verdict_bytes <= size);
		expect_verdict_text(&row->verdict, text, sizeof(text));
	}
	expect_free(&file);
	return 0;
}
