/* SPDX-License-Identifier: MIT */
/* Follows a run of the machine and makes the schedule. */
#include <stdlib.h>
#include <string.h>

#include "model/linux/include/world.h"
#include "model/world/events.h"
#include "model/world/memory.h"
#include "private.h"

static void unable(struct recorder *r, const char *why)
{
	if (r->s->unable[0] != '\0')
		return;
	(void)snprintf(r->s->unable, sizeof(r->s->unable), "%s", why);
	r->s->unable_at = r->step;
}

/* The context that uses FP on the current core; OWNER_NEON: the kernel. */
static unsigned user_of_fp(const struct machine *m)
{
	uint32_t task = machine_task(m, m->cpu_number);
	int vcpu;

	if (cpu_in_guest(m->cpu)) {
		vcpu = machine_task_vcpu(m, task);
		return vcpu < 0 ? OWNER_JUNK : world_vcpu_owner(m->world, (unsigned)vcpu);
	}
	return cpu_mode(m->cpu) == MODE_USR && task >= NR_CPUS ? world_thread_owner(m->world, task)
	                                                       : OWNER_NEON;
}

static void renew(struct recorder *r, unsigned owner)
{
	if (owner < OWNER_NEON)
		r->newest[owner] = (struct board_version){(uint8_t)owner, ++r->versions[owner], false};
}

static enum board_look how_seen(const struct violation *v)
{
	switch (v->property) {
	case PROPERTY_FP_LEAK:
	case PROPERTY_FP_LOST:
		return BOARD_LOOKS_BANK;
	case PROPERTY_FP_LEAK_SAVED:
	case PROPERTY_FP_LOST_SAVED:
		return BOARD_LOOKS_STORE;
	case PROPERTY_FPEXC_HOST:
		return BOARD_LOOKS_FPEXC;
	default:
		return BOARD_LOOKS_PLACE;
	}
}

static void violation(struct recorder *r, const struct violation *v)
{
	const struct machine *m = r->m;
	int vcpu;

	if (r->s->violated || (r->s->violation.property != v->property && r->s->violation.text[0] != '\0'))
		return;
	r->violated = true;
	r->seen = how_seen(v);
	r->due = m->ghosts->host_fpexc[m->cpu_number];
	vcpu = cpu_in_guest(m->cpu) ? machine_task_vcpu(m, machine_task(m, m->cpu_number)) : -1;
	if (vcpu >= 0)
		r->due = m->ghosts->guest_fpexc[vcpu];
	if (v->property == PROPERTY_FPEXC_GUEST && vcpu >= 0 && strstr(v->text, " reads FPEXC "))
		r->seen = BOARD_LOOKS_FPEXC;
	r->s->violation = *v;
}

/* The emulated board checks HCPTR before FPEXC.EN: what is UNDEFINED in the guest traps to Hyp mode there. */
static void exception(struct recorder *r, const struct cpu_event *event)
{
	const struct machine *m = r->m;

	if (event->a == VECTOR_UNDEF && event->c == MODE_UND && (m->cpu->sys.hcr & HCR_VM) != 0 &&
	    (m->cpu->sys.hcptr.value & HCPTR_TCP10) != 0 && (m->cpu->fpexc & FPEXC_EN) == 0)
		unable(r, "that FPEXC.EN is looked at before HCPTR (the emulated core has it the other way "
		          "round)");
}

static void on_watch(void *arg, const struct watch *watch)
{
	struct recorder *r = arg;

	if (watch->kind == WATCH_VIOLATION)
		violation(r, watch->violation);
	else if (watch->kind == WATCH_CPU && watch->event->kind == CPU_FP_COMPUTE)
		r->computed = true;
	else if (watch->kind == WATCH_CPU && watch->event->kind == CPU_EXCEPTION)
		exception(r, watch->event);
}

