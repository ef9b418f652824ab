/* SPDX-License-Identifier: MIT */
/*
 * One machine in one state, and its steps. A step chooses a CPU and something for
 * it to do, and executes ARM instructions until the next point at which something
 * else could make a difference (docs/explanation/theory.md). Every choice made on the way, the
 * CPU's included, is one element of the step's label.
 */
#ifndef LAZYSWITCH_MODEL_WORLD_MACHINE_H
#define LAZYSWITCH_MODEL_WORLD_MACHINE_H

#include "../model.h"
#include "coverage.h"
#include "world.h"

/* What a CPU can be made to do. */
enum world_action {
	ACTION_GO,         /* go on from where it stopped */
	ACTION_PREEMPT,    /* an interrupt, after which another task runs */
	ACTION_WAKE,       /* the idle task looks for work */
	ACTION_FP,         /* user or guest: looks at its FP registers, then writes them */
	ACTION_FPEXC,      /* guest: looks at its FPEXC, then inverts EN */
	ACTION_KVM_RUN,    /* user: ioctl(KVM_RUN) */
	ACTION_NEON,       /* user: a system call whose path may use kernel-mode NEON */
	ACTION_GUEST_EXIT, /* guest: something its hypervisor must emulate */
	ACTION_IRQ,        /* guest: an interrupt for the host */
	ACTION_FORK,       /* user, and so on for as long as nothing else is said */
	ACTION_EXEC,
	ACTION_EXIT,
	ACTION_STOP,      /* for a tracer */
	ACTION_PTRACE,    /* looks at or writes the FP registers of a stopped thread, and lets it go on */
	ACTION_SIGNAL,    /* into its signal handler */
	ACTION_SIGRETURN, /* out of it */
	ACTION_ONE_REG,   /* ioctl(KVM_GET_ONE_REG) or (KVM_SET_ONE_REG) */
	ACTION_SUSPEND,   /* suspends the system */
	ACTION_UNPLUG,    /* the idle CPU goes down and comes back */
	ACTION_LOW_POWER, /* the idle CPU is put to sleep, and may lose its registers */
	ACTION_SOFTIRQ,   /* an interrupt that leaves a softirq to be done, and then goes on */
	ACTION_BOUNCE, /* user: an FP instruction that the VFP has not done, and will hand back at the next */
	ACTIONS,
};
_Static_assert((int)ACTIONS <= (int)WORLD_PROGRAMS,
               "struct world_symbols has room for every action's program");
extern const char *const world_action_names[ACTIONS];

/* What was asked, for each choice of a step. */
enum world_question {
	QUESTION_CPU,
	QUESTION_ACTION, /* answer: index into the actions then possible */
	QUESTION_PICK,   /* answer: index into the tasks then free */
	QUESTION_SIGNAL,
	QUESTION_USERSPACE,
	QUESTION_NEON,
	QUESTION_UNSYNCED, /* does a trap register act by its new (0) or its old value (1)? */
	QUESTION_TASK,     /* answer: index into the tasks then in the state asked for */
	QUESTION_VCPU,     /* whose ioctl? */
	QUESTION_WRITE,    /* is it a write? */
	QUESTION_LOST,     /* has the CPU lost power? */
	QUESTION_ENABLE,   /* is EN set in the FPEXC that is written? */
	QUESTIONS,
};

/* The alternatives of a choice that is wanted whatever else could be chosen, and whether or not it is asked for. */
enum { WANTED_ANY = 0 };

struct world_choice {
	enum world_question question;
	unsigned alternatives;
	unsigned answer;
	uint32_t meaning; /* CPU number, enum world_action, task number, or the answer itself */
};

/* Who saw what, when a property is violated. */
struct violation {
	enum world_property property;
	uint32_t pc; /* of the instruction that observed it */
	unsigned cpu;
	char text[256]; /* "vmm0 reads d0: data of vcpu0" */
};

enum { VIOLATIONS_MAX = PROPERTIES };

/* Things worth telling about a step, for whoever watches it (replay, story, cost counters). */
enum watch_kind {
	WATCH_CPU,       /* an event of the core: `event` */
	WATCH_SWITCH,    /* task `a` gives the CPU to task `b` */
	WATCH_KVM_ENTER, /* kvm_arch_vcpu_load or _put begins */
	WATCH_KVM_LEAVE,
	WATCH_VIOLATION, /* `violation` */
};

