/* SPDX-License-Identifier: MIT */
#include "output.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"

void complain(const char *format, ...)
{
	va_list args;

	(void)fflush(stdout); /* so that both appear in order where they go to the same place */
	(void)fputs("lazyswitch: ", stderr);
	va_start(args, format);
	(void)vfprintf(stderr, format, args);
	va_end(args);
	(void)fputc('\n', stderr);
}

void output_compiler(void *arg, const char *bytes, size_t n)
{
	(void)arg;
	(void)fwrite(bytes, 1, n, stderr);
}

/* A full disk shows only when the last buffer is flushed: a verdict that did not arrive must not look like
 * one. */
static void close_stdout(void)
{
	int failed = ferror(stdout), why;

	errno = 0;
	if (fclose(stdout) == 0 && !failed)
		return;
	why = errno;
	(void)fprintf(stderr, "lazyswitch: cannot write the output: %s\n",
	              why != 0 ? strerror(why) : "an earlier write failed");
	_exit(STATUS_USAGE);
}

void output_check_at_exit(void)
{
	(void)atexit(close_stdout);
}
