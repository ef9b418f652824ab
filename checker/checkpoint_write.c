/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

#include "checkpoint_format.h"

enum { WORKERS_MAX = 8, LEVEL = 1 };

struct checkpoint_writer {
	char *path, *temporary;
	int fd; /* of the temporary file, -1: there is none any more */
	ZSTD_CCtx *zstd;
	XXH3_state_t *hash;
	char *out; /* [CHECKPOINT_BUFFER] */
	struct checkpoint_header header;
	uint64_t left; /* of the section in progress */
	bool failed;
	struct error why;
};

/* The temporary file goes at once: on a full disk others need the room. */
static int fail(struct checkpoint_writer *w, struct error *e)
{
	w->failed = true;
	w->why = *e;
	if (w->fd >= 0) {
		(void)unlink(w->temporary);
		(void)close(w->fd);
		w->fd = -1;
	}
	return -1;
}

static int fail_errno(struct checkpoint_writer *w, struct error *e)
{
	error_set(e, "%s: cannot write the checkpoint: %s", w->path, strerror(errno));
	return fail(w, e);
}

static int write_all(struct checkpoint_writer *w, const void *bytes, size_t n, struct error *e)
{
	for (const char *at = bytes; n > 0;) {
		ssize_t done = write(w->fd, at, n);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return fail_errno(w, e);
		at += done;
		n -= (size_t)done;
	}
	return 0;
}

static int compress(struct checkpoint_writer *w, const void *bytes, size_t n, ZSTD_EndDirective mode,
                    struct error *e)
{
	ZSTD_inBuffer in = {.src = bytes, .size = n};
	size_t more;

	do {
		ZSTD_outBuffer out = {.dst = w->out, .size = CHECKPOINT_BUFFER};

		more = ZSTD_compressStream2(w->zstd, &out, &in, mode);
		if (ZSTD_isError(more)) {
			error_set(e, "%s: cannot compress the checkpoint: %s", w->path,
			          ZSTD_getErrorName(more));
			return fail(w, e);
		}
		if (out.pos == 0)
			continue;
		(void)XXH3_128bits_update(w->hash, w->out, out.pos);
		w->header.packed_bytes += out.pos;
		if (write_all(w, w->out, out.pos, e))
			return -1;
	} while (mode == ZSTD_e_end ? more != 0 : in.pos < in.size);
	w->header.raw_bytes += n;
	return 0;
}

/* Renaming would replace whatever is there, a device as well. */
static int check_target(const char *path, struct error *e)
{
	struct stat status;

	if (stat(path, &status) == 0 && !S_ISREG(status.st_mode))
		return error_set(e, "%s: cannot write the checkpoint: it is not a regular file", path);
	return 0;
}

/*
 * The name is always the same, so that nothing piles up when the process is killed; a lock tells what is left
 * over from what is being written.
 */
static int open_temporary(struct checkpoint_writer *w, struct error *e)
{
	struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	struct stat ours, there;

	w->fd = open(w->temporary, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0666);
	if (w->fd < 0)
		return error_set(e, "%s: cannot write the checkpoint: %s: %s", w->path, w->temporary,
		                 strerror(errno));
	if (fstat(w->fd, &ours) != 0 || !S_ISREG(ours.st_mode) || ours.st_nlink > 1 ||
	    ours.st_uid != geteuid()) {
		(void)close(w->fd);
		w->fd = -1;
		return error_set(e, "%s: cannot write the checkpoint: %s is in the way, and not one of ours",
		                 w->path, w->temporary);
	}
	if (fcntl(w->fd, F_SETLK, &whole) != 0 || stat(w->temporary, &there) != 0 ||
	    there.st_ino != ours.st_ino || there.st_dev != ours.st_dev) {
		(void)close(w->fd);
		w->fd = -1;
		return error_set(
		        e, "%s: cannot write the checkpoint: another process is writing one to this file",
		        w->path);
	}
	return ftruncate(w->fd, 0) != 0 ? fail_errno(w, e) : 0;
}

static void set_workers(ZSTD_CCtx *zstd)
{
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);

	/* A libzstd that cannot says so, and does without. */
	(void)ZSTD_CCtx_setParameter(zstd, ZSTD_c_nbWorkers,
	                             cpus > WORKERS_MAX ? WORKERS_MAX
	                             : cpus < 1         ? 1
	                                                : (int)cpus);
}

struct checkpoint_writer *checkpoint_create(const char *path, const char *identity, struct error *e)
{
	size_t n = strlen(path), identity_bytes = strlen(identity);
	struct checkpoint_writer *w = calloc(1, sizeof(*w));

