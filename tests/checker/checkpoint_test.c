/* SPDX-License-Identifier: MIT */
/*
 * Checkpoint files: what is put in comes out; nothing that goes wrong while one is written harms the one that is
 * there; one that belongs to something else is refused with the reason.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "checker/checkpoint_file.h"

enum { LARGE = 24 << 20 };

static const char identity[] = "program=lazyswitch 0.1\n--cpus=2\n--symmetry=on\nvariant=v3 12ab\n";

static char directory[] = "checkpoint-test.XXXXXX", path[64], part[64];

static int setup(void **state)
{
	(void)state;
	assert_non_null(mkdtemp(directory));
	(void)snprintf(path, sizeof(path), "%s/a.save", directory);
	(void)snprintf(part, sizeof(part), "%s/a.save.part", directory);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	(void)unlink(path);
	(void)unlink(part);
	return rmdir(directory);
}

/* Bytes that hardly compress. */
static uint32_t *noise(size_t bytes)
{
	uint32_t *words = malloc(bytes);
	uint64_t x = 1;

	assert_non_null(words);
	for (size_t i = 0; i < bytes / 4; i++) {
		x = x * UINT64_C(6364136223846793005) + 1442695040888963407u;
		words[i] = (uint32_t)(x >> 33);
	}
	return words;
}

/* A small checkpoint that says `what`. */
static void write_small(uint32_t what)
{
	struct error e = {0};
	struct checkpoint_writer *w = checkpoint_create(path, identity, &e);

	if (!w || checkpoint_put(w, "small", &what, sizeof(what), &e) || checkpoint_commit(w, &e))
		fail_msg("%s", e.text);
}

static void expect_small(uint32_t what)
{
	struct error e = {0};
	struct checkpoint_reader *r = checkpoint_open(path, identity, &e);
	uint32_t there = 0;

	if (!r || checkpoint_get(r, "small", &there, sizeof(there), &e) || checkpoint_end(r, &e))
		fail_msg("%s", e.text);
	assert_int_equal(there, what);
	checkpoint_close(r);
}

static void expect_text(const struct error *e, const char *text)
{
	if (!strstr(e->text, text))
		fail_msg("'%s' does not say '%s'", e->text, text);
}

static int save_numbers(void *arg, const struct sink *sink, struct error *e)
{
	for (uint32_t i = 0; i < *(uint32_t *)arg; i++) {
		if (sink_write(sink, &i, sizeof(i), e))
			return -1;
	}
	return 0;
}

static void comes_out_as_it_went_in(void **unused)
{
	uint32_t *large = noise(LARGE), *back = malloc(LARGE), count = 100000, number;
	struct error e = {0};
	struct checkpoint_writer *w = checkpoint_create(path, identity, &e);
	struct checkpoint_reader *r;
	struct source source;
	uint64_t length;
	struct stat status;

	(void)unused;
	assert_non_null(back);
	assert_non_null(w);
	memset(large, 0, LARGE / 2);
	assert_int_equal(checkpoint_put(w, "empty", NULL, 0, &e), 0);
	assert_int_equal(checkpoint_section(w, "large", LARGE, &e), 0);
	for (size_t i = 0; i < LARGE; i += LARGE / 8)
		assert_int_equal(checkpoint_write(w, (char *)large + i, LARGE / 8, &e), 0);
	assert_int_equal(checkpoint_put_saved(w, "numbers", save_numbers, &count, &e), 0);
	assert_int_equal(checkpoint_commit(w, &e), 0);
	assert_int_equal(access(part, F_OK), -1);
	assert_int_equal(stat(path, &status), 0);
	assert_true(status.st_size < LARGE / 4 * 3);

	r = checkpoint_open(path, identity, &e);
	if (!r)
		fail_msg("%s", e.text);
	assert_int_equal(checkpoint_get(r, "empty", NULL, 0, &e), 0);
	assert_int_equal(checkpoint_get(r, "large", back, LARGE, &e), 0);
	assert_memory_equal(large, back, LARGE);
	assert_int_equal(checkpoint_enter(r, "numbers", &length, &e), 0);
	assert_int_equal(length, count * sizeof(count));
	source = checkpoint_source(r);
	for (uint32_t i = 0; i < count; i++) {
		assert_int_equal(source.left(source.arg), (count - i) * sizeof(count));
		assert_int_equal(source_read(&source, &number, sizeof(number), &e), 0);
		assert_int_equal(number, i);
	}
	assert_int_equal(source_read(&source, &number, 1, &e), -1);
	expect_text(&e, "section 'numbers' is too short");
	assert_int_equal(checkpoint_end(r, &e), 0);
	checkpoint_close(r);
	free(large);
	free(back);
}

