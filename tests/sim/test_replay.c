/* SPDX-License-Identifier: MIT */
/* Replaying traces: the true ones end as the search said, the false ones are told apart, and none does any
 * harm. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/replay.h"
#include "tests/world/system.h"

static const struct setup setups[] = {
        {.variant = "load-only", .cpus = 2, .vms = 2, .threads = 1},
        {.variant = "no-put", .cpus = 1, .vms = 2, .threads = 1, .big_endian = true},
        {.variant = "v3", .cpus = 2, .vms = 1, .threads = 1, .env = ENV_NEON},
        {.variant = "fpexc-first", .cpus = 2, .vms = 1, .threads = 1},
};
enum { SETUPS = sizeof(setups) / sizeof(setups[0]) };

struct found {
	struct system s;
	struct check_result result;
};

static struct found find(const struct setup *setup)
{
	struct found f = {.s = system_open(setup)};

	f.result = system_search(&f.s, ALL_PROPERTIES);
	assert_int_equal(f.result.verdict, CHECK_FAIL);
	assert_true(f.result.trace_length > 1);
	return f;
}

static void release(struct found *f)
{
	check_result_free(&f->result);
	system_close(&f->s);
}

static int run(struct found *f, const struct model_label *trace, size_t length, int property, struct error *e)
{
	struct violation violation;

	e->text[0] = '\0';
	return replay(f->s.world, collapsed_learnt(f->s.collapsed), trace, length, property, NULL, &violation,
	              e);
}

struct seen {
	size_t steps, violations, others;
};

static void on_event(void *arg, struct machine *m, const struct watch *watch)
{
	struct seen *seen = arg;

	assert_true(watch->cpu < m->world->config.cpus);
	if (watch->kind == WATCH_VIOLATION) {
		assert_true(strlen(watch->violation->text) > 0);
		seen->violations++;
	} else {
		seen->others++;
	}
}

static void on_step(void *arg, struct machine *m, size_t number)
{
	struct seen *seen = arg;

	assert_non_null(m);
	assert_int_equal(number, seen->steps++);
}

static void true_traces(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < SETUPS; i++) {
		struct found f = find(&setups[i]);
		struct seen seen = {0};
		const struct replay_watcher watcher = {.arg = &seen, .event = on_event, .step = on_step};
		struct violation violation = {0};
		struct error e = {0};

		if (replay(f.s.world, collapsed_learnt(f.s.collapsed), f.result.trace, f.result.trace_length,
		           f.result.property, &watcher, &violation, &e))
			fail_msg("%s: %s", f.s.name, e.text);
		assert_int_equal(seen.steps, f.result.trace_length + 1);
		assert_true(seen.violations > 0);
		assert_true(seen.others > 0);
		assert_int_equal(violation.property, f.result.property);
		assert_true(strlen(violation.text) > 0);
		/* Without a watcher, and without anything expected. */
		assert_int_equal(run(&f, f.result.trace, f.result.trace_length, f.result.property, &e), 0);
		assert_int_equal(run(&f, f.result.trace, f.result.trace_length, -1, &e), 0);
		assert_int_equal(run(&f, f.result.trace, f.result.trace_length - 1, -1, &e), 0);
		assert_int_equal(run(&f, NULL, 0, -1, &e), 0);
		release(&f);
	}
}

static void traces_that_end_elsewhere(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < SETUPS; i++) {
		struct found f = find(&setups[i]);
		struct error e;

		/* Too short: a shortest counterexample violates nothing on the way. */
		for (size_t n = 0; n < f.result.trace_length; n++) {
			assert_int_equal(run(&f, f.result.trace, n, f.result.property, &e), -1);
			assert_non_null(strstr(e.text, world_property_names[f.result.property]));
		}
		/* Another property than the one violated. */
		for (int p = 0; p < PROPERTIES; p++) {
			if (p == f.result.property)
				continue;
			if (run(&f, f.result.trace, f.result.trace_length, p, &e))
				assert_non_null(strstr(e.text, world_property_names[p]));
		}
		release(&f);
	}
}

static void a_crash_is_the_end(void **unused)
{
	struct found f = find(&setups[3]);
	size_t n = f.result.trace_length;
	struct model_label *longer = calloc(n + 1, sizeof(*longer));
	struct error e;

	(void)unused;
	assert_int_equal(f.result.property, PROPERTY_CRASH);
	memcpy(longer, f.result.trace, n * sizeof(*longer));
	longer[n] = longer[0];
	assert_int_equal(run(&f, longer, n + 1, -1, &e), -1);
	assert_non_null(strstr(e.text, "ends the run"));
	free(longer);
	release(&f);
}

