/* SPDX-License-Identifier: MIT */
/* One search by our own engine, in a process of its own so that its peak memory is its own. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "frozen.h"

static const char usage[] =
        "usage: bench_engine [-j THREADS] [-t SECONDS] [-w] SYSTEM...\n"
        "  -t  give up after so many seconds\n"
        "  -w  search once before, untimed, so that the model has nothing left to learn\n"
        "SYSTEM: scheduler small|large, or VARIANT and options of `lazyswitch check' for its system\n";

static int search(const struct model *model, const struct check_options *options, struct error *e)
{
	struct check_result result;

	if (check_breadth_first(model, options, &result, e))
		return -1;
	printf("{\"verdict\": \"%s\", \"states\": %llu, \"transitions\": %llu, \"seconds\": %.6f, \"bytes\": "
	       "%zu}\n",
	       check_verdict_name(result.verdict), (unsigned long long)result.states,
	       (unsigned long long)result.transitions, result.seconds, result.memory);
	check_result_free(&result);
	return 0;
}

static int run(int argc, char **words, struct check_options options, bool warm, struct error *e)
{
	struct system system;
	struct frozen frozen = {0};
	int status;

	if (system_open(&system, argc, words, e))
		return -1;
	options.properties = system.properties;
	if (!warm) {
		status = search(system.model, &options, e);
	} else {
		status = frozen_init(&frozen, &system, e);
		if (status == 0)
			status = search(&frozen.model, &options, e);
		frozen_free(&frozen);
	}
	system_close(&system);
	return status;
}

int main(int argc, char **argv)
{
	struct error e = {0};
	struct check_options options = {.threads = 1};
	unsigned long threads;
	bool warm = false;
	int option;

	while ((option = getopt(argc, argv, "+j:t:w")) != -1) {
		if (option == 'w') {
			warm = true;
		} else if (option == 'j' && (threads = strtoul(optarg, NULL, 10)) > 0 && threads <= 1024) {
			options.threads = (unsigned)threads;
		} else if (option == 't' && (options.timeout = strtod(optarg, NULL)) > 0) {
			continue;
		} else {
			(void)fputs(usage, stderr);
			return 2;
		}
	}
	if (run(argc - optind, argv + optind, options, warm, &e) == 0)
		return 0;
	(void)fprintf(stderr, "bench_engine: %s\n", e.text);
	return 2;
}
