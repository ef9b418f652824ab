/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "check_identity.h"
#include "check_report.h"
#include "check_series.h"
#include "output.h"
#include "session/parse.h"
#include "system_text.h"

enum { NAME_WIDTH = 16 };

static const char *plural(unsigned n)
{
	return n == 1 ? "" : "s";
}

static bool any_endian(const struct check_run *runs, size_t n, bool big)
{
	for (size_t i = 0; i < n; i++) {
		if (runs[i].variant.image && runs[i].variant.image->big_endian == big)
			return true;
	}
	return false;
}

/* How what does not ship as it is was built: the verdicts are about that. */
static void print_build(const struct build_settings *b)
{
	if (b->n_options + b->n_patches == 0 && b->as == KIT_AS_VARIANT)
		return;
	(void)printf("built with");
	if (b->as != KIT_AS_VARIANT)
		(void)printf(" --as %s", b->as == KIT_AS_KVM ? "kvm" : "vfp");
	for (size_t i = 0; i < b->n_options; i++)
		(void)printf(" %s", b->options[i]);
	for (size_t i = 0; i < b->n_patches; i++)
		(void)printf(" --patch %s", b->patches[i]);
	if (b->apply_said)
		(void)printf(" --apply %zu", b->apply);
	(void)putchar('\n');
}

void check_text_begin(const struct check_settings *s, const struct check_run *runs, size_t n)
{
	const struct world_config *c = &s->search.config;
	char names[128];
	bool big = any_endian(runs, n, true), little = any_endian(runs, n, false);

	system_text(stdout, c);
	(void)printf(", %s endian", big && little ? "little and big" : big ? "big" : "little");
	if (c->uniprocessor)
		(void)printf(", no CONFIG_SMP");
	if (c->granularity == GRANULARITY_INSN)
		(void)printf(", instruction by instruction");
	if (c->env == 0)
		(void)printf(", no optional events");
	else if (c->env == ENV_ALL)
		(void)printf(", with all optional events");
	else
		(void)printf(", with %s",
		             parse_set_text(world_env_names, ENV_NAMES, c->env, names, sizeof(names)));
	if (s->search.properties == PROPERTIES_USUAL)
		(void)printf("; all properties");
	else
		(void)printf("; only %s", parse_set_text(world_property_names, PROPERTIES,
		                                         s->search.properties, names, sizeof(names)));
	if (c->unreduced != 0)
		(void)printf("; not reduced by %s", parse_set_text(world_reduction_names, REDUCTION_NAMES,
		                                                   c->unreduced, names, sizeof(names)));
	(void)printf("%s\n", s->search.cycles ? "; and livelocks, so without symmetry" : "");
	print_build(&s->search.build);
	if (s->each)
		check_series_print_patches(runs[0].prefix.series, stdout);
	(void)putchar('\n');
	(void)printf("%-*s  %-10s  %-11s  %12s  %12s  %5s  %8s\n", NAME_WIDTH, "variant", "verdict",
	             "property", "states", "transitions", "depth", "seconds");
	(void)fflush(stdout);
}

void check_text_row(const struct check_run *run)
{
	const struct check_result *r = &run->result;
	char reason[128];

	(void)printf("%-*s  %-10s  %-11s  %12" PRIu64 "  %12" PRIu64 "  %5u  %8.2f", NAME_WIDTH, run->label,
	             check_verdict_name(r->verdict),
	             r->property >= 0 ? world_property_names[r->property] : "-", r->states, r->transitions,
	             r->depth, r->seconds);
	if (r->verdict == CHECK_INCOMPLETE && r->reason)
		(void)printf("  %s", check_run_reason(run, reason, sizeof(reason)));
	if (run->same)
		(void)printf("  the same code as %s", run->same->label);
	(void)putchar('\n');
	(void)fflush(stdout);
	if (run->error.text[0] != '\0')
		complain("%s: %s", run->label, run->error.text);
}

