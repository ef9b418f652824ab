/* SPDX-License-Identifier: MIT */
/* Sources that attack the compiler, the linker, or the machine that runs them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "attack.h"

#define PUT   "\t.text\n\t.global kvm_arch_vcpu_put\nkvm_arch_vcpu_put:\n"
#define C_PUT "void kvm_arch_vcpu_put(int *v);\nvoid kvm_arch_vcpu_put(int *v)\n{\n"

static const struct source {
	const char *name, *text;
	unsigned statuses;
	const char *message; /* when refused */
} sources[] = {
        {"empty.S", "", PASSES, NULL},
        {"garbage.S", "\x01\x02\xff\xfe%%%$$$((((", REFUSED, "does not compile"},
        {"no-newline.S", "\tnop", PASSES, NULL},
        {"rept.S", ".rept 2000000000\n nop\n.endr\n", REFUSED, "does not compile"},
        {"nested-rept.S", ".rept 60000\n.rept 60000\n .word 1\n.endr\n.endr\n", REFUSED, "does not compile"},
        {"macro.S", ".macro m\n m\n m\n.endm\n m\n", REFUSED, "does not compile"},
        {"incbin.S", PUT "\t.incbin \"/dev/zero\"\n", ANY, NULL},
        {"include-self.S", "#include __FILE__\n", REFUSED, "does not compile"},
        {"include-zero.S", "#include \"/dev/zero\"\n", REFUSED, "does not compile"},
        {"include-missing.S", "#include <nowhere.h>\n", REFUSED, "No such file"},
        {"space.S", PUT "\t.space 0x70000000\n", REFUSED, "does not"},
        {"org.S", PUT "\t.org 0xf0000000\n\tnop\n", REFUSED, "does not"},
        {"align.S", PUT "\t.balign 0x40000000\n\tnop\n", REFUSED, "does not"},
        {"bss.S", PUT "\tbx lr\n\t.bss\n\t.global huge\nhuge: .space 0x7f000000\n", ANY, NULL},
        {"common.S", PUT "\tldr r0, =huge\n\tbx lr\n\t.comm huge, 0x60000000, 8\n", REFUSED, NULL},
        {"far.S", PUT "\tb far\n\t.global far\n\t.equ far, 0xf0000000\n", FAILS, NULL},
        {"undefined.S", PUT "\tb nowhere\n", REFUSED, "does not link"},
        {"twice.S", PUT "\tbx lr\nkvm_arch_vcpu_put:\n", REFUSED, "does not compile"},
        {"thumb.S", "\t.thumb\n" PUT "\tbx lr\n", ANY, NULL},
        {"data.S", "\t.data\n\t.global kvm_arch_vcpu_put\nkvm_arch_vcpu_put:\n\tbx lr\n", FAILS | REFUSED,
         NULL},
        {"read-only.S", "\t.section .rodata\n\t.global kvm_arch_vcpu_put\nkvm_arch_vcpu_put:\n\tbx lr\n", ANY,
         NULL},
        {"absolute.S", "\t.global kvm_arch_vcpu_put\n\t.equ kvm_arch_vcpu_put, 0x12345678\n", FAILS | REFUSED,
         NULL},
        {"sections.S",
         PUT "\tbx lr\n\t.section .odd, \"awx\"\n\t.word 1\n\t.section .odder, \"a\"\n\t.word "
             "kvm_arch_vcpu_put\n",
         ANY, NULL},
        {"loop-off.S", PUT "\tcpsid i\n1:\tb 1b\n", FAILS, NULL},
        {"loop-on.S", PUT "\tcpsie i\n1:\tb 1b\n", FAILS, NULL},
        {"count.S", PUT "1:\tadd r0, r0, #1\n\tb 1b\n", FAILS, NULL},
        {"counter.S",
         PUT "\tldr r1, =n\n\tldr r2, [r1]\n\tadd r2, r2, #1\n\tstr r2, [r1]\n\tbx lr\n\t.ltorg\n"
             "\t.bss\nn:\t.space 4\n",
         ANY, NULL},
        {"self-modifying.S", PUT "\tadr r1, kvm_arch_vcpu_put\n\tstr r0, [r1]\n\tbx lr\n", FAILS, NULL},
        {"stop.S", PUT "\tbkpt #5\n", FAILS, NULL},
        {"bkpt.S", PUT "\tbkpt #0xffff\n\tbx lr\n", FAILS | REFUSED, NULL},
        {"recursion.c", C_PUT "\tv[0] = -1;\n\tkvm_arch_vcpu_put(v);\n\tv[0] = -1;\n}\n", FAILS, NULL},
        {"stack.c", C_PUT "\tvolatile int a[4000];\n\ta[0] = v[0];\n\tv[0] = a[3999];\n}\n", FAILS, NULL},
        {"pointer.c", C_PUT "\t*(volatile int *)0x12345678 = *v;\n}\n", FAILS, NULL},
        {"unaligned.c", C_PUT "\t*(volatile int *)((char *)v + 1) = 1;\n}\n", ANY, NULL},
        {"preempt.c", C_PUT "\t(void)v;\n\tfor (;;)\n\t\tasm volatile(\"cpsie i\\n\\tcpsid i\");\n}\n", FAILS,
         NULL},
        {"asm.c", C_PUT "\tasm volatile(\"nonsense %0\" : : \"r\"(v));\n}\n", REFUSED, "does not compile"},
        {"nested.c", "int f(void) { return ((((((((((1; }\n", REFUSED, "does not compile"},
        {"array.c", C_PUT "\tstatic volatile char huge[1 << 30];\n\tv[0] = huge[v[0]];\n}\n", REFUSED, NULL},
        {"libc.c", "#include <stdio.h>\n" C_PUT "\tprintf(\"%d\", *v);\n}\n", REFUSED, NULL},
        {"main.c", "int main(void);\nint main(void) { return 0; }\n", PASSES, NULL},
        {"bad-utf8\xff.c", "int x\xff;\n", REFUSED, "does not compile"},
};

