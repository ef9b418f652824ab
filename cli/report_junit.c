/* SPDX-License-Identifier: MIT */
/*
 * JUnit's XML, the dialect that CI servers share (Jenkins' junit-10 schema): testsuites, testsuite, testcase
 * with failure or error, each of which has a type and a message; system-out for what is said besides.
 */
#include <libxml/xmlwriter.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report.h"

/* XML 1.0 has no control characters, not even escaped, and only whole UTF-8: names of files can be anything.
 */
static char *clean(const char *text)
{
	char *copy = strdup(text);

	if (!copy)
		return NULL;
	for (char *at = copy; *at != '\0'; at++) {
		if ((unsigned char)*at < ' ' && *at != '\n' && *at != '\t')
			*at = '?';
	}
	if (!xmlCheckUTF8((const unsigned char *)copy)) {
		for (char *at = copy; *at != '\0'; at++) {
			if ((unsigned char)*at >= 0x80)
				*at = '?';
		}
	}
	return copy;
}

static int attribute(xmlTextWriter *w, const char *name, const char *value)
{
	char *copy = clean(value);
	int status = copy ? xmlTextWriterWriteAttribute(w, BAD_CAST name, BAD_CAST copy) : -1;

	free(copy);
	return status < 0;
}

static int number(xmlTextWriter *w, const char *name, size_t value)
{
	return xmlTextWriterWriteFormatAttribute(w, BAD_CAST name, "%zu", value) < 0;
}

static int seconds(xmlTextWriter *w, double value)
{
	return xmlTextWriterWriteFormatAttribute(w, BAD_CAST "time", "%.3f", value) < 0;
}

struct sums {
	size_t tests, failures, errors;
	double seconds;
};

static struct sums sum(const struct report_case *cases, size_t n)
{
	struct sums s = {.tests = n};

	for (size_t i = 0; i < n; i++) {
		s.failures += cases[i].outcome == REPORT_FAILED;
		s.errors += cases[i].outcome == REPORT_UNFINISHED || cases[i].outcome == REPORT_ERROR;
		s.seconds += cases[i].seconds;
	}
	return s;
}

static int write_sums(xmlTextWriter *w, const struct sums *s)
{
	return number(w, "tests", s->tests) | number(w, "failures", s->failures) |
	       number(w, "errors", s->errors) | seconds(w, s->seconds);
}

static int write_complaint(xmlTextWriter *w, const struct report_case *c)
{
	static const char *const types[] = {
	        [REPORT_FAILED] = "failure", [REPORT_UNFINISHED] = "incomplete", [REPORT_ERROR] = "error"};
	char *details = clean(c->details ? c->details : "");
	int status = !details;

	status |=
	        xmlTextWriterStartElement(w, BAD_CAST(c->outcome == REPORT_FAILED ? "failure" : "error")) < 0;
	status |= attribute(w, "type", types[c->outcome]) | attribute(w, "message", c->message);
	status |= xmlTextWriterWriteString(w, BAD_CAST(details ? details : "")) < 0;
	status |= xmlTextWriterEndElement(w) < 0;
	free(details);
	return status;
}

static int write_note(xmlTextWriter *w, const char *note)
{
	char *copy = clean(note);
	int status = copy ? xmlTextWriterWriteElement(w, BAD_CAST "system-out", BAD_CAST copy) : -1;

	free(copy);
	return status < 0;
}

static int write_case(xmlTextWriter *w, const char *name, const struct report_case *c)
{
	char class[256];
	int status = xmlTextWriterStartElement(w, BAD_CAST "testcase") < 0;

	(void)snprintf(class, sizeof(class), "%s%s%s", name, c->suite[0] ? "." : "", c->suite);
	status |= attribute(w, "classname", class) | attribute(w, "name", c->name) | seconds(w, c->seconds);
	if (c->outcome != REPORT_OK)
		status |= write_complaint(w, c);
	if (c->note && c->note[0] != '\0')
		status |= write_note(w, c->note);
	return status | (xmlTextWriterEndElement(w) < 0);
}

static int write_suite(xmlTextWriter *w, const char *name, const struct report_case *cases, size_t n)
{
	struct sums sums = sum(cases, n);
	int status = xmlTextWriterStartElement(w, BAD_CAST "testsuite") < 0;

	status |= attribute(w, "name", cases[0].suite[0] ? cases[0].suite : name) | write_sums(w, &sums);
	for (size_t i = 0; i < n; i++)
		status |= write_case(w, name, &cases[i]);
	return status | (xmlTextWriterEndElement(w) < 0);
}

static int write_all(xmlTextWriter *w, const char *name, const struct report_case *cases, size_t n)
{
	struct sums sums = sum(cases, n);
	int status = xmlTextWriterSetIndent(w, 1) < 0;

	status |= xmlTextWriterStartDocument(w, NULL, "UTF-8", NULL) < 0;
	status |= xmlTextWriterStartElement(w, BAD_CAST "testsuites") < 0;
	status |= attribute(w, "name", name) | write_sums(w, &sums);
	for (size_t first = 0; first < n;) {
		size_t end = first + 1;

		while (end < n && strcmp(cases[end].suite, cases[first].suite) == 0)
			end++;
		status |= write_suite(w, name, cases + first, end - first);
		first = end;
	}
	return status | (xmlTextWriterEndDocument(w) < 0);
}

int report_junit(const char *name, const struct report_case *cases, size_t n)
{
	xmlBuffer *buffer = xmlBufferCreate();
	xmlTextWriter *w = buffer ? xmlNewTextWriterMemory(buffer, 0) : NULL;
	int status = w ? write_all(w, name, cases, n) : -1;

	xmlFreeTextWriter(w);
	if (status == 0)
		(void)fputs((const char *)xmlBufferContent(buffer), stdout);
	xmlBufferFree(buffer);
	xmlCleanupParser();
	return status == 0 ? 0 : -1;
}
