/* SPDX-License-Identifier: MIT */
#ifndef LAZYSWITCH_TRACES_MARKUP_H
#define LAZYSWITCH_TRACES_MARKUP_H

#include <stddef.h>
#include <stdio.h>

/*
 * Writes text where markup is understood: of an HTML or XML element, or a quoted attribute's value. Control characters, which XML has no
 * way to say, become blanks, but for line ends and tabs.
 */
void markup_text(FILE *f, const char *text, size_t length);

#endif
