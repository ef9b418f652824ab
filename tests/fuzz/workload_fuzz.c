/* SPDX-License-Identifier: MIT */
/* Workloads. */
#include <string.h>

#include "fuzz.h"
#include "sim/workload.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct error e = {0};
	struct workload w;

	if (workload_parse(&w, "file", (const char *)bytes, size, &e))
		fuzz_require(strncmp(e.text, "file:", 5) == 0);
	for (unsigned i = 0; i < ACTIONS; i++)
		fuzz_require(w.action[WHO_USER][i] <= WORKLOAD_WEIGHT_MAX);
	return 0;
}
