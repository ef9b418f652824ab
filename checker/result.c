/* SPDX-License-Identifier: MIT */
#include "checker/check.h"

#include <stdlib.h>

void check_result_free(struct check_result *result)
{
	free(result->trace);
	*result = (struct check_result){.property = -1};
}

const char *check_verdict_name(enum check_verdict verdict)
{
	switch (verdict) {
	case CHECK_PASS:
		return "pass";
	case CHECK_FAIL:
		return "fail";
	case CHECK_INCOMPLETE:
		return "incomplete";
	case CHECK_ERROR:
		break;
	}
	return "error";
}
