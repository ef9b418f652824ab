/* SPDX-License-Identifier: MIT */
#include "mail.h"

#include <ctype.h>
#include <gmime/gmime.h>
#include <stdlib.h>
#include <string.h>

/* What is printed later must not be able to begin a new line, or anything else: an encoded word can hold any byte. */
static char *clean(const char *text)
{
	char *copy;

	if (!text)
		return NULL;
	copy = g_utf8_validate(text, -1, NULL) ? strdup(text) : NULL;
	if (!copy) {
		char *valid = g_utf8_make_valid(text, -1);

		copy = strdup(valid);
		g_free(valid);
	}
	for (char *at = copy; at && *at != '\0'; at++) {
		if (iscntrl((unsigned char)*at))
			*at = ' ';
	}
	return copy;
}

static char *addresses(InternetAddressList *list)
{
	char *text = list && internet_address_list_length(list) > 0
	                     ? internet_address_list_to_string(list, NULL, FALSE)
	                     : NULL;
	char *copy = clean(text);

	g_free(text);
	return copy;
}

static void read_fields(GMimeMessage *message, struct mail *mail)
{
	GMimeObject *object = GMIME_OBJECT(message);

	mail->from = addresses(g_mime_message_get_from(message));
	mail->to = addresses(g_mime_message_get_to(message));
	mail->cc = addresses(g_mime_message_get_cc(message));
	mail->subject = clean(g_mime_message_get_subject(message));
	mail->date = clean(g_mime_object_get_header(object, "Date"));
	mail->id = clean(g_mime_message_get_message_id(message));
	mail->references = clean(g_mime_object_get_header(object, "References"));
}

/* May there be a patch in it? */
static bool may_be_patch(GMimePart *part)
{
	GMimeContentType *type = g_mime_object_get_content_type(GMIME_OBJECT(part));
	const char *name = g_mime_part_get_filename(part);

	if (!type || g_mime_content_type_is_type(type, "text", "*"))
		return !type || !g_mime_content_type_is_type(type, "text", "html");
	return name && (g_str_has_suffix(name, ".patch") || g_str_has_suffix(name, ".diff"));
}

/* GMime decodes what it can; a text that is cut off, or that something else has got into, would become another. */
static bool is_base64(GMimeDataWrapper *content)
{
	GMimeStream *stream = g_mime_data_wrapper_get_stream(content);
	size_t digits = 0, padding = 0;
	char buf[4096];
	ssize_t n;

	if (g_mime_stream_reset(stream) != 0)
		return false;
	while ((n = g_mime_stream_read(stream, buf, sizeof(buf))) > 0) {
		for (ssize_t i = 0; i < n; i++) {
			if (buf[i] == '=')
				padding++;
			else if (isalnum((unsigned char)buf[i]) || buf[i] == '+' || buf[i] == '/')
				digits++;
			else if (!isspace((unsigned char)buf[i]))
				return false;
			if (padding > 0 && buf[i] != '=' && !isspace((unsigned char)buf[i]))
				return false;
		}
	}
	return n == 0 && padding <= 2 && (digits + padding) % 4 == 0 && g_mime_stream_reset(stream) == 0;
}

static int write_part(GMimePart *part, GMimeStream *out, struct error *e)
{
	GMimeDataWrapper *content = g_mime_part_get_content(part);
	GMimeContentEncoding encoding = g_mime_part_get_content_encoding(part);
	const char *charset = g_mime_object_get_content_type_parameter(GMIME_OBJECT(part), "charset");
	GMimeFilter *filter = NULL;
	GMimeStream *stream;
	ssize_t written;

	if (!content)
		return 0;
	if (encoding == GMIME_CONTENT_ENCODING_BASE64 && !is_base64(content))
		return error_set(e, "the base64 text of this message is cut off, or damaged");
	if (charset && g_ascii_strcasecmp(charset, "utf-8") != 0 &&
	    g_ascii_strcasecmp(charset, "us-ascii") != 0) {
		filter = g_mime_filter_charset_new(charset, "utf-8");
		if (!filter)
			return error_set(
			        e, "the text of this message is in a charset that is not known here: %.60s",
			        charset);
	}
	stream = g_mime_stream_filter_new(out);
	if (filter) {
		(void)g_mime_stream_filter_add(GMIME_STREAM_FILTER(stream), filter);
		g_object_unref(filter);
	}
	written = g_mime_data_wrapper_write_to_stream(content, stream);
	(void)g_mime_stream_flush(stream);
	g_object_unref(stream);
	return written < 0 ? error_set(e, "the text of this message cannot be decoded") : 0;
}

static bool is_encoded(GMimePart *part)
{
	GMimeContentEncoding encoding = g_mime_part_get_content_encoding(part);

	return encoding != GMIME_CONTENT_ENCODING_DEFAULT && encoding != GMIME_CONTENT_ENCODING_7BIT &&
	       encoding != GMIME_CONTENT_ENCODING_8BIT && encoding != GMIME_CONTENT_ENCODING_BINARY;
}

static int read_text(GMimeMessage *message, char **text, size_t *length, bool *direct, struct error *e)
{
	GMimePartIter *iter = g_mime_part_iter_new(GMIME_OBJECT(message));
	GMimeObject *top = g_mime_message_get_mime_part(message);
	GMimeStream *memory = g_mime_stream_mem_new();
	GByteArray *bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(memory));
	int status = 0;

	*direct = top && GMIME_IS_PART(top) && !is_encoded(GMIME_PART(top));
	for (bool more = g_mime_part_iter_is_valid(iter); more && status == 0;
	     more = g_mime_part_iter_next(iter)) {
		GMimeObject *part = g_mime_part_iter_get_current(iter);

		if (GMIME_IS_PART(part) && may_be_patch(GMIME_PART(part)))
			status = write_part(GMIME_PART(part), memory, e);
	}
	*text = malloc((size_t)bytes->len + 1);
	if (!*text && status == 0)
		status = error_set(e, "out of memory");
	if (*text) {
		*length = bytes->len;
		if (bytes->len > 0)
			memcpy(*text, bytes->data, bytes->len);
		(*text)[*length] = '\0';
	}
	g_mime_part_iter_free(iter);
	g_object_unref(memory);
	return status;
}

int mail_read(const char *bytes, size_t size, struct mail *mail, char **text, size_t *length, bool *direct,
              struct error *e)
{
	GMimeStream *stream;
	GMimeParser *parser;
	GMimeMessage *message;
	int status;

	*text = NULL;
	*length = 0;
	*direct = false;
	g_mime_init(); /* never shut down: it does not get up again */
	stream = g_mime_stream_mem_new_with_buffer(bytes, size);
	parser = g_mime_parser_new_with_stream(stream);
	message = g_mime_parser_construct_message(parser, NULL);
	if (message) {
		read_fields(message, mail);
		status = read_text(message, text, length, direct, e);
		g_object_unref(message);
	} else {
		status = error_set(e, "this message cannot be read as a mail");
	}
	g_object_unref(parser);
	g_object_unref(stream);
	return status;
}
