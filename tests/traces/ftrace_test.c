/* SPDX-License-Identifier: MIT */
/* The text of tracefs: what is in it, what is wrong with it, what is mapped to what, and what has to come before what. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "traces/ftrace/schedule.h"

#define SWITCH(cpu, time, a, apid, b, bpid)                                                                  \
	"  " a "-" apid "  [00" cpu "] d..2. " time ": sched_switch: prev_comm=" a " prev_pid=" apid         \
	" prev_prio=120 prev_state=S ==> next_comm=" b " next_pid=" bpid " next_prio=120\n"

static const char sample[] =
        "# tracer: nop\n"
        "CPU:1 [LOST 3 EVENTS]\n" SWITCH(
                "0", "12.000100", "swapper/0", "0", "qemu arm-1 [x]",
                "212") "  qemu arm-1 [x]-212   (  200) [000] d..1.    12.000200: kvm_entry: PC: 0xc0008000\n"
                       "  qemu arm-1 [x]-212     [000] d..1.    12.000300: kvm_exit: IRQ: HSR_EC: 0x0000 "
                       "(UNKNOWN), PC: 0xc0\n"
                       "  qemu arm-1 [x]-212     [000] .....    12.000310: kvm_userspace_exit: reason "
                       "restart (4)\n"
                       "          <idle>-0       [003]    12.000320: sched_switch:  swapper/3:0 [120] R ==> "
                       "a:b c:99 [120]\n"
                       "          a:b c-99       [003] d..2.    12.000330: sched_wakeup: comm=x pid=1\n"
                       "          a:b c-99       [003] d..2.    12.000350: sched_migrate_task: comm=x y "
                       "pid=7 prio=120 "
                       "orig_cpu=0 dest_cpu=3\n";

static void expect_error(const char *text, size_t size, const char *message)
{
	struct ftrace f;
	struct error e = {0};

	assert_int_equal(ftrace_parse("file", text, size, &f, &e), -1);
	if (strncmp(e.text, message, strlen(message)) != 0)
		fail_msg("'%s' is no '%s'", e.text, message);
}

static void what_is_in_it(void **state)
{
	struct ftrace f;
	struct error e;

	(void)state;
	assert_int_equal(ftrace_parse("file", sample, strlen(sample), &f, &e), 0);
	assert_int_equal(f.n_events, 6);
	assert_int_equal(f.kinds, (1 << FTRACE_KINDS) - 1);
	assert_int_equal(f.events[0].kind, FTRACE_SWITCH);
	assert_int_equal(f.events[0].line, 3);
	assert_int_equal(f.events[0].other, 212);
	assert_string_equal(f.events[0].other_comm, "qemu arm-1 [x]");
	assert_true(f.events[0].time == 12000100000u);
	assert_int_equal(f.events[1].pid, 212);
	assert_string_equal(f.events[1].comm, "qemu arm-1 [x]");
	assert_int_equal(f.events[2].exit, FTRACE_EXIT_IRQ);
	assert_int_equal(f.events[4].cpu, 3);
	assert_int_equal(f.events[4].other, 99);
	assert_string_equal(f.events[4].other_comm, "a:b c");
	assert_int_equal(f.events[5].kind, FTRACE_MIGRATE);
	assert_int_equal(f.events[5].other, 7);
	assert_int_equal(f.events[5].to, 3);
	assert_int_equal(f.n_others, 1);
	assert_string_equal(f.others[0].name, "sched_wakeup");
	assert_int_equal(f.lost_line, 0); /* before the first event: the recording begins there */
	ftrace_free(&f);
}