struct watch {
	enum watch_kind kind;
	unsigned cpu;
	uint32_t pc; /* of the instruction at work */
	const struct cpu_event *event;
	uint32_t a, b;
	const struct violation *violation;
};
typedef void watch_fn(void *arg, const struct watch *watch);

enum { INSNS_PER_STEP_MAX = 50000 };

enum { LEARNT_GUESSES = 1 << 20, LEARNT_INSNS = 1 << 17 };

/* Tests break what a search rests on, to see that verify.h notices; nothing else does. A bit set. */
enum learnt_fault {
	FAULT_POISON = 1 << 0,   /* no use of a dead value is noticed */
	FAULT_PRIVACY = 1 << 1,  /* everything is taken for private */
	FAULT_CLOSING = 1 << 2,  /* no section without preemption ends a step */
	FAULT_SYMMETRY = 1 << 3, /* every permutation is taken for a symmetry */
};

/* What the search has learnt about the image's habits. It only grows; see docs/explanation/theory.md. */
struct learnt {
	uint32_t shared; /* slot classes that CPUs other than the owner touch: a step ends before each access
	                  */
	bool refined;    /* something was added during the current step */
	/*
	 * Poison without names: all guesses give the same value, so that states do not differ in which guess
	 * made a value dead. When such poison is used, the search has to begin again with names to learn
	 * which guess it was.
	 */
	bool anonymous;
	unsigned faults; /* set of enum learnt_fault */
	unsigned wrong_guesses;
	uint32_t wrong[LEARNT_GUESSES /
	               32]; /* guesses about dead values that were wrong, a bit set; see poison.h */
	uint32_t closing[LEARNT_INSNS /
	                 32]; /* instructions before which a step must end, a bit set; see boundary.c */
};

enum { FORCED_MAX = 8 };

struct machine {
	const struct world *world;
	uint32_t *words; /* [world->words]: RAM, ghosts, CPUs */
	struct ghosts *ghosts;
	bool booting; /* what is constant afterwards may be written */

	/* Slots on demand: `load` is called before the first use of one; NULL if all are there. */
	void (*load)(void *arg, struct machine *m, unsigned slot);
	void *load_arg;
	uint8_t *loaded; /* [n_slots] */
	uint8_t *dirty;  /* [n_slots]: written in this step */
	uint8_t *spent;  /* [ram_words], or NULL: words of save areas loaded in this step and not stored since
	                  */
	uint32_t spent_list[1024];
	unsigned n_spent;

	struct learnt *learnt; /* NULL: no learning, every access is taken as private */

	struct coverage *coverage; /* NULL: nothing is recorded; owned */

	watch_fn *watch; /* may be NULL */
	void *watch_arg;

	/* Called before each instruction, and for the one that the step ends before; may be NULL. */
	void (*between)(void *arg, struct machine *m);
	void *between_arg;

