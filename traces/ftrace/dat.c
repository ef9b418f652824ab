/* SPDX-License-Identifier: MIT */
#include "dat.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Numbers of events are the file's own business: their formats name them. */
enum { ID_PRINT = 5, ID_SWITCH = 300, ID_ENTRY, ID_EXIT, ID_USERSPACE };
enum {
	PAGE = 4096,
	PAGE_HEAD = 16,
	EVENT_MAX = 1024,
	SHORT_MAX = 112,
	TIME_EXTEND = 30,
	DELTA_BITS = 27,
	COMM = 16
};

#define COMMON                                                                                               \
	"\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n"                               \
	"\tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;\n"                               \
	"\tfield:unsigned char common_preempt_count;\toffset:3;\tsize:1;\tsigned:0;\n"                       \
	"\tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;\n\n"

static const char header_page[] = "\tfield: u64 timestamp;\toffset:0;\tsize:8;\tsigned:0;\n"
                                  "\tfield: local_t commit;\toffset:8;\tsize:8;\tsigned:1;\n"
                                  "\tfield: int overwrite;\toffset:8;\tsize:1;\tsigned:1;\n"
                                  "\tfield: char data;\toffset:16;\tsize:4080;\tsigned:1;\n";
static const char header_event[] =
        "# compressed entry header\n\ttype_len    :    5 bits\n\ttime_delta  :   27 bits\n"
        "\tarray       :   32 bits\n\n\tpadding     : type == 29\n"
        "\ttime_extend : type == 30\n\ttime_stamp : type == 31\n\tdata max type_len  == 28\n";
static const char print_format[] =
        "name: print\nID: 5\nformat:\n" COMMON "\tfield:unsigned long ip;\toffset:8;\tsize:8;\tsigned:0;\n"
        "\tfield:char buf[];\toffset:16;\tsize:0;\tsigned:0;\n\nprint fmt: \"%s\", REC->buf\n";
static const char switch_format[] =
        "name: sched_switch\nID: 300\nformat:\n" COMMON
        "\tfield:char prev_comm[16];\toffset:8;\tsize:16;\tsigned:0;\n"
        "\tfield:pid_t prev_pid;\toffset:24;\tsize:4;\tsigned:1;\n"
        "\tfield:int prev_prio;\toffset:28;\tsize:4;\tsigned:1;\n"
        "\tfield:long prev_state;\toffset:32;\tsize:8;\tsigned:1;\n"
        "\tfield:char next_comm[16];\toffset:40;\tsize:16;\tsigned:0;\n"
        "\tfield:pid_t next_pid;\toffset:56;\tsize:4;\tsigned:1;\n"
        "\tfield:int next_prio;\toffset:60;\tsize:4;\tsigned:1;\n\n"
        "print fmt: \"prev_comm=%s prev_pid=%d prev_prio=%d ==> next_comm=%s next_pid=%d next_prio=%d\", "
        "REC->prev_comm, "
        "REC->prev_pid, REC->prev_prio, REC->next_comm, REC->next_pid, REC->next_prio\n";
static const char entry_format[] = "name: kvm_entry\nID: 301\nformat:\n" COMMON
                                   "\tfield:unsigned long vcpu_pc;\toffset:8;\tsize:8;\tsigned:0;\n\n"
                                   "print fmt: \"PC: 0x%08lx\", REC->vcpu_pc\n";
static const char exit_format[] = "name: kvm_exit\nID: 302\nformat:\n" COMMON
                                  "\tfield:unsigned long vcpu_pc;\toffset:8;\tsize:8;\tsigned:0;\n\n"
                                  "print fmt: \"PC: 0x%08lx\", REC->vcpu_pc\n";
static const char userspace_format[] = "name: kvm_userspace_exit\nID: 303\nformat:\n" COMMON
                                       "\tfield:__u32 reason;\toffset:8;\tsize:4;\tsigned:0;\n"
                                       "\tfield:int errno;\toffset:12;\tsize:4;\tsigned:1;\n\n"
                                       "print fmt: \"reason %u\", REC->reason\n";

static void put_bytes(FILE *out, const void *bytes, size_t size)
{
	(void)fwrite(bytes, 1, size, out);
}

/* Little endian, whatever the machine. */
static void put_number(FILE *out, uint64_t value, unsigned bytes)
{
	for (unsigned i = 0; i < bytes; i++)
		(void)fputc((int)(value >> 8 * i & 0xff), out);
}

static void put_text(FILE *out, const char *text, unsigned size_bytes)
{
	put_number(out, strlen(text), size_bytes);
	put_bytes(out, text, strlen(text));
}

/* The pages of one CPU, in a stream of their own. */
struct pages {
	char *bytes;
	size_t size;
	FILE *f;
	uint8_t page[PAGE];
	size_t used;   /* of the page, behind its head */
	uint64_t time; /* of the last event */
};

