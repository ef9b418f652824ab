/* SPDX-License-Identifier: MIT */
/*
 * What ThreadSanitizer must be told: libck's operations are inline assembly, which it cannot see. These mark
 * where one thread hands over what it has written and another takes it; they compile to nothing elsewhere.
 */
#ifndef LAZYSWITCH_CHECKER_SYNC_H
#define LAZYSWITCH_CHECKER_SYNC_H

#if defined(__SANITIZE_THREAD__)
#include <sanitizer/tsan_interface.h>
#define SYNC_RELEASE(address) __tsan_release((void *)(address))
#define SYNC_ACQUIRE(address) __tsan_acquire((void *)(address))
#else
#define SYNC_RELEASE(address) ((void)(address))
#define SYNC_ACQUIRE(address) ((void)(address))
#endif

#endif
