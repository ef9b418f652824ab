/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

#include "checkpoint_format.h"

struct checkpoint_reader {
	char *path;
	int fd;
	struct checkpoint_header header;
	char *identity;
	ZSTD_DCtx *zstd;
	char *in; /* [CHECKPOINT_BUFFER] */
	ZSTD_inBuffer input;
	uint64_t unread; /* bytes of the frame that are not in `in` yet */
	uint64_t raw;    /* bytes out of the frame so far */
	uint64_t left;   /* of the section */
	bool ended;      /* the frame has */
	char section[CHECKPOINT_NAME_MAX + 1];
};

/* n bytes, or fewer if the file ends before. Returns how many, or -1. */
static ssize_t read_up_to(int fd, void *buf, size_t n)
{
	size_t done = 0;

	while (done < n) {
		ssize_t got = read(fd, (char *)buf + done, n - done);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -1;
		if (got == 0)
			break;
		done += (size_t)got;
	}
	return (ssize_t)done;
}

static int fail_errno(const struct checkpoint_reader *r, struct error *e)
{
	return error_set(e, "%s: cannot read the checkpoint: %s", r->path, strerror(errno));
}

static int damaged(const struct checkpoint_reader *r, const char *what, struct error *e)
{
	return error_set(e, "%s: the checkpoint is damaged: %s", r->path, what);
}

/* Who wrote it, and can we read that? Nothing of it is believed before its checksum. */
static int check_header(const struct checkpoint_reader *r, ssize_t got, struct error *e)
{
	const struct checkpoint_header *h = &r->header;
	size_t magic = sizeof(h->magic);

	if (memcmp(h->magic, CHECKPOINT_MAGIC, (size_t)got < magic ? (size_t)got : magic) != 0 || got == 0)
		return error_set(e, "%s: this is not a checkpoint of lazyswitch", r->path);
	if ((size_t)got < sizeof(*h))
		return damaged(r, "it ends within its header", e);
	if (h->byte_order == __builtin_bswap64(CHECKPOINT_BYTE_ORDER))
		return error_set(e, "%s: the checkpoint is from a machine of the other byte order", r->path);
	if (h->byte_order != CHECKPOINT_BYTE_ORDER)
		return damaged(r, "its header has no byte order", e);
	if (h->version != CHECKPOINT_VERSION)
		return error_set(e, "%s: the checkpoint is of version %u, this lazyswitch knows version %d",
		                 r->path, h->version, CHECKPOINT_VERSION);
	if (h->word_bytes != sizeof(size_t))
		return error_set(
		        e, "%s: the checkpoint is from a machine with words of %u bytes, this one has %zu",
		        r->path, h->word_bytes, sizeof(size_t));
	if (h->header_hash != checkpoint_header_hash(h))
		return damaged(r, "the checksum of its header is wrong", e);
	if (h->identity_bytes > CHECKPOINT_IDENTITY_MAX ||
	    h->raw_bytes / CHECKPOINT_RATIO_MAX > h->packed_bytes)
		return damaged(r, "its header is nonsense", e);
	return 0;
}

static int read_identity(struct checkpoint_reader *r, struct error *e)
{
	size_t n = (size_t)r->header.identity_bytes;
	uint64_t hash[2];
	ssize_t got;

	r->identity = malloc(n + 1);
	if (!r->identity)
		return error_set(e, "%s: out of memory", r->path);
	got = read_up_to(r->fd, r->identity, n);
	if (got < 0)
		return fail_errno(r, e);
	if ((size_t)got < n)
		return damaged(r, "it ends within its identity", e);
	checkpoint_hash(hash, XXH3_128bits(r->identity, n));
	if (memcmp(hash, r->header.identity_hash, sizeof(hash)) != 0)
		return damaged(r, "the checksum of its identity is wrong", e);
	r->identity[n] = '\0';
	/* Parts of it end up on terminals. */
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)r->identity[i];

		if ((c < ' ' && c != '\n') || c == 0x7f)
			return damaged(r, "its identity is no text", e);
	}
	return 0;
}

