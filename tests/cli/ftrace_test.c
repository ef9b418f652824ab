/* SPDX-License-Identifier: MIT */
/* lazyswitch replay --ftrace, and the timelines that replay prints: what goes out comes back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <glob.h>
#include <jansson.h>

#include "files.h"
#include "run_command.h"

#define IN                                                                                                   \
	" <idle>-0 [000] d..2. 1.1: sched_switch: prev_comm=swapper/0 prev_pid=0 prev_prio=120 "             \
	"prev_state=R ==> next_comm=qemu next_pid=5 next_prio=120\n"
#define RUN                                                                                                  \
	" qemu-5 [000] d..1. 1.2: kvm_entry: PC: 0xc0008000\n qemu-5 [000] d..1. 1.3: kvm_exit: IRQ: "       \
	"HSR_EC: 0x0000 (UNKNOWN), PC: 0xc0008010\n"
#define OUT                                                                                                  \
	" qemu-5 [000] d..2. 1.4: sched_switch: prev_comm=qemu prev_pid=5 prev_prio=120 prev_state=R ==> "   \
	"next_comm=app next_pid=6 next_prio=120\n"

static char *directory;

static int setup(void **state)
{
	(void)state;
	directory = make_directory();
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	remove_directory(directory);
	return 0;
}

/* The value of a trace file's header; "" if it is not there. */
static void header(const char *path, const char *keyword, char value[64])
{
	FILE *f = fopen(path, "r");
	char line[8192], word[64];

	assert_non_null(f);
	value[0] = '\0';
	while (fgets(line, sizeof(line), f)) {
		if (sscanf(line, "%63s %63s", word, value) == 2 && strcmp(word, keyword) == 0)
			break;
		value[0] = '\0';
	}
	assert_int_equal(fclose(f), 0);
}

/* The schedule of a counterexample: there is a way to fill it in that violates the same property. */
static void there_and_back(const char *path)
{
	char variant[64], property[64], env[64], endian[64], command[1024];
	const char *task = "";
	struct outcome out, back;

	header(path, "variant", variant);
	header(path, "property", property);
	header(path, "env", env);
	header(path, "endian", endian);
	(void)snprintf(command, sizeof(command), "replay --format ftrace %s", path);
	out = run_command(command);
	assert_int_equal(out.status, 1);
	/* Of a VMM thread that has not come to run its vCPU yet nobody can know. */
	if (strstr(out.out, "vmm0") && !strstr(out.out, ": kvm_"))
		task = "--task 2000=vmm0";
	write_file(directory, "schedule", out.out);
	(void)snprintf(
	        command, sizeof(command),
	        "replay --ftrace %s/schedule %s --on %s --property %s --env %s --endian %s --trace-out %s",
	        directory, task, variant, property, env, endian, directory);
	back = run_command(command);
	if (back.status != 1)
		fail_msg("%s: %s\n%s%s", path, command, back.out, back.err);
	(void)snprintf(command, sizeof(command), "violated: this way to fill the schedule in violates %s\n",
	               property);
	assert_contains(back.out, command);
	outcome_free(&back);
	(void)snprintf(command, sizeof(command), "replay --format ftrace %s/schedule-%s-%s.trace", directory,
	               variant, property);
	back = run_command(command);
	assert_int_equal(back.status, 1);
	outcome_free(&back);
	outcome_free(&out);
}

static void the_corpus_goes_out_and_comes_back(void **state)
{
	glob_t found;

	(void)state;
	assert_int_equal(glob(CORPUS "/*.trace", 0, NULL, &found), 0);
	assert_true(found.gl_pathc > 40);
	for (size_t i = 0; i < found.gl_pathc; i++)
		there_and_back(found.gl_pathv[i]);
	globfree(&found);
}

/* Replays a text with options; what is said is in the outcome, which the caller frees. */
static struct outcome fill_in(const char *text, const char *options, int status)
{
	char command[1024];
	struct outcome o;

	write_file(directory, "trace", text);
	(void)snprintf(command, sizeof(command), "replay --ftrace %s/trace %s", directory, options);
	o = run_command(command);
	if (o.status != status)
		fail_msg("%s: %d, not %d: %s%s", command, o.status, status, o.out, o.err);
	return o;
}

static void what_the_trace_leaves_open(void **state)
{
	struct outcome o = fill_in(IN RUN OUT, "--on baseline", 0);

	(void)state;
	assert_contains(o.out,
	                "4 events of a schedule, on baseline: 1 CPU, 1 plain thread, 1 VM with 1 vCPU\n"
	                "  CPU 0 is cpu0\n  qemu-5 is vmm0, with vcpu0\n  app-6 is app0\n"
	                "  not in the trace, and so open: kvm_userspace_exit\n");
	assert_contains(o.out, "holds: no way to fill this schedule in violates a property (");
	outcome_free(&o);
	o = fill_in(IN RUN OUT, "--on no-put", 1);
	assert_contains(o.out, "=> violates fpexc-host");
	outcome_free(&o);
	/* Without KVM's events whether the guest has run is open, too, for whoever is known to have one. */
	o = fill_in(IN OUT, "--on no-put --property fpexc-host", 0);
	outcome_free(&o);
	o = fill_in(IN OUT, "--on no-put --property fpexc-host --task 5=vmm0", 1);
	outcome_free(&o);
}

