/* SPDX-License-Identifier: MIT */
#include "option_list.h"

#include <assert.h>
#include <ctype.h>
#include <limits.h>
#include <string.h>
#include <strings.h>

char option_letter(const struct argp_option *option)
{
	int key = option->key;

	return (char)(key > 0 && key <= CHAR_MAX && isprint(key) ? key : '\0');
}

/* 0, 1, 2, ..., -2, -1 */
static int rank(int group)
{
	return group >= 0 ? group : INT_MAX + group;
}

/* Headers, then by letter where one of the two has one, else by name; as argp does. Without a letter comes first. */
static int compare_names(const struct argp_option *a, const struct argp_option *b)
{
	char letter_a = option_letter(a), letter_b = option_letter(b), first_a, first_b;
	int order;

	if (!letter_a && !letter_b && a->name && b->name)
		return strcasecmp(a->name, b->name);
	first_a = (char)(letter_a || !a->name ? letter_a : a->name[0]);
	first_b = (char)(letter_b || !b->name ? letter_b : b->name[0]);
	order = tolower((unsigned char)first_a) - tolower((unsigned char)first_b);
	return order != 0 ? order : (letter_a != '\0') - (letter_b != '\0');
}

static void insert(struct option_list *list, const struct argp_option *option, int group)
{
	size_t at = list->n++;

	assert(list->n <= OPTIONS_MAX);
	for (; at > 0; at--) {
		const struct argp_option *before = list->option[at - 1];
		int order = list->group[at - 1] != group ? (rank(list->group[at - 1]) > rank(group) ? 1 : -1)
		                                         : compare_names(before, option);

		if (order <= 0)
			break;
		list->option[at] = before;
		list->group[at] = list->group[at - 1];
	}
	list->option[at] = option;
	list->group[at] = group;
}

/* What our tables do not use is not provided for: aliases, optional arguments, headers of children. */
static void collect(struct option_list *list, const struct argp *argp)
{
	int group = 0;

	for (const struct argp_option *o = argp->options; o && (o->name || o->doc); o++) {
		assert((o->flags & ~OPTION_HIDDEN) == 0);
		if (o->group != 0)
			group = o->group;
		else if (!o->name)
			group++;
		if ((o->flags & OPTION_HIDDEN) == 0)
			insert(list, o, group);
	}
	for (const struct argp_child *child = argp->children; child && child->argp; child++) {
		assert(!child->header && child->group == 0);
		collect(list, child->argp);
	}
}

struct option_list option_list(const struct argp *argp)
{
	struct option_list list = {.n = 0};

	collect(&list, argp);
	return list;
}
