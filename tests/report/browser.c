/* SPDX-License-Identifier: MIT */
#include "browser.h"

#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "../cli/run_command.h"

/* It may have to share the machine with other tests; what it does takes seconds. */
enum { PATIENCE_MS = 120000 };

static const char *const programs[] = {"/usr/bin/chromium", "/usr/bin/chromium-browser",
                                       "/usr/bin/google-chrome"};

struct browser {
	pid_t pid;
	int to, from;
	char *profile;
	char *session;
	json_int_t next;
	char *buffer; /* what has arrived of the message in progress */
	size_t used, room;
	char *text; /* of browser_text() */
	char url[512];
	bool loaded;
	unsigned complaints, requests;
};

static const char *find_program(void)
{
	for (size_t i = 0; i < sizeof(programs) / sizeof(programs[0]); i++) {
		if (access(programs[i], X_OK) == 0)
			return programs[i];
	}
	return NULL;
}

bool browser_exists(void)
{
	return find_program() != NULL;
}

/* In the child: the protocol is spoken on descriptors 3 and 4. */
static void become(const char *program, const char *profile, int in, int out)
{
	int null = open("/dev/null", O_RDWR), from = fcntl(in, F_DUPFD, 10), to = fcntl(out, F_DUPFD, 10);
	char directory[128];

	(void)snprintf(directory, sizeof(directory), "--user-data-dir=%s", profile);
	(void)dup2(null, 0);
	(void)dup2(null, 1);
	(void)dup2(null, 2);
	(void)dup2(from, 3);
	(void)dup2(to, 4);
	(void)execl(program, program, "--headless", "--no-sandbox", "--disable-gpu",
	            "--remote-debugging-pipe", "--no-first-run", "--disable-background-networking",
	            "--disable-component-update", "--disable-sync", "--disable-extensions",
	            "--disable-dev-shm-usage", "--window-size=1280,900", directory, (char *)NULL);
	_exit(127);
}

static void send(struct browser *b, const char *text)
{
	for (size_t size = strlen(text) + 1; size > 0;) {
		ssize_t n = write(b->to, text, size);

		assert_true(n > 0);
		text += n;
		size -= (size_t)n;
	}
}

/* The next message, ended by '\0'; the caller frees it. */
static json_t *receive(struct browser *b)
{
	for (;;) {
		char *end = b->used > 0 ? memchr(b->buffer, '\0', b->used) : NULL;
		struct pollfd wait = {.fd = b->from, .events = POLLIN};
		ssize_t n;

		if (end) {
			json_t *message = json_loads(b->buffer, 0, NULL);

			b->used -= (size_t)(end + 1 - b->buffer);
			memmove(b->buffer, end + 1, b->used);
			assert_non_null(message);
			return message;
		}
		if (b->room - b->used < 65536) {
			b->room = 2 * b->room + 65536;
			b->buffer = realloc(b->buffer, b->room);
			assert_non_null(b->buffer);
		}
		if (poll(&wait, 1, PATIENCE_MS) != 1)
			fail_msg("the browser does not answer");
		n = read(b->from, b->buffer + b->used, b->room - b->used);
		if (n <= 0)
			fail_msg("the browser has gone");
		b->used += (size_t)n;
	}
}

static const char *word(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text ? text : "";
}

static void on_event(struct browser *b, const json_t *message)
{
	const char *method = word(message, "method");
	const json_t *p = json_object_get(message, "params");

	if (strcmp(method, "Page.loadEventFired") == 0)
		b->loaded = true;
	if (strcmp(method, "Runtime.consoleAPICalled") == 0 ||
	    strcmp(method, "Runtime.exceptionThrown") == 0 || strcmp(method, "Log.entryAdded") == 0) {
		char *text = json_dumps(p, JSON_COMPACT);

		print_message("browser: %s: %.600s\n", method, text);
		free(text);
		b->complaints++;
	}
	if (strcmp(method, "Network.requestWillBeSent") == 0 &&
	    strncmp(word(json_object_get(p, "request"), "url"), b->url, strcspn(b->url, "#")) != 0) {
		print_message("browser: requests %s\n", word(json_object_get(p, "request"), "url"));
		b->requests++;
	}
}

