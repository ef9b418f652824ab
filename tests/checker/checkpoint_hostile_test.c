/* SPDX-License-Identifier: MIT */
/*
 * Checkpoint files that are damaged, and ones that are made to do harm, their checksums being right: each is
 * refused, or is read to its end, soon and without more memory than it has bytes for.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

#include <cmocka.h>

#include "checker/checkpoint_format.h"
#include "forge.h"

enum { MUTATIONS = 4000, ROOM = 1 << 18, SECTIONS = 4, SECONDS_MAX = 60 };

static const char identity[] = "program=lazyswitch 0.1\n--cpus=2\nvariant=v3 12ab\n";
static const char *const names[SECTIONS] = {"head", "model", "states", "frontier"};

static char path[] = "hostile-checkpoint.XXXXXX";
static char sample[ROOM];
static size_t sample_size;
static uint64_t random_state = 1;

static size_t below(size_t n)
{
	random_state = random_state * UINT64_C(6364136223846793005) + 1442695040888963407u;
	return n == 0 ? 0 : (size_t)(random_state >> 33) % n;
}

static void write_file(const char *bytes, size_t size)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, size), size);
	assert_int_equal(close(fd), 0);
}

static int setup(void **state)
{
	struct error e = {0};
	struct checkpoint_writer *w;
	uint32_t words[5000];
	int fd = mkstemp(path);

	(void)state;
	assert_true(fd >= 0);
	(void)close(fd);
	w = checkpoint_create(path, identity, &e);
	assert_non_null(w);
	for (unsigned s = 0; s < SECTIONS; s++) {
		size_t n = 10 + below(4900);

		for (size_t i = 0; i < n; i++)
			words[i] = s % 2 == 0 ? (uint32_t)below(300) : (uint32_t)i / 7;
		assert_int_equal(checkpoint_put(w, names[s], words, n * sizeof(*words), &e), 0);
	}
	assert_int_equal(checkpoint_commit(w, &e), 0);
	fd = open(path, O_RDONLY);
	assert_true(fd >= 0);
	sample_size = (size_t)read(fd, sample, sizeof(sample));
	assert_true(sample_size > 4096 && sample_size < sizeof(sample));
	(void)close(fd);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	return unlink(path);
}

/* Reads everything, as a search that goes on would: allocates what a section says that it has. */
static bool read_all(struct error *e)
{
	struct checkpoint_reader *r = checkpoint_open(path, identity, e);
	bool sound = r != NULL;

	for (unsigned s = 0; sound && s < SECTIONS; s++) {
		uint64_t length;
		char *bytes;

		sound = checkpoint_enter(r, names[s], &length, e) == 0;
		if (!sound)
			break;
		assert_true(length <= (uint64_t)ROOM * CHECKPOINT_RATIO_MAX * 2);
		bytes = malloc(length + 1);
		sound = bytes && checkpoint_read(r, bytes, length, e) == 0;
		free(bytes);
	}
	sound = sound && checkpoint_end(r, e) == 0;
	checkpoint_close(r);
	return sound;
}

static size_t mutate(char *bytes, size_t size)
{
	static const uint64_t numbers[] = {
	        0,          1,        UINT64_MAX, UINT64_MAX / 2, (uint64_t)1 << 32,
	        UINT32_MAX, 1u << 31, 4096,       ROOM * 4096ull, UINT64_MAX - 95};
	/* Headers are short: half of the time it is one of these. */
	size_t at = below(below(2) == 0 ? 160 : size), n;

	if (at >= size)
		at = size - 1;
	switch (below(5)) {
	case 0:
		bytes[at] = (char)(bytes[at] ^ 1 << below(8));
		return size;
	case 1:
		return at;
	case 2:
		if (size - at >= 8)
			memcpy(bytes + at / 8 * 8, &numbers[below(sizeof(numbers) / sizeof(numbers[0]))], 8);
		return size;
	case 3:
		n = 1 + below(64);
		if (size + n > ROOM)
			return size;
		memmove(bytes + at + n, bytes + at, size - at);
		return size + n;
	default:
		n = below(size - at);
		memmove(bytes + at, bytes + at + n, size - at - n);
		return size - n;
	}
}

static void mutated_files_are_refused(void **unused)
{
	static char bytes[ROOM];
	unsigned refused = 0, read = 0;

	(void)unused;
	(void)alarm(SECONDS_MAX);
	for (unsigned i = 0; i < MUTATIONS; i++) {
		bool forged = i % 2 == 1;
		size_t size = sample_size;
		struct error e = {0};

		memcpy(bytes, sample, sample_size);
		for (size_t n = 1 + below(3); n > 0; n--)
			size = mutate(bytes, size);
		if (size == sample_size && memcmp(bytes, sample, size) == 0)
			continue;
		if (forged)
			forge(bytes, size);
		write_file(bytes, size);
		if (read_all(&e)) {
			if (!forged)
				fail_msg("mutation %u went unnoticed", i);
			read++;
			continue;
		}
		refused++;
		if (strncmp(e.text, path, strlen(path)) != 0)
			fail_msg("mutation %u: '%s' does not name the file", i, e.text);
	}
	(void)alarm(0);
	assert_true(refused > MUTATIONS / 2);
	assert_true(read > 0); /* forging does work */
}

