/* SPDX-License-Identifier: MIT */
/*
 * What the modelled kernel and the world that runs it must agree on: how many of
 * each thing there can be, and where things are inside the structures whose parts
 * the world tells apart. Included by ARM C, ARM assembly and host C alike: only
 * #defines. The structures themselves are checked against these numbers where they
 * are defined.
 */
#ifndef LAYOUT_H
#define LAYOUT_H

/* Upper bounds; how many there are is in boot_params. */
#define NR_CPUS 8
#define NR_THREADS 16               /* user threads, the VMM threads included */
#define NR_TASKS (NR_CPUS + NR_THREADS) /* task c < NR_CPUS is the idle task of CPU c */
#define NR_VCPUS 8

#define THREAD_SIZE 2048            /* thread_info and kernel stack, aligned to its size */
#define THREAD_START_SP (THREAD_SIZE - 4) /* the word above is pt_regs' ORIG_r0 (see entry.S) */
#define HYP_STACK_SIZE 512

/* struct thread_info, see asm/thread_info.h */
#define TI_FLAGS 0
#define TI_PREEMPT 4
#define TI_TASK 8
#define TI_CPU 12
#define TI_VCPU 16
#define TI_PREEMPT_NOTIFIER 20
#define TI_STATE 24
#define TI_CLAIMED 28
#define TI_CPU_SAVE 32
#define TI_VFPSTATE 72
#define THREAD_INFO_SIZE 352

#define TIF_IN_HANDLER 1            /* in TI_FLAGS: the thread runs a signal handler */

/* on_cpu[], see linux/sched.h: small numbers are CPUs */
#define ON_CPU_STOPPED 0x10         /* waits for its tracer */
#define ON_CPU_CLAIMED 0x11         /* a thread has it in hand: its tracer, or its parent */
#define ON_CPU_DEAD 0x12            /* has ended, or was never born */

/* struct vfp_hard_struct, see asm/fpstate.h */
#define VFP_FPREGS 0
#define VFP_FPEXC 256
#define VFP_FPSCR 260
#define VFP_FPINST 264
#define VFP_FPINST2 268
#define VFP_CPU 272
#define VFP_STATE_SIZE 280

/* struct kvm_vcpu, see asm/kvm_host.h */
#define VCPU_CPU 0
#define VCPU_ID 4
#define VCPU_VFP_DIRTY 8       /* a bool: one byte */
#define VCPU_VFP_HOST 12       /* pointer to the host context of this CPU */
#define VCPU_VFP_HOST_FPEXC 16
#define VCPU_HCPTR 20
#define VCPU_SCRATCH 24        /* four words that no shipped code uses: for variants */
#define VCPU_HCR 40
#define VCPU_HSR 44
#define VCPU_VTTBR 48          /* 64 bits */
#define VCPU_CP15 56           /* guest CP15 state: NR_VCPU_CP15 words */
#define NR_VCPU_CP15 4
#define VCPU_USR_REGS 72       /* r0-r12, sp, lr */
#define VCPU_PC 132
#define VCPU_CPSR 136
#define VCPU_SVC_REGS 140      /* sp, lr, spsr */
#define VCPU_ABT_REGS 152
#define VCPU_UND_REGS 164
#define VCPU_IRQ_REGS 176
#define VCPU_VFP_GUEST 192
#define VCPU_SIZE (VCPU_VFP_GUEST + VFP_STATE_SIZE)

#endif
