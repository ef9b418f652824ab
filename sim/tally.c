/* SPDX-License-Identifier: MIT */
#include "tally.h"

const char *const cost_counter_names[COST_COUNTERS] = {
        [COST_FPEXC_READS] = "fpexc-reads",
        [COST_FPEXC_WRITES] = "fpexc-writes",
        [COST_HCPTR_WRITES] = "hcptr-writes",
        [COST_STORES] = "stores",
        [COST_LOADS] = "loads",
        [COST_D_STORES] = "d-stores",
        [COST_D_LOADS] = "d-loads",
        [COST_ISBS] = "isbs",
        [COST_TRAPS] = "traps",
        [COST_INSTRUCTIONS] = "instructions",
};

const char *const cost_counter_meanings[COST_COUNTERS] = {
        [COST_FPEXC_READS] = "reads of FPEXC",
        [COST_FPEXC_WRITES] = "writes of FPEXC",
        [COST_HCPTR_WRITES] = "writes of HCPTR",
        [COST_STORES] = "whole register files (D0-D31) stored",
        [COST_LOADS] = "whole register files (D0-D31) loaded",
        [COST_D_STORES] = "D registers stored",
        [COST_D_LOADS] = "D registers loaded",
        [COST_ISBS] = "ISB instructions",
        [COST_TRAPS] = "FP instructions that trapped, to Hyp mode or as UNDEFINED",
        [COST_INSTRUCTIONS] = "instructions, kernel and guest",
};

/* Which of D0-D31 an event moved. */
static uint32_t moved(const struct cpu_event *event)
{
	uint32_t set = 0;

	for (uint32_t d = event->a; d < event->a + event->b && d < 32; d++)
		set |= UINT32_C(1) << d;
	return set;
}

static void count_file(const struct cpu_event *event, uint32_t *so_far, uint64_t *files, uint64_t *registers)
{
	*registers += event->b;
	*so_far |= moved(event);
	if (*so_far == UINT32_MAX) {
		++*files;
		*so_far = 0;
	}
}

/* HVC comes through the same vector as FP traps; only the syndrome tells. */
static bool is_fp_trap(const struct machine *m, const struct cpu_event *event)
{
	if (event->a == VECTOR_UNDEF)
		return true;
	return event->a == VECTOR_HYP_TRAP && m->cpu->sys.hsr >> 26 == EC_CP_0_13;
}

void tally_event(struct tally *t, const struct machine *m, const struct cpu_event *event)
{
	uint64_t *count = t->count;

	switch (event->kind) {
	case CPU_FPEXC_READ:
		count[COST_FPEXC_READS]++;
		break;
	case CPU_FPEXC_WRITE:
		count[COST_FPEXC_WRITES]++;
		break;
	case CPU_HCPTR_WRITE:
		count[COST_HCPTR_WRITES]++;
		break;
	case CPU_FP_STORE:
		count_file(event, &t->stored, &count[COST_STORES], &count[COST_D_STORES]);
		break;
	case CPU_FP_LOAD:
		count_file(event, &t->loaded, &count[COST_LOADS], &count[COST_D_LOADS]);
		break;
	case CPU_CONTEXT_SYNC:
		count[COST_ISBS]++;
		break;
	case CPU_EXCEPTION:
		count[COST_TRAPS] += is_fp_trap(m, event);
		break;
	default:
		break;
	}
}
