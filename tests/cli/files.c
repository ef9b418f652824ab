/* SPDX-License-Identifier: MIT */
#include "files.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

void write_file(const char *directory, const char *name, const char *text)
{
	char path[256];
	FILE *f;

	(void)snprintf(path, sizeof(path), "%s/%s", directory, name);
	f = fopen(path, "wb");
	assert_non_null(f);
	assert_int_equal(fwrite(text, 1, strlen(text), f), strlen(text));
	assert_int_equal(fclose(f), 0);
}

char *read_file_of(const char *directory, const char *name)
{
	char path[256], *text = calloc(1, 65536);
	FILE *f;

	(void)snprintf(path, sizeof(path), "%s/%s", directory, name);
	f = fopen(path, "rb");
	assert_non_null(f);
	assert_non_null(text);
	assert_true(fread(text, 1, 65535, f) < 65535);
	assert_int_equal(fclose(f), 0);
	return text;
}

struct outcome regress(int status, const char *format, ...)
{
	char arguments[1024] = "regress ";
	struct outcome o;
	va_list args;

	va_start(args, format);
	/* NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized): it is not */
	(void)vsnprintf(arguments + 8, sizeof(arguments) - 8, format, args);
	va_end(args);
	o = run_command(arguments);
	if (o.status != status)
		fail_msg("lazyswitch %s: status %d, stdout '%s', stderr '%s'", arguments, o.status, o.out,
		         o.err);
	return o;
}

struct outcome regress_text(int status, const char *text, const char *options)
{
	char *directory = make_directory();
	struct outcome o;

	write_file(directory, "t.expect", text);
	o = regress(status, "%s/t.expect %s", directory, options);
	remove_directory(directory);
	return o;
}

void assert_contains(const char *text, const char *what)
{
	if (!strstr(text, what))
		fail_msg("'%s' does not contain '%s'", text, what);
}
