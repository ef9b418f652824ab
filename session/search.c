/* SPDX-License-Identifier: MIT */
#include "search.h"

#include <stdio.h>
#include <string.h>

#include "checker/cycles.h"
#include "model/world/world.h"

/* Nothing violates a property: is there a run without end in which nobody gets any further? */
static void search_cycles(const struct model *model, struct check_options options,
                          struct check_result *result, struct error *e)
{
	const struct check_result safe = *result;

	if (options.timeout > 0) {
		options.timeout -= safe.seconds;
		if (options.timeout <= 0) {
			result->verdict = CHECK_INCOMPLETE;
			result->reason = CHECK_REASON_TIME;
			return;
		}
	}
	(void)check_cycles(model, &options, result, e);
	result->stats = safe.stats;
	result->seconds += safe.seconds;
	result->restarts += safe.restarts;
	if (safe.memory > result->memory)
		result->memory = safe.memory;
}

void search_run(const struct model *model, const struct model *cycles, const struct check_options *options,
                struct check_result *result, struct error *e)
{
	(void)check_breadth_first(model, options, result, e);
	if (result->verdict == CHECK_PASS && cycles && (options->properties >> PROPERTY_STUCK & 1) != 0)
		search_cycles(cycles, *options, result, e);
}

struct story *search_confirm(const struct world *world, const struct learnt *learnt,
                             const struct check_result *result, struct error *e)
{
	struct error why;
	struct story *story = story_record(world, learnt, result->trace, result->trace_length, result->loop,
	                                   (enum world_property)result->property, &why);

	if (!story)
		error_set(e, "internal fault: a counterexample of %s was found, but does not replay: %.800s",
		          world_property_names[result->property], why.text);
	return story;
}

const char *search_reason(const struct check_result *r, char *buf, size_t size)
{
	if (!r->reason || strcmp(r->reason, CHECK_REASON_BITSTATE) != 0)
		return r->reason;
	(void)snprintf(buf, size, "%s: probability of a missed state <= %.2g", r->reason, r->omission);
	return buf;
}

/* "fp-leak, fp-lost": those that hold for the same reason as the first. */
static void name_vacuous(const struct vacuity *vacuous, unsigned number, char *buf, size_t size)
{
	size_t n = 0;

	for (unsigned i = 0; i < number; i++) {
		if (vacuous[i].why == vacuous[0].why && n < size)
			n += (size_t)snprintf(buf + n, size - n, "%s%s", n > 0 ? ", " : "",
			                      world_property_names[vacuous[i].property]);
	}
}

void search_warn_vacuous(const struct world_config *config, const struct vacuity *vacuous, unsigned n,
                         void (*warn)(void *arg, const char *text), void *arg)
{
	char names[160], text[512];

	for (unsigned i = 0; i < n; i++) {
		const struct vacuity *v = &vacuous[i];
		bool several = i + 1 < n && v[1].why == v->why;

		if (i > 0 && v[-1].why == v->why)
			continue;
		name_vacuous(v, n - i, names, sizeof(names));
		(void)snprintf(text, sizeof(text), "%s hold%s vacuously%s%s: %s%s", names, several ? "" : "s",
		               v->whom ? " for " : "", v->whom ? v->whom : "", v->why,
		               world_vcpus(config) == 0 ? " (0 VMs)" : "");
		warn(arg, text);
	}
}

struct story *search_follow(const struct trace *trace, const struct world *world,
                            const struct follow_options *options, struct followed *f, bool *fault,
                            struct error *e)
{
	struct story *story;
	struct error why;

	*fault = false;
	if (trace_follow(trace, world, options, NULL, f, &why)) {
		error_set(e, "%.200s: %.800s", trace->name, why.text);
		return NULL;
	}
	story = story_record(world, f->learnt, f->labels, f->steps, f->loop,
	                     f->property < 0 ? PROPERTIES : (enum world_property)f->property, &why);
	*fault = !story;
	if (!story)
		error_set(e, "%.200s: internal fault: the run does not repeat: %.800s", trace->name,
		          why.text);
	return story;
}
