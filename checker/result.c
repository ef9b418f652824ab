/* SPDX-License-Identifier: MIT */
#include "checker/check.h"
#include "checker/findings.h"

#include <stdlib.h>

void check_result_forget_findings(struct check_result *result)
{
	for (size_t i = 0; i < result->n_findings; i++)
		free(result->findings[i].trace);
	free(result->findings);
	result->findings = NULL;
	result->n_findings = 0;
}

void check_result_free(struct check_result *result)
{
	free(result->trace);
	free(result->stats.levels);
	check_result_forget_findings(result);
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
