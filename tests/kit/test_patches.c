/* SPDX-License-Identifier: MIT */
/* --patch: diffs as people have them, and those that cannot be applied. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "model/images/images.h"
#include "model/kit/kit.h"
#include "model/series/series.h"

/* Makes of v3 what v3-byte is. */
#define HUNK                                                                                                 \
	"@@ -9,3 +9,3 @@\n"                                                                                  \
	" #ifndef LOAD_DIRTY\n"                                                                              \
	"-#define LOAD_DIRTY ldr\t\t\t\t/* as posted: a byte is stored, a word is tested */\n"               \
	"+#define LOAD_DIRTY ldrb\n"                                                                         \
	" #endif\n"
#define NAMES "--- a/model/variants/v3.S\n+++ b/model/variants/v3.S\n"
#define MAIL                                                                                                 \
	"From 0123456789 Mon Sep 17 00:00:00 2001\n"                                                         \
	"From: Some Body <somebody@example.org>\n"                                                           \
	"Subject: [PATCH] Test the dirty flag as what it is\n"                                               \
	"\n"                                                                                                 \
	"It is a byte.\n"                                                                                    \
	"---\n"                                                                                              \
	" model/variants/v3.S | 2 +-\n"                                                                      \
	" 1 file changed, 1 insertion(+), 1 deletion(-)\n"                                                   \
	"\n"                                                                                                 \
	"diff --git a/model/variants/v3.S b/model/variants/v3.S\n"                                           \
	"index 0123456..789abcd 100644\n" NAMES HUNK "-- \n2.39.2\n\n"

static void write_patch(char *path, const char *text, size_t size)
{
	int fd;

	memcpy(path, "/tmp/lazyswitch-test-XXXXXX", 28);
	fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, size), size);
	assert_int_equal(close(fd), 0);
}

/* Builds a variant with the patches of a file. Returns what series_read() and kit_build() do. */
static int build_bytes(const char *variant, const char *text, size_t size, struct kit_image *image,
                       struct error *e)
{
	char path[32];
	const char *names[] = {path};
	struct series series;
	struct kit_patch *patches;
	int status;

	e->text[0] = '\0';
	*image = (struct kit_image){0};
	write_patch(path, text, size);
	status = series_read(&series, names, 1, e);
	(void)unlink(path);
	patches = calloc(series.n + 1, sizeof(*patches));
	assert_non_null(patches);
	for (size_t i = 0; i < series.n; i++)
		patches[i] = (struct kit_patch){.place = series.patch[i].place,
		                                .before = series.patch[i].before,
		                                .text = series.patch[i].text};
	if (status == 0)
		status = kit_build(&(struct kit_request){.name = variant,
		                                         .shipped = variant,
		                                         .big_endian = true,
		                                         .patches = patches,
		                                         .n_patches = series.n},
		                   image, e);
	free(patches);
	series_free(&series);
	return status;
}

static int build(const char *variant, const char *text, struct kit_image *image, struct error *e)
{
	return build_bytes(variant, text, strlen(text), image, e);
}

static void expect_good(const char *variant, const char *text)
{
	const struct embedded *old = &shipped_variant(variant)->elf[0][1];
	struct kit_image image;
	struct error e;

	if (build(variant, text, &image, &e))
		fail_msg("%s\n%s", e.text, text);
	assert_false(image.size == (size_t)(old->end - old->start) &&
	             memcmp(image.elf, old->start, image.size) == 0);
	kit_image_free(&image);
}

static void expect_bad(const char *variant, const char *text, const char *message)
{
	struct kit_image image;
	struct error e;

	assert_int_equal(build(variant, text, &image, &e), -1);
	if (!strstr(e.text, message))
		fail_msg("message is \"%s\", expected \"%s\"", e.text, message);
	assert_null(image.elf);
}

