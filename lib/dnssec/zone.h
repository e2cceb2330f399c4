/* SPDX-License-Identifier: BSD-2-Clause
 * May the keys of this zone be used, and is there one without keys above a name? */
#ifndef DP_DNSSEC_ZONE_H
#define DP_DNSSEC_ZONE_H

#include "dns/name.h"
#include "dnssec/proven.h"
#include "dnssec/validator.h"

/* NULL when there are too many zones.  `name` is borrowed by the entry, and so from evidence or an
 * anchor. */
const dp_zone *dp_zone_check(dp_validator *v, dp_name name);
/* Are its keys, its DS or the keys of its anchor still asked for?  Before that nothing of it is
 * proven, so that it is no use to look. */
bool dp_zone_is_waiting(dp_validator *v, dp_name name);
/* Asks for the DS and DNSKEY RRsets that lead down to `name`, all at the same time, up to what was
 * asked for before. */
void dp_zone_ask_path(dp_validator *v, dp_name name);
/* Is there an unsigned delegation between the closest anchor and `name`?  INSECURE if so; a failure
 * of the path; SECURE: none was proven. */
dp_proven dp_zone_insecure_above(dp_validator *v, dp_name name);

#endif
