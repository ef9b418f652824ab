/* SPDX-License-Identifier: MIT */
/* lazyswitch check as a reply to the mail with the patch, to be sent by whoever has read it. */
#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check_identity.h"
#include "check_report.h"
#include "check_series.h"
#include "mail_parts.h"
#include "system_text.h"
#include "wrap.h"

/* How much there is to say about a run; the worst one, and of these the first, is what the reply is about. */
static unsigned urgency(const struct check_run *runs, size_t i)
{
	switch (check_series_effect(runs, i)) {
	case PATCH_BREAKS:
		return 5;
	case PATCH_REFUSED:
	case PATCH_UNBUILT:
		return 4;
	case PATCH_OTHER:
	case PATCH_STILL:
		return 3;
	case PATCH_UNKNOWN:
		return check_series_is_base(&runs[i]) ? 0 : 2;
	case PATCH_NONE: /* there are no patches */
		return !check_series_is_base(&runs[i]) && runs[i].result.verdict == CHECK_FAIL ? 5 : 0;
	default:
		return 0;
	}
}

static const struct check_run *subject_of(const struct check_run *runs, size_t n)
{
	const struct check_run *worst = NULL;
	unsigned most = 0;

	for (size_t i = 0; i < n; i++) {
		if (urgency(runs, i) > most) {
			most = urgency(runs, i);
			worst = &runs[i];
		}
	}
	return worst;
}

/* The schedule, and what is to blame for it; of several causes the first. */
static const struct story *story_of(const struct check_run *run, const struct culprit **culprit)
{
	const struct check_run *from = run->same ? run->same : run;

	*culprit = from->causes.n > 0 ? &from->causes.list[0].culprit : &from->culprit;
	return from->causes.n > 0 ? from->causes.list[0].story : from->story;
}

/* The line of the patch that is to blame; otherwise the last line of it that the schedule comes by. Returns its place, or 0. */
static uint32_t quote_patch(const struct check_run *run, const struct series_patch *patch, FILE *out)
{
	const struct culprit *culprit;
	const struct story *story = story_of(run, &culprit);

	if (story && mail_quote_line(run, patch, culprit->pc, out))
		return culprit->pc;
	for (size_t i = story ? story_steps(story) : 0; i-- > 0;) {
		for (size_t k = story_step_details(story, i); k-- > 0;) {
			uint32_t pc;

			(void)story_step_detail(story, i, k, &pc);
			if (mail_quote_line(run, patch, pc, out))
				return pc;
		}
	}
	mail_quote_patch(patch, out);
	return 0;
}

static const char *where_of(const struct check_run *run, uint32_t pc, char *buf, size_t size)
{
	const char *file;
	int line;

	if (pc != 0 && image_line(run->variant.image, pc, &file, &line))
		(void)snprintf(buf, size, "%s:%d", file, line);
	else
		(void)snprintf(buf, size, "%s", "?");
	return buf;
}

static void print_violation(const struct check_run *runs, const struct check_run *run, uint32_t quoted,
                            FILE *out)
{
	const struct culprit *culprit;
	const struct story *story = story_of(run, &culprit);
	const struct violation *seen = story ? story_violation(story) : NULL;
	enum patch_effect effect = check_series_effect(runs, (size_t)(run - runs));
	const char *property = world_property_names[run->result.property];
	char where[256];

	wrap_paragraph(out, 0, "%s%s violates %s%s: %s.", run->prefix.n > 0 ? "With this patch applied " : "",
	               run->variant.name, property,
	               effect == PATCH_STILL    ? ", as it does without it"
	               : effect == PATCH_BREAKS ? ", which it does not without it"
	                                        : "",
	               world_property_meanings[run->result.property]);
	if (seen)
		wrap_paragraph(out, 2, "%s", seen->text);
	(void)fputc('\n', out);
	if (culprit->pc != 0)
		wrap_paragraph(out, 0, "%s%s%s %s. The shortest schedule that leads there has %zu step%s:",
		               quoted == culprit->pc ? "The last line above (" : "To blame is ",
		               where_of(run, culprit->pc, where, sizeof(where)),
		               quoted == culprit->pc ? ")" : ", which", culprit->did, story_steps(story),
		               story_steps(story) == 1 ? "" : "s");
	else if (story)
		wrap_paragraph(out, 0,
		               "The shortest schedule that leads there has %zu steps:", story_steps(story));
	(void)fputc('\n', out);
	if (story)
		mail_chart(story, run->same ? run->same->world : run->world, out);
	if (seen)
		wrap_paragraph(out, 2, "seen at %s, on cpu%u", where_of(run, seen->pc, where, sizeof(where)),
		               seen->cpu);
}

