/* SPDX-License-Identifier: BSD-2-Clause
 * Which name servers are known to be this zone's, how sure, and until when? */
#ifndef DP_POLICY_ZONES_H
#define DP_POLICY_ZONES_H

#include "cache/table.h"

#include <danepriv/zones.h>

struct danepriv_zones {
	dp_table table; /* first: dp_cache_begin */
};

#endif
