/* SPDX-License-Identifier: MIT */
/* The forms of help that other programs read: all are made of the tables of options that --help prints. */
#ifndef LAZYSWITCH_CLI_HELP_H
#define LAZYSWITCH_CLI_HELP_H

#include <stdio.h>

#include "commands.h"

/* The page of the manual, in man(7), up to EXIT STATUS and NOTES; docs/man has what follows. */
void help_man(const struct command *command, FILE *f);

/* Completions for a shell, of all commands. */
void help_bash(FILE *f);
void help_zsh(FILE *f);
void help_fish(FILE *f);

#endif
