/* SPDX-License-Identifier: MIT */
/* A trace file with everything in it. */
#ifndef LAZYSWITCH_TESTS_TRACES_SAMPLE_H
#define LAZYSWITCH_TESTS_TRACES_SAMPLE_H

extern const char sample[];

#endif