static void names_of_every_kind(void **unused)
{
	(void)unused;
	expect_good("v3", NAMES HUNK);
	expect_good("v3", "--- model/variants/v3.S\n+++ model/variants/v3.S\n" HUNK);
	expect_good("v3", "--- v3.S\t2015-06-16 10:00:00 +0200\n+++ v3.S\t2015-06-17 10:00:00 +0200\n" HUNK);
	expect_good("v3", "--- a/v3.S\n+++ b/v3.S\n" HUNK);
	expect_good("v3", "--- variants/v3.S\n+++ variants/v3.S\n" HUNK);
	expect_good("v3", "--- v3.S.orig\n+++ v3.S\n" HUNK);
	expect_good("v3", "--- v3.S\n+++ my-own.S\n" HUNK);
	expect_good("v3", "--- /home/me/lazyswitch/model/variants/v3.S\n+++ /tmp/v3.S\n" HUNK);
	expect_good("v3", "--- ../old/model/variants/v3.S\n+++ ./model/variants/v3.S\n" HUNK);
	expect_good(
	        "no-put",
	        "--- v3.S\n+++ v3.S\n@@ -55,2 +55,3 @@\n \n+\tnop\n #include <kvm/repeat.S>\n"); /* includes
	                                                                                            v3.S */
}

static void mails(void **unused)
{
	char dos[2 * sizeof(MAIL)], *to = dos;

	(void)unused;
	expect_good("v3", MAIL);
	expect_good("v3", "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n" MAIL);
	for (const char *from = MAIL; *from; from++) {
		if (*from == '\n')
			*to++ = '\r';
		*to++ = *from;
	}
	*to = '\0';
	expect_good("v3", dos);
	expect_bad("v3", "Content-Transfer-Encoding: base64\n\nLS0tIGEv\n", "there is no unified diff");
	expect_bad("v3", "Content-Transfer-Encoding: base64\n\nLS0tIGE\n",
	           ":1: the base64 text of this message is cut off");
	expect_bad("v3", "Subject: hello\n\nno patch, only talk\n-- \nme\n", "there is no unified diff");
}

/* The patched image is what the patch says: v3 with that one line changed behaves as v3-byte does. */
static void the_patched_code_is_what_runs(void **unused)
{
	const struct embedded *other = &shipped_variant("v3-byte")->elf[0][1];
	const size_t text = 0x1000; /* where the code begins in the file; the loaded part is compared */
	struct kit_image image;
	struct error e;

	(void)unused;
	if (build("v3", MAIL, &image, &e))
		fail_msg("%s", e.text);
	assert_true(image.size > 2 * text);
	assert_memory_equal(image.elf + text, other->start + text, 0x400);
	kit_image_free(&image);
}

static void the_kernel_can_be_patched(void **unused)
{
	static const char patch[] = "--- a/model/linux/kvm/arm.c\n"
	                            "+++ b/model/linux/kvm/arm.c\n"
	                            "@@ -21,5 +21,4 @@\n"
	                            " __weak void kvm_arch_vcpu_load(struct kvm_vcpu *vcpu, int cpu)\n"
	                            " {\n"
	                            "-\tvcpu->cpu = cpu;\n"
	                            " \tvcpu->arch.host_cpu_context = &kvm_host_cpu_state[cpu];\n"
	                            " }\n";

	(void)unused;
	expect_good("v3", patch);
	expect_good("baseline", patch);
	expect_good("baseline", "--- a/baseline.S\n+++ b/baseline.S\n@@ -9,2 +9,3 @@\n \tVFPFMRX\tr2, "
	                        "FPEXC\n+\tnop\n \tpush\t{r2}\n");
}

static void a_patch_can_add_a_variant(void **unused)
{
	static const char patch[] = "diff --git a/model/variants/mine.S b/model/variants/mine.S\n"
	                            "new file mode 100644\n"
	                            "--- /dev/null\n"
	                            "+++ b/model/variants/mine.S\n"
	                            "@@ -0,0 +1,2 @@\n"
	                            "+#define LOAD_DIRTY ldrb\n"
	                            "+#include \"v3.S\"\n";
	struct kit_image image;
	struct error e;

	(void)unused;
	if (build("mine", patch, &image, &e))
		fail_msg("%s", e.text);
	kit_image_free(&image);
	expect_bad("yours", patch, "unknown variant 'yours'");
	expect_bad("v3", patch, "changes nothing that this variant is built from");
}

