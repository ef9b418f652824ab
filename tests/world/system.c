/* SPDX-License-Identifier: MIT */
#include "system.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/replay.h"

unsigned some_of(unsigned n)
{
	return getenv("CI") ? (n + 2) / 3 : n;
}

bool quick(void)
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
	return true;
#else
	return getenv("LAZYSWITCH_TESTS_QUICK") != NULL;
#endif
}

struct system system_open(const struct setup *setup)
{
	const struct shipped_variant *variant = shipped_variant(setup->variant);
	struct world_config config = world_config_default();
	struct system s = {0};
	struct error e = {0};

	config.cpus = setup->cpus;
	config.vms = setup->vms;
	config.threads = setup->threads;
	config.env = setup->env;
	config.uniprocessor = setup->uniprocessor;
	config.granularity = setup->granularity;
	config.unreduced = setup->unreduced;
	(void)snprintf(s.name, sizeof(s.name), "%s, %s endian, %u CPU, %u VM, %u plain threads%s%s%s%s%s%s%s",
	               setup->variant, setup->big_endian ? "big" : "little", setup->cpus, setup->vms,
	               setup->threads, setup->uniprocessor ? ", no SMP" : "",
	               (setup->env & ENV_NEON) != 0 ? ", neon" : "",
	               setup->granularity == GRANULARITY_INSN ? ", by instructions" : "",
	               setup->symmetry ? ", symmetry" : "",
	               (setup->unreduced & REDUCTION_DEAD) != 0 ? ", dead values kept" : "",
	               (setup->unreduced & REDUCTION_TAGS) != 0 ? ", old versions told apart" : "",
	               (setup->unreduced & REDUCTION_FP_ACTION) != 0 ? ", look and write apart" : "");
	if (!variant)
		fail_msg("there is no variant %s", setup->variant);
	s.image = shipped_image(variant, setup->big_endian, setup->uniprocessor, &e);
	if (!s.image)
		fail_msg("%s: %s", s.name, e.text);
	s.world = world_new(&config, s.image, &e);
	if (!s.world)
		fail_msg("%s: %s", s.name, e.text);
	s.collapsed = collapsed_new(s.world, &(struct collapsed_options){.symmetry = setup->symmetry}, &e);
	if (!s.collapsed)
		fail_msg("%s: %s", s.name, e.text);
	return s;
}

void system_close(struct system *s)
{
	collapsed_free(s->collapsed);
	world_free(s->world);
	image_free(s->image);
	*s = (struct system){0};
}

struct check_result system_search(struct system *s, uint32_t properties)
{
	const struct check_options options = {
	        .properties = properties, .max_memory = (size_t)6 << 30, .timeout = 600};
	struct check_result result = {0};
	struct error e = {0};

	if (check_breadth_first(collapsed_model(s->collapsed), &options, &result, &e))
		fail_msg("%s: %s", s->name, e.text);
	if (result.verdict != CHECK_PASS && result.verdict != CHECK_FAIL)
		fail_msg("%s: %s, %s", s->name, check_verdict_name(result.verdict), result.reason);
	if (getenv("LAZYSWITCH_TESTS_VERBOSE"))
		(void)fprintf(stderr,
		              "%s: properties 0x%x: %s, %lu states, depth %u, %.1f s, %zu MB, %u restarts\n",
		              s->name, properties, check_verdict_name(result.verdict),
		              (unsigned long)result.states, result.depth, result.seconds, result.memory >> 20,
		              result.restarts);
	return result;
}

uint64_t system_explore(struct system *s)
{
	struct check_result result = system_search(s, 0);
	uint64_t states = result.states;

	assert_int_equal(result.verdict, CHECK_PASS);
	check_result_free(&result);
	return states;
}

void assert_holds(const struct setup *setup, uint64_t at_least)
{
	struct system s = system_open(setup);
	struct check_result result = system_search(&s, ALL_PROPERTIES);

	if (result.verdict != CHECK_PASS)
		fail_msg("%s: %s is violated in step %u", s.name, world_property_names[result.property],
		         result.depth);
	assert_int_equal(result.property, -1);
	assert_null(result.trace);
	if (result.states < at_least)
		fail_msg("%s: passes with %lu states only", s.name, (unsigned long)result.states);
	check_result_free(&result);
	system_close(&s);
}

bool is_violated(const struct setup *setup, enum world_property property)
{
	struct system s = system_open(setup);
	struct check_result result = system_search(&s, 1u << property);
	bool violated = result.verdict == CHECK_FAIL;

	if (violated) {
		struct violation violation = {0};
		struct error e = {0};

		assert_int_equal(result.property, property);
		assert_true(result.trace_length > 0);
		assert_int_equal(result.trace_length, result.depth);
		if (replay(s.world, collapsed_learnt(s.collapsed), result.trace, result.trace_length,
		           (int)property, NULL, &violation, &e))
			fail_msg("%s, %s: %s", s.name, world_property_names[property], e.text);
		assert_int_equal(violation.property, property);
		assert_true(violation.cpu < setup->cpus);
		assert_true(strlen(violation.text) > 0);
	}
	check_result_free(&result);
	system_close(&s);
	return violated;
}