static void every_length_is_too_short(void **unused)
{
	(void)unused;
	for (size_t n = 0; n < sample_size; n += n < 300 ? 1 : 37) {
		struct error e = {0};

		write_file(sample, n);
		assert_false(read_all(&e));
		assert_null(strstr(e.text, "checksum"));
	}
}

/* A file with these bytes in its frame. */
static void craft(const void *raw, size_t n, int window_log)
{
	static char bytes[ROOM];
	struct checkpoint_header h;
	size_t at = sizeof(h) + strlen(identity), packed;
	ZSTD_CCtx *zstd = ZSTD_createCCtx();

	memcpy(&h, sample, sizeof(h));
	h.raw_bytes = n;
	memcpy(bytes, &h, sizeof(h));
	memcpy(bytes + sizeof(h), sample + sizeof(h), at - sizeof(h));
	if (window_log != 0)
		(void)ZSTD_CCtx_setParameter(zstd, ZSTD_c_windowLog, window_log);
	(void)ZSTD_CCtx_setParameter(zstd, ZSTD_c_contentSizeFlag, 0);
	packed = ZSTD_compress2(zstd, bytes + at, sizeof(bytes) - at, raw, n);
	assert_false(ZSTD_isError(packed));
	(void)ZSTD_freeCCtx(zstd);
	forge(bytes, at + packed);
	write_file(bytes, at + packed);
}

static void expect_refusal(const char *says)
{
	struct error e = {0};

	assert_false(read_all(&e));
	if (!strstr(e.text, says))
		fail_msg("'%s' does not say '%s'", e.text, says);
}

static void sections_are_not_believed(void **unused)
{
	struct checkpoint_section s = {.name = "head", .length = UINT64_MAX};
	static char zeros[1 << 24];

	(void)unused;
	craft(&s, sizeof(s), 0);
	expect_refusal("section 'head' claims to have 18446744073709551615 bytes");
	s.length = 1;
	craft(&s, sizeof(s), 0);
	expect_refusal("section 'head' claims to have 1 bytes");
	s.length = 0;
	craft(&s, sizeof(s), 0);
	expect_refusal("it ends too early");
	craft(&s, sizeof(s) - 1, 0);
	expect_refusal("it ends too early");
	memset(s.name, 'x', sizeof(s.name));
	craft(&s, sizeof(s), 0);
	expect_refusal("there is no section 'head'");
	memcpy(zeros, &s, sizeof(s));
	craft(zeros, sizeof(zeros), 24);
	expect_refusal("requires too much memory");
}

static void headers_are_not_believed(void **unused)
{
	static const struct {
		size_t at;
		uint64_t number;
		bool forged;
		const char *says;
	} headers[] = {
	        {0, 0, true, "not a checkpoint"},
	        {16, UINT64_C(0x0807060504030201), true, "other byte order"},
	        {16, 5, true, "byte order"},
	        {24, UINT64_C(8) << 32 | 2, true, "version 2, this lazyswitch knows version 1"},
	        {24, UINT64_C(2) << 32 | 1, true, "words of 2 bytes"},
	        {32, 1, false, "the checksum of its header"},
	        {32, UINT64_MAX, true, "nonsense"},
	        {80, UINT64_MAX, true, "nonsense"},
	};
	static char bytes[ROOM];

	(void)unused;
	for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++) {
		memcpy(bytes, sample, sample_size);
		memcpy(bytes + headers[i].at, &headers[i].number, 8);
		if (headers[i].forged)
			forge(bytes, sample_size);
		write_file(bytes, sample_size);
		expect_refusal(headers[i].says);
	}
	memcpy(bytes, sample, sample_size);
	bytes[sizeof(struct checkpoint_header)] = '\033';
	forge(bytes, sample_size);
	write_file(bytes, sample_size);
	expect_refusal("no text");
}

static void other_files_are_refused(void **unused)
{
	struct error e;

	(void)unused;
	assert_null(checkpoint_open("/dev/zero", identity, &e));
	assert_non_null(strstr(e.text, "/dev/zero: cannot read the checkpoint: it is not a regular file"));
	assert_null(checkpoint_open(".", identity, &e));
	assert_null(checkpoint_open("no/such/file", identity, &e));
	assert_non_null(strstr(e.text, "no/such/file: cannot read the checkpoint: No such file"));
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkfifo(path, 0666), 0);
	assert_null(checkpoint_open(path, identity, &e)); /* and does not wait for somebody to write */
	assert_int_equal(unlink(path), 0);
	write_file("%PDF-1.4", 8);
	assert_null(checkpoint_open(path, identity, &e));
	assert_non_null(strstr(e.text, "this is not a checkpoint"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(mutated_files_are_refused), cmocka_unit_test(every_length_is_too_short),
	        cmocka_unit_test(sections_are_not_believed), cmocka_unit_test(headers_are_not_believed),
	        cmocka_unit_test(other_files_are_refused),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
