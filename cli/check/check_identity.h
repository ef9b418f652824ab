/* SPDX-License-Identifier: MIT */
/* What a checkpoint belongs to (checker/checkpoint_file.h), and how to go on from it. */
#ifndef LAZYSWITCH_CLI_CHECK_IDENTITY_H
#define LAZYSWITCH_CLI_CHECK_IDENTITY_H

#include <stdio.h>

#include "check_run.h"

/*
 * Everything that decides what is searched, and for what: the options, the variant's contents, this very program.
 * Limits and output do not. Returns NULL with `e` filled in; the caller frees it.
 */
char *check_identity(const struct check_run *run, const struct check_settings *settings, struct error *e);

/* Prints the command, as for a shell, that makes this run, and no other. */
void check_identity_command(FILE *out, const struct check_run *run, const struct check_settings *settings);

/* Prints the command, as for a shell, that goes on from settings->checkpoint. */
void check_identity_resume(FILE *out, const struct check_run *run, const struct check_settings *settings);

#endif