static void what_is_wrong(void **state)
{
	static const struct {
		const char *text, *message;
	} cases[] = {
	        {"", "file:1:1: the file ends, and none of its lines"},
	        {"# tracer: nop\n", "file:2:1: the file ends, and none of its lines"},
	        {"\n  hello\n", "file:2:3: not a line of tracefs"},
	        {" a-99999999999999999999 [000] 1.0: x: y\n", "file:1:2: not a line of tracefs"},
	        {" a-1 [99999] 1.0: x: y\n", "file:1:2: not a line of tracefs"},
	        {" a-1 [000] d..2. x: y\n", "file:1:12: a time and a colon stand here"},
	        {" a-1 [000] 99999999999999999999999.0: kvm_exit: PC\n", "file:1:12: a time and a colon"},
	        {" a-1 [000] 1.0:\n", "file:1:16: an event's name"},
	        {" a-1 [000] 1.0: sched_switch: prev_comm=a\n", "file:1:31: a sched_switch has"},
	        {" a-1 [000] 1.0: sched_switch: prev_comm=a prev_pid=x prev_prio=1 ==> next_comm=b "
	         "next_pid=1 \n",
	         "file:1:31: a sched_switch has"},
	        {" a-1 [000] 1.0: sched_switch: prev_comm=a prev_pid=4194305 prev_prio=1 ==> next_comm=b "
	         "next_pid=1 "
	         "\n",
	         "file:1:31: a sched_switch has"},
	        {" a-1 [000] 1.0: sched_migrate_task: comm=a pid=1 prio=1 orig_cpu=0 dest_cpu=\n",
	         "file:1:37: a sched_migrate_task has"},
	        {" a-1 [000] 1.0: kvm_\x01", "file:1:21: byte 0x01 is a control character"},
	};
	char *line = malloc(FTRACE_LINE_MAX + 2);

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		expect_error(cases[i].text, strlen(cases[i].text), cases[i].message);
	expect_error("\xff\xfe#\0", 4, "file:1:4: a byte is 0");
	assert_non_null(line);
	memset(line, '#', FTRACE_LINE_MAX + 1);
	expect_error(line, FTRACE_LINE_MAX + 1, "file:1:8193: the line is longer than 8192 bytes");
	free(line);
}

/* Makes a schedule of a text; the test fails if that fails. */
static void make(const char *text, struct mapping *m, struct schedule *s)
{
	struct ftrace f;
	struct error e = {0};

	if (ftrace_parse("file", text, strlen(text), &f, &e) || mapping_make(&f, NULL, 0, m, &e) ||
	    schedule_make(&f, m, s, &e))
		fail_msg("%s", e.text);
	ftrace_free(&f);
}

static void expect_refused(const char *text, const struct mapping_said *said, size_t n, const char *message)
{
	struct mapping *m = malloc(sizeof(*m));
	struct schedule s = {0};
	struct ftrace f;
	struct error e = {0};

	assert_non_null(m);
	assert_int_equal(ftrace_parse("file", text, strlen(text), &f, &e), 0);
	if (mapping_make(&f, said, n, m, &e) == 0 && schedule_make(&f, m, &s, &e) == 0)
		fail_msg("not refused: '%s'", message);
	if (!strstr(e.text, message))
		fail_msg("'%s' is no '%s'", e.text, message);
	ftrace_free(&f);
	free(m);
}

static void who_is_who(void **state)
{
	struct mapping *m = malloc(sizeof(*m));
	struct schedule s;

	(void)state;
	assert_non_null(m);
	make(sample, m, &s);
	assert_int_equal(m->config.cpus, 2);
	assert_int_equal(m->config.threads, 1);
	assert_int_equal(m->config.vms, 1);
	assert_int_equal(mapping_cpu(m, 3), 1);
	assert_int_equal(mapping_task(m, 99, 1), NR_CPUS);
	assert_int_equal(mapping_task(m, 212, 0), NR_CPUS + 1);
	assert_int_equal(mapping_task(m, 0, 1), 1);
	assert_int_equal(s.events, 5);
	assert_int_equal(s.n[0], 4);
	assert_int_equal(s.n[1], 1);
	schedule_free(&s);
	free(m);
}

static void a_thread_of_the_kernel_is_idle(void **state)
{
	struct mapping *m = malloc(sizeof(*m));
	struct schedule s;

	(void)state;
	assert_non_null(m);
	make(SWITCH("0", "1.0", "kworker/0:1", "5", "a", "6") SWITCH("0", "1.1", "a", "6", "kworker/0:1", "5")
	             SWITCH("0", "1.2", "kworker/0:1", "5", "swapper/0", "0"),
	     m, &s);
	assert_int_equal(m->config.threads, 1);
	assert_int_equal(s.n[0], 2); /* from one idle task to another nothing happens */
	assert_int_equal(s.of[0][1].task, 0);
	schedule_free(&s);
	free(m);
}

