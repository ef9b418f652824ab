/* SPDX-License-Identifier: MIT */
/*
 * Walks at random through a variant until something is violated:
 *
 *     walk no-put 1
 *
 * The same seed walks the same way. Exit status: 0 nothing was violated, 1 something was, 2 it did not get that far.
 */
#include <lazyswitch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STEPS = 1000 };

static unsigned pick(unsigned long long *state, size_t n)
{
	*state = *state * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)((*state >> 33) % n);
}

/* Whose data each CPU holds in its FP registers. */
static void show_owners(const struct lazyswitch_cursor *cursor)
{
	const char *name, *value;

	for (size_t i = 0; (name = lazyswitch_cursor_field(cursor, i, &value)) != NULL; i++) {
		if (strstr(name, ".hw.owner"))
			(void)printf("  %.4s: %s", name, value);
	}
	(void)putchar('\n');
}

/* Returns 1 if the last step violated something. */
static int show_violations(const struct lazyswitch_cursor *cursor)
{
	const char *property, *seen;
	size_t i = 0;

	for (; (property = lazyswitch_cursor_violated(cursor, i, &seen)) != NULL; i++)
		(void)printf("violated: %s: %s\n", property, seen);
	return i > 0;
}

static int walk(struct lazyswitch_cursor *cursor, unsigned long long seed, struct lazyswitch_error *e)
{
	size_t n;

	for (unsigned step = 1; step <= STEPS && (n = lazyswitch_cursor_choices(cursor)) > 0; step++) {
		size_t choice = pick(&seed, n);

		(void)printf("%4u  %s", step, lazyswitch_cursor_choice(cursor, choice));
		if (lazyswitch_cursor_take(cursor, choice, e) != 0)
			return 2;
		show_owners(cursor);
		if (show_violations(cursor))
			return 1;
	}
	return 0;
}

int main(int argc, char **argv)
{
	struct lazyswitch_error e = {"usage: walk VARIANT [SEED]"};
	struct lazyswitch_system *system = argc > 1 ? lazyswitch_system_new(argv[1], NULL, &e) : NULL;
	struct lazyswitch_cursor *cursor = system ? lazyswitch_cursor_new(system, &e) : NULL;
	int status = cursor ? walk(cursor, argc > 2 ? strtoull(argv[2], NULL, 10) : 0, &e) : 2;

	if (status == 2)
		(void)fprintf(stderr, "walk: %s\n", e.text);
	lazyswitch_cursor_free(cursor);
	lazyswitch_system_free(system);
	return status;
}