/* One choice changed: an impossible one is an error that says which step; a possible one is another run. */
static void wrong_choices(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < SETUPS; i++) {
		struct found f = find(&setups[i]);
		size_t n = f.result.trace_length;
		struct model_label *trace = calloc(n, sizeof(*trace));

		for (size_t step = 0; step < n; step++) {
			for (unsigned k = 0; k < f.result.trace[step].length; k++) {
				struct error e;

				memcpy(trace, f.result.trace, n * sizeof(*trace));
				trace[step].choice[k] = 200;
				assert_int_equal(run(&f, trace, n, f.result.property, &e), -1);
				assert_true(strlen(e.text) > 0);
			}
		}
		free(trace);
		release(&f);
	}
}

/* A label's length is one byte of a file: it may say anything. */
static void wrong_lengths(void **unused)
{
	struct found f = find(&setups[0]);
	size_t n = f.result.trace_length;
	struct model_label *trace = calloc(n, sizeof(*trace));

	(void)unused;
	for (size_t step = 0; step < n; step++) {
		for (unsigned length = 0; length < 256; length++) {
			struct error e;

			memcpy(trace, f.result.trace, n * sizeof(*trace));
			if (length == trace[step].length)
				continue;
			trace[step].length = (uint8_t)length;
			assert_int_equal(run(&f, trace, n, f.result.property, &e), -1);
			assert_true(strlen(e.text) > 0);
		}
	}
	free(trace);
	release(&f);
}

/* Whatever is in it: an answer, and the same one each time. */
static void shuffled_and_random_traces(void **unused)
{
	const unsigned rounds = quick() ? 200 : 1500;
	uint64_t random = 42;

	(void)unused;
	for (size_t i = 0; i < SETUPS; i++) {
		struct found f = find(&setups[i]);
		size_t n = f.result.trace_length;
		struct model_label *trace = calloc(n, sizeof(*trace));

		for (unsigned round = 0; round < rounds; round++) {
			struct error e, again;
			int status;

			memcpy(trace, f.result.trace, n * sizeof(*trace));
			for (unsigned change = 0; change < 1 + round % 4; change++) {
				size_t a, b;
				struct model_label label;

				random = random * UINT64_C(6364136223846793005) + 1442695040888963407u;
				a = (size_t)(random >> 33) % n;
				b = (size_t)(random >> 43) % n;
				label = trace[a];
				trace[a] = trace[b];
				trace[b] = label;
				if (round % 2 == 0)
					trace[a].choice[random >> 60 & 7] = (uint8_t)(random >> 50 & 3);
				if (round % 3 == 0)
					memset(&trace[b], (int)(random >> 40 & 0xff), sizeof(trace[b]));
			}
			status = run(&f, trace, n, f.result.property, &e);
			assert_int_equal(status == 0, strlen(e.text) == 0);
			assert_int_equal(run(&f, trace, n, f.result.property, &again), status);
			assert_string_equal(e.text, again.text);
		}
		free(trace);
		release(&f);
	}
}

/* A counterexample against one variant may be impossible on another: never a crash of the replay. */
static void traces_of_other_variants(void **unused)
{
	size_t count;
	const struct shipped_variant *shipped = shipped_variants(&count);
	struct found f = find(&setups[0]);

	(void)unused;
	for (size_t v = 0; v < count; v++) {
		struct setup setup = setups[0];
		struct system other;
		struct error e = {0};

		setup.variant = shipped[v].name;
		other = system_open(&setup);
		if (replay(other.world, collapsed_learnt(f.s.collapsed), f.result.trace,
		           f.result.trace_length, f.result.property, NULL, NULL, &e))
			assert_true(strlen(e.text) > 0);
		else
			assert_int_equal(strlen(e.text), 0);
		system_close(&other);
	}
	release(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(true_traces),
	        cmocka_unit_test(traces_that_end_elsewhere),
	        cmocka_unit_test(a_crash_is_the_end),
	        cmocka_unit_test(wrong_choices),
	        cmocka_unit_test(wrong_lengths),
	        cmocka_unit_test(shuffled_and_random_traces),
	        cmocka_unit_test(traces_of_other_variants),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