/* Header and identity. */
static int open_file(struct checkpoint_reader *r, const char *path, struct error *e)
{
	struct stat status;
	ssize_t got;
	uint64_t size;

	r->fd = -1;
	r->path = strdup(path);
	if (!r->path)
		return error_set(e, "%s: out of memory", path);
	r->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (r->fd < 0 || fstat(r->fd, &status) != 0)
		return fail_errno(r, e);
	if (!S_ISREG(status.st_mode))
		return error_set(e, "%s: cannot read the checkpoint: it is not a regular file", path);
	got = read_up_to(r->fd, &r->header, sizeof(r->header));
	if (got < 0)
		return fail_errno(r, e);
	if (check_header(r, got, e) || read_identity(r, e))
		return -1;
	size = (uint64_t)status.st_size - sizeof(r->header) - r->header.identity_bytes;
	if (size < r->header.packed_bytes)
		return error_set(e, "%s: the checkpoint is damaged: %" PRIu64 " bytes are missing at its end",
		                 path, r->header.packed_bytes - size);
	if (size > r->header.packed_bytes)
		return damaged(r, "something follows its end", e);
	return 0;
}

static off_t frame_at(const struct checkpoint_reader *r)
{
	return (off_t)(sizeof(r->header) + r->header.identity_bytes);
}

/*
 * Every byte, before any is used: half a checkpoint restored is worse than none. The second reading finds it
 * in the page cache, mostly.
 */
static int check_frame(struct checkpoint_reader *r, struct error *e)
{
	XXH3_state_t *state = XXH3_createState();
	uint64_t hash[2], left = r->header.packed_bytes;
	int status = 0;

	if (!state)
		return error_set(e, "%s: out of memory", r->path);
	(void)XXH3_128bits_reset(state);
	while (left > 0 && status == 0) {
		size_t n = left < CHECKPOINT_BUFFER ? (size_t)left : CHECKPOINT_BUFFER;
		ssize_t got = read_up_to(r->fd, r->in, n);

		if (got < 0)
			status = fail_errno(r, e);
		else if ((size_t)got < n)
			status = damaged(r, "it became shorter while it was read", e);
		else
			(void)XXH3_128bits_update(state, r->in, n);
		left -= n;
	}
	checkpoint_hash(hash, XXH3_128bits_digest(state));
	(void)XXH3_freeState(state);
	if (status == 0 && memcmp(hash, r->header.packed_hash, sizeof(hash)) != 0)
		status = damaged(r, "its checksum is wrong", e);
	if (status == 0 && lseek(r->fd, frame_at(r), SEEK_SET) != frame_at(r))
		status = fail_errno(r, e);
	r->unread = r->header.packed_bytes;
	return status;
}

struct checkpoint_reader *checkpoint_open(const char *path, const char *identity, struct error *e)
{
	struct checkpoint_reader *r = calloc(1, sizeof(*r));
	char difference[700];

	if (!r) {
		error_set(e, "%s: out of memory", path);
		return NULL;
	}
	if (open_file(r, path, e))
		goto failed;
	if (checkpoint_difference(r->identity, identity, difference, sizeof(difference))) {
		error_set(e, "%s %s", path, difference);
		goto failed;
	}
	r->in = malloc(CHECKPOINT_BUFFER);
	r->zstd = ZSTD_createDCtx();
	if (!r->in || !r->zstd ||
	    ZSTD_isError(ZSTD_DCtx_setParameter(r->zstd, ZSTD_d_windowLogMax, CHECKPOINT_WINDOW_LOG_MAX))) {
		error_set(e, "%s: out of memory", path);
		goto failed;
	}
	if (check_frame(r, e) == 0)
		return r;
failed:
	checkpoint_close(r);
	return NULL;
}

/* At least one more byte of the frame, if there is one. */
static int refill(struct checkpoint_reader *r, struct error *e)
{
	size_t n = r->unread < CHECKPOINT_BUFFER ? (size_t)r->unread : CHECKPOINT_BUFFER;
	ssize_t got;

	if (r->input.pos < r->input.size || n == 0)
		return 0;
	got = read_up_to(r->fd, r->in, n);
	if (got < 0)
		return fail_errno(r, e);
	if ((size_t)got < n)
		return damaged(r, "it became shorter while it was read", e);
	r->unread -= n;
	r->input = (ZSTD_inBuffer){.src = r->in, .size = n};
	return 0;
}