static void what_cannot_be_placed_is_named(void **state)
{
	/* A VMM thread is in user mode behind kvm_userspace_exit, and enters a guest only once in each ioctl loop. */
	struct outcome o = fill_in(
	        IN " qemu-5 [000] 1.15: kvm_exit: PC\n" OUT " qemu-5 [000] 1.5: kvm_entry: PC\n", "", 2);

	(void)state;
	assert_contains(o.err, "trace:2:1: [000] qemu-5: kvm_exit: no guest was entered there (line 1)");
	outcome_free(&o);
	o = fill_in(IN RUN " qemu-5 [000] 1.31: kvm_userspace_exit: reason\n qemu-5 [000] 1.32: "
	                   "kvm_userspace_exit: reason\n"
	                   " qemu-5 [000] 1.33: kvm_userspace_exit: reason\n",
	            "--on v3", 0);
	outcome_free(&o);
	/* Behind an interrupt's exit the guest goes on, or a signal ends the ioctl: twice without a kvm_userspace_exit it cannot. */
	o = fill_in(IN RUN
	            " qemu-5 [000] 1.31: kvm_entry: PC\n qemu-5 [000] 1.32: kvm_userspace_exit: reason\n"
	            " qemu-5 [000] 1.33: kvm_exit: PC\n",
	            "--on v3", 2);
	assert_contains(o.err,
	                "trace:5:1: [000] qemu-5: kvm_userspace_exit: no run of the model has this here, "
	                "behind 4 of the 6 events\nlazyswitch:   instead: kvm_exit of vmm0");
	outcome_free(&o);
}

static void limits(void **state)
{
	struct outcome o = fill_in(IN RUN OUT, "--max-states 10", 3);

	(void)state;
	assert_contains(o.out, "incomplete: state limit, 10 states");
	outcome_free(&o);
	o = fill_in(IN RUN "CPU:0 [LOST 12 EVENTS]\n" OUT, "", 3);
	assert_contains(o.out, "trace:4: events were lost: the schedule ends there");
	assert_contains(o.out, "3 events of a schedule");
	outcome_free(&o);
}

static void usage(void **state)
{
	static const struct {
		const char *options, *message;
	} cases[] = {
	        {"--task x", "--task x: takes PID=appN"},
	        {"--task 6=vmm0 --task 6=vmm0", "--task: 6 and 6 cannot both be vmm0"},
	        {"--env fork",
	         "--env fork: with --ftrace the open events may be neon,exec,ptrace,signal,pm,onereg"},
	        {"--until 3", "no --format but text"},
	        {"--format json", "--ftrace takes no TRACE"},
	        {"x.trace", "--ftrace takes no TRACE"},
	        {"--on nothing", "nothing"},
	};
	struct outcome o;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		o = fill_in(IN RUN OUT, cases[i].options, 2);
		assert_contains(o.err, cases[i].message);
		outcome_free(&o);
	}
	o = run_command("replay --timeout 3 x.trace");
	assert_int_equal(o.status, 2);
	assert_contains(o.err, "go with --ftrace");
	outcome_free(&o);
	o = run_command("replay --ftrace /nowhere/trace");
	assert_int_equal(o.status, 2);
	assert_contains(o.err, "/nowhere/trace: No such file or directory");
	outcome_free(&o);
	o = fill_in("\n x\n", "", 2);
	assert_contains(o.err, "trace:2:2: not a line of tracefs");
	outcome_free(&o);
}