/* Who runs, and which guest, when the recording begins, comes before all of it. */
static void what_went_before(void **state)
{
	struct mapping *m = malloc(sizeof(*m));
	struct schedule s;

	(void)state;
	assert_non_null(m);
	make("q-5 [000] 1.0: kvm_exit: PC\n q-5 [000] 1.1: kvm_entry: PC\n" SWITCH("1", "1.2", "a", "6", "b",
	                                                                           "7"),
	     m, &s);
	assert_int_equal(s.n[0], 4); /* sched_switch is recorded: q had to come to CPU 0 */
	schedule_free(&s);
	make("q-5 [000] 1.0: kvm_exit: PC\n q-5 [000] 1.1: kvm_entry: PC\n", m, &s);
	assert_int_equal(s.n[0], 3);
	assert_int_equal(s.of[0][0].kind, FTRACE_KVM_ENTRY);
	assert_int_equal(s.of[0][0].line, 0);
	schedule_free(&s);
	free(m);
}

/* What a step leads up to may lie anywhere behind the last event of its CPU: only what was before that must have happened. */
static void what_must_come_first(void **state)
{
	struct mapping *m = malloc(sizeof(*m));
	struct schedule s;

	(void)state;
	assert_non_null(m);
	make(SWITCH("0", "1.0", "swapper/0", "0", "a", "5") SWITCH("1", "1.1", "swapper/1", "0", "b", "6")
	             SWITCH("0", "1.2", "a", "5", "swapper/0", "0") SWITCH("1", "1.3", "b", "6", "a", "5"),
	     m, &s);
	assert_int_equal(s.of[1][0].needs[0], 0); /* CPU 1 had no event before */
	assert_int_equal(s.of[0][1].needs[1], 0); /* of CPU 1, before the first of CPU 0: nothing */
	assert_int_equal(s.of[1][1].needs[0], 2); /* a has left CPU 0 */
	assert_int_equal(s.of[1][1].needs[1], 1);
	schedule_free(&s);
	free(m);
}

static void contradictions(void **state)
{
	const struct mapping_said app = {.pid = 212, .role = ROLE_THREAD},
	                          none = {.pid = 3, .role = ROLE_IDLE};
	const struct mapping_said twice[] = {{99, ROLE_VMM, 1}, {212, ROLE_VMM, 1}};
	char text[8192] = "";

	(void)state;
	expect_refused(SWITCH("0", "1.0", "a", "5", "b", "6") SWITCH("0", "1.1", "c", "7", "b", "6"), NULL, 0,
	               "file:2:1: [000] sched_switch: c-7 ==> b-6: that CPU runs pid 6 (line 1)");
	expect_refused(
	        SWITCH("0", "1.0", "a", "5", "b", "6") SWITCH("1", "1.1", "swapper/1", "0", "b", "6"), NULL,
	        0, "file:2:1: [001] sched_switch: swapper/1-0 ==> b-6: pid 6 still runs on CPU 0 (line 1)");
	expect_refused(
	        "q-5 [000] 1.0: kvm_entry: PC\n q-5 [000] 1.1: kvm_entry: PC\n q-5 [000] 1.2: kvm_exit: PC\n",
	        NULL, 0, "file:2:1: [000] q-5: kvm_entry: a guest runs there already");
	expect_refused(sample, &app, 1, "--task 212: file:4 shows that it runs a vCPU");
	expect_refused(sample, &none, 1, "--task 3: the trace file has no such pid");
	expect_refused(sample, twice, 2, "--task: 99 and 212 cannot both be vmm1");
	for (unsigned i = 0; i < 9; i++)
		(void)snprintf(text + strlen(text), sizeof(text) - strlen(text),
		               "q-%u [%03u] 1.0: kvm_exit: PC\n", i + 1, i);
	expect_refused(text, NULL, 0, "file:9:1: CPU 8 is the trace's CPU number 9: the model has 8");
	text[0] = '\0';
	for (unsigned i = 0; i < 9; i++)
		(void)snprintf(text + strlen(text), sizeof(text) - strlen(text),
		               "q-%u [000] 1.%u: kvm_exit: PC\n", i + 1, i);
	expect_refused(text, NULL, 0, "file: 9 tasks run vCPUs: the model has 8 vCPUs");
	text[0] = '\0';
	for (unsigned i = 0; i < 17; i++)
		(void)snprintf(text + strlen(text), sizeof(text) - strlen(text),
		               " x-%u [000] 1.%02u: sched_switch: a:%u [1] R ==> b:%u [1]\n", i + 1, i, i + 1,
		               i + 2);
	expect_refused(text, NULL, 0, "file: 18 threads and 0 VMM threads: the model has 16 in all");
}