static void store(uint8_t *at, uint64_t value, unsigned bytes)
{
	for (unsigned i = 0; i < bytes; i++)
		at[i] = (uint8_t)(value >> 8 * i);
}

static void end_page(struct pages *p)
{
	if (p->used == 0)
		return;
	store(p->page + 8, p->used, 8);
	put_bytes(p->f, p->page, PAGE);
	memset(p->page, 0, PAGE);
	p->used = 0;
}

static void add_word(struct pages *p, uint32_t word)
{
	store(p->page + PAGE_HEAD + p->used, word, 4);
	p->used += 4;
}

/* One event; its size is a multiple of four. */
static void add_event(struct pages *p, uint64_t time, const uint8_t *event, size_t size)
{
	uint64_t delta;

	if (p->used + 16 + size > PAGE - PAGE_HEAD)
		end_page(p);
	if (p->used == 0) {
		store(p->page, time, 8);
		p->time = time;
	}
	delta = time - p->time;
	if (delta >> DELTA_BITS != 0) {
		add_word(p, TIME_EXTEND | (uint32_t)(delta << 5));
		add_word(p, (uint32_t)(delta >> DELTA_BITS));
		delta = 0;
	}
	if (size <= SHORT_MAX) {
		add_word(p, (uint32_t)(size / 4) | (uint32_t)(delta << 5));
	} else {
		add_word(p, (uint32_t)(delta << 5));
		add_word(p, (uint32_t)size + 4);
	}
	memcpy(p->page + PAGE_HEAD + p->used, event, size);
	p->used += size;
	p->time = time;
}

/* A word behind a text in the line: "prev_comm=app0" */
static void copy_comm(const char *line, const char *behind, uint8_t to[COMM])
{
	const char *at = strstr(line, behind);
	size_t length;

	if (!at)
		return;
	at += strlen(behind);
	length = strcspn(at, " \n");
	memcpy(to, at, length < COMM - 1 ? length : COMM - 1);
}

static uint64_t number_behind(const char *line, const char *behind, int base)
{
	const char *at = strstr(line, behind);

	return at ? strtoull(at + strlen(behind), NULL, base) : 0;
}

/* What is behind the time, as an event. Returns its size; 0: it is none. */
static size_t make_event(const char *what, uint32_t pid, uint8_t event[EVENT_MAX])
{
	unsigned id;
	size_t size = 16;

	memset(event, 0, EVENT_MAX);
	if (strncmp(what, "tracing_mark_write: ", 20) == 0) {
		size_t length = strcspn(what + 20, "\n");

		id = ID_PRINT;
		length = length < EVENT_MAX - 24 ? length : EVENT_MAX - 24;
		memcpy(event + 16, what + 20, length);
		size = (16 + length + 1 + 3) / 4 * 4;
	} else if (strncmp(what, "sched_switch: ", 14) == 0) {
		id = ID_SWITCH;
		copy_comm(what, "prev_comm=", event + 8);
		store(event + 24, number_behind(what, "prev_pid=", 10), 4);
		store(event + 28, number_behind(what, "prev_prio=", 10), 4);
		copy_comm(what, "next_comm=", event + 40);
		store(event + 56, number_behind(what, "next_pid=", 10), 4);
		store(event + 60, number_behind(what, "next_prio=", 10), 4);
		size = 64;
	} else if (strncmp(what, "kvm_entry: ", 11) == 0 || strncmp(what, "kvm_exit: ", 10) == 0) {
		id = what[5] == 'n' ? ID_ENTRY : ID_EXIT;
		store(event + 8, number_behind(what, "PC: 0x", 16), 8);
	} else if (strncmp(what, "kvm_userspace_exit: ", 20) == 0) {
		id = ID_USERSPACE;
		store(event + 8, number_behind(what, "(", 10), 4);
	} else {
		return 0;
	}
	store(event, id, 2);
	store(event + 4, pid, 4);
	return size;
}

/* The number behind the next such character, before the line ends; moves there. NULL: there is none. */
static const char *next_number(const char *at, char before, uint64_t *number)
{
	char *end;

	while (*at != before && *at != '\n' && *at != '\0')
		at++;
	if (*at != before)
		return NULL;
	*number = strtoull(at + 1, &end, 10);
	return end;
}

/* COMM-PID [CPU] FLAGS SECONDS.MICROSECONDS: WHAT */
static void add_line(const char *line, struct pages *pages, unsigned cpus)
{
	uint64_t pid, cpu, seconds, us;
	uint8_t event[EVENT_MAX];
	const char *at = next_number(line, '-', &pid);
	size_t size;

	at = at ? next_number(at, '[', &cpu) : NULL;
	at = at ? next_number(at, ' ', &seconds) : NULL; /* the flags: no number */
	at = at ? next_number(at + strcspn(at, " \n"), ' ', &seconds) : NULL;
	at = at ? next_number(at, '.', &us) : NULL;
	if (!at || strncmp(at, ": ", 2) != 0 || cpu >= cpus)
		return;
	size = make_event(at + 2, (uint32_t)pid, event);
	if (size > 0)
		add_event(&pages[cpu], (seconds * 1000000 + us) * 1000, event, size);
}

