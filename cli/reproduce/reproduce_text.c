/* SPDX-License-Identifier: MIT */
#include "reproduce.h"

#include <stdio.h>

static void print_sights(const struct board_judgement *j)
{
	for (size_t i = 0; i < j->n_sights; i++) {
		const struct board_sight *sight = &j->sights[i];

		(void)printf("  step %zu, cpu%u: %s%s\n", sight->step, sight->cpu, sight->text,
		             sight->violates && sight->wrong ? "  <- the violation" : "");
	}
}

static void print_verdict(const struct reproduction *p)
{
	const struct followed *f = &p->run.followed;

	(void)printf("%s: ", reproduce_outcome_name(p->outcome));
	switch (p->outcome) {
	case REPRODUCE_OBSERVED:
		(void)printf("%s, on the board as in the model\n", world_property_names[f->property]);
		break;
	case REPRODUCE_NOT_OBSERVED:
		(void)printf("%s\n",
		             f->property < 0
		                     ? "nobody has seen what they should not, on the board as in the model"
		                     : "the violation was not seen on the board");
		break;
	case REPRODUCE_DIFFERS:
		(void)printf("%s\n", p->judgement.differs);
		break;
	default:
		(void)printf("%s\n", p->error.text);
		break;
	}
}

void reproduce_text(const struct reproduction *p)
{
	const struct board_judgement *j = &p->judgement;

	if (p->outcome == REPRODUCE_ERROR)
		return;
	(void)printf("%s: %s, %zu steps\n", p->run.file, p->run.variant.name, p->run.followed.steps);
	if (p->outcome != REPRODUCE_UNABLE)
		(void)printf(
		        "  %zu stops on the board; model and board agree in all registers at %zu of them%s\n",
		        j->turns, j->states,
		        j->whole && j->differs[0] == '\0' ? ", and in all memory at the end" : "");
	print_sights(j);
	print_verdict(p);
}
