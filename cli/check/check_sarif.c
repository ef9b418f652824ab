/* SPDX-License-Identifier: MIT */
/* lazyswitch check as SARIF: a property is a rule, a violation a result, its schedule the code flow. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <xxhash.h>

#include "check_report.h"
#include "check_series.h"
#include "sarif.h"

/* What to do when it is violated, for those that the schedule does not tell. */
static const char *const help[PROPERTIES] = {
        [PROPERTY_FP_LEAK] = "Look where the registers of one context are left in the CPU, or stored into "
                             "the save area of "
                             "another, and who may read them next.",
        [PROPERTY_FP_LOST] =
                "Look where the newest registers of a context should have been saved before they were "
                "overwritten, or where an old copy is loaded.",
        [PROPERTY_FPEXC_HOST] =
                "Whoever changes FPEXC on the way into a guest has to restore it on every way back, a "
                "preemption included.",
        [PROPERTY_FPEXC_GUEST] =
                "A guest's FPEXC has to be saved when it leaves the CPU, and be back before the guest goes "
                "on.",
        [PROPERTY_CRASH] =
                "Look at the exception that nobody handles: a trap that is still on, EN that is clear, or an "
                "ISB that is missing.",
        [PROPERTY_STUCK] =
                "Look for a trap that its handler does not clear, or CPUs that wait for each other.",
        [PROPERTY_FP_LEAK_SAVED] =
                "An early warning: the registers of one context are stored into the save area of another.",
        [PROPERTY_FP_LOST_SAVED] =
                "An early warning: an old version of a context's registers, or junk, is stored into its "
                "save area.",
};

static void add_rules(struct sarif *sarif)
{
	for (unsigned i = 0; i < PROPERTIES; i++)
		(void)json_array_append_new(sarif->rules, sarif_rule(world_property_names[i],
		                                                     world_property_meanings[i], help[i]));
}

/* The steps of each CPU, numbered through; a step, and below it what happened in it. */
static json_t *thread_flow(const struct story *story, const struct image *image, unsigned cpu)
{
	json_t *locations = json_array();
	char name[16];
	int order = 0;

	for (size_t i = 0; i < story_steps(story); i++) {
		for (size_t k = 0; k <= story_step_details(story, i); k++) {
			uint32_t pc = story_step_pc(story, i);
			const char *text = k == 0 ? story_step_headline(story, i)
			                          : story_step_detail(story, i, k - 1, &pc);

			order++;
			if (story_step_cpu(story, i) != cpu)
				continue;
			(void)json_array_append_new(locations, json_pack("{s:o, s:i, s:i}", "location",
			                                                 sarif_location_of(image, pc, text),
			                                                 "executionOrder", order,
			                                                 "nestingLevel", k > 0));
		}
	}
	(void)snprintf(name, sizeof(name), "cpu%u", cpu);
	return json_pack("{s:s, s:o}", "id", name, "locations", locations);
}

static json_t *code_flow(const struct story *story, const struct check_run *run)
{
	json_t *flows = json_array();

	for (unsigned cpu = 0; cpu < run->world->config.cpus; cpu++) {
		json_t *flow = thread_flow(story, run->variant.image, cpu);

		if (json_array_size(json_object_get(flow, "locations")) > 0)
			(void)json_array_append_new(flows, flow);
		else
			json_decref(flow);
	}
	return json_pack("{s:o}", "threadFlows", flows);
}

/* The same as long as the same code is to blame for the same thing, wherever its lines have moved. */
static json_t *fingerprint(const struct check_run *run, enum world_property property,
                           const struct culprit *culprit, uint32_t pc)
{
	const struct image *image = run->variant.image;
	const struct image_symbol *symbol = pc ? image_symbol_at(image, pc) : NULL;
	const char *file;
	char text[512], hex[24];
	int line;

	if (pc == 0 || !image_line(image, pc, &file, &line))
		file = "";
	(void)snprintf(text, sizeof(text), "%s|%s|%s|%s|%s", world_property_names[property], file,
	               symbol ? symbol->name : "", culprit->observer ? culprit->observer : "",
	               culprit->did ? culprit->did : "");
	(void)snprintf(hex, sizeof(hex), "%016" PRIx64, (uint64_t)XXH3_64bits(text, strlen(text)));
	return json_pack("{s:s}", "lazyswitchCause/v1", hex);
}