static void hunks_that_do_not_fit(void **unused)
{
	(void)unused;
	expect_bad(
	        "v3",
	        NAMES
	        "@@ -9,3 +9,3 @@\n #ifndef LOAD_DIRTY\n-#define LOAD_DIRTY ldrd\n+#define LOAD_DIRTY ldrb\n"
	        " #endif\n",
	        "hunk 1 of model/variants/v3.S (@@ -9,3 +9,3 @@) does not apply");
	expect_bad("v3", NAMES HUNK "@@ -30,2 +30,1 @@\n-no such line\n \n",
	           "hunk 2 of model/variants/v3.S (@@ -30,2 +30,1 @@) does not apply");
	expect_bad("v3", NAMES HUNK NAMES HUNK, "it has been applied already");
	/* Nearly right context is not right: no fuzz. */
	expect_bad(
	        "v3",
	        NAMES
	        "@@ -9,3 +9,3 @@\n #ifndef LOAD_DIRT\n-#define LOAD_DIRTY ldr\t\t\t\t/* as posted: a byte is "
	        "stored, a word is tested */\n+#define LOAD_DIRTY ldrb\n #endif\n",
	        "does not apply");
}

static void texts_that_are_no_diff(void **unused)
{
	static const char binary[] = NAMES "@@ -1 +1 @@\n-\0\n+x\n";
	struct kit_image image;
	struct error e;

	(void)unused;
	expect_bad("v3", "", "there is no unified diff");
	expect_bad("v3", NAMES, "there is no unified diff");
	expect_bad("v3", HUNK, "a hunk without the names of its file");
	expect_bad("v3", "*** v3.S\n--- v3.S\n***************\n*** 1 ****\n! x\n--- 1 ----\n! y\n",
	           "there is no unified diff");
	expect_bad("v3", NAMES "@@ -9,3 +9,30 @@\n #ifndef LOAD_DIRTY\n", "this hunk is cut off");
	expect_bad("v3", NAMES "@@ -9,3 +9,3 @@\n #ifndef LOAD_DIRTY\nwrapped\n+x\n",
	           "does not fit into the hunk");
	expect_bad("v3", NAMES "@@ -9,99999999999 +9 @@\n x\n", "not the header of a hunk");
	expect_bad("v3", NAMES "@@ nonsense @@\n x\n", "not the header of a hunk");
	expect_bad("v3", "diff --git a/v3.S b/v3.S\nGIT binary patch\nliteral 3\nKcmZ\n", "a binary diff");
	assert_int_equal(build_bytes("v3", binary, sizeof(binary) - 1, &image, &e), -1);
	assert_non_null(strstr(e.text, "a binary file"));
}

static void files_that_are_not_ours(void **unused)
{
	(void)unused;
	expect_bad("v3", "--- a/v2.S\n+++ b/v2.S\n" HUNK, "a/v2.S is not a source");
	expect_bad("v3", "--- ../../../etc/passwd\n+++ ../../../etc/passwd\n@@ -0,0 +1 @@\n+x\n",
	           "is not a source that variants are built from");
	expect_bad("v3", "--- /dev/null\n+++ b/../../tmp/x\n@@ -0,0 +1 @@\n+x\n", "is not a source");
	expect_bad("v3", "--- /dev/null\n+++ b/model/variants/../../../x\n@@ -0,0 +1 @@\n+x\n",
	           "is not a source");
	expect_bad("v3", "--- /dev/null\n+++ /tmp/lazyswitch-pwned\n@@ -0,0 +1 @@\n+x\n", "is not a source");
	assert_int_not_equal(access("/tmp/lazyswitch-pwned", F_OK), 0);
	expect_bad("v3", "--- /dev/null\n+++ b/model/variants/v3.S\n@@ -0,0 +1 @@\n+x\n",
	           "which is there already");
	expect_bad("eager", NAMES HUNK, "changes nothing that this variant is built from");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(names_of_every_kind),           cmocka_unit_test(mails),
	        cmocka_unit_test(the_patched_code_is_what_runs), cmocka_unit_test(the_kernel_can_be_patched),
	        cmocka_unit_test(a_patch_can_add_a_variant),     cmocka_unit_test(hunks_that_do_not_fit),
	        cmocka_unit_test(texts_that_are_no_diff),        cmocka_unit_test(files_that_are_not_ours),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
