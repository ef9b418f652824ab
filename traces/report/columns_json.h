/* SPDX-License-Identifier: MIT */
/* Columns in the report: the rows of its state table, and what its timeline shows. */
#ifndef LAZYSWITCH_TRACES_REPORT_COLUMNS_JSON_H
#define LAZYSWITCH_TRACES_REPORT_COLUMNS_JSON_H

#include <jansson.h>

#include "../columns.h"

/* Parts of the document, see document.h; NULL when out of memory. */
json_t *columns_json(const struct columns *columns);
json_t *columns_lanes(const struct columns *columns);
json_t *columns_start(const struct columns *columns);
json_t *columns_changes(const struct columns *columns, size_t step);

#endif
