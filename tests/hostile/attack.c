/* SPDX-License-Identifier: MIT */
#include "attack.h"

#include <elf.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

uint32_t attack_random(struct attacks *a, uint32_t n)
{
	a->seed = a->seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)(a->seed >> 33) % n;
}

const char *attack_file(const struct attacks *a, const char *name, const void *bytes, size_t size, char *buf)
{
	FILE *f;

	(void)snprintf(buf, 256, "%s/%s", a->directory, name);
	f = fopen(buf, "wb");
	assert_non_null(f);
	assert_true(size == 0 || fwrite(bytes, 1, size, f) == size);
	assert_int_equal(fclose(f), 0);
	return buf;
}

/* The net under the trapeze: none of this is meant to happen. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define NET "timeout -s KILL 120 env TMPDIR=%s"
#else
#define NET "sh -c 'ulimit -v 4000000; exec timeout -s KILL 60 \"$@\"' sh env TMPDIR=%s"
#endif

static bool acceptable(const struct outcome *o, unsigned statuses, const char *message)
{
	if (o->status < 0 || o->status > 3 || (statuses >> o->status & 1) == 0)
		return false;
	if (strstr(o->err, "Sanitizer") || strstr(o->err, "runtime error"))
		return false;
	return o->status != 2 || (strstr(o->err, "lazyswitch: ") && (!message || strstr(o->err, message)));
}

void attack(struct attacks *a, const char *what, const char *files, unsigned statuses, const char *message)
{
	char before[256], arguments[1024];
	struct outcome o;

	(void)snprintf(before, sizeof(before), NET, a->directory);
	/* Where it does not matter which verdict it is, let more happen. */
	(void)snprintf(arguments, sizeof(arguments),
	               "check %s --cpus %u --vms 1 --env %s --max-states 2000 --memory 512M --timeout 20",
	               files, statuses == ANY && a->n % 4 == 1 ? 2 : 1,
	               statuses == ANY && a->n % 6 == 0 ? "all" : "none");
	o = run_command_after(before, arguments);
	a->n++;
	if (!acceptable(&o, statuses, message)) {
		print_error("%s: status %d, stdout '%.2000s', stderr '%.2000s'; expected %s\n", what,
		            o.status, o.out, o.err, message ? message : "a clear message");
		a->wrong++;
	} else {
		a->ended[o.status]++;
	}
	outcome_free(&o);
}

uint8_t *attack_image(const char *name, size_t *size)
{
	char path[512];
	uint8_t *bytes;
	FILE *f;
	long n;

	(void)snprintf(path, sizeof(path), "%s/%s", IMAGES, name);
	f = fopen(path, "rb");
	assert_non_null(f);
	assert_int_equal(fseek(f, 0, SEEK_END), 0);
	n = ftell(f);
	assert_true(n > 0);
	rewind(f);
	bytes = malloc((size_t)n);
	assert_non_null(bytes);
	assert_int_equal(fread(bytes, 1, (size_t)n, f), n);
	assert_int_equal(fclose(f), 0);
	*size = (size_t)n;
	return bytes;
}

size_t attack_symbol(const uint8_t *image, const char *name)
{
	Elf32_Ehdr header;
	Elf32_Shdr symbols, strings;
	Elf32_Sym symbol;

	memcpy(&header, image, sizeof(header));
	for (unsigned i = 0; i < header.e_shnum; i++) {
		memcpy(&symbols, image + header.e_shoff + i * sizeof(symbols), sizeof(symbols));
		if (symbols.sh_type != SHT_SYMTAB)
			continue;
		memcpy(&strings, image + header.e_shoff + symbols.sh_link * sizeof(strings), sizeof(strings));
		for (size_t at = 0; at < symbols.sh_size; at += sizeof(symbol)) {
			memcpy(&symbol, image + symbols.sh_offset + at, sizeof(symbol));
			if (strcmp((const char *)image + strings.sh_offset + symbol.st_name, name) == 0)
				return symbols.sh_offset + at;
		}
	}
	fail_msg("there is no symbol %s", name);
	return 0;
}
