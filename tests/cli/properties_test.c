/* SPDX-License-Identifier: MIT */
/*
 * Every property can be violated alone, and every event can go wrong: variants with one mistake each. Without
 * the mistake, or without the event, nothing is violated.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "run_command.h"

static const char *const properties[] = {"fp-leak", "fp-lost", "fpexc-host",    "fpexc-guest",
                                         "crash",   "stuck",   "fp-leak-saved", "fp-lost-saved"};
enum { PROPERTIES = sizeof(properties) / sizeof(properties[0]) };

static void expect(const char *what, const char *property, int status)
{
	char arguments[512];
	struct outcome o;

	(void)snprintf(arguments, sizeof(arguments), "check %s --property %s", what, property);
	o = run_command(arguments);
	if (o.status != status)
		fail_msg("lazyswitch %s: status %d, not %d: %s%s", arguments, o.status, status, o.out, o.err);
	outcome_free(&o);
}

static void each_property_alone(void **unused)
{
	static const struct {
		const char *property, *what;
	} cases[] = {
	        {"fp-leak", VARIANTS "/only.S -D FP_LEAK --cpus 1 --vms 1"},
	        {"fp-lost", VARIANTS "/only.S -D FP_LOST --cpus 1 --vms 1"},
	        {"fpexc-host", VARIANTS "/only.S -D FPEXC_HOST --cpus 1 --vms 1"},
	        {"fpexc-guest", VARIANTS "/only.S -D FPEXC_GUEST --cpus 1 --vms 1"},
	        {"crash", VARIANTS "/only.c -D CRASH --cpus 1 --vms 1"},
	        {"stuck", VARIANTS "/only.S -D STUCK --cpus 1 --vms 1"}, /* traps for ever */
	        {"stuck", VARIANTS "/only.c --vms 2 --threads 0"},       /* deadlock */
	        {"fp-leak-saved", VARIANTS "/only.S -D FP_LEAK_SAVED --cpus 1 --vms 1"},
	        {"fp-lost-saved", VARIANTS "/only.S -D FP_LOST_SAVED --cpus 1 --vms 1"},
	        {"none", VARIANTS "/only.S --cpus 1 --vms 1"},
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		for (unsigned p = 0; p < PROPERTIES; p++) {
			/* Whoever holds another's data, if only until it computes, may be interrupted, and
			 * have it saved. */
			bool warned = strcmp(cases[i].property, "fp-leak") == 0 &&
			              strcmp(properties[p], "fp-leak-saved") == 0;

			expect(cases[i].what, properties[p],
			       warned || strcmp(properties[p], cases[i].property) == 0);
		}
	}
}

static void each_event_can_go_wrong(void **unused)
{
	static const struct {
		const char *mistake, *system, *events, *property;
	} cases[] = {
	        {"FORK", "--cpus 1 --vms 0", "fork", "fp-lost"},
	        {"REUSE", "--cpus 1 --vms 0", "fork,exit", "fp-lost"},
	        {"EXEC", "--cpus 1 --vms 0", "exec", "fp-lost"},
	        {"PTRACE", "--cpus 1 --vms 0 --threads 2", "ptrace", "fp-lost"},
	        {"SIGNAL", "--cpus 1 --vms 0 --threads 2", "signal", "fp-lost"},
	        {"HOTPLUG", "--vms 0", "hotplug", "fp-lost"},
	        {"PM", "--cpus 1 --vms 0", "pm", "fp-lost"},
	};
	char what[512];

	(void)unused;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		(void)snprintf(what, sizeof(what), VARIANTS "/kernel.c -D %s %s --env %s", cases[i].mistake,
		               cases[i].system, cases[i].events);
		expect(what, cases[i].property, 1);
		(void)snprintf(what, sizeof(what), VARIANTS "/kernel.c -D %s %s", cases[i].mistake,
		               cases[i].system);
		expect(what, "all", 0);
		(void)snprintf(what, sizeof(what), "baseline %s --env %s", cases[i].system, cases[i].events);
		expect(what, "all", 0);
	}
}

/* What an independent review got past the checker once. */
static void attacks_are_found(void **unused)
{
	static const struct {
		const char *what, *property;
	} cases[] = {
	        {"-D LATE --vms 2 --threads 0", "crash"},
	        {"-D LATE --vms 2 --threads 0 --symmetry off", "crash"},
	        {"-D ONCE --cpus 1 --vms 0 --env signal", "fp-lost"},
	        {"-D BORDER --vms 2 --threads 0", "crash"},
	        {"-D ADDRESS --vms 0 --threads 3 --all --max-states 100000", "fp-lost"},
	        {"-D PTRACE_4_3 --vms 0 --threads 2 --env ptrace", "fp-lost"},
	};
	char what[512];

	(void)unused;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		(void)snprintf(what, sizeof(what), VARIANTS "/attacks.c %s", cases[i].what);
		expect(what, cases[i].property, 1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(each_property_alone),
	        cmocka_unit_test(each_event_can_go_wrong),
	        cmocka_unit_test(attacks_are_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
