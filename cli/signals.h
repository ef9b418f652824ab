/* SPDX-License-Identifier: MIT */
/* Interruption: a search that is stopped says what it knows. */
#ifndef LAZYSWITCH_CLI_SIGNALS_H
#define LAZYSWITCH_CLI_SIGNALS_H

#include <signal.h>

/* From now on SIGINT and SIGTERM only set a flag, which is returned. Searches look at it. */
const volatile sig_atomic_t *signals_catch(void);

#endif
