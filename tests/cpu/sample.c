/* SPDX-License-Identifier: MIT */
/* A small program with functions, data, a literal pool and line numbers. */
unsigned counter = 0x11223344;
unsigned zeroed[4];

unsigned twice(unsigned n)
{
	return n * 2;
}

__attribute__((weak)) unsigned weak_function(void)
{
	return counter;
}

__attribute__((section(".text.entry"))) void entry(void)
{
	zeroed[1] = twice(weak_function());
	__asm__ volatile("ldr r0, =0xcafebabe\n"
	                 "a_label:\n"
	                 "bkpt #1\n" ::
	                         : "r0");
}
