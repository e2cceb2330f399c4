/* SPDX-License-Identifier: BSD-2-Clause
 * At which RRset did the proof of these records break?  As text, which outlives what was shown. */
#include "dane/records.h"

#include "base/alloc.h"
#include "base/sized.h"
#include "base/sizes.h"
#include "dns/name.h"
#include "dns/rr.h"
#include "dnssec/place.h"

danepriv_status
dp_records_place_of(const dp_validator *validator, const dp_found *found, dp_records_place **out)
{
	dp_broken broken;

	*out = NULL;
	if (!dp_place_read(validator, found, &broken))
		return DANEPRIV_OK;
	bool has_zone = broken.zone.len > 0;
	size_t owner = dp_name_to_text(broken.owner, NULL, 0) + 1;
	size_t zone = has_zone ? dp_name_to_text(broken.zone, NULL, 0) + 1 : 1;
	dp_records_place *place = dp_alloc(1, sizeof *place + owner + zone);
	if (!place)
		return DANEPRIV_ENOMEM;
	place->type = broken.type;
	place->zone = place->owner + owner;
	(void)dp_name_to_text(broken.owner, place->owner, owner);
	if (has_zone)
		(void)dp_name_to_text(broken.zone, place->owner + owner, zone);
	*out = place;
	return DANEPRIV_OK;
}

danepriv_status
danepriv_records_place(const danepriv_records *records, danepriv_rrset *out)
{
	if (!out || !dp_sized_fits(out->size, DP_RRSET_LEAST))
		return DANEPRIV_EINVAL;
	dp_sized_zero_rest(out, out->size, sizeof *out);
	out->owner = out->zone = "";
	out->type = 0;
	memset(out->type_text, 0, sizeof out->type_text);
	if (!records)
		return DANEPRIV_EINVAL;
	const dp_records_place *place = records->place;
	if (!place)
		return DANEPRIV_ENOTFOUND;
	out->owner = place->owner;
	out->zone = place->zone;
	out->type = place->type;
	dp_rr_type_to_text(place->type, out->type_text, sizeof out->type_text);
	return DANEPRIV_OK;
}
