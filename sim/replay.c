/* SPDX-License-Identifier: MIT */
#include "replay.h"

#include <string.h>

struct run {
	struct machine *machine;
	const struct replay_watcher *watcher;
};

static void pass_on(void *arg, const struct watch *watch)
{
	struct run *run = arg;

	run->watcher->event(run->watcher->arg, run->machine, watch);
}

static const struct violation *find_violation(const struct machine *m, int property)
{
	for (unsigned i = 0; i < m->n_violations; i++) {
		if ((int)m->violations[i].property == property)
			return &m->violations[i];
	}
	return NULL;
}

static int make_step(struct run *run, const struct model_label *label, size_t number, bool last,
                     struct error *e)
{
	struct machine *m = run->machine;
	struct model_label made;

	if (machine_step(m, label, e))
		return -1;
	machine_label(m, &made);
	if (m->disabled || memcmp(&made, label, sizeof(made)) != 0)
		return error_set(e, "step %zu of the trace is not possible: its choices do not fit", number);
	if (m->learnt->refined)
		return error_set(e, "step %zu of the trace touches what the search took for private", number);
	if (m->ended && !last)
		return error_set(e, "step %zu of the trace ends the run, but there are more steps", number);
	if (run->watcher && run->watcher->step)
		run->watcher->step(run->watcher->arg, m, number);
	return 0;
}

int replay(const struct world *world, const struct learnt *learnt, const struct model_label *trace,
           size_t length, int property, const struct replay_watcher *watcher, struct violation *violation,
           struct error *e)
{
	struct machine *m = machine_new(world);
	struct learnt steps = *learnt;
	struct run run = {.machine = m, .watcher = watcher};
	const struct violation *found;
	int status = -1;

	if (!m)
		return error_set(e, "out of memory");
	if (machine_boot(m, e))
		goto out;
	m->learnt = &steps;
	if (watcher && watcher->event) {
		m->watch = pass_on;
		m->watch_arg = &run;
	}
	if (watcher && watcher->step)
		watcher->step(watcher->arg, m, 0);
	for (size_t i = 0; i < length; i++) {
		if (make_step(&run, &trace[i], i + 1, i + 1 == length, e))
			goto out;
	}
	found = find_violation(m, property);
	if (property >= 0 && !found) {
		error_set(e, "the trace does not end in a violation of %s", world_property_names[property]);
		goto out;
	}
	if (found && violation)
		*violation = *found;
	status = 0;
out:
	machine_free(m);
	return status;
}