	if (!w)
		goto out_of_memory;
	w->fd = -1;
	w->path = strdup(path);
	w->temporary = malloc(n + sizeof(".part"));
	w->zstd = ZSTD_createCCtx();
	w->hash = XXH3_createState();
	w->out = malloc(CHECKPOINT_BUFFER);
	if (!w->path || !w->temporary || !w->zstd || !w->hash || !w->out ||
	    ZSTD_isError(ZSTD_CCtx_setParameter(w->zstd, ZSTD_c_compressionLevel, LEVEL)))
		goto out_of_memory;
	memcpy(w->temporary, path, n);
	memcpy(w->temporary + n, ".part", sizeof(".part"));
	set_workers(w->zstd);
	(void)XXH3_128bits_reset(w->hash);
	w->header = (struct checkpoint_header){.byte_order = CHECKPOINT_BYTE_ORDER,
	                                       .version = CHECKPOINT_VERSION,
	                                       .word_bytes = sizeof(size_t),
	                                       .identity_bytes = identity_bytes};
	memcpy(w->header.magic, CHECKPOINT_MAGIC, sizeof(w->header.magic));
	checkpoint_hash(w->header.identity_hash, XXH3_128bits(identity, identity_bytes));
	if (identity_bytes > CHECKPOINT_IDENTITY_MAX)
		error_set(e, "%s: the identity of the checkpoint is too long", path);
	/* Until the end the header is one that is refused. */
	else if (check_target(path, e) == 0 && open_temporary(w, e) == 0 &&
	         write_all(w, &(struct checkpoint_header){0}, sizeof(w->header), e) == 0 &&
	         write_all(w, identity, identity_bytes, e) == 0)
		return w;
	checkpoint_abandon(w);
	return NULL;
out_of_memory:
	checkpoint_abandon(w);
	error_set(e, "%s: cannot write the checkpoint: out of memory", path);
	return NULL;
}

/* Nothing goes on after a failure. */
static int has_failed(const struct checkpoint_writer *w, struct error *e)
{
	if (w->failed)
		*e = w->why;
	return w->failed ? -1 : 0;
}

int checkpoint_section(struct checkpoint_writer *w, const char *name, uint64_t length, struct error *e)
{
	struct checkpoint_section section = {.length = length};
	size_t n = strlen(name);

	if (has_failed(w, e))
		return -1;
	if (w->left > 0 || n > CHECKPOINT_NAME_MAX) {
		error_set(e, "%s: internal fault: section '%s' of a checkpoint has no place", w->path, name);
		return fail(w, e);
	}
	memcpy(section.name, name, n);
	w->left = length;
	return compress(w, &section, sizeof(section), ZSTD_e_continue, e);
}

int checkpoint_write(struct checkpoint_writer *w, const void *bytes, size_t n, struct error *e)
{
	if (has_failed(w, e))
		return -1;
	if (n > w->left) {
		error_set(e, "%s: internal fault: more in a checkpoint's section than was announced",
		          w->path);
		return fail(w, e);
	}
	w->left -= n;
	return n == 0 ? 0 : compress(w, bytes, n, ZSTD_e_continue, e);
}

int checkpoint_put(struct checkpoint_writer *w, const char *name, const void *bytes, size_t n,
                   struct error *e)
{
	return checkpoint_section(w, name, n, e) || checkpoint_write(w, bytes, n, e) ? -1 : 0;
}

static int count(void *arg, const void *bytes, size_t n, struct error *e)
{
	(void)bytes;
	(void)e;
	*(uint64_t *)arg += n;
	return 0;
}

static int write_to(void *arg, const void *bytes, size_t n, struct error *e)
{
	return checkpoint_write(arg, bytes, n, e);
}

int checkpoint_put_saved(struct checkpoint_writer *w, const char *name,
                         int (*save)(void *arg, const struct sink *sink, struct error *e), void *arg,
                         struct error *e)
{
	uint64_t length = 0;
	const struct sink measure = {&length, count}, sink = {w, write_to};

	if (has_failed(w, e))
		return -1;
	if (save(arg, &measure, e))
		return fail(w, e);
	if (checkpoint_section(w, name, length, e))
		return -1;
	if (save(arg, &sink, e))
		return fail(w, e);
	return 0;
}

/* A name in a directory is on the disk when the directory is. */
static int sync_directory(const char *path)
{
	const char *slash = strrchr(path, '/');
	size_t n = slash ? (size_t)(slash - path) + 1 : 1;
	char *directory = strndup(slash ? path : ".", n);
	int fd = directory ? open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1, status = 0;

	free(directory);
	if (fd < 0)
		return -1;
	if (fsync(fd) != 0 && errno != EINVAL) /* some file systems have no such thing */
		status = -1;
	(void)close(fd);
	return status;
}

static int commit(struct checkpoint_writer *w, struct error *e)
{
	if (has_failed(w, e))
		return -1;
	if (w->left > 0) {
		error_set(e, "%s: internal fault: less in a checkpoint's section than was announced",
		          w->path);
		return fail(w, e);
	}
	if (compress(w, "", 0, ZSTD_e_end, e))
		return -1;
	checkpoint_hash(w->header.packed_hash, XXH3_128bits_digest(w->hash));
	w->header.header_hash = checkpoint_header_hash(&w->header);
	if (lseek(w->fd, 0, SEEK_SET) != 0)
		return fail_errno(w, e);
	if (write_all(w, &w->header, sizeof(w->header), e))
		return -1;
	if (fsync(w->fd) != 0 || rename(w->temporary, w->path) != 0)
		return fail_errno(w, e);
	(void)close(w->fd);
	w->fd = -1;
	if (sync_directory(w->path) != 0)
		return fail_errno(w, e);
	return 0;
}

int checkpoint_commit(struct checkpoint_writer *w, struct error *e)
{
	int status = commit(w, e);

	checkpoint_abandon(w);
	return status;
}

void checkpoint_abandon(struct checkpoint_writer *w)
{
	struct error ignored = {0};

	if (!w)
		return;
	(void)fail(w, &ignored);
	free(w->path);
	free(w->temporary);
	(void)ZSTD_freeCCtx(w->zstd);
	(void)XXH3_freeState(w->hash);
	free(w->out);
	free(w);
}
