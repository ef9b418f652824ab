/* SPDX-License-Identifier: MIT */
/* A run as a trace.dat file, version 6 (trace-cmd.dat.v6(5)): what trace-cmd report and KernelShark open. */
#ifndef LAZYSWITCH_TRACES_FTRACE_DAT_H
#define LAZYSWITCH_TRACES_FTRACE_DAT_H

#include <stddef.h>
#include <stdio.h>

/*
 * Writes what ftrace_print() has printed in its binary form: the same events, on the same CPUs, at the same times. Whether it arrives is the
 * stream's business. Returns 0, or -1 when out of memory.
 */
int dat_write(FILE *out, const char *text, size_t size, unsigned cpus);

#endif
