/* SPDX-License-Identifier: MIT */
/* A run as ui.perfetto.dev opens it: the JSON of Chrome's trace events. */
#ifndef LAZYSWITCH_TRACES_REPORT_PERFETTO_H
#define LAZYSWITCH_TRACES_REPORT_PERFETTO_H

#include <jansson.h>

#include "traces/story.h"

/*
 * One step is a millisecond. Each CPU is a process: threads for its steps, for who runs, and for whose FP data its registers
 * hold; counters for FPEXC.EN and for HCPTR's traps of FP accesses. A violation is an instant of all. `property`: that the last step
 * violates, or -1. Returns NULL with `e` filled in.
 */
json_t *perfetto_document(const struct world *world, const struct learnt *learnt,
                          const struct model_label *labels, size_t length, int property,
                          const struct story *story, struct error *e);

#endif
