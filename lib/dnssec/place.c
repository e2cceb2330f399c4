/* SPDX-License-Identifier: BSD-2-Clause
 * At which RRset did a proof break, and in which zone?  For whoever has to mend it: nothing is
 * judged by it. */
#include "dnssec/place.h"

#include "dns/name.h"
#include "dns/rr.h"
#include "dnssec/budget.h"
#include "dnssec/evidence.h"
#include "dnssec/proven.h"

#include <danepriv/records.h>

void
dp_place_note_end(dp_validator *v, dp_place_kind kind, size_t index)
{
	if (dp_budget_stopped(&v->budget) && v->stopped.kind == DP_PLACE_NONE)
		v->stopped = (dp_place){ (uint16_t)kind, (uint16_t)index };
}

/* May this zone hold such records?  A DS lies above the zone that it is of. */
static bool
may_hold(dp_name zone, const dp_broken *b)
{
	return b->type == DP_TYPE_DS ? dp_name_below(b->owner, zone)
				     : dp_name_within(b->owner, zone);
}

/* The closest zone whose keys are proven. */
static dp_name
closest_zone(const dp_validator *v, const dp_broken *b)
{
	dp_name closest = { NULL, 0 };

	for (size_t i = 0; i < v->zone_count; i++) {
		const dp_zone *zone = &v->zones[i];
		if (zone->proven.security == DANEPRIV_SECURITY_SECURE && may_hold(zone->name, b) &&
		    zone->name.len > closest.len)
			closest = zone->name;
	}
	return closest;
}

/* Who has signed the RRset that begins at `first`, or says so. */
static dp_name
signer_of(const dp_validator *v, size_t first)
{
	uint16_t checked = v->evidence.items[first].checked;
	dp_name none = { NULL, 0 };

	return checked > 0 ? v->checked[checked - 1].signer : none;
}

bool
dp_place_read(const dp_validator *v, const dp_found *found, dp_broken *out)
{
	size_t index = found->proven.place.index;
	dp_name asked = dp_name_of(&found->owner);

	*out = (dp_broken){ .type = DP_TYPE_DS };
	switch ((dp_place_kind)found->proven.place.kind) {
	case DP_PLACE_SET:
		out->owner = v->evidence.items[index].rr.owner;
		out->type = v->evidence.items[index].rr.type;
		out->zone = signer_of(v, index);
		break;
	case DP_PLACE_KEYS:
		out->owner = out->zone = v->zones[index].name;
		out->type = DP_TYPE_DNSKEY;
		break;
	case DP_PLACE_DS:
		out->owner = v->zones[index].name;
		break;
	case DP_PLACE_ASKED:
		out->owner = asked;
		out->type = found->type;
		break;
	case DP_PLACE_CUT:
		out->owner = dp_name_tail(asked, (unsigned)index);
		break;
	case DP_PLACE_NONE:
		return false;
	}
	if (out->zone.len == 0 || !may_hold(out->zone, out))
		out->zone = closest_zone(v, out);
	return out->owner.len > 0;
}
