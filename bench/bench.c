/* SPDX-License-Identifier: MIT */
/* Measures our engine, and others on the same systems, by turns; see README.md. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "table.h"

static const char usage[] =
        "usage: bench [--quick] [--rounds N] [--only WORD] [--timeout SECONDS] [--json FILE]\n"
        "  --quick    small systems, one round: does it all still work?\n"
        "  --rounds   of measurements, each of every row; long rows take part in the first only (3)\n"
        "  --only     systems whose name has this in it\n"
        "  --timeout  of one search by our engine (300)\n"
        "  --json     write the table for programs, too\n";

#define DEFAULT "v3"
#define PLAIN   "v3 --symmetry off"

static const struct row standard[] = {
        {.system = DEFAULT, .engine = ENGINE_PROMELA, .threads = 1},
        {.system = DEFAULT, .engine = ENGINE_OURS, .threads = 1},
        {.system = DEFAULT, .engine = ENGINE_OURS, .threads = 2},
        {.system = "scheduler large", .engine = ENGINE_SPIN, .threads = 1},
        {.system = "scheduler large", .engine = ENGINE_SPIN, .threads = 2},
        {.system = "scheduler large", .engine = ENGINE_LTSMIN, .threads = 1, .table = 25},
        {.system = "scheduler large", .engine = ENGINE_LTSMIN, .threads = 2, .table = 25},
        {.system = "scheduler large", .engine = ENGINE_OURS_WARM, .threads = 1},
        {.system = "scheduler large", .engine = ENGINE_OURS_WARM, .threads = 2},
        {.system = PLAIN, .engine = ENGINE_SPIN, .threads = 1},
        {.system = PLAIN, .engine = ENGINE_LTSMIN, .threads = 1, .table = 24},
        {.system = PLAIN, .engine = ENGINE_LTSMIN, .threads = 2, .table = 24},
        {.system = PLAIN, .engine = ENGINE_OURS_WARM, .threads = 1},
        {.system = PLAIN, .engine = ENGINE_OURS_WARM, .threads = 2},
        {.system = PLAIN, .engine = ENGINE_OURS, .threads = 1},
        {.system = PLAIN, .engine = ENGINE_OURS, .threads = 2},
        {.system = "v3 --threads 2", .engine = ENGINE_OURS, .threads = 1, .once = true},
        {.system = "v3 --threads 2", .engine = ENGINE_OURS, .threads = 2, .once = true},
        {.system = "v3 --vms 3", .engine = ENGINE_OURS, .threads = 2, .once = true},
        {.system = "v3 --cpus 3", .engine = ENGINE_OURS, .threads = 2, .once = true},
        {.system = "neon-safe --env neon", .engine = ENGINE_OURS, .threads = 1, .once = true},
        {.system = "neon-safe --env neon", .engine = ENGINE_OURS, .threads = 2, .once = true},
};

#define SMALL "v3 --vms 1 --symmetry off"

static const struct row quick[] = {
        {.system = DEFAULT, .engine = ENGINE_PROMELA, .threads = 1},
        {.system = DEFAULT, .engine = ENGINE_OURS, .threads = 1},
        {.system = DEFAULT, .engine = ENGINE_OURS, .threads = 2},
        {.system = "scheduler small", .engine = ENGINE_SPIN, .threads = 1},
        {.system = "scheduler small", .engine = ENGINE_LTSMIN, .threads = 1, .table = 20},
        {.system = "scheduler small", .engine = ENGINE_OURS_WARM, .threads = 1},
        {.system = "scheduler small", .engine = ENGINE_OURS_WARM, .threads = 2},
        {.system = SMALL, .engine = ENGINE_SPIN, .threads = 1},
        {.system = SMALL, .engine = ENGINE_LTSMIN, .threads = 1, .table = 20},
        {.system = SMALL, .engine = ENGINE_OURS_WARM, .threads = 1},
        {.system = SMALL, .engine = ENGINE_OURS_WARM, .threads = 2},
};

enum { ROWS_MAX = sizeof(standard) / sizeof(standard[0]) };
_Static_assert(sizeof(quick) <= sizeof(standard), "quick rows");

struct settings {
	bool quick;
	unsigned rounds;
	const char *only, *json;
	double timeout;
};

static bool parse(int argc, char **argv, struct settings *s)
{
	static const struct option options[] = {
	        {"quick", no_argument, NULL, 'q'},
	        {"rounds", required_argument, NULL, 'r'},
	        {"only", required_argument, NULL, 'o'},
	        {"timeout", required_argument, NULL, 't'},
	        {"json", required_argument, NULL, 'j'},
	        {"help", no_argument, NULL, 'h'},
	        {0},
	};
	int option;

	while ((option = getopt_long(argc, argv, "h", options, NULL)) != -1) {
		switch (option) {
		case 'q':
			s->quick = true;
			break;
		case 'r':
			s->rounds = (unsigned)strtoul(optarg, NULL, 10);
			if (s->rounds == 0 || s->rounds > ROUNDS_MAX)
				return false;
			break;
		case 'o':
			s->only = optarg;
			break;
		case 't':
			s->timeout = strtod(optarg, NULL);
			if (!(s->timeout > 0))
				return false;
			break;
		case 'j':
			s->json = optarg;
			break;
		default:
			return false;
		}
	}
	return optind == argc;
}

/* Other engines must find what ours finds; the Promela model is another system. */
static int agree(const struct row *rows, size_t n, struct error *e)
{
	for (size_t i = 1; i < n; i++) {
		const struct row *a = &rows[i - 1], *b = &rows[i];

		if (a->engine == ENGINE_PROMELA || strcmp(a->system, b->system) != 0 || a->absent ||
		    b->absent || !a->complete || !b->complete)
			continue;
		if (a->states != b->states || a->transitions != b->transitions)
			return error_set(e, "%s: %s and %s do not find the same states and transitions",
			                 a->system, engine_name(a->engine), engine_name(b->engine));
	}
	return 0;
}