void source_cases(void **state)
{
	struct attacks *a = *state;
	char path[256];

	for (size_t i = 0; i < sizeof(sources) / sizeof(sources[0]); i++)
		attack(a, sources[i].name,
		       attack_file(a, sources[i].name, sources[i].text, strlen(sources[i].text), path),
		       sources[i].statuses, sources[i].message);
}

/* Large in every way that a source can be. */
void large_source_cases(void **state)
{
	enum { SIZE = 100 << 20, ALLOWED = 4 << 20 };
	struct attacks *a = *state;
	char path[256], *text = malloc(SIZE);

	assert_non_null(text);
	memset(text, '\n', SIZE);
	attack(a, "100 MB of nothing", attack_file(a, "large.S", text, SIZE, path), REFUSED,
	       "is too much for a variant");
	attack(a, "100 MB of C", attack_file(a, "large.c", text, SIZE, path), REFUSED,
	       "is too much for a variant");
	memset(text, 0x7f, SIZE);
	attack(a, "an object of 100 MB", attack_file(a, "large.o", text, SIZE, path), REFUSED,
	       "not an ELF file");
	attack(a, "an image of 100 MB", attack_file(a, "large.elf", text, SIZE, path), REFUSED,
	       "not an ELF file");
	(void)unlink(path);
	memset(text, 'x', ALLOWED);
	attack(a, "one line", attack_file(a, "line.S", text, ALLOWED, path), REFUSED, "does not compile");
	memset(text, '(', ALLOWED);
	attack(a, "parentheses", attack_file(a, "nested.c", text, ALLOWED, path), REFUSED,
	       "does not compile");
	for (size_t i = 0; i < ALLOWED; i++)
		text[i] = i % 2 == 0 ? '?' : '\n';
	attack(a, "a million errors", attack_file(a, "errors.S", text, ALLOWED, path), REFUSED,
	       "does not compile");
	memset(text, 0, ALLOWED);
	attack(a, "zeros", attack_file(a, "zero.S", text, ALLOWED, path), ANY, NULL);
	free(text);
}