static json_t *command(struct browser *b, const char *session, const char *method, json_t *parameters)
{
	json_int_t id = ++b->next;
	json_t *message = json_pack("{s:I, s:s, s:s*, s:o}", "id", id, "method", method, "sessionId", session,
	                            "params", parameters ? parameters : json_object()),
	       *result;
	char *text = json_dumps(message, JSON_COMPACT);

	json_decref(message);
	assert_non_null(text);
	send(b, text);
	free(text);
	for (;;) {
		message = receive(b);
		if (json_integer_value(json_object_get(message, "id")) == id)
			break;
		on_event(b, message);
		json_decref(message);
	}
	if (json_object_get(message, "error"))
		fail_msg("%s: %s", method, word(json_object_get(message, "error"), "message"));
	result = json_incref(json_object_get(message, "result"));
	json_decref(message);
	return result;
}

json_t *browser_command(struct browser *b, const char *method, json_t *parameters)
{
	return command(b, b->session, method, parameters);
}

static void start(struct browser *b)
{
	int to[2], from[2];

	assert_int_equal(pipe(to), 0);
	assert_int_equal(pipe(from), 0);
	b->pid = fork();
	assert_true(b->pid >= 0);
	if (b->pid == 0) {
		(void)close(to[1]);
		(void)close(from[0]);
		become(find_program(), b->profile, to[0], from[1]);
	}
	(void)close(to[0]);
	(void)close(from[1]);
	b->to = to[1];
	b->from = from[0];
}

struct browser *browser_open(void)
{
	static const char *const domains[] = {"Page.enable", "Runtime.enable", "Log.enable", "Network.enable",
	                                      "Accessibility.enable"};
	struct browser *b = calloc(1, sizeof(*b));
	json_t *result;

	assert_non_null(b);
	(void)signal(SIGPIPE, SIG_IGN);
	b->profile = make_directory();
	start(b);
	result = command(b, NULL, "Target.createTarget", json_pack("{s:s}", "url", "about:blank"));
	{
		json_t *attached =
		        command(b, NULL, "Target.attachToTarget",
		                json_pack("{s:s, s:b}", "targetId", word(result, "targetId"), "flatten", 1));

		b->session = strdup(word(attached, "sessionId"));
		assert_non_null(b->session);
		json_decref(attached);
	}
	json_decref(result);
	for (size_t i = 0; i < sizeof(domains) / sizeof(domains[0]); i++)
		json_decref(browser_command(b, domains[i], NULL));
	return b;
}

void browser_close(struct browser *b)
{
	json_decref(command(b, NULL, "Browser.close", NULL));
	(void)close(b->to);
	(void)waitpid(b->pid, NULL, 0);
	(void)close(b->from);
	remove_directory(b->profile);
	free(b->session);
	free(b->buffer);
	free(b->text);
	free(b);
}

void browser_visit(struct browser *b, const char *url)
{
	(void)snprintf(b->url, sizeof(b->url), "%s", url);
	/* Away first: a page that differs in the fragment only would not be loaded again. */
	json_decref(browser_command(b, "Page.navigate", json_pack("{s:s}", "url", "about:blank")));
	b->complaints = b->requests = 0;
	b->loaded = false;
	json_decref(browser_command(b, "Page.navigate", json_pack("{s:s}", "url", url)));
	while (!b->loaded ||
	       strcmp(browser_text(b, "location.href.split('#')[0].slice(0, 5)"), "file:") != 0) {
		json_decref(browser_value(b, "1"));
	}
	/* What is drawn is drawn in the next frame. */
	json_decref(browser_value(
	        b,
	        "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(1))))"));
}

__attribute__((format(printf, 2, 0))) static json_t *evaluate(struct browser *b, const char *format,
                                                              va_list args)
{
	char expression[8192];
	json_t *result, *value;

	assert_true(vsnprintf(expression, sizeof(expression), format, args) < (int)sizeof(expression));
	result = browser_command(b, "Runtime.evaluate",
	                         json_pack("{s:s, s:b, s:b}", "expression", expression, "returnByValue", 1,
	                                   "awaitPromise", 1));
	if (json_object_get(result, "exceptionDetails")) {
		char *text = json_dumps(json_object_get(result, "exceptionDetails"), JSON_COMPACT);

		fail_msg("%s: %s", expression, text);
	}
	value = json_incref(json_object_get(json_object_get(result, "result"), "value"));
	json_decref(result);
	return value;
}

