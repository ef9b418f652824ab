/* SPDX-License-Identifier: MIT */
/* CP15 (and CP14): which registers have a meaning, who may access them, what traps. */
#include "exec.h"

struct known {
	uint16_t key;
	uint8_t kind; /* enum sysreg */
};

/* Registers with a meaning; B3.17 and B4.1. */
static const struct known known[] = {
        {CP_KEY32(4, 1, 1, 2), SYS_HCPTR},  {CP_KEY32(0, 1, 0, 2), SYS_CPACR},
        {CP_KEY32(4, 1, 1, 0), SYS_HCR},    {CP_KEY32(4, 1, 1, 3), SYS_HSTR},
        {CP_KEY32(4, 1, 1, 1), SYS_HDCR},   {CP_KEY32(4, 5, 2, 0), SYS_HSR},
        {CP_KEY32(4, 12, 0, 0), SYS_HVBAR}, {CP_KEY32(4, 13, 0, 2), SYS_HTPIDR},
        {CP_KEY32(0, 12, 0, 0), SYS_VBAR},  {CP_KEY32(0, 1, 0, 0), SYS_SCTLR},
        {CP_KEY32(0, 0, 0, 5), SYS_MPIDR},  {CP_KEY64(6, 2), SYS_VTTBR},
        {CP_KEY32(4, 0, 0, 5), SYS_VMPIDR}, {CP_KEY32(0, 7, 5, 4), SYS_ISB},
};

/* 64-bit registers whose low word is a 32-bit register, too. */
static const struct {
	uint16_t key64, key32;
} aliases[] = {
        {CP_KEY64(0, 2), CP_KEY32(0, 2, 0, 0)}, /* TTBR0 */
        {CP_KEY64(1, 2), CP_KEY32(0, 2, 0, 1)}, /* TTBR1 */
        {CP_KEY64(0, 7), CP_KEY32(0, 7, 4, 0)}, /* PAR */
};

/* The slot of a storage register; -1 if there is none left. */
static int slot(struct image *image, uint16_t key)
{
	for (unsigned i = 0; i < image->n_cp15; i++)
		if (image->cp15_key[i] == key)
			return (int)i;
	if (image->n_cp15 == CPU_CP15_MAX)
		return -1;
	image->cp15_key[image->n_cp15] = key;
	return (int)image->n_cp15++;
}

static bool storage(struct image *image, struct insn *in, uint16_t key, bool is_64, struct error *e)
{
	uint16_t low = key;
	int first, second = 0;

	for (unsigned i = 0; is_64 && i < sizeof(aliases) / sizeof(aliases[0]); i++)
		if (aliases[i].key64 == key)
			low = aliases[i].key32;
	first = slot(image, low);
	if (is_64)
		second = slot(image, (uint16_t)(key | CP_KEY_HIGH));
	if (first < 0 || second < 0) {
		error_set(e, "the image names more than %d different system control registers", CPU_CP15_MAX);
		return false;
	}
	in->shift_type = SYS_STORAGE;
	in->imm = (uint32_t)first | (uint32_t)second << 16;
	return true;
}

/* Registers that PL0 may access (B3.17): TPIDRURW, TPIDRURO for reading, the CP15 barriers. */
static bool pl0_may(uint16_t key, bool read)
{
	switch (key) {
	case CP_KEY32(0, 13, 0, 2):
		return true;
	case CP_KEY32(0, 13, 0, 3):
		return read;
	case CP_KEY32(0, 7, 5, 4):
	case CP_KEY32(0, 7, 10, 4):
	case CP_KEY32(0, 7, 10, 5):
		return !read;
	default:
		return false;
	}
}

