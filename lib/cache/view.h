/* SPDX-License-Identifier: BSD-2-Clause
 * For whom does it count what is known of a server? */
#ifndef DP_CACHE_VIEW_H
#define DP_CACHE_VIEW_H

#include "cache/pack.h"
#include "cache/table.h"

#include <danepriv/records.h>
#include <danepriv/server.h>

/* The entry of their own that those of a rule may have. */
dp_view dp_view_of(danepriv_aliases rule);
/* For whom these records count. */
dp_view dp_view_of_records(const danepriv_records *records);
/* In a shard that is locked: one of the entries of a server; NULL: it is not there. */
dp_entry *dp_view_find(const dp_shard *shard, const dp_key *key, dp_view view);

#endif
