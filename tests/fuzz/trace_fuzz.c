/* SPDX-License-Identifier: MIT */
/* Trace files. */
#include <stdio.h>
#include <string.h>

#include "fuzz.h"
#include "traces/reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct error e = {0};
	struct trace t;

	if (trace_parse("file", (const char *)bytes, size, &t, &e)) {
		fuzz_require(strncmp(e.text, "file:", 5) == 0);
		return 0;
	}
	fuzz_require(t.n_steps <= size && t.n_choices <= size && t.n_closings <= size);
	fuzz_require(t.variant && t.config.cpus >= 1 && t.config.cpus <= NR_CPUS && t.n_open <= t.n_steps);
	for (size_t i = 0; i < t.n_steps; i++)
		fuzz_require(t.steps[i].choices + t.steps[i].n_choices <= t.n_choices);
	trace_free(&t);
	return 0;
}