static void print_effects(const struct check_run *runs, size_t first, size_t end, FILE *out)
{
	bool unknown, good = check_series_bisectable(runs, first, end, &unknown);
	char words[256];

	wrap_paragraph(out, 0, "%s, patch by patch:", runs[first].variant.name);
	(void)fputc('\n', out);
	for (size_t i = first; i < end; i++) {
		const struct series_patch *patch = check_series_patch(&runs[i]);

		(void)check_series_words(runs, i, words, sizeof(words));
		if (patch && runs[i].prefix.series)
			wrap_paragraph(out, 2, "%zu/%zu %s", runs[i].prefix.n, runs[i].prefix.series->n,
			               patch->title);
		if (runs[i].same)
			wrap_paragraph(out, 6, "%s (the same code as %s)", words, runs[i].same->label);
		else if (runs[i].world)
			wrap_paragraph(out, patch ? 6 : 2, "%s%s (%" PRIu64 " states)",
			               patch ? "" : "base: ", words, runs[i].result.states);
		else
			wrap_paragraph(out, 6, "%s", words);
	}
	(void)fputc('\n', out);
	wrap_paragraph(
	        out, 0, "%s",
	        good      ? "The series is bisectable: every prefix of it builds, and holds."
	        : unknown ? "Whether the series is bisectable is not known: not every prefix was finished."
	                  : "The series is not bisectable: not every prefix of it builds, and holds.");
	(void)fputc('\n', out);
}

static void print_verdicts(const struct check_run *runs, size_t n, FILE *out)
{
	for (size_t first = 0; first < n; first = check_series_end(runs, n, first)) {
		const struct check_run *run = &runs[first];

		if (run->prefix.each) {
			print_effects(runs, first, check_series_end(runs, n, first), out);
			continue;
		}
		wrap_paragraph(out, 0, "%s: %s (%" PRIu64 " states)", run->label,
		               check_verdict_name(run->result.verdict), run->result.states);
		if (first + 1 == n)
			(void)fputc('\n', out);
	}
}

/* The command without the sender's directories. */
static void print_command(const struct check_settings *s, const struct check_run *run, FILE *out)
{
	struct wrap w = {.out = out, .first = 2, .indent = 4, .go_on = " \\"};
	struct check_settings plain = *s;
	struct build_settings *b = &plain.search.build;
	char *text = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	if (!f)
		return;
	for (size_t i = 0; i < b->n_patches; i++) {
		const char *slash = strrchr(b->patches[i], '/');

		b->patches[i] = slash && slash[1] != '\0' ? slash + 1 : b->patches[i];
	}
	if (run->prefix.each && run->prefix.series) {
		b->apply_said = run->prefix.n < run->prefix.series->n;
		b->apply = run->prefix.n;
	}
	check_identity_command(f, run, &plain);
	if (fclose(f) == 0)
		wrap_text(&w, text);
	wrap_end(&w);
	free(text);
}

/* "fp-leak, fp-lost": where lines may end. */
static void print_names(FILE *out, const char *const *words, unsigned n, uint32_t bits)
{
	for (unsigned i = 0; i < n; i++) {
		if ((bits >> i & 1) != 0)
			(void)fprintf(out, "%s%s", (bits & ((1U << i) - 1)) != 0 ? ", " : "", words[i]);
	}
}

