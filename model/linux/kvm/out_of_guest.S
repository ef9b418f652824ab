/* SPDX-License-Identifier: MIT */
/* The second piece of the world switch: see into_guest.S. */
	configure_hyp_role vmentry
	set_hstr vmentry
	set_hdcr vmentry
	set_vttbr vmentry
	restore_guest_regs
	clrex
	eret

/* r0 = vCPU, r1 = exit code, the guest's r0-r2 on the stack */
__kvm_vcpu_return:
	save_guest_regs
	set_vttbr vmexit
	set_hstr vmexit
	set_hdcr vmexit
