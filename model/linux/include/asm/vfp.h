/* SPDX-License-Identifier: MIT */
#ifndef ASM_VFP_H
#define ASM_VFP_H

#define FPEXC_EX (1 << 31)
#define FPEXC_EN (1 << 30)
#define FPEXC_DEX (1 << 29)
#define FPEXC_FP2V (1 << 28)

#define FPSCR_IXE (1 << 12)
#define FPSCR_LENGTH_MASK (7 << 16)
#define FPSCR_STRIDE_MASK (3 << 20)
#define FPSCR_ROUND_NEAREST (0 << 22)

#if !defined(__ASSEMBLER__) && defined(__arm__)

#define fmrx(_vfp_)                                                                                                  \
	({                                                                                                           \
		unsigned int __v;                                                                                    \
		asm volatile(".fpu vfpv3\n\tvmrs %0, " #_vfp_ : "=r"(__v) : : "cc", "memory");                       \
		__v;                                                                                                 \
	})

#define fmxr(_vfp_, _var_) asm volatile(".fpu vfpv3\n\tvmsr " #_vfp_ ", %0" : : "r"(_var_) : "cc", "memory")

#include <asm/ptrace.h>
#include <asm/thread_info.h>

/* Everything of one but `cpu` to another; everything of one to zero: what memcpy() and memset() do in Linux. */
void vfp_copy_hard(struct vfp_hard_struct *to, const struct vfp_hard_struct *from);
void vfp_clear_hard(struct vfp_hard_struct *hard);

/* needs FPEXC.EN */
void vfp_save_state(union vfp_state *location, u32 fpexc);

/* Gives everybody access, which every reset takes away. */
void vfp_enable(void);

/* What the rest of the kernel calls, and variants may override. */
void vfp_init_thread(struct thread_info *thread);
void vfp_thread_copy(struct thread_info *thread);
void vfp_thread_flush(struct thread_info *thread);
void vfp_thread_exit(struct thread_info *thread);
void vfp_sync_hwstate(struct thread_info *thread);
void vfp_flush_hwstate(struct thread_info *thread);
void vfp_preserve_user_clear_hwstate(struct vfp_hard_struct *frame);
void vfp_restore_user_hwstate(const struct vfp_hard_struct *frame);
void vfp_cpu_dying(void);
void vfp_cpu_starting(void);
void VFP_bounce(u32 trigger, u32 fpexc, struct pt_regs *regs);
void vfp_pm_suspend(void);
void vfp_pm_resume(void);

#endif
#endif