/* The instruction at work has used FP: it has been executed on the board, but what it has computed comes from us. */
static void settle_fp(struct recorder *r)
{
	struct machine *m = r->m;
	struct cpu at = r->before;
	unsigned owner;
	struct board_turn *turn;

	at.core.pc += 4;
	owner = user_of_fp(m);
	turn = board_cut(r, &at, owner == OWNER_NEON ? BOARD_LOOKS_NOT : BOARD_LOOKS_BANK);
	if (turn) {
		turn->owner = owner;
		r->s->states[turn->state].fp_open =
		        owner == OWNER_NEON; /* it has computed, and we say what */
		turn->violates = r->violated;
		r->s->violated |= r->violated;
		if (r->violated && r->seen != BOARD_LOOKS_BANK)
			turn->look = r->seen;
	}
	if (m->wrote >= 0)
		renew(r, (unsigned)m->wrote);
	if (m->wrote >= 0 || owner == OWNER_NEON)
		at.fp = (struct cpu_bank_fp){
		        0}; /* every word is another one on the board, even if its tag is the same */
	board_note_core(r, &at);
	r->computed = r->violated = false;
}

/* The words of a save area that hold its owner's newest data get new bits. */
static void rewrite(struct recorder *r, const struct event_area *area)
{
	const struct world *w = r->w;

	renew(r, area->owner);
	for (uint32_t i = 0; i < AREA_WORDS; i++) {
		uint32_t address = area->address + 4 * tags_area_word(i),
		         newest = tags_area_tag(area->owner, i, w->image->big_endian);

		if (r->m->words[(address - w->ram_base) / 4] == newest)
			board_note(r, &r->memory, address, board_value(r->newest, newest));
	}
}

/* What a call of the world means for FP data in memory. */
static void settle_call(struct recorder *r)
{
	const struct world *w = r->w;
	struct machine *m = r->m;
	uint32_t what = cpu_reg(&r->before, 0), whose = cpu_reg(&r->before, 1);
	struct event_area area;
	unsigned self, frame;

	if (!events_area(m, what, whose, &area))
		return;
	self = world_thread_owner(w, machine_task(m, m->cpu_number));
	frame = world_frame_owner(w, machine_task(m, m->cpu_number));
	switch (what) {
	case FP_FORKED:
		r->newest[area.owner] = r->newest[self];
		break;
	case FP_EXECED:
		r->newest[area.owner].zero = true;
		break;
	case FP_EXITED:
		renew(r, area.owner);
		break;
	case FP_POKED:
	case FP_VCPU_POKED:
		rewrite(r, &area);
		break;
	case FP_INTERRUPTED:
		r->newest[frame] = r->newest[self];
		break;
	case FP_RESUMED:
		rewrite(r, &area); /* a handler may have written its frame: so what was old looks old */
		break;
	default:
		break;
	}
}

static bool is_call(const struct insn *insn, unsigned *number)
{
	if (!insn || (insn->raw & 0x0ff000f0) != 0x01200070)
		return false;
	*number = (insn->raw >> 4 & 0xfff0) | (insn->raw & 15);
	return true;
}

/* What was seen is seen in the state that the core is in now; nothing but looking need have happened. */
static void settle_violation(struct recorder *r)
{
	struct board_turn *last = r->s->n_turns > 0 ? &r->s->turns[r->s->n_turns - 1] : NULL, *turn;

	if (r->call && r->stopped_at_call && r->n_path == 0 && last)
		turn = last;
	else
		turn = board_cut(r, r->m->cpu, r->seen);
	if (turn) {
		if (turn->look == BOARD_LOOKS_NOT)
			turn->look = r->seen;
		if (turn->look == BOARD_LOOKS_STORE)
			board_find_stored(r, turn);
		turn->due = r->due;
		turn->violates = true;
		r->s->violated = true;
	}
	r->violated = false;
}

/* Before the next instruction, and at the end of a step: what the last one and the world have done. */
static void settle(struct recorder *r)
{
	unsigned number;

	if (r->computed)
		settle_fp(r);
	if (r->acts) {
		if (r->call && is_call(image_insn(r->w->image, r->before.core.pc), &number) &&
		    number == WORLD_FP)
			settle_call(r);
		board_note_core(r, &r->before);
		board_note_memory(r);
		r->acts = false;
	}
	if (r->violated)
		settle_violation(r);
	r->call = false;
}