static void by_hand(void **state)
{
	static const char *const wrong[] = {"",      "1",     "0=app0",  "1=app16", "1=vmm8",
	                                    "1=foo", "1=app", "1=app1x", "x=app0",  "99999999=app0"};
	struct mapping_said said;
	struct error e;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_int_equal(mapping_say(wrong[i], &said, &e), -1);
	assert_int_equal(mapping_say("12=vmm3", &said, &e), 0);
	assert_int_equal(said.pid, 12);
	assert_int_equal(said.role, ROLE_VMM);
	assert_int_equal(said.number, 3);
}

static uint64_t random_state = 1;

static size_t below(size_t n)
{
	random_state = random_state * UINT64_C(6364136223846793005) + 1442695040888963407u;
	return n == 0 ? 0 : (size_t)(random_state >> 33) % n;
}

/* One piece of it changed, cut out, or twice. Returns the new size. */
static size_t mutate(char *buf, size_t size, size_t room)
{
	static const char *const pieces[] = {
	        "99999999999999999999999", "-1",        "\n",         "==> ", "[", "]", ":", "\xff",
	        "CPU:0 [LOST 2 EVENTS]\n", "prev_pid=", " dest_cpu=", "\0x"};
	const char *piece = pieces[below(sizeof(pieces) / sizeof(pieces[0]))];
	size_t at = below(size), n = below(size - at < 60 ? size - at : 60), more = strlen(piece);

	switch (below(4)) {
	case 0:
		buf[at] = (char)(buf[at] ^ 1 << below(8));
		return size;
	case 1:
		return below(4) == 0 ? at : size;
	case 2:
		memmove(buf + at, buf + at + n, size - at - n);
		return size - n;
	default:
		if (size + more > room)
			return size;
		memmove(buf + at + more, buf + at, size - at);
		for (size_t i = 0; i < more; i++)
			buf[at + i] = piece[i];
		return size + more;
	}
}

/* Each is refused with a position, or is a schedule, or is none for a reason that is said. */
static void mutations(void **state)
{
	char buf[2 * sizeof(sample)];
	struct mapping *m = malloc(sizeof(*m));
	unsigned refused = 0, taken = 0;

	(void)state;
	assert_non_null(m);
	for (unsigned i = 0; i < 10000; i++) {
		size_t size = strlen(sample);
		struct schedule s;
		struct ftrace f;
		struct error e = {0};

		memcpy(buf, sample, sizeof(sample));
		for (size_t k = 1 + below(4); k > 0 && size > 0; k--)
			size = mutate(buf, size, sizeof(buf));
		if (ftrace_parse("file", buf, size, &f, &e)) {
			char *end = NULL;
			unsigned long line, column = 0;

			line = strncmp(e.text, "file:", 5) == 0 ? strtoul(e.text + 5, &end, 10) : 0;
			if (line > 0 && *end == ':')
				column = strtoul(end + 1, NULL, 10);
			if (line == 0 || column == 0)
				fail_msg("%s", e.text);
			refused++;
			continue;
		}
		if (mapping_make(&f, NULL, 0, m, &e) || schedule_make(&f, m, &s, &e)) {
			assert_memory_equal(e.text, "file:", 5);
			refused++;
		} else {
			assert_true(s.events <= f.n_events);
			schedule_free(&s);
			taken++;
		}
		ftrace_free(&f);
	}
	assert_true(refused > 1000 && taken > 1000);
	free(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(what_is_in_it),    cmocka_unit_test(what_is_wrong),
	        cmocka_unit_test(who_is_who),       cmocka_unit_test(a_thread_of_the_kernel_is_idle),
	        cmocka_unit_test(what_went_before), cmocka_unit_test(what_must_come_first),
	        cmocka_unit_test(contradictions),   cmocka_unit_test(by_hand),
	        cmocka_unit_test(mutations),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
