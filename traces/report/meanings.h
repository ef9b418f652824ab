/* SPDX-License-Identifier: MIT */
#ifndef LAZYSWITCH_TRACES_REPORT_MEANINGS_H
#define LAZYSWITCH_TRACES_REPORT_MEANINGS_H

#include "model/world/world.h"

/* What a property is about, for somebody who meets it for the first time: some sentences more than
 * world_property_meanings. */
extern const char *const report_meanings[PROPERTIES];

#endif
