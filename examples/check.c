/* SPDX-License-Identifier: MIT */
/*
 * Checks a variant, and tells how it fails:
 *
 *     check load-only vms=1 env=neon
 *
 * Exit status: 0 it holds, 1 it fails, 2 it could not be checked, 3 a limit came first.
 */
#include <lazyswitch.h>
#include <stdio.h>
#include <string.h>

static int show_progress(void *arg, const struct lazyswitch_progress *p)
{
	(void)arg;
	(void)fprintf(stderr, "\r%llu states, level %u", (unsigned long long)p->states, p->depth);
	return 0; /* anything else would end the search */
}

static void tell(void *arg, const struct lazyswitch_violation *v)
{
	(void)arg;
	(void)printf("%s is violated, in %zu steps:\n\n%s\n", v->property, v->steps, v->story);
}

static void warn(void *arg, const char *text)
{
	(void)fprintf(stderr, "%s: %s\n", (const char *)arg, text);
}

/* "vms=1" */
static int set(struct lazyswitch_settings *settings, const char *word, struct lazyswitch_error *e)
{
	const char *value = strchr(word, '=');
	char name[32] = "";

	if (value && (size_t)(value - word) < sizeof(name))
		memcpy(name, word, (size_t)(value - word));
	return lazyswitch_settings_set(settings, name, value ? value + 1 : "", e);
}

static int check(const char *variant, const struct lazyswitch_settings *settings, struct lazyswitch_error *e)
{
	static const char *const verdicts[] = {"pass", "fail", "incomplete"};
	static const int statuses[] = {0, 1, 3};
	const struct lazyswitch_watcher watcher = {.progress = show_progress, .violation = tell};
	struct lazyswitch_system *system = lazyswitch_system_new(variant, settings, e);
	struct lazyswitch_result result;
	int status = 2;

	if (system && lazyswitch_check(system, &watcher, &result, e) == 0) {
		(void)fputc('\n', stderr);
		(void)printf("%s: %s%s%s, %llu states in %.2f s\n", variant, verdicts[result.verdict],
		             result.reason[0] ? ": " : "", result.reason, (unsigned long long)result.states,
		             result.seconds);
		status = statuses[result.verdict];
	}
	lazyswitch_system_free(system);
	return status;
}

int main(int argc, char **argv)
{
	struct lazyswitch_error e = {""};
	struct lazyswitch_settings *settings = lazyswitch_settings_new();
	int status = 2;

	if (argc < 2) {
		(void)fprintf(stderr, "usage: check VARIANT [SETTING=VALUE...]\n");
	} else if (settings) {
		int i = 2;

		lazyswitch_settings_on_message(settings, warn, argv[1]);
		while (i < argc && set(settings, argv[i], &e) == 0)
			i++;
		if (i == argc)
			status = check(argv[1], settings, &e);
		if (status == 2)
			(void)fprintf(stderr, "check: %s\n", e.text);
	}
	lazyswitch_settings_free(settings);
	return status;
}
