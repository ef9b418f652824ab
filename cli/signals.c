/* SPDX-License-Identifier: MIT */
#include "signals.h"

#include <stddef.h>

static volatile sig_atomic_t interrupted; /* a signal handler has no other way to tell */

static void on_signal(int signal)
{
	(void)signal;
	interrupted = 1;
}

const volatile sig_atomic_t *signals_catch(void)
{
	struct sigaction action = {.sa_handler = on_signal};

	(void)sigemptyset(&action.sa_mask);
	/* Not only once: timeout(1), for one, sends every signal twice. Whoever cannot wait has SIGQUIT. */
	(void)sigaction(SIGINT, &action, NULL);
	(void)sigaction(SIGTERM, &action, NULL);
	/* A file that becomes too large is an error like others, and has a message. */
	action.sa_handler = SIG_IGN;
	(void)sigaction(SIGXFSZ, &action, NULL);
	return &interrupted;
}