/* Names of the processes: whoever is switched to or from. */
static char *names_of(const char *text)
{
	static const char *const ends[] = {"prev", "next"};
	char *names = NULL, before[64] = "";
	size_t size;
	FILE *f = open_memstream(&names, &size);

	if (!f)
		return NULL;
	for (const char *at = text; (at = strstr(at, "sched_switch: ")) != NULL; at++) {
		for (unsigned i = 0; i < 2; i++) {
			char comm[32], pid[32], name[64];
			uint8_t bytes[COMM] = {0};

			(void)snprintf(comm, sizeof(comm), "%s_comm=", ends[i]);
			(void)snprintf(pid, sizeof(pid), "%s_pid=", ends[i]);
			copy_comm(at, comm, bytes);
			(void)snprintf(name, sizeof(name), "%llu %s\n",
			               (unsigned long long)number_behind(at, pid, 10), (const char *)bytes);
			if (strcmp(name, before) != 0 && strncmp(name, "0 ", 2) != 0)
				(void)fputs(name, f);
			memcpy(before, name, sizeof(before));
		}
	}
	if (fclose(f) == 0)
		return names;
	free(names);
	return NULL;
}

static void put_head(FILE *out, const char *names, unsigned cpus)
{
	static const uint8_t magic[] = {
	        0x17, 0x08, 0x44, 't', 'r', 'a', 'c', 'i', 'n', 'g', '6', 0, 0 /* little endian */, 8};

	put_bytes(out, magic, sizeof(magic));
	put_number(out, PAGE, 4);
	put_bytes(out, "header_page", 12);
	put_text(out, header_page, 8);
	put_bytes(out, "header_event", 13);
	put_text(out, header_event, 8);
	put_number(out, 1, 4);
	put_text(out, print_format, 8);
	put_number(out, 2, 4);
	put_bytes(out, "kvm", 4);
	put_number(out, 3, 4);
	put_text(out, entry_format, 8);
	put_text(out, exit_format, 8);
	put_text(out, userspace_format, 8);
	put_bytes(out, "sched", 6);
	put_number(out, 1, 4);
	put_text(out, switch_format, 8);
	put_number(out, 0, 4); /* no symbols */
	put_number(out, 0, 4); /* no strings of trace_printk() */
	put_text(out, names, 8);
	put_number(out, cpus, 4);
	put_bytes(out, "options  ", 10);
	put_number(out, 0, 2); /* none */
	put_bytes(out, "flyrecord", 10);
}

/* The head, where each CPU's pages are, and these. */
static int put_all(FILE *out, const char *names, const struct pages *pages, unsigned cpus)
{
	char *head = NULL;
	size_t size, offset;
	FILE *f = open_memstream(&head, &size);

	if (!f)
		return -1;
	put_head(f, names, cpus);
	if (fclose(f) != 0 || !head) {
		free(head);
		return -1;
	}
	put_bytes(out, head, size);
	offset = size + (size_t)16 * cpus;
	for (unsigned cpu = 0; cpu < cpus; cpu++) {
		put_number(out, (offset + PAGE - 1) / PAGE * PAGE, 8);
		put_number(out, pages[cpu].size, 8);
		offset = (offset + PAGE - 1) / PAGE * PAGE + pages[cpu].size;
	}
	offset = size + (size_t)16 * cpus;
	for (unsigned cpu = 0; cpu < cpus; cpu++) {
		for (; offset % PAGE != 0; offset++)
			(void)fputc(0, out);
		put_bytes(out, pages[cpu].bytes, pages[cpu].size);
		offset += pages[cpu].size;
	}
	free(head);
	return 0;
}

int dat_write(FILE *out, const char *text, size_t size, unsigned cpus)
{
	struct pages *pages = calloc(cpus, sizeof(*pages));
	char *names = names_of(text);
	int status = pages && names ? 0 : -1;

	for (unsigned cpu = 0; status == 0 && cpu < cpus; cpu++) {
		pages[cpu].f = open_memstream(&pages[cpu].bytes, &pages[cpu].size);
		if (!pages[cpu].f)
			status = -1;
	}
	for (const char *line = text; status == 0 && line < text + size; line += strcspn(line, "\n") + 1) {
		if (*line != '#')
			add_line(line, pages, cpus);
	}
	for (unsigned cpu = 0; pages && cpu < cpus; cpu++) {
		if (!pages[cpu].f)
			continue;
		end_page(&pages[cpu]);
		if (fclose(pages[cpu].f) != 0)
			status = -1;
	}
	if (status == 0)
		status = put_all(out, names, pages, cpus);
	for (unsigned cpu = 0; pages && cpu < cpus; cpu++)
		free(pages[cpu].bytes);
	free(pages);
	free(names);
	return status;
}
