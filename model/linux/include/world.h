/* SPDX-License-Identifier: MIT */
/*
 * The kernel's calls to the world: BKPT instructions with these numbers. They
 * stand where hardware, users and the scheduler's policy would decide. The code
 * under check does not contain any; the answers are the model's nondeterminism.
 */
#ifndef WORLD_H
#define WORLD_H

#define WORLD_PICK_NEXT 1 /* r0 <- number of the task that this CPU shall run next */
#define WORLD_ASK 2       /* r0 = a question below; r0 <- 0 or 1 */
#define WORLD_KVM_ENTER 3 /* kvm_arch_vcpu_load or _put begins: what happens to FPEXC until LEAVE is KVM's doing */
#define WORLD_KVM_LEAVE 4
#define WORLD_PANIC 5     /* r0 = reason below: the kernel gives up */

#define ASK_SIGNAL 0      /* is a signal pending when the run loop looks? */
#define ASK_USERSPACE 1   /* must this exit be handled in user space? */
#define ASK_NEON 2        /* does this kernel path use kernel-mode NEON here? (--env neon) */

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

#define world_call(port) asm volatile("bkpt #" WORLD_STRING(port) : : : "memory")

static inline void __attribute__((noreturn)) world_panic(unsigned int reason)
{
	register unsigned int r0 asm("r0") = reason;

	asm volatile("bkpt #" WORLD_STRING(WORLD_PANIC) : : "r"(r0) : "memory");
	__builtin_unreachable();
}

#endif
#endif