/* A reader that does not expect what is there is told so. */
static void sections_are_what_they_are_called(void **unused)
{
	struct checkpoint_reader *r;
	struct error e = {0};
	uint32_t number;
	uint64_t length;

	(void)unused;
	write_small(7);
	r = checkpoint_open(path, identity, &e);
	assert_non_null(r);
	assert_int_equal(checkpoint_enter(r, "smal", &length, &e), -1);
	expect_text(&e, "there is no section 'smal'");
	checkpoint_close(r);
	r = checkpoint_open(path, identity, &e);
	assert_non_null(r);
	assert_int_equal(checkpoint_get(r, "small", &number, 3, &e), -1);
	expect_text(&e, "section 'small' has 4 bytes, not 3");
	assert_int_equal(checkpoint_end(r, &e), -1);
	expect_text(&e, "section 'small' is too long by 4 bytes");
	assert_int_equal(checkpoint_read(r, &number, 4, &e), 0);
	assert_int_equal(checkpoint_enter(r, "next", &length, &e), -1);
	expect_text(&e, "it ends too early");
	checkpoint_close(r);
}

/* So is a writer that does not bring what it announced, and no file comes of it. */
static void writers_keep_their_word(void **unused)
{
	struct checkpoint_writer *w;
	struct error e = {0};

	(void)unused;
	write_small(8);
	w = checkpoint_create(path, identity, &e);
	assert_non_null(w);
	assert_int_equal(checkpoint_section(w, "x", 3, &e), 0);
	assert_int_equal(checkpoint_write(w, "abcd", 4, &e), -1);
	expect_text(&e, "internal fault");
	memset(&e, 0, sizeof(e));
	assert_int_equal(checkpoint_commit(w, &e), -1);
	expect_text(&e, "internal fault");
	w = checkpoint_create(path, identity, &e);
	assert_non_null(w);
	assert_int_equal(checkpoint_section(w, "x", 3, &e), 0);
	assert_int_equal(checkpoint_commit(w, &e), -1);
	expect_text(&e, "less in a checkpoint's section");
	assert_int_equal(access(part, F_OK), -1);
	expect_small(8);
}

static void an_identity_is_compared_line_by_line(void **unused)
{
	static const struct {
		const char *ours, *says;
	} others[] = {
	        {"program=lazyswitch 0.1\n--cpus=3\n--symmetry=on\nvariant=v3 12ab\n",
	         "a.save was made with --cpus 2; this search has --cpus 3"},
	        {"program=lazyswitch 0.1\n--cpus=3\n--symmetry=off\nvariant=v3 12ab\n",
	         "was made with --cpus 2, --symmetry on; this search has --cpus 3, --symmetry off"},
	        {"program=lazyswitch 0.1\n--cpus=2\n--symmetry=on\nvariant=v3 12ab\n--all\n",
	         "was made with no --all; this search has --all"},
	        {"program=lazyswitch 0.1\n--cpus=2\nvariant=v3 12ab\n",
	         "was made with --symmetry on; this search has no --symmetry"},
	        {"", "was made with program lazyswitch 0.1, --cpus 2"},
	};
	struct error e;
	char *there;

	(void)unused;
	write_small(9);
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		assert_null(checkpoint_open(path, others[i].ours, &e));
		expect_text(&e, others[i].says);
	}
	there = checkpoint_identity(path, &e);
	assert_non_null(there);
	assert_string_equal(there, identity);
	free(there);
}

static void fails_to_create(const char *where, const char *says)
{
	struct error e = {0};

	assert_null(checkpoint_create(where, identity, &e));
	expect_text(&e, where);
	expect_text(&e, says);
}