/* Up to n bytes out of the frame: fewer only at its end. */
static int unpack(struct checkpoint_reader *r, void *buf, size_t n, size_t *done, struct error *e)
{
	ZSTD_outBuffer out = {.dst = buf, .size = n};

	*done = 0;
	while (out.pos < out.size && !r->ended) {
		size_t before = out.pos, status, in_before;

		if (refill(r, e))
			return -1;
		in_before = r->input.pos;
		status = ZSTD_decompressStream(r->zstd, &out, &r->input);
		if (ZSTD_isError(status))
			return error_set(
			        e, "%s: the checkpoint is damaged: behind byte %" PRIu64 " of it: %s",
			        r->path, r->header.packed_bytes - r->unread - r->input.size + in_before,
			        ZSTD_getErrorName(status));
		r->ended = status == 0;
		if (out.pos == before && r->input.pos == in_before && !r->ended && r->unread == 0)
			return damaged(r, "it ends too early", e);
	}
	*done = out.pos;
	r->raw += out.pos;
	return 0;
}

static int unpack_all(struct checkpoint_reader *r, void *buf, size_t n, struct error *e)
{
	size_t done = 0;

	if (unpack(r, buf, n, &done, e))
		return -1;
	return done < n ? damaged(r, "it ends too early", e) : 0;
}

int checkpoint_enter(struct checkpoint_reader *r, const char *name, uint64_t *length, struct error *e)
{
	struct checkpoint_section section = {.length = 0};

	if (r->left > 0)
		return error_set(
		        e, "%s: the checkpoint is damaged: section '%s' is too long by %" PRIu64 " bytes",
		        r->path, r->section, r->left);
	if (unpack_all(r, &section, sizeof(section), e))
		return -1;
	if (strncmp(section.name, name, sizeof(section.name)) != 0)
		return error_set(e, "%s: the checkpoint is damaged: there is no section '%s' behind '%s'",
		                 r->path, name, r->section);
	if (r->raw > r->header.raw_bytes || section.length > r->header.raw_bytes - r->raw)
		return error_set(e,
		                 "%s: the checkpoint is damaged: section '%s' claims to have %" PRIu64
		                 " bytes, more than there can be",
		                 r->path, name, section.length);
	memcpy(r->section, section.name, sizeof(r->section));
	r->left = *length = section.length;
	return 0;
}

int checkpoint_read(struct checkpoint_reader *r, void *buf, size_t n, struct error *e)
{
	if (n > r->left)
		return error_set(e, "%s: the checkpoint is damaged: section '%s' is too short", r->path,
		                 r->section);
	r->left -= n;
	return unpack_all(r, buf, n, e);
}

uint64_t checkpoint_left(const struct checkpoint_reader *r)
{
	return r->left;
}

static int read_from(void *arg, void *buf, size_t n, struct error *e)
{
	return checkpoint_read(arg, buf, n, e);
}

static uint64_t left_of(void *arg)
{
	return checkpoint_left(arg);
}

struct source checkpoint_source(struct checkpoint_reader *r)
{
	return (struct source){.arg = r, .read = read_from, .left = left_of};
}

int checkpoint_get(struct checkpoint_reader *r, const char *name, void *buf, size_t n, struct error *e)
{
	uint64_t length = 0;

	if (checkpoint_enter(r, name, &length, e))
		return -1;
	if (length != n)
		return error_set(e,
		                 "%s: the checkpoint is damaged: section '%s' has %" PRIu64 " bytes, not %zu",
		                 r->path, name, length, n);
	return checkpoint_read(r, buf, n, e);
}

int checkpoint_end(struct checkpoint_reader *r, struct error *e)
{
	char more;
	size_t n = 0;

	if (r->left > 0)
		return error_set(
		        e, "%s: the checkpoint is damaged: section '%s' is too long by %" PRIu64 " bytes",
		        r->path, r->section, r->left);
	if (unpack(r, &more, 1, &n, e))
		return -1;
	if (n > 0 || r->unread > 0 || r->input.pos < r->input.size || r->raw != r->header.raw_bytes)
		return damaged(r, "something follows its last section", e);
	return 0;
}

void checkpoint_close(struct checkpoint_reader *r)
{
	if (!r)
		return;
	if (r->fd >= 0)
		(void)close(r->fd);
	(void)ZSTD_freeDCtx(r->zstd);
	free(r->in);
	free(r->identity);
	free(r->path);
	free(r);
}

char *checkpoint_identity(const char *path, struct error *e)
{
	struct checkpoint_reader *r = calloc(1, sizeof(*r));
	char *identity = NULL;

	if (!r) {
		error_set(e, "%s: out of memory", path);
		return NULL;
	}
	if (open_file(r, path, e) == 0) {
		identity = r->identity;
		r->identity = NULL;
	}
	checkpoint_close(r);
	return identity;
}
