/* SPDX-License-Identifier: MIT */
/*
 * The JSON document of lazyswitch check: { "version": 1, "results": [RESULT...] }. Each RESULT:
 *
 *	variant      as given on the command line
 *	verdict      "pass", "fail", "incomplete" or "error"
 *	property     the violated property, or null
 *	states       distinct states found
 *	transitions  steps computed
 *	depth        fail: steps of the counterexample; otherwise levels of the search
 *	seconds      wall-clock time of the search
 *	memory       peak bytes of the state store
 *	config       { cpus, vms, vcpus, threads, smp: true | false, env: [name...], endian: "little" | "big",
 *	               properties: [name...], granularity: "step" | "insn",
 *	               symmetry: true | false, no_reduce: [name...],
 *	               cycles: true | false, build: [word...], the options with which variants were built }
 *	trace        fail: the steps, one string each, as in trace files; otherwise null
 *	loop         fail: the first of these, counted from 0, that are repeated for ever (--cycles); otherwise null
 *	violation    fail: { property, observer: what was seen, or null for a standstill, pc: address,
 *	               symbol: "symbol+0x1c", file, line }, each null if unknown; otherwise null
 *	omission     bitstate search: a bound of the probability that a state was missed; otherwise 0
 *	verified     with --verify-reductions: how often what was looked at, { states, steps, fillings, permutations,
 *	               interleavings, preemptions }; otherwise null
 *	reason       which limit was reached, or null
 *	message      what went wrong (verdict error, trace file not written), or null
 *	vacuous      pass: for each property that holds for lack of anything that it judges { property, for: "guests",
 *	             "user threads", or null for everybody, because }
 *	stats        with --stats (null otherwise): { restarts, levels: [states of each breadth-first level], widest,
 *	             store: bytes { set, tree, frontier, traces, state: a vector as it is } and load of the set,
 *	             steps: { run, recalled, last_pass: run since the last restart, instructions: executed in these,
 *	             nodes, leaves }, contents: { class: different contents }, permutations, wrong_guesses,
 *	             coverage: null unless the search was completed, or { overrides: false if the variant brings
 *	             no code, and `variant` is what it could have replaced; variant, kernel: { instructions,
 *	             executed, conditional: of these, both: passed and failed }, never_executed: [{ pc, function,
 *	             offset, file, line, last_line, instructions, whole: was the function never entered }], one_way: [{ pc, function, offset, file,
 *	             line, branches: is it a branch, outcome: "passed" or "failed" }] } }. What is not known is 0
 *	trace_file   where the trace was written, or null
 *	checkpoint   where an unfinished search was saved, to go on from, or null
 *	patch        of a series, each patch of which is checked: { applied: so many of its patches, of: there are so many, subject:
 *	             the last of these, file: where it was found, line, message_id; the last four null for the base,
 *	             effect: "none" (the base), "holds", "breaks", "mends", "still", "other", "unknown", "refused" (does not
 *	             apply), "unbuilt", same_as: `applied` of an earlier result that is this one's, too, because the code is,
 *	             or null }; otherwise null
 *	bisectable   the last of such a series: does every prefix build, and hold; null: some are not finished; otherwise null
 *	complaint    verdict error: the compiler's first message, or null
 *	causes       with --all: for each cause { property, observer, culprit: "file:line symbol+0x1c", pc, did, depth,
 *	               trace, violation, trace_file }; otherwise null. `trace` and `violation` above are null then
 *
 * Members may be added; none changes its meaning without a new version.
 */
#include <jansson.h>
#include <stdio.h>

#include "check_report.h"
#include "check_series.h"
#include "model/series/series.h"
#include "story_json.h"

static json_t *text_or_null(const char *text)
{
	return text && text[0] != '\0' ? json_string(text) : json_null();
}

static json_t *names(const char *const *words, unsigned n, uint32_t bits)
{
	json_t *array = json_array();

	for (unsigned i = 0; i < n; i++) {
		if ((bits >> i & 1) != 0)
			json_array_append_new(array, json_string(words[i]));
	}
	return array;
}