/* The world is about to act, and nobody's code. */
static void begin_act(struct recorder *r)
{
	r->before = *r->m->cpu;
	memcpy(r->ram, r->m->words, r->w->ram_words * sizeof(*r->ram));
	r->acts = true;
}

/* A core that waits for an interrupt is woken up by the schedule: there are none. */
static bool is_wfi(const struct insn *insn)
{
	return insn && (insn->raw & 0x0fffffff) == 0x0320f003;
}

/* A call of the world: the core stops in front of it. */
static void begin_call(struct recorder *r, unsigned number)
{
	const struct machine *m = r->m;
	uint32_t what = cpu_reg(m->cpu, 0);
	bool peeks = number == WORLD_FP && (what == FP_PEEKED || what == FP_VCPU_PEEKED);
	struct board_turn *turn;
	struct event_area area;

	turn = board_cut(r, m->cpu, peeks ? BOARD_LOOKS_AREA : BOARD_LOOKS_NOT);
	begin_act(r);
	r->call = true;
	r->stopped_at_call = turn != NULL;
	if (number == WORLD_FP && what == FP_EMULATED)
		unable(r, "a VFP that hands instructions back (FPEXC.EX)");
	if (turn && peeks && events_area(r->m, what, cpu_reg(m->cpu, 1), &area)) {
		turn->owner = area.owner;
		turn->dump = area.address;
		turn->dump_bytes = VFP_STATE_SIZE;
	}
}

/* FPINST and FPINST2: the optional part of a VFP (appendix D6). */
static void note_unable(struct recorder *r, const struct insn *insn)
{
	uint32_t access = insn ? insn->raw & 0x0fef0fff : 0; /* VMRS or VMSR */

	if (access == 0x0ee90a10 || access == 0x0eea0a10)
		unable(r, "FPINST and FPINST2, which a Cortex-A15 does not have");
}

static void between(void *arg, struct machine *m)
{
	struct recorder *r = arg;
	unsigned number;

	settle(r);
	if (r->failed) {
		m->failed = true;
		m->error = r->error;
		return;
	}
	r->retired = m->retired;
	if (is_call(image_insn(m->world->image, m->cpu->core.pc), &number)) {
		begin_call(r, number);
		return;
	}
	if (is_wfi(image_insn(m->world->image, m->cpu->core.pc))) {
		(void)board_cut(r, m->cpu, BOARD_LOOKS_NOT);
		begin_act(r);
		return;
	}
	note_unable(r, image_insn(m->world->image, m->cpu->core.pc));
	r->before = *m->cpu;
	r->path = board_grow(r, r->path, r->n_path, &r->path_room, sizeof(*r->path));
	if (!r->failed)
		r->path[r->n_path++] = (struct visit){m->cpu->core.pc, cpu_mode(m->cpu)};
}

/* The CPU of a step is its first choice. */
static void begin_step(struct recorder *r, const struct model_label *label)
{
	struct machine *m = r->m;

	m->cpu_number = label->choice[0];
	m->cpu = machine_cpu(m, m->cpu_number);
	r->n_path = 0;
	r->retired = UINT64_MAX;
	memset(m->dirty, 0, r->w->n_slots);
	begin_act(r);
}

static void end_step(struct recorder *r)
{
	struct machine *m = r->m;

	/* An instruction that could not be executed is where it was. */
	if (r->n_path > 0 && r->violated && m->retired != r->retired &&
	    m->cpu->core.pc == r->path[r->n_path - 1].pc)
		unable(r, "memory that is not there (the board has other memory)");
	/* The instruction that the step ends before. */
	if (r->n_path > 0 && (m->retired == r->retired || m->cpu->core.pc == r->path[r->n_path - 1].pc))
		r->n_path--;
	if (r->call && m->retired == r->retired)
		r->call = false;
	settle(r);
	(void)board_cut(r, m->cpu, BOARD_LOOKS_NOT);
	for (unsigned i = 0; i < m->n_choices; i++) {
		if (m->choices[i].question == QUESTION_UNSYNCED && m->choices[i].answer == 1)
			unable(r, "writes of HCPTR or CPACR that take effect late (those of the emulated "
			          "core are seen at once)");
	}
	if (m->action == ACTION_BOUNCE)
		unable(r, "a VFP that hands instructions back (FPEXC.EX)");
}

