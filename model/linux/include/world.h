/* SPDX-License-Identifier: MIT */
/*
 * The kernel's calls to the world: BKPT instructions with these numbers. They
 * stand where hardware, users and the scheduler's policy would decide. The code
 * under check does not contain any; the answers are the model's nondeterminism.
 */
#ifndef WORLD_H
#define WORLD_H

#define WORLD_PICK_NEXT 1 /* r0 <- number of the task that this CPU shall run next: on_cpu[] says so already */
#define WORLD_ASK 2       /* r0 = a question below; r0 <- 0 or 1 */
#define WORLD_KVM_ENTER 3 /* kvm_arch_vcpu_load or _put begins: what happens to FPEXC until LEAVE is KVM's doing */
#define WORLD_KVM_LEAVE 4
#define WORLD_PANIC 5     /* r0 = reason below: the kernel gives up */
#define WORLD_PICK_TASK 6 /* r0 = a value of on_cpu[]; r0 <- number of a task in that state, ON_CPU_CLAIMED now; or 0 */
#define WORLD_PICK_VCPU 7 /* r0 <- number of the vCPU that the thread's ioctl is for */
#define WORLD_FP 8        /* r0 = what below, r1 = of whom: what has become of a context's FP data */
#define WORLD_POWER_OFF 9 /* this CPU's FP registers and FPEXC are lost */

#define ASK_SIGNAL 0      /* is a signal pending when the run loop looks? */
#define ASK_USERSPACE 1   /* must this exit be handled in user space? */
#define ASK_NEON 2        /* does this kernel path use kernel-mode NEON here? (--env neon) */

#define ASK_WRITE 3       /* does this access to a context's FP registers write them? */
#define ASK_POWER_LOST 4  /* has the CPU really lost power? */
#define ASK_ENABLE 5      /* does the FPEXC that is written have EN set? */

/* The kernel only moves data; what it means to whom, users decide. See model/world/events.h. */
#define FP_FORKED 0       /* r1 = child: what was its parent's in its save area is its own now */
#define FP_EXECED 1       /* the current thread starts over, with all registers 0 */
#define FP_EXITED 2       /* the current thread needs its data no longer */
#define FP_PEEKED 3       /* r1 = task: its save area is read for its tracer */
#define FP_POKED 4        /* r1 = task: its tracer has written its save area */
#define FP_INTERRUPTED 5  /* the signal frame holds the data of the current thread's interrupted self */
#define FP_RESUMED 6      /* which is the current thread's again, in its save area */
#define FP_VCPU_PEEKED 7  /* r1 = vCPU: its save area is read for user space */
#define FP_VCPU_POKED 8   /* r1 = vCPU: user space has written it */
#define FP_EMULATED 9     /* r1 = an FP instruction of the current thread: what it does to the registers has been done */

#define PANIC_UNDEF 0     /* undefined instruction in the kernel */
#define PANIC_HYP 1       /* exception taken from Hyp mode */
#define PANIC_SIGILL 2    /* an FP instruction of a user thread that nobody can handle */
#define PANIC_BUG 3       /* BUG() */

#define WORLD_STRING_1(x) #x
#define WORLD_STRING(x) WORLD_STRING_1(x)

#ifdef __ASSEMBLER__

	.macro	world port
	bkpt	#\port
	.endm

#elif defined(__arm__)

static inline unsigned int world_pick_next(void)
{
	register unsigned int r0 asm("r0") = 0;

	asm volatile("bkpt #" WORLD_STRING(WORLD_PICK_NEXT) : "+r"(r0) : : "memory");
	return r0;
}

static inline unsigned int world_ask(unsigned int question)
{
	register unsigned int r0 asm("r0") = question;

	asm volatile("bkpt #" WORLD_STRING(WORLD_ASK) : "+r"(r0) : : "memory");
	return r0;
}

static inline unsigned int world_pick_task(unsigned int state)
{
	register unsigned int r0 asm("r0") = state;

	asm volatile("bkpt #" WORLD_STRING(WORLD_PICK_TASK) : "+r"(r0) : : "memory");
	return r0;
}

static inline unsigned int world_pick_vcpu(void)
{
	register unsigned int r0 asm("r0") = 0;

	asm volatile("bkpt #" WORLD_STRING(WORLD_PICK_VCPU) : "+r"(r0) : : "memory");
	return r0;
}

static inline void world_fp(unsigned int what, unsigned int whose)
{
	register unsigned int r0 asm("r0") = what;
	register unsigned int r1 asm("r1") = whose;

	asm volatile("bkpt #" WORLD_STRING(WORLD_FP) : : "r"(r0), "r"(r1) : "memory");
}

#define world_call(port) asm volatile("bkpt #" WORLD_STRING(port) : : : "memory")

static inline void __attribute__((noreturn)) world_panic(unsigned int reason)
{
	register unsigned int r0 asm("r0") = reason;

	asm volatile("bkpt #" WORLD_STRING(WORLD_PANIC) : : "r"(r0) : "memory");
	__builtin_unreachable();
}

#endif
#endif