bool sysreg_decode(struct image *image, struct insn *in, struct error *e)
{
	uint32_t raw = in->raw;
	unsigned crn = raw >> 16 & 15, crm = raw & 15, cp = raw >> 8 & 15;
	bool is_64 = in->op == OP_MRRC || in->op == OP_MCRR, read = in->op == OP_MRC || in->op == OP_MRRC;
	unsigned opc1 = is_64 ? raw >> 4 & 15 : raw >> 21 & 7;
	uint16_t key = is_64 ? CP_KEY64(opc1, crm) : CP_KEY32(opc1, crn, crm, raw >> 5 & 7);

	in->flags = 0;
	if (cp == 14) {
		in->flags |= SYS_CP14;
		/* 64-bit CP14 registers would share the keys of high words; there are none in use. */
		if (is_64) {
			in->op = OP_UNKNOWN;
			return true;
		}
		return storage(image, in, (uint16_t)(key | CP_KEY_14), false, e);
	}
	if (is_64 ? opc1 == 4 || opc1 == 6 : opc1 == 4)
		in->flags |= SYS_PL2;
	if (pl0_may(key, read))
		in->flags |= SYS_PL0;
	/* c0 identifies (but VPIDR, VMPIDR and CSSELR are opc1 4 and 2); c7 and c8 operate, save PAR. */
	if (!is_64 && !read && crn == 0 && (opc1 == 0 || opc1 == 1))
		in->flags |= SYS_UNDEF;
	for (unsigned i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (known[i].key == key) {
			in->shift_type = known[i].kind;
			if (known[i].kind == SYS_ISB && read)
				in->flags |= SYS_UNDEF;
			return true;
		}
	if (!is_64 && (crn == 7 || crn == 8) && key != CP_KEY32(0, 7, 4, 0)) {
		in->shift_type = SYS_NOP;
		if (read)
			in->flags |= SYS_UNDEF;
		return true;
	}
	return storage(image, in, key, is_64, e);
}

static uint64_t read_register(struct exec *x, const struct insn *in)
{
	const struct cpu_sys *s = &x->cpu->sys;

	switch ((enum sysreg)in->shift_type) {
	case SYS_STORAGE:
		return s->cp15[in->imm & 0xffff] | (uint64_t)s->cp15[in->imm >> 16] << 32;
	case SYS_HCPTR:
		return s->hcptr.value | HCPTR_ONES;
	case SYS_CPACR:
		return s->cpacr.value;
	case SYS_HCR:
		return s->hcr;
	case SYS_HSTR:
		return s->hstr;
	case SYS_HDCR:
		return s->hdcr;
	case SYS_HSR:
		return s->hsr;
	case SYS_HVBAR:
		return s->hvbar;
	case SYS_HTPIDR:
		return s->htpidr;
	case SYS_VBAR:
		return s->vbar;
	case SYS_SCTLR:
		return s->sctlr;
	case SYS_VTTBR:
		return s->vttbr;
	case SYS_MPIDR: /* B4.1.106 */
		return in_hyp(x) ? s->mpidr : s->vmpidr;
	case SYS_VMPIDR:
		return s->vmpidr;
	case SYS_NOP:
	case SYS_ISB:
		break;
	}
	return 0;
}

/* A bit that changes is pending until the next context synchronisation event, and so are those that already
 * were. */
static void write_trapreg(struct cpu_trapreg *r, uint32_t value)
{
	r->unsynced |= r->value ^ value;
	r->value = value;
}

static void write_register(struct exec *x, const struct insn *in, uint32_t value, uint32_t high)
{
	struct cpu_sys *s = &x->cpu->sys;
	uint32_t old;

	switch ((enum sysreg)in->shift_type) {
	case SYS_STORAGE:
		s->cp15[in->imm & 0xffff] = value;
		if (in->op == OP_MCRR)
			s->cp15[in->imm >> 16] = high;
		break;
	case SYS_ISB:
		context_sync(x->cpu);
		event(x, CPU_CONTEXT_SYNC, 0, 0, 0);
		break;
	case SYS_HCPTR:
		old = s->hcptr.value;
		write_trapreg(&s->hcptr, (value & HCPTR_WRITABLE) | HCPTR_ONES);
		s->hcptr.unsynced &= HCPTR_WRITABLE;
		event(x, CPU_HCPTR_WRITE, s->hcptr.value, old, 0);
		break;
	case SYS_CPACR:
		write_trapreg(&s->cpacr, value & CPACR_WRITABLE);
		break;
	case SYS_HCR:
		s->hcr = value;
		break;
	case SYS_HSTR:
		s->hstr = value;
		break;
	case SYS_HDCR:
		s->hdcr = value;
		break;
	case SYS_HSR:
		s->hsr = value;
		break;
	case SYS_HVBAR:
		s->hvbar = value & ~0x1fu;
		break;
	case SYS_HTPIDR:
		s->htpidr = value;
		break;
	case SYS_VBAR:
		s->vbar = value & ~0x1fu;
		break;
	case SYS_SCTLR:
		s->sctlr = value;
		break;
	case SYS_VTTBR:
		s->vttbr = value | (uint64_t)high << 32;
		break;
	case SYS_VMPIDR:
		s->vmpidr = value;
		break;
	case SYS_MPIDR:
	case SYS_NOP:
		break;
	}
}

/* HSR for EC 0x03 and 0x04 (B3.13.6). */
static uint32_t syndrome(const struct insn *in, bool is_64, bool read)
{
	uint32_t raw = in->raw,
	         hsr = HSR_IL | 1u << 24 | (uint32_t)in->cond << 20 | (raw & 15) << 1 | (read ? 1 : 0);

	hsr |= (raw >> 12 & 15) << 5;
	if (is_64)
		return hsr | (uint32_t)EC_CP15_64 << 26 | (raw >> 4 & 15) << 16 | (raw >> 16 & 15) << 10;
	return hsr | (uint32_t)EC_CP15_32 << 26 | (raw >> 5 & 7) << 17 | (raw >> 21 & 7) << 14 |
	       (raw >> 16 & 15) << 10;
}

/* HSTR.Tn by CRn (64-bit: CRm), but 4 and 14 have no bit (B4.1.73); HCPTR.TCPAC for CPACR from PL1. */
static bool traps(struct exec *x, const struct insn *in, bool is_64)
{
	const struct cpu_trapreg *r = &x->cpu->sys.hcptr;
	unsigned n = is_64 ? in->raw & 15 : in->raw >> 16 & 15;

	if (n != 4 && n != 14 && (x->cpu->sys.hstr >> n & 1) != 0)
		return true;
	if (in->shift_type != SYS_CPACR)
		return false;
	if ((r->unsynced & HCPTR_TCPAC) != 0)
		return ((x->env->choose(x->env->self, 2) == 0 ? r->value : ~r->value) & HCPTR_TCPAC) != 0;
	return (r->value & HCPTR_TCPAC) != 0;
}

/* MRC, MCR, MRRC, MCRR of CP14 and CP15: UNDEFINED comes before a Hyp trap (B1.14.2). */
enum cpu_status exec_sysreg(struct exec *x, const struct insn *in)
{
	bool is_64 = in->op == OP_MRRC || in->op == OP_MCRR, read = in->op == OP_MRC || in->op == OP_MRRC;

	if ((in->flags & SYS_UNDEF) != 0 || ((in->flags & SYS_PL2) != 0 && !in_hyp(x)) ||
	    ((in->flags & SYS_PL0) == 0 && !privileged(x)))
		return take_undef(x);
	if (!in_hyp(x) && (in->flags & SYS_CP14) == 0 && traps(x, in, is_64))
		return take_hyp_trap(x, syndrome(in, is_64, read));
	if (read) {
		uint64_t value = read_register(x, in);

		set_reg(x, in->rd, (uint32_t)value);
		if (is_64)
			set_reg(x, in->rn, (uint32_t)(value >> 32));
	} else {
		write_register(x, in, reg(x, in->rd), is_64 ? reg(x, in->rn) : 0);
	}
	return CPU_OK;
}