static int run(const struct settings *s, struct row *rows, size_t n, struct error *e)
{
	char scratch[] = "/tmp/lazyswitch-bench-XXXXXX", command[sizeof(scratch) + 16];
	struct places places = {.programs = BENCH_PROGRAMS, .sources = BENCH_SOURCES, .timeout = s->timeout};
	int status = 0;

	places.scratch = mkdtemp(scratch);
	if (!places.scratch)
		return error_set(e, "cannot make a directory in /tmp");
	for (unsigned round = 0; round < s->rounds && status == 0; round++) {
		for (size_t i = 0; i < n && status == 0; i++) {
			if (rows[i].once && round > 0)
				continue;
			(void)fprintf(stderr, "bench: round %u of %u: %s, %s x%u\n", round + 1, s->rounds,
			              rows[i].system, engine_name(rows[i].engine), rows[i].threads);
			status = measure(&rows[i], &places, e);
		}
	}
	(void)snprintf(command, sizeof(command), "rm -rf %s", scratch);
	(void)!system(command); /* NOLINT(cert-env33-c): the name is our own */
	for (size_t i = 0; i < n; i++)
		measure_finish(&rows[i]);
	return status == 0 ? agree(rows, n, e) : status;
}

int main(int argc, char **argv)
{
	struct settings s = {.rounds = 0, .timeout = 300};
	struct row rows[ROWS_MAX];
	struct error e = {0};
	size_t n = 0;

	if (!parse(argc, argv, &s)) {
		(void)fputs(usage, stderr);
		return 2;
	}
	if (s.rounds == 0)
		s.rounds = s.quick ? 1 : 3;
	for (size_t i = 0; i < (s.quick ? sizeof(quick) : sizeof(standard)) / sizeof(rows[0]); i++) {
		const struct row *row = s.quick ? &quick[i] : &standard[i];

		if (!s.only || strstr(row->system, s.only))
			rows[n++] = *row;
	}
	if (n == 0) {
		(void)fprintf(stderr, "bench: no system has '%s' in its name\n", s.only);
		return 2;
	}
	if (run(&s, rows, n, &e)) {
		(void)fprintf(stderr, "bench: %s\n", e.text);
		return 1;
	}
	table_print(stdout, rows, n);
	if (!s.json || table_write_json(s.json, rows, n, &e) == 0)
		return 0;
	(void)fprintf(stderr, "bench: %s\n", e.text);
	return 2;
}
