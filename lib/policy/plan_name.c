/* SPDX-License-Identifier: BSD-2-Clause
 * How much of a name does a server get to see?  (RFC 9156 section 2) */
#include "dns/name.h"
#include "policy/plan.h"

typedef struct split {
	dp_name_store name, zone;
} split;

/* Reads both, and clears where the answer goes. */
static danepriv_status
begin(const char *name, const char *zone, char *text, size_t room, size_t *needed, split *out)
{
	if (!dp_name_text_clear(text, room, needed) || !name || !zone)
		return DANEPRIV_EINVAL;
	if (dp_name_from_text(name, &out->name) != DANEPRIV_OK ||
	    dp_name_from_text(zone, &out->zone) != DANEPRIV_OK)
		return DANEPRIV_EMALFORMED;
	return dp_name_within(dp_name_of(&out->name), dp_name_of(&out->zone)) ? DANEPRIV_OK
									      : DANEPRIV_EINVAL;
}

danepriv_status
danepriv_minimised_name(const char *name, const char *zone, char *text, size_t room, size_t *needed)
{
	split s;
	danepriv_status status = begin(name, zone, text, room, needed, &s);

	if (status != DANEPRIV_OK)
		return status;
	unsigned labels = dp_name_labels(dp_name_of(&s.zone)) + 1;
	return dp_name_tell(dp_name_tail(dp_name_of(&s.name), labels), text, room, needed);
}

dp_name
dp_plan_ruled_name(dp_name name, dp_name zone)
{
	return dp_name_labels(name) > dp_name_labels(zone) ? dp_name_parent(name) : name;
}

danepriv_status
danepriv_ruled_name(const char *name, const char *zone, char *text, size_t room, size_t *needed)
{
	split s;
	danepriv_status status = begin(name, zone, text, room, needed, &s);

	if (status != DANEPRIV_OK)
		return status;
	dp_name ruled = dp_plan_ruled_name(dp_name_of(&s.name), dp_name_of(&s.zone));
	return dp_name_tell(ruled, text, room, needed);
}