static void add_result(struct sarif *sarif, const struct check_run *run, enum world_property property,
                       const struct story *story, const struct culprit *culprit)
{
	const struct violation *seen = story_violation(story);
	uint32_t pc = culprit->pc ? culprit->pc : seen ? seen->pc : 0;
	const struct series_patch *patch = check_series_patch(run);
	char text[1024];
	json_t *result;

	(void)snprintf(text, sizeof(text), "%s violates %s after %zu steps: %.400s%s%s.", run->label,
	               world_property_names[property], story_steps(story),
	               seen ? seen->text : world_property_meanings[property],
	               culprit->pc ? "; this line " : "", culprit->pc ? culprit->did : "");
	result = json_pack(
	        "{s:s, s:i, s:s, s:s, s:o, s:[o], s:[o], s:o, s:{s:o}}", "ruleId",
	        world_property_names[property], "ruleIndex", (int)property, "kind", "fail", "level", "error",
	        "message", sarif_message(text), "locations", sarif_location_of(run->variant.image, pc, NULL),
	        "codeFlows", code_flow(story, run), "partialFingerprints",
	        fingerprint(run, property, culprit, pc), "properties", "variant", sarif_text(run->label));
	if (result && seen)
		(void)json_object_set_new(
		        result, "relatedLocations",
		        json_pack("[o]", sarif_location_of(run->variant.image, seen->pc, "seen here")));
	if (result && patch)
		(void)json_object_set_new(json_object_get(result, "properties"), "patch",
		                          sarif_text(patch->title));
	(void)json_array_append_new(sarif->results, result);
}

/* A prefix that could not be built is found in the file of the patch. */
static json_t *place_of_patch(const struct check_run *run)
{
	const struct series_patch *patch = check_series_patch(run);

	return patch ? sarif_location(patch->file, (int)patch->line, NULL, NULL) : NULL;
}

struct warned {
	struct sarif *sarif;
	const struct check_run *run;
};

static void warn(void *arg, const char *text)
{
	const struct warned *w = arg;
	char message[640];

	(void)snprintf(message, sizeof(message), "%s: %s", w->run->label, text);
	sarif_notify(w->sarif, "vacuous", "warning", message, NULL);
}

static void add_run(struct sarif *sarif, const struct check_run *run)
{
	const struct check_result *r = &run->result;
	char text[1600], reason[128];
	const char *why;

	check_run_warnings(run, warn, &(struct warned){sarif, run});
	if (run->error.text[0] != '\0') {
		(void)snprintf(text, sizeof(text), "%s: %s%s%s", run->label, run->error.text,
		               run->variant.complaint[0] ? ": " : "", run->variant.complaint);
		sarif_notify(sarif, "error", "error", text, place_of_patch(run));
	}
	if (r->verdict == CHECK_INCOMPLETE) {
		why = check_run_reason(run, reason, sizeof(reason));
		(void)snprintf(text, sizeof(text),
		               "%s: not finished, %s, after %" PRIu64 " states: nothing is proved",
		               run->label, why ? why : "a limit was reached", r->states);
		sarif_notify(sarif, "incomplete", "warning", text, NULL);
	}
	if (r->verdict != CHECK_FAIL)
		return;
	if (check_series_is_base(run) || run->same) {
		(void)snprintf(text, sizeof(text), "%s violates %s%s%s", run->label,
		               world_property_names[r->property], run->same ? ": the same code as " : "",
		               run->same ? run->same->label : "");
		sarif_notify(sarif, check_series_is_base(run) ? "base" : "same", "note", text, NULL);
		return;
	}
	if (run->story)
		add_result(sarif, run, (enum world_property)r->property, run->story, &run->culprit);
	for (size_t i = 0; i < run->causes.n; i++)
		add_result(sarif, run, run->causes.list[i].property, run->causes.list[i].story,
		           &run->causes.list[i].culprit);
}

/* No results is not to be taken for a proof: what was proved is said. */
static json_t *verdicts(const struct check_run *runs, size_t n)
{
	json_t *array = json_array();

	for (size_t i = 0; i < n; i++)
		(void)json_array_append_new(array,
		                            json_pack("{s:o, s:s, s:I}", "variant", sarif_text(runs[i].label),
		                                      "verdict", check_verdict_name(runs[i].result.verdict),
		                                      "states", (json_int_t)runs[i].result.states));
	return json_pack("{s:o}", "verdicts", array);
}

int check_sarif(const struct check_run *runs, size_t n, enum exit_status status)
{
	struct sarif sarif = sarif_begin("lazyswitch check");

	add_rules(&sarif);
	for (size_t i = 0; i < n; i++)
		add_run(&sarif, &runs[i]);
	sarif.properties = verdicts(runs, n);
	return sarif_end(&sarif, status);
}
