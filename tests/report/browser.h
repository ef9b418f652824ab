/* SPDX-License-Identifier: MIT */
/*
 * A headless Chromium with one page, led through the DevTools protocol on a pipe. Whatever goes wrong fails the test.
 * What the page says on its console, what it breaks and what it requests is counted.
 */
#ifndef LAZYSWITCH_TESTS_REPORT_BROWSER_H
#define LAZYSWITCH_TESTS_REPORT_BROWSER_H

#include <jansson.h>
#include <stdbool.h>

struct browser;

/* Is there one? */
bool browser_exists(void);

struct browser *browser_open(void);
void browser_close(struct browser *b);

/* Opens a page and waits until it is loaded; everything that was counted is forgotten. */
void browser_visit(struct browser *b, const char *url);

/* One command of the protocol, to the page; takes over `parameters`. The result belongs to the caller. */
json_t *browser_command(struct browser *b, const char *method, json_t *parameters);

/* The value of an expression in the page, in JSON's words; it belongs to the caller. */
json_t *browser_value(struct browser *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The same where it is a string, up to the next call; or a number. */
const char *browser_text(struct browser *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
double browser_number(struct browser *b, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Presses a key: "ArrowRight", "Home", "Tab", "Enter". */
void browser_key(struct browser *b, const char *key);
/* Clicks with the mouse into an element, at a part of its width (0.5: in the middle). */
void browser_click_at(struct browser *b, const char *selector, double part);
void browser_click(struct browser *b, const char *selector);

/* The colour scheme of the system, "light" or "dark"; the medium, "screen" or "print". */
void browser_media(struct browser *b, const char *medium, const char *scheme);
void browser_size(struct browser *b, int width, int height);

/* How often the page has complained (console, exceptions, policy), and requested anything but itself. */
unsigned browser_complaints(const struct browser *b);
unsigned browser_requests(const struct browser *b);

#endif
