/* SPDX-License-Identifier: MIT */
/* What the subcommands share: exit statuses, and how they are called. */
#ifndef LAZYSWITCH_CLI_COMMAND_H
#define LAZYSWITCH_CLI_COMMAND_H

#include <argp.h>

#include "model/error.h"

enum exit_status {
	STATUS_HOLDS = 0,
	STATUS_VIOLATED = 1,
	STATUS_USAGE = 2, /* or bad input, or output that cannot be written */
	STATUS_UNFINISHED = 3,
	STATUS_INTERNAL = 4,
};

/* Subcommands; argv[0] is the subcommand's own name. Each returns an exit status. */
int command_check(int argc, char **argv);
int command_cost(int argc, char **argv);
int command_diff(int argc, char **argv);
int command_graph(int argc, char **argv);
int command_help(int argc, char **argv);
int command_list(int argc, char **argv);
int command_replay(int argc, char **argv);
int command_regress(int argc, char **argv);
int command_reproduce(int argc, char **argv);
int command_sim(int argc, char **argv);
int command_show(int argc, char **argv);

/*
 * Their options, and those of the program itself: what --help, the manual and the completions are made of. An option's argument is
 * "a|b", in small letters, where these are all there is; FILE, DIR or VARIANT; or anything else.
 */
extern const struct argp lazyswitch_argp;
extern const struct argp check_argp, cost_argp, diff_argp, graph_argp, help_argp, list_argp, regress_argp,
        replay_argp, reproduce_argp, show_argp, sim_argp;

/* How argp parsers of subcommands are given their place to put results. */
struct search_settings;
struct build_settings;

struct command_parse {
	const char *name;               /* "lazyswitch check", for usage messages */
	void *settings;                 /* the subcommand's own */
	struct search_settings *search; /* of subcommands whose children are search_options */
	struct build_settings *build;   /* of those that have build_options, but not search_options */
	struct error *error;            /* parsers fill it in and return EINVAL */
	int asked; /* the key of --help, --usage or --version if that was given; for command_common */
	int next;  /* after an error: the argument behind the wrong one; for command_common */
};

/* --help, --usage and --version; command_children: to be the children of a subcommand's argp. */
extern const struct argp command_common;
extern const struct argp_child command_children[];

/*
 * Parses a subcommand's arguments; `p` becomes the parser's state->input. Returns 0, -1 when the arguments
 * are wrong and a message has been printed, or 1 when help or the version was asked for, and printed. Never
 * exits.
 */
int command_parse(const struct argp *argp, int argc, char **argv, unsigned flags, struct command_parse *p);

/* The same, but prints nothing: if it returns -1, p->error has the message, and p->next is the index behind
 * the argument. */
int command_parse_quietly(const struct argp *argp, int argc, char **argv, unsigned flags,
                          struct command_parse *p);

/* The exit status for what command_parse() returned, if it is not 0. */
int command_parse_status(int status);

/* Of the exit statuses of two parts the one to report: 4, 2, 1, 3, 0. */
enum exit_status command_worse(enum exit_status a, enum exit_status b);

/* To be called from the ARGP_KEY_INIT of a subcommand's parser: hands its input on to its children. */
void command_parse_init(struct argp_state *state);

#endif