static void print_scope(const struct check_settings *s, const struct check_run *run, FILE *out)
{
	const struct world_config *c = &s->search.config;
	bool big = run->variant.image ? run->variant.image->big_endian : s->search.endian == ENDIAN_BIG;
	char *text = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	if (!f)
		return;
	system_text(f, c);
	(void)fprintf(f, ", %s endian, %s", big ? "big" : "little",
	              c->uniprocessor ? "without CONFIG_SMP, " : "");
	(void)fputs(c->env == 0 ? "no optional events" : "with ", f);
	print_names(f, world_env_names, ENV_NAMES, c->env);
	(void)fputs("; for these properties: ", f);
	print_names(f, world_property_names, PROPERTIES, s->search.properties);
	if (fclose(f) == 0)
		wrap_paragraph(out, 0,
		               "%s of %s. What runs is the ARM code, as the compiler made it, on a model of "
		               "the hardware "
		               "and of the kernel around it.%s",
		               run->result.verdict == CHECK_INCOMPLETE
		                       ? "What was searched, and not to its end: the interleavings"
		                       : "What was checked: every interleaving",
		               text,
		               run->result.verdict == CHECK_FAIL ? " A search ends with the first violation."
		                                                 : "");
	free(text);
	(void)fputc('\n', out);
	wrap_paragraph(
	        out, 0,
	        "What is not claimed: anything about larger systems, about other events, configurations and "
	        "properties, about the order in which other CPUs see memory, or about code that is not in "
	        "the "
	        "program's model of the kernel. `incomplete' is no pass.");
}

static void print_failure(const struct check_run *runs, const struct check_run *run, FILE *out)
{
	const struct series_patch *patch = check_series_patch(run);
	uint32_t quoted = 0;

	if (patch)
		mail_attribution(&patch->mail, out);
	if (patch && run->world)
		quoted = quote_patch(run, patch, out);
	else if (patch)
		mail_quote_patch(patch, out);
	if (patch)
		(void)fputc('\n', out);
	if (run->result.verdict == CHECK_FAIL) {
		print_violation(runs, run, quoted, out);
	} else if (run->result.verdict == CHECK_INCOMPLETE) {
		char reason[128];
		const char *why = check_run_reason(run, reason, sizeof(reason));

		wrap_paragraph(out, 0, "Whether %s holds is not known: the search was not finished (%s).",
		               run->label, why ? why : "a limit");
	} else {
		wrap_paragraph(out, 0, "This patch does not %s:", run->variant.refused ? "apply" : "build");
		wrap_paragraph(out, 2, "%s", run->error.text);
		if (run->variant.complaint[0] != '\0')
			wrap_paragraph(out, 2, "%s", run->variant.complaint);
	}
	(void)fputc('\n', out);
}

/* The letter before the series, or its last patch. */
static const struct mail *whole_mail(const struct series *s)
{
	return s->has_cover ? &s->cover : s->n > 0 ? &s->patch[s->n - 1].mail : NULL;
}

static const struct check_run *last_of(const struct check_run *runs, size_t n)
{
	assert(runs && n > 0);
	return &runs[n - 1];
}

void check_mail(const struct check_settings *s, const struct check_run *runs, size_t n)
{
	const struct check_run *run = subject_of(runs, n), *about = run ? run : last_of(runs, n);
	const struct series *series = about->prefix.series;
	const struct series_patch *patch = run ? check_series_patch(run) : NULL;
	const struct mail *mail = patch ? &patch->mail : series ? whole_mail(series) : NULL;

	if (mail)
		mail_fields(mail, stdout);
	if (run) {
		print_failure(runs, run, stdout);
	} else {
		wrap_paragraph(stdout, 0,
		               "Tested with lazyswitch " LAZYSWITCH_VERSION
		               ": %s; no violation, in every state of the "
		               "system below.",
		               series ? "the series applies, builds, and holds" : "what was checked holds");
		(void)putchar('\n');
	}
	print_verdicts(runs, n, stdout);
	wrap_paragraph(stdout, 0, "To see it again, with lazyswitch " LAZYSWITCH_VERSION ":");
	(void)putchar('\n');
	print_command(s, about, stdout);
	(void)putchar('\n');
	print_scope(s, about, stdout);
}
