/* SPDX-License-Identifier: MIT */
#include "page.h"

#include <string.h>

#include "../markup.h"
#include "report_hashes.h" /* made by CMake */
#include "text.h"

extern const char report_html[], report_html_end[], report_css[], report_css_end[], report_js[],
        report_js_end[];

static void put(FILE *f, const char *start, const char *end)
{
	(void)fwrite(start, 1, (size_t)(end - start), f);
}

int page_write(FILE *f, const json_t *document, const char *plain)
{
	const char *title = json_string_value(json_object_get(document, "title"));

	(void)fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
	            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
	            "'sha256-" REPORT_CSS_HASH "'; script-src 'sha256-" REPORT_JS_HASH
	            "'; base-uri 'none'; form-action 'none'\">\n"
	            "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>",
	            f);
	markup_text(f, title, strlen(title));
	(void)fputs("</title>\n<style>", f);
	put(f, report_css, report_css_end);
	(void)fputs("</style>\n</head>\n", f);
	put(f, report_html, report_html_end);
	(void)fputs("<noscript>\n<p>Stepping needs scripts, which do not run here. This is the story as "
	            "text:</p>\n<pre>",
	            f);
	markup_text(f, plain, strlen(plain));
	(void)fputs("</pre>\n</noscript>\n<script type=\"application/json\" id=\"data\">", f);
	if (text_script(f, document))
		return -1;
	(void)fputs("</script>\n<script>", f);
	put(f, report_js, report_js_end);
	(void)fputs("</script>\n</body>\n</html>\n", f);
	return 0;
}