static json_t *build(const struct build_settings *b)
{
	json_t *array = json_array();

	if (b->as != KIT_AS_VARIANT) {
		json_array_append_new(array, json_string("--as"));
		json_array_append_new(array, json_string(b->as == KIT_AS_KVM ? "kvm" : "vfp"));
	}
	for (size_t n = 0; n < b->n_options; n++)
		json_array_append_new(array, json_string(b->options[n]));
	for (size_t n = 0; n < b->n_patches; n++) {
		json_array_append_new(array, json_string("--patch"));
		json_array_append_new(array, json_string(b->patches[n]));
	}
	if (b->apply_said) {
		json_array_append_new(array, json_string("--apply"));
		json_array_append_new(array, json_sprintf("%zu", b->apply));
	}
	return array;
}

static json_t *config(const struct check_settings *s, const struct check_run *run)
{
	const struct world_config *c = &s->search.config;
	bool big = run->variant.image ? run->variant.image->big_endian : s->search.endian == ENDIAN_BIG;

	return json_pack("{s:i, s:i, s:i, s:i, s:b, s:o, s:s, s:o, s:s, s:b, s:b, s:o, s:o}", "cpus",
	                 (int)c->cpus, "vms", (int)c->vms, "vcpus", (int)c->vcpus, "threads", (int)c->threads,
	                 "smp", !c->uniprocessor, "env", names(world_env_names, ENV_NAMES, c->env), "endian",
	                 big ? "big" : "little", "properties",
	                 names(world_property_names, PROPERTIES, s->search.properties), "granularity",
	                 c->granularity == GRANULARITY_INSN ? "insn" : "step", "symmetry", s->search.symmetry,
	                 "cycles", s->search.cycles, "no_reduce",
	                 names(world_reduction_names, REDUCTION_NAMES, search_unreduced(&s->search)), "build",
	                 build(&s->search.build));
}

static json_t *causes(const struct check_settings *s, const struct check_run *run)
{
	json_t *array;
	char where[160];

	if (!s->all)
		return json_null();
	array = json_array();
	for (size_t i = 0; i < run->causes.n; i++) {
		const struct cause *c = &run->causes.list[i];

		json_array_append_new(
		        array, json_pack("{s:s, s:s, s:s, s:I, s:s, s:i, s:o, s:o, s:o}", "property",
		                         world_property_names[c->property], "observer", c->culprit.observer,
		                         "culprit", causes_where(run->world, c, where, sizeof(where)), "pc",
		                         (json_int_t)c->culprit.pc, "did", c->culprit.did, "depth",
		                         (int)story_steps(c->story), "trace", story_json_steps(c->story),
		                         "violation",
		                         story_json_violation(c->story, (int)c->property, run->variant.image),
		                         "trace_file", text_or_null(c->trace_file)));
	}
	return array;
}

static json_t *verified(const struct check_run *run)
{
	const struct verify_counts *c = &run->counts;

	if (!run->verified)
		return json_null();
	return json_pack("{s:I, s:I, s:I, s:I, s:I, s:I}", "states", (json_int_t)c->states, "steps",
	                 (json_int_t)c->steps, "fillings", (json_int_t)c->fillings, "permutations",
	                 (json_int_t)c->permutations, "interleavings", (json_int_t)c->interleavings,
	                 "preemptions", (json_int_t)c->preemptions);
}

static json_t *loop(const struct check_run *run)
{
	const struct check_result *r = &run->result;

	return run->story && r->loop < r->trace_length ? json_integer((json_int_t)r->loop) : json_null();
}

static json_t *vacuous(const struct check_run *run)
{
	json_t *array = json_array();

	for (unsigned i = 0; i < run->n_vacuous; i++) {
		const struct vacuity *v = &run->vacuous[i];

		json_array_append_new(array, json_pack("{s:s, s:o, s:s}", "property",
		                                       world_property_names[v->property], "for",
		                                       text_or_null(v->whom), "because", v->why));
	}
	return array;
}