static void what_cannot_be_written_is_refused(void **unused)
{
	struct error e = {0};
	struct checkpoint_writer *w;
	pid_t child;
	int ready[2], status;
	char c;

	(void)unused;
	fails_to_create(directory, "not a regular file");
	fails_to_create("/dev/full", "not a regular file");
	fails_to_create("no/such/directory", "No such file or directory");
	assert_int_equal(symlink("elsewhere", part), 0);
	fails_to_create(path, part);
	assert_int_equal(unlink(part), 0);

	assert_int_equal(pipe(ready), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		w = checkpoint_create(path, identity, &e);
		(void)!write(ready[1], w ? "+" : "-", 1);
		(void)pause();
		_exit(0);
	}
	assert_int_equal(read(ready[0], &c, 1), 1);
	assert_int_equal(c, '+');
	fails_to_create(path, "another process is writing");
	assert_int_equal(kill(child, SIGKILL), 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	(void)close(ready[0]);
	(void)close(ready[1]);
	write_small(10); /* what the dead one left is in nobody's way */
	expect_small(10);
}

/* Writes until it fails; returns whether it did. */
static bool runs_out(struct error *e)
{
	uint32_t *large = noise(LARGE);
	struct checkpoint_writer *w = checkpoint_create(path, identity, e);
	bool failed;

	if (!w) {
		free(large);
		return true;
	}
	failed = checkpoint_put(w, "large", large, LARGE, e) != 0;
	free(large);
	return checkpoint_commit(w, e) != 0 || failed;
}

/* No more than 4 MiB a file: in a process of its own, the limit being for good. */
static void a_full_disk_harms_nothing(void **unused)
{
	pid_t child;
	int status;

	(void)unused;
	write_small(11);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		const struct rlimit limit = {4 << 20, 4 << 20};
		struct error e = {0};

		(void)signal(SIGXFSZ, SIG_IGN);
		if (setrlimit(RLIMIT_FSIZE, &limit) != 0)
			_exit(2);
		if (!runs_out(&e))
			_exit(3);
		if (!strstr(e.text, path) || !strstr(e.text, strerror(EFBIG)))
			_exit(4);
		_exit(access(part, F_OK) == 0 ? 5 : 0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	expect_small(11);
}

static void nap(void)
{
	const struct timespec t = {.tv_nsec = 1000000};

	(void)nanosleep(&t, NULL);
}

/* Killed at any moment: what is there is the old one or the new one. */
static void a_kill_harms_nothing(void **unused)
{
	(void)unused;
	write_small(12);
	for (int i = 0; i < 24; i++) {
		struct stat status;
		pid_t child = fork();
		int how;

		assert_true(child >= 0);
		if (child == 0) {
			uint32_t *large = noise(LARGE), what = 12;
			struct error e;

			for (;;) {
				struct checkpoint_writer *w = checkpoint_create(path, identity, &e);

				if (!w || checkpoint_put(w, "small", &what, sizeof(what), &e))
					_exit(1);
				if (i % 2 == 0 && checkpoint_put(w, "large", large, LARGE, &e))
					_exit(1);
				if (i % 2 == 0)
					checkpoint_abandon(w);
				else if (checkpoint_commit(w, &e))
					_exit(1);
			}
		}
		/* In the middle of the large one, or anywhere. */
		while (i % 2 == 0 && (stat(part, &status) != 0 || status.st_size < (i + 1) << 18))
			nap();
		for (int k = 0; k < i; k++)
			nap();
		assert_int_equal(kill(child, SIGKILL), 0);
		assert_int_equal(waitpid(child, &how, 0), child);
		assert_true(WIFSIGNALED(how));
		expect_small(12);
	}
	write_small(13);
	expect_small(13);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(comes_out_as_it_went_in),
	        cmocka_unit_test(sections_are_what_they_are_called),
	        cmocka_unit_test(writers_keep_their_word),
	        cmocka_unit_test(an_identity_is_compared_line_by_line),
	        cmocka_unit_test(what_cannot_be_written_is_refused),
	        cmocka_unit_test(a_full_disk_harms_nothing),
	        cmocka_unit_test(a_kill_harms_nothing),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