static int make_steps(struct recorder *r, const struct model_label *labels, size_t steps, struct error *e)
{
	struct machine *m = r->m;

	for (r->step = 1; r->step <= steps; r->step++) {
		begin_step(r, &labels[r->step - 1]);
		if (machine_step(m, &labels[r->step - 1], e))
			return -1;
		end_step(r);
		if (r->failed)
			return error_set(e, "%s", r->error.text);
	}
	return 0;
}

/* From reset to the idle loop, one core after another; what the boot loader knows is in memory already. */
static void boot_turns(struct recorder *r)
{
	const struct world *w = r->w;
	struct machine *m = r->m;
	uint32_t psr = MODE_HYP | PSR_A | PSR_I | PSR_F | (w->image->big_endian ? PSR_E : 0);

	for (uint32_t i = 0; i < 5; i++)
		board_note(r, &r->memory, w->symbols.boot_params + 4 * i,
		           m->words[(w->symbols.boot_params - w->ram_base) / 4 + i]);
	for (unsigned number = 0; number < w->config.cpus && !r->failed; number++) {
		m->cpu_number = number;
		m->cpu = machine_cpu(m, number);
		board_note(r, &r->cores[number], W_PC, w->image->entry);
		board_note(r, &r->cores[number], W_CPSR, psr);
		r->path[0] = (struct visit){w->image->entry, MODE_HYP};
		r->n_path = 1;
		(void)board_cut(r, m->cpu, BOARD_LOOKS_NOT);
	}
	board_note_boot(r);
}

static int record(struct recorder *r, const struct learnt *learnt, const struct model_label *labels,
                  size_t steps, struct error *e)
{
	struct learnt *own = malloc(sizeof(*own));
	struct machine *m = r->m;
	int status = -1;

	if (!own)
		return error_set(e, "out of memory");
	*own = *learnt;
	if (machine_boot(m, e) == 0) {
		boot_turns(r);
		m->learnt = own;
		m->watch = on_watch;
		m->between = between;
		m->watch_arg = m->between_arg = r;
		status = make_steps(r, labels, steps, e);
	}
	free(own);
	return status;
}

struct board_schedule *board_schedule_new(const struct world *world, const struct learnt *learnt,
                                          const struct model_label *labels, size_t steps, int property,
                                          struct error *e)
{
	struct recorder r = {
	        .w = world, .s = calloc(1, sizeof(*r.s)), .m = machine_new(world), .path_room = 64};
	int status = -1;

	r.ram = calloc(world->ram_words, sizeof(*r.ram));
	r.path = calloc(r.path_room, sizeof(*r.path));
	for (unsigned i = 0; i < BOARD_OWNERS; i++)
		r.newest[i].owner = (uint8_t)i;
	if (!r.s || !r.m || !r.ram || !r.path) {
		error_set(e, "out of memory");
	} else {
		r.s->world = world;
		if (property >= 0) {
			r.s->violation.property = (enum world_property)property;
			r.s->violation.text[0] = '?';
		}
		status = record(&r, learnt, labels, steps, e);
	}
	if (status == 0) {
		memcpy(r.s->newest, r.newest, sizeof(r.newest));
		memcpy(r.ram, r.m->words, world->ram_words * sizeof(*r.ram));
		r.s->ram = r.ram;
		r.ram = NULL;
	}
	free(r.path);
	free(r.ram);
	free(r.memory.pairs);
	for (unsigned i = 0; i < NR_CPUS; i++)
		free(r.cores[i].pairs);
	machine_free(r.m);
	if (status == 0)
		return r.s;
	board_schedule_free(r.s);
	return NULL;
}

void board_schedule_free(struct board_schedule *s)
{
	if (!s)
		return;
	free(s->turns);
	free(s->changes);
	free(s->states);
	free(s->ram);
	free(s);
}
