/* SPDX-License-Identifier: MIT */
/*
 * What threads that share memory need beside libck's operations.
 *
 * What ThreadSanitizer must be told: libck's operations are inline assembly, which it cannot see. These mark
 * where one thread hands over what it has written and another takes it; they compile to nothing elsewhere.
 */
#ifndef LAZYSWITCH_CHECKER_SYNC_H
#define LAZYSWITCH_CHECKER_SYNC_H

/*
 * Fetches a cache line that is about to be written to, and takes it from the other CPUs that have it. Compilers have this
 * for newer processors only; the older ones take it for no operation.
 */
#if defined(__x86_64__)
#define SYNC_FETCH(address) __asm__ volatile("prefetchw %0" : : "m"(*(const volatile char *)(address)))
#else
#define SYNC_FETCH(address) __builtin_prefetch(address, 1)
#endif

#if defined(__SANITIZE_THREAD__)
#include <sanitizer/tsan_interface.h>
#define SYNC_RELEASE(address) __tsan_release((void *)(address))
#define SYNC_ACQUIRE(address) __tsan_acquire((void *)(address))
#else
#define SYNC_RELEASE(address) ((void)(address))
#define SYNC_ACQUIRE(address) ((void)(address))
#endif

#endif