void check_text_causes(const struct check_run *run, FILE *out)
{
	char where[160];

	(void)fprintf(out, "\n%s: %zu cause%s%s%s\n\n  %3s  %-13s  %-12s  %5s  %s\n", run->label,
	              run->causes.n, plural((unsigned)run->causes.n),
	              run->result.reason ? "; there may be more: " : "",
	              run->result.reason ? run->result.reason : "", "no.", "property", "observer", "steps",
	              "to blame");
	for (size_t i = 0; i < run->causes.n; i++) {
		const struct cause *c = &run->causes.list[i];

		(void)fprintf(out, "  %3zu  %-13s  %-12s  %5zu  %s\n", i + 1,
		              world_property_names[c->property], c->culprit.observer, story_steps(c->story),
		              causes_where(run->world, c, where, sizeof(where)));
	}
	for (size_t i = 0; i < run->causes.n; i++) {
		const struct cause *c = &run->causes.list[i];

		(void)fprintf(out, "\n%s, cause %zu: %s\n", run->label, i + 1,
		              world_property_names[c->property]);
		(void)fprintf(out, "%s %s\n\n", causes_where(run->world, c, where, sizeof(where)),
		              c->culprit.did);
		story_print(c->story, out);
		if (c->trace_file)
			(void)fprintf(out, "trace: %s\n", c->trace_file);
	}
}

static void print_what_is_violated(const struct check_run *run)
{
	const struct check_result *r = &run->result;
	size_t loop = r->trace_length - r->loop;

	(void)printf("\n%s violates %s; ", run->label, world_property_names[r->property]);
	if (loop > 0)
		(void)printf("a schedule that never ends, %zu step%s and then %zu for ever:\n\n", r->loop,
		             plural((unsigned)r->loop), loop);
	else
		(void)printf("the shortest schedule, %zu step%s:\n\n", r->trace_length,
		             plural((unsigned)r->trace_length));
}

static void print_verified(const struct check_run *runs, size_t n)
{
	struct verify_counts all = {0};
	bool any = false;

	for (size_t i = 0; i < n; i++) {
		const struct verify_counts *c = &runs[i].counts;

		any |= runs[i].verified;
		all.states += c->states;
		all.steps += c->steps;
		all.fillings += c->fillings;
		all.permutations += c->permutations;
		all.interleavings += c->interleavings;
		all.preemptions += c->preemptions;
	}
	if (any)
		(void)printf("\nreductions verified, %" PRIu64 " times that a state was expanded: %" PRIu64
		             " steps made again, %" PRIu64 " with other dead values; %" PRIu64
		             " renamed states; %" PRIu64 " interleavings and %" PRIu64
		             " preemptions inside of steps\n",
		             all.states, all.steps, all.fillings, all.permutations, all.interleavings,
		             all.preemptions);
}

void check_text_end(const struct check_settings *s, const struct check_run *runs, size_t n)
{
	print_verified(runs, n);
	check_series_print_effects(runs, n, stdout);
	for (size_t i = 0; i < n; i++) {
		const struct check_run *run = &runs[i];

		if (run->result.checkpointed) {
			(void)printf("\n%s is saved as it stands; continue with:\n  ", run->label);
			check_identity_resume(stdout, run, s);
		} else if (run->result.apart && s->checkpoint && access(s->checkpoint, R_OK) == 0) {
			(void)printf("\n%s was saved a while ago; continue from there with:\n  ",
			             run->variant.name);
			check_identity_resume(stdout, run, s);
		}

		if (run->stats)
			run_stats_print(run->stats, &run->result, run->label, stdout);
		if (run->causes.n > 0)
			check_text_causes(run, stdout);
		if (!run->story)
			continue;
		print_what_is_violated(run);
		story_print(run->story, stdout);
		if (run->trace_file)
			(void)printf("trace: %s\n", run->trace_file);
	}
}
