/* SPDX-License-Identifier: MIT */
#include "follow_kit.h"

#include <string.h>

struct place place_of(const char *variant, const struct trace *t)
{
	struct place p;
	struct error e;

	p.image = shipped_image(shipped_variant(variant), t->big_endian, t->config.uniprocessor, &e);
	assert_non_null(p.image);
	p.world = world_new(&t->config, p.image, &e);
	if (!p.world)
		fail_msg("%s", e.text);
	return p;
}

void place_free(struct place *p)
{
	world_free(p->world);
	image_free(p->image);
}

struct followed follow_on(const char *variant, const char *text, const struct follow_options *options)
{
	struct error e = {0};
	struct trace t;
	struct place p;
	struct followed f;

	if (trace_parse("file", text, strlen(text), &t, &e))
		fail_msg("%s", e.text);
	p = place_of(variant, &t);
	if (trace_follow(&t, p.world, options, NULL, &f, &e))
		fail_msg("%s", e.text);
	assert_true(followed_as_seen(&t, p.image, &f));
	place_free(&p);
	trace_free(&t);
	return f;
}

struct followed follow(const char *text)
{
	const struct follow_options options = {0};

	return follow_on("load-only", text, &options);
}
