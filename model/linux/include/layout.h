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
#define HYP_STACK_SIZE 1024

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

#define SOFTIRQ_MASK 0xff00          /* in TI_PREEMPT: softirqs that are handled or must not be */

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

/*
 * struct kvm_vcpu, see asm/kvm_host.h. Offsets that Linux's assembly adds to the pointer must fit an ADD: multiples of
 * 4 below 1024. The world counts on VCPU_CPU being first and VCPU_VFP_GUEST last.
 */
#define VCPU_CPU 0
#define VCPU_ID 4
#define VCPU_KVM 8             /* pointer to its struct kvm */
#define VCPU_VFP_DIRTY 16      /* a bool: one byte */
#define VCPU_VFP_HOST 20       /* pointer to the host context of this CPU */
#define VCPU_VFP_HOST_FPEXC 24
#define VCPU_HCPTR 28
#define VCPU_SCRATCH 32        /* four words that no shipped code uses: for variants */
#define VCPU_MIDR 48
#define VCPU_HCR 52
#define VCPU_IRQ_LINES 56
#define VCPU_HSR 60
#define VCPU_HxFAR 64
#define VCPU_HPFAR 68
#define VCPU_HYP_PC 72
#define VCPU_CP15 80           /* guest CP15 state, by the numbers in asm/kvm_asm.h */
#define VCPU_REGS 208
#define VCPU_USR_REGS VCPU_REGS /* struct pt_regs */
#define VCPU_PC 268
#define VCPU_CPSR 272
#define VCPU_SVC_REGS 280      /* sp, lr, spsr */
#define VCPU_ABT_REGS 292
#define VCPU_UND_REGS 304
#define VCPU_IRQ_REGS 316
#define VCPU_FIQ_REGS 328      /* r8-r12, sp, lr, spsr */
#define VCPU_VGIC_CPU 360
#define VCPU_TIMER_CNTV_CTL 416
#define VCPU_TIMER_CNTV_CVAL 424 /* 64 bits */
#define VCPU_VFP_GUEST 432
#define VCPU_SIZE (VCPU_VFP_GUEST + VFP_STATE_SIZE)

/* struct kvm, see asm/kvm_host.h */
#define KVM_VTTBR 0            /* 64 bits */
#define KVM_TIMER_ENABLED 8
#define KVM_TIMER_CNTVOFF 16   /* 64 bits */
#define KVM_VGIC_VCTRL 24
#define KVM_SIZE 32

/*
 * The GIC's virtual interface control registers (GICH). There is no GIC: the world reads zero here, and ignores what
 * is written.
 */
#define GICH_BASE 0x08030000
#define GICH_SIZE 0x1000

#endif
