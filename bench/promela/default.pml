/* SPDX-License-Identifier: MIT */
/*
 * The default system of variant v3, written by hand for SPIN at function grain: what a modeller would write who does not
 * execute code. 2 CPUs, 1 plain thread, 2 VMM threads with a vCPU each. Every function of the host kernel and of the world
 * switch is one step; threads are preempted between them wherever preemption is enabled. FP registers are
 * tags, one for a whole bank: whose they are, and whether they are the newest.
 *
 * The yardstick that `lazyswitch check v3` is compared with in bench/README.md. It must hold; with -DNO_PUT
 * (vcpu_put does not switch back), -DNO_ENABLE (EN is not set at entry) or -DTRAP_STAYS (the trap handler does
 * not clear HCPTR) it must not.
 */
#define CPUS    2
#define THREADS 3	/* 0: plain; 1 and 2: VMMs of vCPU 0 and 1 */
#define VCPUS   2
#define IDLE    THREADS
#define NOBODY  THREADS
#define NOWHERE CPUS

/* Tags. Contexts: the threads, then the guests. */
#define FRESH(context) (2 * (context))
#define STALE(context) (2 * (context) + 1)
#define JUNK           (2 * (THREADS + VCPUS))
#define GUEST(vcpu)    (THREADS + (vcpu))
#define VCPU(thread)   ((thread) - 1)

/* Where a thread is in its program: before this function. */
#define IN_USER   0
#define IN_LOAD   1	/* vcpu_load */
#define IN_RUN    2	/* the top of the run loop */
#define IN_HANDLE 3	/* handle_exit */
#define IN_PUT    4	/* vcpu_put */
#define IN_UNDEF  5	/* vfp_support_entry: preemption is off from here on */
#define IN_ENTER  6	/* __kvm_vcpu_run */
#define IN_GUEST  7
#define IN_TRAP   8	/* the Hyp trap handler */
#define IN_EXIT   9	/* the rest of __kvm_vcpu_run */

/* A CPU. */
bit  en[CPUS];			/* FPEXC.EN */
bit  tcp[CPUS];			/* HCPTR.TCP10 and TCP11 */
byte regs[CPUS] = JUNK;
byte hw_state[CPUS] = NOBODY;	/* vfp_current_hw_state */
byte host_regs[CPUS] = JUNK;	/* kvm_host_cpu_state: VFP registers */
byte current[CPUS] = IDLE;
bit  host_en[CPUS];		/* ghost: what the host's VFP code last wrote to FPEXC */

/* A thread. */
byte pc[THREADS];
byte place[THREADS] = NOWHERE;	/* the CPU that it is on */
bit  loaded[THREADS];		/* its preempt notifier is registered */
byte saved[THREADS] = { 0, 2, 4 };	/* vfpstate: registers; FRESH() of each, which SPIN does not take here */
byte last_cpu[THREADS] = NOWHERE;

/* A vCPU. */
bit  dirty[VCPUS];
byte context[VCPUS];		/* host_cpu_context: of which CPU */
bit  host_fpexc[VCPUS];		/* the host's EN, saved */
byte guest_regs[VCPUS] = { 6, 8 };	/* likewise */
bit  guest_fpexc[VCPUS];	/* the guest's EN, saved */
bit  guest_en[VCPUS];		/* ghost: what the guest last wrote */

byte i;	/* d_steps only; 0 otherwise */

#define AGE(tag, c) tag = (tag == FRESH(c) -> STALE(c) : tag)

/* Context c computes in CPU p: it must find its own newest registers, and makes newer ones. */
inline use_fp(p, c)
{
	assert(regs[p] == FRESH(c));	/* fp-leak, fp-lost */
	/* Every other copy of these is old now. */
	i = 0;
	do
	:: i < CPUS -> AGE(regs[i], c); AGE(host_regs[i], c); i++
	:: else -> break
	od;
	i = 0;
	do
	:: i < THREADS -> AGE(saved[i], c); i++
	:: else -> break
	od;
	i = 0;
	do
	:: i < VCPUS -> AGE(guest_regs[i], c); i++
	:: else -> break
	od;
	i = 0;
	regs[p] = FRESH(c)
}

/* Host code reads or needs FPEXC. */
inline look_at_host_fpexc(p)
{
	assert(!tcp[p]);		/* crash: a Hyp trap from the host */
	assert(en[p] == host_en[p])	/* fpexc-host */
}

inline vfp_support_entry(p, t)
{
	look_at_host_fpexc(p);
	if
	:: hw_state[p] == t && last_cpu[t] == p
	:: else ->
		hw_state[p] = t;
		last_cpu[t] = p;
		regs[p] = saved[t]
	fi;
	en[p] = 1;
	host_en[p] = 1
}

inline vfp_thread_switch(p)
{
	look_at_host_fpexc(p);
	if
	:: en[p] && hw_state[p] != NOBODY -> saved[hw_state[p]] = regs[p]
	:: else
	fi;
	en[p] = 0;
	host_en[p] = 0
}

inline kvm_arch_vcpu_put(p, v)
{
#ifndef NO_PUT
	if
	:: dirty[v] ->
		assert(!tcp[p]);
		guest_fpexc[v] = en[p];
		guest_regs[v] = regs[p];
		regs[p] = host_regs[context[v]];
		dirty[v] = 0;
		en[p] = host_fpexc[v];
		host_regs[context[v]] = JUNK; /* here and below: nobody will read it again */
		host_fpexc[v] = 0
	:: else
	fi;
#endif
	context[v] = 0
}

