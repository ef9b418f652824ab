/* SPDX-License-Identifier: MIT */
/*
 * Checkpoint files: named sections of bytes behind an identity, compressed and checksummed, on disk as a whole
 * or not at all. What the sections hold is their writers' business.
 *
 * The identity says what the bytes belong to, in lines "KEY=VALUE\n" for people as much as for comparison: a
 * file is opened only by who has the same. A KEY is read as a word in front of its value, as an option is:
 * "--cpus=3", "variant=v3 9f3c".
 *
 * Layout: struct checkpoint_header (checkpoint_format.h), the identity, one zstd frame with the sections one
 * after the other, each behind a struct checkpoint_section.
 */
#ifndef LAZYSWITCH_CHECKER_CHECKPOINT_FILE_H
#define LAZYSWITCH_CHECKER_CHECKPOINT_FILE_H

#include <stddef.h>
#include <stdint.h>

#include "model/error.h"
#include "model/stream.h"

enum { CHECKPOINT_IDENTITY_MAX = 1 << 16, CHECKPOINT_NAME_MAX = 23 };

struct checkpoint_writer;
struct checkpoint_reader;

/*
 * Begins a file that will take the place of `path`, in a temporary one beside it, PATH.part. Whatever is at
 * `path` stays as it is until checkpoint_commit() has succeeded, and stays for good if anything fails. Returns
 * NULL with `e` filled in if PATH cannot be replaced: it is a directory or a device, another process is writing
 * to it, the file system says no.
 */
struct checkpoint_writer *checkpoint_create(const char *path, const char *identity, struct error *e);

/*
 * Begins a section of `length` bytes; checkpoint_write() must bring that many. All of these return 0, or -1
 * with `e` filled in (a full disk, say: the message names the file); from then on every call fails the same
 * way. The bytes are not kept: they are compressed from where they are.
 */
int checkpoint_section(struct checkpoint_writer *w, const char *name, uint64_t length, struct error *e);
int checkpoint_write(struct checkpoint_writer *w, const void *bytes, size_t n, struct error *e);

/* A section from one piece. */
int checkpoint_put(struct checkpoint_writer *w, const char *name, const void *bytes, size_t n,
                   struct error *e);

/* A section of what `save` writes. It is called twice, first to measure: it must write the same again. */
int checkpoint_put_saved(struct checkpoint_writer *w, const char *name,
                         int (*save)(void *arg, const struct sink *sink, struct error *e), void *arg,
                         struct error *e);

/* Brings the file to the disk and to its place. Frees the writer, whatever happens. */
int checkpoint_commit(struct checkpoint_writer *w, struct error *e);
/* Forgets it; NULL is fine. */
void checkpoint_abandon(struct checkpoint_writer *w);

/*
 * Opens a file and makes sure that every byte of it is as it was written. Returns NULL with `e` filled in if
 * it is not, or is no checkpoint, or of another version, byte order or word size, or if its identity is not
 * `identity`: then the message says in what they differ.
 */
struct checkpoint_reader *checkpoint_open(const char *path, const char *identity, struct error *e);

/* Begins the next section, which must be `name`, the one before being read to its end. */
int checkpoint_enter(struct checkpoint_reader *r, const char *name, uint64_t *length, struct error *e);
/* Exactly n bytes of the section. */
int checkpoint_read(struct checkpoint_reader *r, void *buf, size_t n, struct error *e);
/* How many bytes of the section are left. Never more than the file can hold. */
uint64_t checkpoint_left(const struct checkpoint_reader *r);
/* The section as a source; borrowed, until the next section begins. */
struct source checkpoint_source(struct checkpoint_reader *r);

/* A whole section, of exactly n bytes. */
int checkpoint_get(struct checkpoint_reader *r, const char *name, void *buf, size_t n, struct error *e);

/* Fails if there is anything that was not read. */
int checkpoint_end(struct checkpoint_reader *r, struct error *e);
/* NULL is fine. */
void checkpoint_close(struct checkpoint_reader *r);

/* The identity of the file, whatever it is, and nothing of the rest. NULL with `e` filled in; the caller frees
 * it. */
char *checkpoint_identity(const char *path, struct error *e);

/*
 * "was made with --cpus 3; this search has --cpus 2": in what two identities differ. Returns buf, or NULL if
 * they do not.
 */
char *checkpoint_difference(const char *theirs, const char *ours, char *buf, size_t size);

#endif
