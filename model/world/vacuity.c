/* SPDX-License-Identifier: MIT */
#include "vacuity.h"

/* For whom a property is judged, and by what looks. */
struct judged {
	uint32_t properties, looks;
	const char *whom; /* NULL: whoever */
	const char *why;
};

#define BIT(property) (1u << (property))

/* Whoever comes before those who make part of it: what is vacuous for everybody is not said twice. */
static const struct judged everybody[] = {
        {BIT(PROPERTY_FP_LEAK) | BIT(PROPERTY_FP_LOST), LOOK_USER_FP | LOOK_GUEST_FP | LOOK_AREA, NULL,
         "nobody ever looked at FP registers"},
        {BIT(PROPERTY_FPEXC_HOST), LOOK_HOST_FPEXC | LOOK_USER_FPEXC, NULL,
         "no host code ever depended on FPEXC"},
        {BIT(PROPERTY_FPEXC_GUEST), LOOK_GUEST_FPEXC, NULL, "no guest ever depended on its FPEXC"},
        {BIT(PROPERTY_CRASH) | BIT(PROPERTY_STUCK), LOOK_STEP, NULL, "nothing was ever executed"},
        {BIT(PROPERTY_FP_LEAK_SAVED) | BIT(PROPERTY_FP_LOST_SAVED), LOOK_STORE, NULL,
         "no FP data was ever stored into a save area"},
};

/* If there are such: */
static const struct judged guests = {BIT(PROPERTY_FP_LEAK) | BIT(PROPERTY_FP_LOST), LOOK_GUEST_FP, "guests",
                                     "no guest ever looked at its FP registers"};
static const struct judged users = {BIT(PROPERTY_FP_LEAK) | BIT(PROPERTY_FP_LOST), LOOK_USER_FP,
                                    "user threads", "no user thread ever looked at its FP registers"};

static unsigned judge(const struct judged *j, const struct coverage *c, uint32_t properties,
                      struct vacuity *found, unsigned n)
{
	if ((c->looks & j->looks) != 0)
		return n;
	for (unsigned p = 0; p < PROPERTIES; p++) {
		if ((j->properties & properties & BIT(p)) != 0)
			found[n++] = (struct vacuity){(enum world_property)p, j->whom, j->why};
	}
	return n;
}

unsigned vacuity_find(const struct world_config *config, const struct coverage *c, uint32_t properties,
                      struct vacuity found[VACUITIES_MAX])
{
	unsigned n = 0;

	for (size_t i = 0; i < sizeof(everybody) / sizeof(everybody[0]); i++)
		n = judge(&everybody[i], c, properties, found, n);
	if ((c->looks & everybody[0].looks) == 0)
		return n;
	if (world_vcpus(config) > 0)
		n = judge(&guests, c, properties, found, n);
	if (world_threads(config) > 0)
		n = judge(&users, c, properties, found, n);
	return n;
}
