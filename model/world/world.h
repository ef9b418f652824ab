/* SPDX-License-Identifier: MIT */
/*
 * The system under check: CPUs, threads, vCPUs, their memory, and the image that
 * they execute. Everything here is fixed once the world is built; what changes is
 * a struct machine (machine.h).
 */
#ifndef LAZYSWITCH_MODEL_WORLD_WORLD_H
#define LAZYSWITCH_MODEL_WORLD_WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../cpu/cpu.h"
#include "../cpu/image.h"
#include "../error.h"
#include "../linux/include/layout.h"

enum world_property {
	PROPERTY_FP_LEAK,
	PROPERTY_FP_LOST,
	PROPERTY_FPEXC_HOST,
	PROPERTY_FPEXC_GUEST,
	PROPERTY_CRASH,
	PROPERTY_STUCK,
	/* Early warnings: the damage is done, but nobody has seen it yet. */
	PROPERTY_FP_LEAK_SAVED,
	PROPERTY_FP_LOST_SAVED,
	PROPERTIES,
};
enum {
	PROPERTIES_EARLY = 1 << PROPERTY_FP_LEAK_SAVED | 1 << PROPERTY_FP_LOST_SAVED,
	PROPERTIES_USUAL = (1 << PROPERTIES) - 1 - PROPERTIES_EARLY, /* what is searched if nothing is said */
};
extern const char *const world_property_names[PROPERTIES];
extern const char *const world_property_meanings[PROPERTIES];

/* Optional environment events, a bit set. */
enum world_env {
	ENV_NEON = 1 << 0,          /* kernel-mode NEON, in system calls and between exits of a guest */
	ENV_FORK = 1 << 1,          /* a thread forks; the child is a thread of its own */
	ENV_EXEC = 1 << 2,          /* a thread executes another program */
	ENV_EXIT = 1 << 3,          /* a thread ends */
	ENV_PTRACE = 1 << 4,        /* a thread reads or writes the FP registers of a stopped one */
	ENV_SIGNAL = 1 << 5,        /* a signal handler, with FP registers of its own */
	ENV_HOTPLUG = 1 << 6,       /* a CPU goes down, and comes back */
	ENV_PM = 1 << 7,            /* a CPU loses power while it is idle, or in suspend */
	ENV_ONEREG = 1 << 8,        /* ioctl(KVM_GET_ONE_REG) and (KVM_SET_ONE_REG) of FP registers */
	ENV_VCPU_HANDOVER = 1 << 9, /* any thread may run any vCPU */
	ENV_SOFTIRQ = 1 << 10,      /* a softirq behind an interrupt, which computes with NEON if it may */
	ENV_BOUNCE = 1 << 11,       /* the VFP hands an instruction of a thread back, one instruction late */
};
/* All that Linux 4.3 meets on a Cortex-A15: its softirqs must not use NEON, and its VFP hands nothing back. */
enum { ENV_NAMES = 12, ENV_ALL = ENV_SOFTIRQ - 1 };
extern const char *const world_env_names[ENV_NAMES]; /* by bit number */

/* Where steps end. */
enum world_granularity {
	GRANULARITY_STEP, /* where something else could make a difference: docs/explanation/theory.md */
	GRANULARITY_INSN, /* after every instruction */
};

/* What keeps a state space small, a bit set; docs/explanation/theory.md has the argument for each. */
enum world_reduction {
	REDUCTION_SYMMETRY = 1 << 0,  /* one state of all that differ only in who is who (collapsed.h) */
	REDUCTION_MERGE = 1 << 1,     /* steps of many instructions: GRANULARITY_STEP */
	REDUCTION_DEAD = 1 << 2,      /* values that nobody reads any more are all alike */
	REDUCTION_TAGS = 1 << 3,      /* all old versions of a context's FP data are alike */
	REDUCTION_FP_ACTION = 1 << 4, /* who uses FP looks at it and writes it, in one */
};
enum { REDUCTION_NAMES = 5, REDUCTIONS_ALL = (1 << REDUCTION_NAMES) - 1 };
extern const char *const world_reduction_names[REDUCTION_NAMES]; /* by bit number */

struct world_config {
	unsigned cpus;     /* 1 to NR_CPUS */
	unsigned vms;      /* virtual machines */
	unsigned vcpus;    /* vCPUs in each, every one with a VMM thread of its own */
	unsigned threads;  /* plain user threads */
	unsigned env;      /* set of enum world_env */
	bool uniprocessor; /* the image is a kernel without CONFIG_SMP; then cpus is 1 */
	enum world_granularity granularity;
	unsigned unreduced; /* of DEAD, TAGS and FP_ACTION, those that are off */
};

/* How many old versions of a context's FP data are told apart; where there are more, the oldest are one. */
static inline unsigned world_versions(const struct world_config *c)
{
	return (c->unreduced & REDUCTION_TAGS) != 0 ? 3 : 1;
}

/* 2 CPUs, 1 plain thread, 2 VMs with one vCPU each, no events. */
struct world_config world_config_default(void);

static inline unsigned world_vcpus(const struct world_config *c)
{
	return c->vms * c->vcpus;
}

/* Threads that are not born yet: with forks, one. They are numbered behind all others. */
static inline unsigned world_unborn(const struct world_config *c)
{
	return (c->env & ENV_FORK) != 0 ? 1 : 0;
}