json_t *browser_value(struct browser *b, const char *format, ...)
{
	json_t *value;
	va_list args;

	va_start(args, format);
	value = evaluate(b, format, args);
	va_end(args);
	return value;
}

const char *browser_text(struct browser *b, const char *format, ...)
{
	json_t *value;
	va_list args;

	va_start(args, format);
	value = evaluate(b, format, args);
	va_end(args);
	free(b->text);
	b->text = strdup(json_string_value(value) ? json_string_value(value) : "(no text)");
	assert_non_null(b->text);
	json_decref(value);
	return b->text;
}

double browser_number(struct browser *b, const char *format, ...)
{
	double number;
	json_t *value;
	va_list args;

	va_start(args, format);
	value = evaluate(b, format, args);
	va_end(args);
	if (!json_is_number(value))
		fail_msg("%s: no number", format);
	number = json_number_value(value);
	json_decref(value);
	return number;
}

void browser_key(struct browser *b, const char *key)
{
	static const struct {
		const char *key;
		int code;
	} codes[] = {{"ArrowLeft", 37}, {"ArrowRight", 39}, {"Home", 36}, {"End", 35},
	             {"Tab", 9},        {"Enter", 13},      {" ", 32}};
	int code = 0;

	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		if (strcmp(codes[i].key, key) == 0)
			code = codes[i].code;
	}
	assert_true(code != 0);
	json_decref(browser_command(b, "Input.dispatchKeyEvent",
	                            json_pack("{s:s, s:s, s:s, s:i, s:s*}", "type", "keyDown", "key", key,
	                                      "code", key, "windowsVirtualKeyCode", code, "text",
	                                      code == 13   ? "\r"
	                                      : code == 32 ? " "
	                                                   : NULL)));
	json_decref(browser_command(b, "Input.dispatchKeyEvent",
	                            json_pack("{s:s, s:s, s:s, s:i}", "type", "keyUp", "key", key, "code",
	                                      key, "windowsVirtualKeyCode", code)));
}

void browser_click_at(struct browser *b, const char *selector, double part)
{
	static const char *const types[] = {"mousePressed", "mouseReleased"};
	json_t *at = browser_value(
	        b,
	        "(() => { const e = document.querySelector(`%s`); e.scrollIntoView({block: 'center'}); const "
	        "r = "
	        "e.getBoundingClientRect(); return [r.left + r.width * %f, r.top + r.height / 2] })()",
	        selector, part);
	double x = json_number_value(json_array_get(at, 0)), y = json_number_value(json_array_get(at, 1));

	json_decref(at);
	for (int i = 0; i < 2; i++)
		json_decref(browser_command(b, "Input.dispatchMouseEvent",
		                            json_pack("{s:s, s:f, s:f, s:s, s:i}", "type", types[i], "x", x,
		                                      "y", y, "button", "left", "clickCount", 1)));
}

void browser_click(struct browser *b, const char *selector)
{
	browser_click_at(b, selector, 0.5);
}

void browser_media(struct browser *b, const char *medium, const char *scheme)
{
	json_decref(browser_command(b, "Emulation.setEmulatedMedia",
	                            json_pack("{s:s, s:[{s:s, s:s}]}", "media", medium, "features", "name",
	                                      "prefers-color-scheme", "value", scheme)));
}

void browser_size(struct browser *b, int width, int height)
{
	json_decref(browser_command(b, "Emulation.setDeviceMetricsOverride",
	                            json_pack("{s:i, s:i, s:i, s:b}", "width", width, "height", height,
	                                      "deviceScaleFactor", 1, "mobile", width < 600)));
}

unsigned browser_complaints(const struct browser *b)
{
	return b->complaints;
}

unsigned browser_requests(const struct browser *b)
{
	return b->requests;
}