static json_t *patch(const struct check_run *runs, size_t i)
{
	static const char *const effects[] = {
	        [PATCH_NONE] = "none",       [PATCH_HOLDS] = "holds",     [PATCH_BREAKS] = "breaks",
	        [PATCH_MENDS] = "mends",     [PATCH_STILL] = "still",     [PATCH_OTHER] = "other",
	        [PATCH_UNKNOWN] = "unknown", [PATCH_REFUSED] = "refused", [PATCH_UNBUILT] = "unbuilt",
	};
	const struct check_run *run = &runs[i];
	const struct series_patch *p = check_series_patch(run);

	if (!run->prefix.each)
		return json_null();
	return json_pack("{s:I, s:I, s:o, s:o, s:o, s:o, s:s, s:o}", "applied", (json_int_t)run->prefix.n,
	                 "of", (json_int_t)run->prefix.series->n, "subject",
	                 text_or_null(p ? p->title : NULL), "file", text_or_null(p ? p->file : NULL), "line",
	                 p ? json_integer((json_int_t)p->line) : json_null(), "message_id",
	                 text_or_null(p ? p->mail.id : NULL), "effect", effects[check_series_effect(runs, i)],
	                 "same_as", run->same ? json_integer((json_int_t)run->same->prefix.n) : json_null());
}

static json_t *bisectable(const struct check_run *runs, size_t n, size_t i)
{
	size_t first = 0;
	bool unknown, good;

	while (check_series_end(runs, n, first) <= i)
		first = check_series_end(runs, n, first);
	if (!runs[i].prefix.each || check_series_end(runs, n, first) != i + 1)
		return json_null();
	good = check_series_bisectable(runs, first, i + 1, &unknown);
	return unknown ? json_null() : json_boolean(good);
}

static json_t *result(const struct check_settings *s, const struct check_run *runs, size_t n, size_t i)
{
	const struct check_run *run = &runs[i];
	const struct check_result *r = &run->result;
	char reason[128];

	return json_pack(
	        "{s:s, s:s, s:o, s:I, s:I, s:i, s:f, s:I, s:f, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, "
	        "s:o, s:o, s:o, s:o, s:o, s:o}",
	        "variant", run->variant.name, "verdict", check_verdict_name(r->verdict), "property",
	        text_or_null(r->property >= 0 ? world_property_names[r->property] : NULL), "states",
	        (json_int_t)r->states, "transitions", (json_int_t)r->transitions, "depth", (int)r->depth,
	        "seconds", r->seconds, "memory", (json_int_t)r->memory, "omission", r->omission, "config",
	        config(s, run), "trace", story_json_steps(run->story), "loop", loop(run), "verified",
	        verified(run), "violation", story_json_violation(run->story, r->property, run->variant.image),
	        "reason", text_or_null(check_run_reason(run, reason, sizeof(reason))), "message",
	        text_or_null(run->error.text), "trace_file", text_or_null(run->trace_file), "checkpoint",
	        text_or_null(r->checkpointed ? s->checkpoint : NULL), "causes", causes(s, run), "vacuous",
	        vacuous(run), "stats", run->stats ? run_stats_json(run->stats, r) : json_null(), "patch",
	        patch(runs, i), "bisectable", bisectable(runs, n, i), "complaint",
	        text_or_null(run->variant.complaint));
}

int check_json(const struct check_settings *s, const struct check_run *runs, size_t n)
{
	json_t *document = json_object(), *results = json_array();
	char *text;
	int status = json_object_set_new(document, "version", json_integer(1));

	for (size_t i = 0; i < n; i++)
		status |= json_array_append_new(results, result(s, runs, n, i));
	status |= json_object_set_new(document, "results", results);
	text = status == 0 ? json_dumps(document, JSON_INDENT(2) | JSON_REAL_PRECISION(6)) : NULL;
	if (text)
		(void)puts(text);
	free(text);
	json_decref(document);
	return text ? 0 : -1;
}