inline enter_guest(p, v)
{
	if
	:: dirty[v] -> tcp[p] = 0
	:: else ->
		host_fpexc[v] = en[p];
#ifndef NO_ENABLE
		en[p] = 1;
#endif
		tcp[p] = 1
	fi
}

inline handle_trap(p, v)
{
#ifndef TRAP_STAYS
	tcp[p] = 0;
#endif
	assert(!tcp[p]);		/* crash: Hyp traps into Hyp */
	dirty[v] = 1;
	host_regs[context[v]] = regs[p];
	regs[p] = guest_regs[v];
	en[p] = guest_fpexc[v];
	guest_regs[v] = JUNK;
	guest_fpexc[v] = 0
}

inline exit_guest(p, v)
{
	tcp[p] = 0;
	if
	:: !dirty[v] -> en[p] = host_fpexc[v]; host_fpexc[v] = 0
	:: else
	fi
}

/* A guest executes an FP instruction: CPACR allows it, then EN counts, then HCPTR. */
inline guest_fp(p, t)
{
	if
	:: !en[p] -> assert(!guest_en[VCPU(t)])	/* fpexc-guest; the guest skips the instruction */
	:: en[p] && tcp[p] -> pc[t] = IN_TRAP
	:: en[p] && !tcp[p] ->
		assert(guest_en[VCPU(t)]);	/* fpexc-guest */
		use_fp(p, GUEST(VCPU(t)))
	fi
}

/* It looks at FPEXC, and turns FP on or off. */
inline guest_toggle(p, t)
{
	if
	:: tcp[p] -> pc[t] = IN_TRAP
	:: else ->
		assert(en[p] == guest_en[VCPU(t)]);	/* fpexc-guest */
		en[p] = !en[p];
		guest_en[VCPU(t)] = en[p]
	fi
}

inline user_fp(p, t)
{
	look_at_host_fpexc(p);
	if
	:: en[p] -> use_fp(p, t)
	:: else -> pc[t] = IN_UNDEF
	fi
}

/* __schedule(), interrupts off: preempt notifier out, thread notifier, the switch, preempt notifier in. */
inline schedule(p, t)
{
	if
	:: current[p] != IDLE ->
		if
		:: loaded[current[p]] -> kvm_arch_vcpu_put(p, VCPU(current[p]))
		:: else
		fi
	:: else
	fi;
	vfp_thread_switch(p);
	if
	:: current[p] != IDLE -> place[current[p]] = NOWHERE
	:: else
	fi;
	current[p] = t;
	if
	:: t != IDLE ->
		place[t] = p;
		if
		:: loaded[t] -> context[VCPU(t)] = p
		:: else
		fi
	:: else
	fi
}

#define ME         current[_pid]
#define AT(where)  (ME != IDLE && pc[ME] == where)
#define MAY_SWITCH (ME == IDLE || pc[ME] <= IN_PUT)

active [CPUS] proctype cpu()
{
	do
	:: d_step { MAY_SWITCH && place[0] == NOWHERE -> schedule(_pid, 0) }
	:: d_step { MAY_SWITCH && place[1] == NOWHERE -> schedule(_pid, 1) }
	:: d_step { MAY_SWITCH && place[2] == NOWHERE -> schedule(_pid, 2) }
	:: d_step { MAY_SWITCH && ME != IDLE -> schedule(_pid, IDLE) }
	/* A thread in user mode. */
	:: d_step { AT(IN_USER) -> user_fp(_pid, ME) }
	:: d_step { AT(IN_UNDEF) -> vfp_support_entry(_pid, ME); pc[ME] = IN_USER }
	/* ioctl(KVM_RUN) */
	:: d_step { AT(IN_USER) && ME > 0 -> pc[ME] = IN_LOAD }
	:: d_step { AT(IN_LOAD) -> context[VCPU(ME)] = _pid; loaded[ME] = 1; pc[ME] = IN_RUN }
	:: d_step { AT(IN_RUN) -> pc[ME] = IN_ENTER }
	:: d_step { AT(IN_RUN) -> pc[ME] = IN_PUT } /* a signal is pending */
	:: d_step { AT(IN_ENTER) -> enter_guest(_pid, VCPU(ME)); pc[ME] = IN_GUEST }
	:: d_step { AT(IN_TRAP) -> handle_trap(_pid, VCPU(ME)); pc[ME] = IN_GUEST }
	:: d_step { AT(IN_EXIT) -> exit_guest(_pid, VCPU(ME)); pc[ME] = IN_HANDLE }
	:: d_step { AT(IN_HANDLE) -> pc[ME] = IN_RUN }
	:: d_step { AT(IN_HANDLE) -> pc[ME] = IN_PUT } /* user space must see to the exit */
	:: d_step { AT(IN_PUT) -> kvm_arch_vcpu_put(_pid, VCPU(ME)); loaded[ME] = 0; pc[ME] = IN_USER }
	/* A guest. */
	:: d_step { AT(IN_GUEST) -> guest_fp(_pid, ME) }
	:: d_step { AT(IN_GUEST) -> guest_toggle(_pid, ME) }
	:: d_step { AT(IN_GUEST) -> pc[ME] = IN_EXIT }
	od
}
