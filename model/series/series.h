/* SPDX-License-Identifier: MIT */
/*
 * Series of patches, as people have them: diffs, mails, mailboxes (git format-patch, b4, the archive of a list), and
 * directories of these (git format-patch -o, quilt).
 */
#ifndef LAZYSWITCH_MODEL_SERIES_SERIES_H
#define LAZYSWITCH_MODEL_SERIES_SERIES_H

#include <stdbool.h>
#include <stddef.h>

#include "model/error.h"

enum { SERIES_FILE_MAX = 32 << 20, SERIES_PATCHES_MAX = 1000 };

/* The fields of a mail, UTF-8, on one line each; NULL: it has none. Message IDs are without < and >. */
struct mail {
	char *from, *to, *cc, *subject, *date, *id;
	char *references; /* "<a@b> <c@d>" */
};

struct series_patch {
	const char *file; /* that it was found in; the series' */
	unsigned line;    /* where it begins there, from 1 */
	char *place;      /* what its lines are counted in: the file, or a message that had to be decoded */
	unsigned before;  /* lines there before its text */
	char *text;       /* terminated by '\0' */
	size_t size;
	struct mail mail;
	const char *title;      /* its subject without "[PATCH]", or the name of its file; not empty */
	unsigned number, total; /* as its subject says, [PATCH 2/5]; 0: it does not */
	unsigned version;
};

struct series {
	struct series_patch *patch; /* in the order in which they apply */
	size_t n;
	bool has_cover;
	struct mail cover; /* the letter before the first of them, 0/5 */
	char **notes;      /* sentences: what was left out, and why */
	size_t n_notes;
	char **files; /* the names that `file` points to */
	size_t n_files;
};

/*
 * Reads files and directories. The messages of a file, and all files of one message each, are put into the order of their
 * numbers; without numbers they stay as they are. Letters without a diff are left out, and so are replies, and all but the
 * newest version. Returns 0, or -1 with `e` filled in; to be freed in either case.
 */
int series_read(struct series *series, const char *const *names, size_t n, struct error *e);
void series_free(struct series *series);
/* Leaves only the first of its patches. */
void series_cut(struct series *series, size_t n);

#endif