/* Slices of a track lie one behind the other, from the start to the end; counters are 0 or 1; there is one violation. */
static void perfetto_shows_all_of_it(void **state)
{
	struct outcome o = run_command("replay --format perfetto " CORPUS "/no-put-fp-lost.trace");
	json_t *document = json_loads(o.out, JSON_REJECT_DUPLICATES, NULL), *event;
	json_int_t end[4] = {0}, steps = 0, violations = 0, counters = 0;
	size_t i;

	(void)state;
	assert_int_equal(o.status, 1);
	assert_non_null(document);
	json_array_foreach(json_object_get(document, "traceEvents"), i, event)
	{
		const char *phase = json_string_value(json_object_get(event, "ph"));
		json_int_t ts = json_integer_value(json_object_get(event, "ts"));
		json_int_t track = json_integer_value(json_object_get(event, "tid"));

		assert_non_null(phase);
		assert_int_equal(json_integer_value(json_object_get(event, "pid")), 1);
		if (strcmp(phase, "X") == 0) {
			assert_in_range(track, 1, 3);
			if (track > 1)
				assert_int_equal(ts, end[track]);
			assert_true(ts >= end[track]);
			end[track] = ts + json_integer_value(json_object_get(event, "dur"));
			steps += track == 1;
		} else if (strcmp(phase, "C") == 0) {
			assert_in_range(
			        json_integer_value(json_object_get(json_object_get(event, "args"), "value")),
			        0, 1);
			counters++;
		} else if (strcmp(phase, "i") == 0) {
			assert_string_equal(json_string_value(json_object_get(event, "name")), "fp-lost");
			assert_int_equal(ts, end[1]);
			violations++;
		} else {
			assert_string_equal(phase, "M");
		}
	}
	assert_true(steps > 5 && counters > 3);
	assert_int_equal(violations, 1);
	assert_int_equal(end[1], (steps + 1) * 1000);
	assert_int_equal(end[2], end[1]);
	assert_int_equal(end[3], end[1]);
	json_decref(document);
	outcome_free(&o);
}

/* What trace-cmd, which KernelShark reads with, makes of a file. */
static char *reported(const char *trace, unsigned steps)
{
	char command[512], name[64];
	struct outcome o;
	char *text;
	size_t size;
	FILE *f;

	(void)snprintf(name, sizeof(name), "%s/trace.dat", directory);
	(void)snprintf(command, sizeof(command), "replay --format trace-dat -o %s %s", name, trace);
	o = run_command(command);
	assert_true(o.status <= 1);
	assert_string_equal(o.out, "");
	assert_string_equal(o.err, "");
	outcome_free(&o);
	(void)snprintf(command, sizeof(command), "trace-cmd report -N %s/trace.dat >%s/report 2>%s/errors",
	               directory, directory, directory);
	if (system(command) != 0) /* NOLINT(cert-env33-c): the directory is ours */
		fail_msg("trace-cmd does not read it");
	text = read_file_of(directory, "errors");
	assert_string_equal(text, "");
	free(text);
	text = malloc(1 << 20);
	(void)snprintf(name, sizeof(name), "%s/report", directory);
	f = fopen(name, "r");
	assert_non_null(f);
	size = fread(text, 1, (1 << 20) - 1, f);
	text[size] = '\0';
	(void)fclose(f);
	for (unsigned i = 1; i <= steps; i++) {
		(void)snprintf(command, sizeof(command), " step %u: ", i);
		assert_contains(text, command);
	}
	return text;
}

static void kernelshark_has_a_file_to_open(void **state)
{
	char path[256], *text = reported(CORPUS "/no-put-fp-lost.trace", 13);
	FILE *f;

	(void)state;
	assert_contains(text, "cpus=1\n");
	assert_contains(text, "          <idle>-0     [000]     0.001010: sched_switch:         "
	                      "prev_comm=swapper/0 prev_pid=0 prev_prio=120 ==> "
	                      "next_comm=vmm0 next_pid=2000 next_prio=120\n");
	assert_contains(text, "            vmm0-2000  [000]     0.003010: kvm_entry:            PC: 0x4001");
	assert_contains(text, "kvm_exit:             PC: 0x4001");
	assert_contains(text, "kvm_userspace_exit:   reason 4\n");
	assert_contains(text, "violates fp-lost: vmm0 reads d0: expected its own newest data");
	free(text);

	/* Many pages; and a CPU that does nothing for longer than a delta of times can say. */
	(void)snprintf(path, sizeof(path), "%s/long.trace", directory);
	f = fopen(path, "w");
	assert_non_null(f);
	(void)fputs("lazyswitch-trace 1\nvariant v3\ncpus 2\nvms 1\nthreads 1\ncpu1 idle1 wake pick=app0\n",
	            f);
	for (unsigned i = 0; i < 300; i++)
		(void)fputs("cpu0 idle0 wake\ncpu0 vmm0 preempt\n", f);
	(void)fputs("cpu1 app0 preempt\n", f);
	assert_int_equal(fclose(f), 0);
	text = reported(path, 602);
	assert_contains(text, "cpus=2\n");
	assert_contains(text, "[001]     0.001010: sched_switch:         prev_comm=swapper/1 prev_pid=0 "
	                      "prev_prio=120 ==> next_comm=app0");
	assert_contains(text, "[001]     0.602010: sched_switch:         prev_comm=app0 ");
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(the_corpus_goes_out_and_comes_back),
	        cmocka_unit_test(what_the_trace_leaves_open),
	        cmocka_unit_test(what_cannot_be_placed_is_named),
	        cmocka_unit_test(limits),
	        cmocka_unit_test(usage),
	        cmocka_unit_test(perfetto_shows_all_of_it),
	        cmocka_unit_test(kernelshark_has_a_file_to_open),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