	/* The step in progress, or the last one. */
	const struct model_label
	        *given; /* choices to repeat; behind its end the first alternative is taken */
	/* The same by what is meant, in place of `given`, if not NULL; `unwanted`: that was not possible. */
	const struct world_choice *wanted;
	unsigned n_wanted;
	bool unwanted;
	uint32_t wanted_used; /* a bit set */
	/* Answers what neither of them does, in place of the first alternative; may be NULL. */
	unsigned (*choose)(void *arg, struct machine *m, enum world_question question,
	                   const uint32_t *meanings, unsigned alternatives);
	void *choose_arg;
	/* Told of each choice, and of what its alternatives mean (NULL: themselves); may be NULL. */
	void (*chosen)(void *arg, struct machine *m, const uint32_t *meanings);
	void *chosen_arg;
	struct world_choice choices[MODEL_LABEL_MAX];
	unsigned n_choices;
	struct world_choice forced[FORCED_MAX]; /* what could have been asked, but had one answer */
	unsigned n_forced;
	struct cpu *cpu;
	unsigned cpu_number;
	enum world_action action;
	uint32_t start;      /* where the CPU stood when it began */
	unsigned executed;   /* instructions */
	uint64_t retired;    /* the same, but since the machine was made, and those that trapped, too */
	uint32_t pc;         /* of the instruction at work */
	uint64_t owned;      /* tasks that nobody else can touch during this step */
	uint64_t touched_at; /* `retired` at the last visible thing that happened in this step */
	uint32_t owned_vcpus;
	int wrote;           /* the context that has new FP data, or -1; what others hold of it is old now */
	unsigned fresh;      /* the slot where the new data is, or SLOT_NONE */
	bool trapped;        /* the instruction at work took an exception */
	bool computed;       /* a user's or guest's program has used FP as it wanted to: it is over */
	bool progress;       /* an action was chosen, a program went on, or another task was picked */
	uint32_t violated;   /* set of properties */
	bool ended;          /* the run ends here: a crash */
	bool disabled;       /* the CPU has nothing to do: no step was made */
	bool touched;        /* something visible has happened in this step */
	bool touched_shared; /* something that other CPUs touch has been accessed in it */
	uint32_t closed_by; /* the instruction that ended preemptibility in this step, or 0: see boundary.c */
	uint32_t host_sp;   /* SP_svc when the host entered Hyp mode in this step, or 0 */
	struct violation violations[VIOLATIONS_MAX];
	unsigned n_violations;
	bool failed; /* `error` is filled in: the machine cannot go on, and it is not the image's fault alone
	              */
	struct error error;
};

/* A machine with undefined contents: boot it, or load slots. Returns NULL when out of memory. */
struct machine *machine_new(const struct world *world);
void machine_free(struct machine *m);

/* Runs the kernel's own boot code on every CPU until all are idle. Returns 0, or -1 with `e` filled in. */
int machine_boot(struct machine *m, struct error *e);

/*
 * Makes one step, with the choices of `label` (a prefix is enough). Afterwards n_choices and choices say what
 * was chosen, violated what was violated, ended whether there is a state to go on from. Returns 0, or -1 with
 * `e` filled in (an instruction that the core does not know; a label that does not fit).
 */
int machine_step(struct machine *m, const struct model_label *label, struct error *e);

/* Somebody looks at what a property is about. */
static inline void machine_look(struct machine *m, enum coverage_look look)
{
	if (m->coverage)
		m->coverage->looks |= look;
}

/* The label of the step that was made last. */
void machine_label(const struct machine *m, struct model_label *label);

/*
 * The label behind `label`, which that step was made with, in lexical order: stepping through them from the
 * empty one gives every step of a state once. Returns false if it was the last.
 */
bool machine_next_label(const struct machine *m, struct model_label *label);

/* A number for what was violated in that step, by whom, and where: the same for all of a kind. 0: nothing
 * was. */
uint32_t machine_cause(const struct machine *m);

/*
 * Whose step that was: the number of its CPU, if that went on by itself; config.cpus, nobody's, if the world chose an
 * action: it owes that to nobody.
 */
unsigned machine_process(const struct machine *m);

/*
 * Brings the CPU of the last step into canonical form: what is dead is zeroed, what is probably dead is
 * poisoned. Changes nothing that any later step could see; needs `learnt`.
 */
void machine_canonicalise(struct machine *m);

static inline struct cpu *machine_cpu(const struct machine *m, unsigned number)
{
	return (struct cpu *)(void *)(m->words + m->world->cpus_at + number * m->world->cpu_words);
}

/* One word of RAM, its slot loaded first. The address must be RAM, and word aligned. */
uint32_t machine_word(struct machine *m, uint32_t address);

/* The task that CPU `number` runs: by its kernel stack, or, where SP_svc is a guest's, by who was picked
 * last. */
uint32_t machine_task(const struct machine *m, unsigned number);
/* The vCPU that a task runs or, unless vCPUs change hands, would run (its number), or -1. */
int machine_task_vcpu(const struct machine *m, uint32_t task);
/* The same for a machine that loads slots on demand. */
int machine_need_task_vcpu(struct machine *m, uint32_t task);

/*
 * A context has new FP data: marks every copy of the newest that it had as old, and every old copy as older.
 * `versions`: how many old ones are told apart, world_versions().
 */
void tags_make_stale(uint32_t *words, size_t n, unsigned owner, unsigned versions);

#endif
