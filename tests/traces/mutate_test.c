/* SPDX-License-Identifier: MIT */
/*
 * Valid trace files with something wrong: bits flipped, cut off, numbers that are huge, lines twice, other
 * encodings. Each is refused with a position, or is a trace; and that one can be followed, or not.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <glob.h>
#include <sys/resource.h>

#include "sample.h"
#include "tests/world/system.h"
#include "traces/follow.h"

enum { MUTATIONS = 10000, FILES_MAX = 128, ROOM = 1 << 16 };

static const char open_sample[] =
        "lazyswitch-trace 2\nvariant no-put\ncpus 2\nvms 1\nsearched fp-leak,crash\n"
        "cpu0 wake pick=vmm0\ncpu0 kvm-run\ncpu0 irq\ncpu0 vmm0 preempt\n"
        "choose * 2\ncpu1 vmm0 go signal=1 choose *\ncpu1 choose * 3 @ here\ncpu0 fp\n";

static struct file {
	char *bytes;
	size_t size;
} files[FILES_MAX];
static size_t n_files;

static uint64_t random_state;

static size_t below(size_t n)
{
	random_state = random_state * UINT64_C(6364136223846793005) + 1442695040888963407u;
	return n == 0 ? 0 : (size_t)(random_state >> 33) % n;
}

static void add_file(const char *bytes, size_t size)
{
	assert_true(n_files < FILES_MAX);
	files[n_files].bytes = malloc(size);
	assert_non_null(files[n_files].bytes);
	memcpy(files[n_files].bytes, bytes, size);
	files[n_files++].size = size;
}

/* No file makes its reader, or the replay, take more. Sanitizers take terabytes of addresses. */
static int bound_memory(void)
{
	const struct rlimit limit = {512 << 20, 512 << 20};

	return quick() ? 0 : setrlimit(RLIMIT_AS, &limit);
}

static int setup_files(void **state)
{
	static char buf[ROOM];
	glob_t found;

	(void)state;
	assert_int_equal(glob(CORPUS "/*.trace", 0, NULL, &found), 0);
	for (size_t i = 0; i < found.gl_pathc; i++) {
		FILE *f = fopen(found.gl_pathv[i], "r");

		assert_non_null(f);
		add_file(buf, fread(buf, 1, sizeof(buf), f));
		assert_int_equal(fclose(f), 0);
	}
	globfree(&found);
	add_file(sample, strlen(sample));
	/* Often enough that steps that wait and open ones are not rare. */
	for (unsigned i = 0; i < 12; i++)
		add_file(open_sample, strlen(open_sample));
	return bound_memory();
}

static int teardown_files(void **state)
{
	(void)state;
	for (size_t i = 0; i < n_files; i++)
		free(files[i].bytes);
	return 0;
}

/* Replaces `length` bytes at `at`. */
static size_t replace(char *buf, size_t size, size_t at, size_t length, const char *with, size_t more)
{
	if (size - length + more > ROOM)
		return size;
	memmove(buf + at + more, buf + at + length, size - at - length);
	memcpy(buf + at, with, more);
	return size - length + more;
}

/* The line around `at`, its end included. */
static size_t line_at(const char *buf, size_t size, size_t *at)
{
	size_t end = *at;

	while (*at > 0 && buf[*at - 1] != '\n')
		(*at)--;
	while (end < size && buf[end] != '\n')
		end++;
	return (end < size ? end + 1 : end) - *at;
}

static size_t some_number(char *buf, size_t size)
{
	static const char *const numbers[] = {
	        "4294967295", "4294967296", "99999999999999999999999999999999", "-1", "0x10", "256",
	        "00000",      "1e9",
	};
	size_t at = below(size);
	const char *number = numbers[below(sizeof(numbers) / sizeof(numbers[0]))];

	while (at < size && (buf[at] < '0' || buf[at] > '9'))
		at++;
	return at == size ? size : replace(buf, size, at, 1, number, strlen(number));
}

static size_t lines_twice(char *buf, size_t size)
{
	char line[ROOM];
	size_t at = below(size), length = line_at(buf, size, &at), where = below(size);

	memcpy(line, buf + at, length);
	(void)line_at(buf, size, &where);
	return replace(buf, size, where, 0, line, length);
}

static size_t as_utf16(char *buf, size_t size)
{
	char wide[ROOM];
	size_t n = 0;
	bool big = below(2) != 0;

	if (2 * size > ROOM)
		return size;
	for (size_t i = 0; i < size; i++) {
		wide[n + (big ? 1 : 0)] = buf[i];
		wide[n + (big ? 0 : 1)] = '\0';
		n += 2;
	}
	memcpy(buf, wide, n);
	return n;
}