static inline unsigned world_threads(const struct world_config *c)
{
	return c->threads + world_vcpus(c) + world_unborn(c);
}

/* Is there such a task: an idle task of a CPU, or a thread? */
static inline bool world_has_task(const struct world_config *c, uint32_t task)
{
	return task < NR_CPUS ? task < c->cpus : task - NR_CPUS < world_threads(c);
}

/*
 * A slot is a part of the machine that is stored and compared as a whole: the
 * state vector has one integer for each. Fine enough that a step touches few of
 * them, coarse enough that there are few.
 */
enum slot_class {
	SLOT_CORE,      /* general registers of a CPU */
	SLOT_SYS,       /* its system registers */
	SLOT_FPEXC,     /* its FPEXC, and ghosts */
	SLOT_BANK,      /* its FP registers */
	SLOT_HYP_STACK, /* its Hyp stack */
	SLOT_HW_STATE,  /* vfp_current_hw_state[cpu] */
	SLOT_HOST_CTX,  /* kvm_host_cpu_state[cpu] */
	SLOT_TASK,      /* a task's thread_info and kernel stack */
	SLOT_TASK_VFP,  /* its vfpstate */
	SLOT_VCPU,      /* a vCPU without */
	SLOT_VCPU_VFP,  /* its vfp_guest */
	SLOT_RUNQUEUE,  /* on_cpu[] */
	SLOT_SIGFRAME,  /* a thread's signal frame (--env signal) */
	SLOT_MUTEX,     /* kvm_vcpu_mutex[vcpu] (--env vcpu-handover) */
	SLOT_GLOBALS,   /* every other variable of the image */
	SLOT_CLASSES,
};

enum {
	SLOT_NONE = 0xffff,     /* a word of a CPU, task or vCPU that the configuration does not have */
	SLOT_READONLY = 0xfffe, /* a constant after boot */
	SLOT_SPANS = 8,
};

/* A run of words of the machine; `reversed`: from the last to the first, so that dead stack ends up behind.
 */
struct span {
	uint32_t first, count;
	bool reversed;
};

struct slot {
	enum slot_class class;
	unsigned index; /* which CPU, task or vCPU */
	unsigned spans;
	struct span span[SLOT_SPANS];
	uint32_t words;
};

/* What a ghost cannot influence but properties need: words behind the RAM. */
struct ghosts {
	uint32_t host_fpexc[NR_CPUS];   /* what the host's own VFP code last wrote */
	uint32_t retries[NR_CPUS];      /* how often in a row an FP instruction has trapped and come back */
	uint32_t running[NR_CPUS];      /* the task that was picked last */
	uint32_t in_kvm[NR_TASKS];      /* depth of kvm_arch_vcpu_load/put */
	uint32_t guest_fpexc[NR_VCPUS]; /* what the guest last wrote */
};

enum { WORLD_PROGRAMS = 24 };

/* The image's addresses that the world must know. */
struct world_symbols {
	uint32_t boot_params, on_cpu, thread_union, vfp_current_hw_state, kvm_host_cpu_state, kvm_vcpus,
	        kvm_vms;
	uint32_t kvm_arm_hyp_stack, kvm_vcpu_mutex, user_sigframe;
	uint32_t user_choose, user_fp, guest_choose, cpu_idle;
	uint32_t program[2]
	                [WORLD_PROGRAMS]; /* user's or kernel's, and guest's, by enum world_action; 0: none */
};

struct world {
	struct world_config config;
	const struct image *image; /* borrowed */
	struct world_symbols symbols;

	uint32_t text_base, text_words;
	uint32_t *text; /* the read-only segment, as words in the data endianness */
	uint32_t ram_base, ram_words;
	uint32_t *ram_initial;
	uint16_t *slot_of; /* [ram_words]: slot number, SLOT_NONE or SLOT_READONLY */

	/* Where the parts of a machine lie, in words from its start. */
	uint32_t ghosts_at, cpus_at, cpu_words, words;

	struct slot *slots;
	unsigned n_slots;
	unsigned slot_cpu[NR_CPUS]; /* first of CPU c's slots: CORE, SYS, FPEXC, BANK in this order */
	unsigned slot_runqueue;

	uint32_t *live; /* what registers and flags may still be read, by instruction: liveness.h */
};

/*
 * Builds the world for an image. The image must outlive it. Returns NULL with `e` filled in if the
 * configuration is out of range or the image lacks a symbol of the modelled kernel.
 */
struct world *world_new(const struct world_config *config, const struct image *image, struct error *e);
void world_free(struct world *world);

/* Names for people: "app0", "vmm1", "idle0" of a task; "app0", "vcpu1", "neon", "junk" of a tag's owner. */
const char *world_task_name(const struct world *world, uint32_t task, char *buf, size_t size);
const char *world_owner_name(const struct world *world, unsigned owner, char *buf, size_t size);

/* A tag's owner: threads first, then vCPUs. */
static inline unsigned world_thread_owner(const struct world *world, uint32_t task)
{
	(void)world;
	return task - NR_CPUS;
}

/* A thread's interrupted self, while its signal handler runs. */
static inline unsigned world_frame_owner(const struct world *world, uint32_t task)
{
	return world_threads(&world->config) + world_vcpus(&world->config) + task - NR_CPUS;
}

static inline unsigned world_vcpu_owner(const struct world *world, unsigned vcpu)
{
	return world_threads(&world->config) + vcpu;
}

#endif