static size_t mutate(char *buf, size_t size)
{
	static const char *const pieces[] = {
	        "\xff",
	        "\xc3",
	        "\r",
	        "\"",
	        "\\",
	        "#",
	        "=",
	        "@ ",
	        ",",
	        "\n",
	        "\t",
	        "\xef\xbb\xbf",
	        "cpu",
	        " go ",
	        " * ",
	        "\"\"\"\"\"\"",
	        "\nchoose * 9\n",
	        " choose *",
	};
	const char *piece = pieces[below(sizeof(pieces) / sizeof(pieces[0]))];
	size_t at = below(size), length;
	char elsewhere[12];

	switch (below(10)) {
	case 0:
	case 1:
		buf[at] = (char)(buf[at] ^ 1 << below(8));
		return size;
	case 2:
		return at;
	case 3:
	case 4:
		return some_number(buf, size);
	case 5:
		return lines_twice(buf, size);
	case 6:
		return below(8) == 0 ? as_utf16(buf, size) : replace(buf, size, at, 1, "\0", 1);
	case 7:
		length = line_at(buf, size, &at);
		return replace(buf, size, at, length, "", 0);
	case 8:
		return replace(buf, size, at, 0, piece, strlen(piece));
	default: /* a piece of elsewhere */
		length = below(12);
		if (at + length > size)
			length = size - at;
		memcpy(elsewhere, buf + at, length);
		return lines_twice(buf, replace(buf, size, below(size - length), length, elsewhere, length));
	}
}

/* "file:LINE:COLUMN: " */
static void expect_position(const char *text)
{
	const char *at = text;
	bool good = strncmp(at, "file:", 5) == 0;

	at += good ? 5 : 0;
	for (unsigned i = 0; good && i < 2; i++) { /* line, column: neither is 0 */
		size_t n = strspn(at, "0123456789");

		good = n > 0 && *at != '0' && at[n] == ':';
		at += good ? n + 1 : 0;
	}
	if (!good || at[0] != ' ' || at[1] == '\0')
		fail_msg("'%s' has no position", text);
	for (; *text; text++) {
		if ((unsigned char)*text < ' ' || *text == 0x7f)
			fail_msg("a control character in a message");
	}
}

/* Of the images, one; the trace's own is as good as any other. False: it has no such system. */
static bool follow(const struct trace *t, const struct image *image)
{
	const struct follow_options options = {
	        .own_image = below(2) != 0, .until = below(3), .max_states = 50};
	struct error e = {0};
	struct world *world = world_new(&t->config, image, &e);
	struct followed f;

	if (!world) {
		assert_null(strstr(e.text, "memory"));
		return false;
	}
	if (trace_follow(t, world, &options, NULL, &f, &e))
		fail_msg("%s", e.text);
	assert_true(f.lines <= t->n_steps);
	assert_true((f.property >= 0) ==
	            (f.outcome == TRACE_REPRODUCED || f.outcome == TRACE_OTHER_VIOLATION));
	if (f.outcome == TRACE_DIVERGED || f.outcome == TRACE_INCOMPLETE)
		expect_position(f.why.text);
	followed_free(&f);
	world_free(world);
	return true;
}

static void test_mutations(void **state)
{
	static char buf[ROOM];
	const unsigned rounds = MUTATIONS;
	struct error e = {0};
	struct image *images[2];
	unsigned legal = 0, followed = 0;

	(void)state;
	images[0] = shipped_image(shipped_variant("no-put"), false, false, &e);
	images[1] = shipped_image(shipped_variant("v3"), true, false, &e);
	assert_non_null(images[0]);
	assert_non_null(images[1]);
	for (unsigned i = 0; i < rounds; i++) {
		const struct file *file = &files[i % n_files];
		size_t size = file->size;
		struct trace t;

		random_state = i;
		memcpy(buf, file->bytes, size);
		for (size_t changes = 1 + below(3); changes > 0 && size > 0; changes--)
			size = mutate(buf, size);
		if (trace_parse("file", buf, size, &t, &e)) {
			expect_position(e.text);
			continue;
		}
		legal++;
		assert_true(t.n_steps <= size && t.n_choices <= size && t.n_closings <= size);
		if (!quick() || legal % 16 == 0)
			followed += follow(&t, images[legal % 2]);
		trace_free(&t);
	}
	assert_true(followed > legal / 20);
	/* Neither kind is rare. */
	assert_true(legal > rounds / 20);
	assert_true(legal < rounds / 10 * 9);
	image_free(images[0]);
	image_free(images[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_mutations)};

	return cmocka_run_group_tests(tests, setup_files, teardown_files);
}
