/* SPDX-License-Identifier: BSD-2-Clause
 * For whom does it count what is known of a server?
 *
 * All who mean the same server share one entry, whatever their rule for aliases, as long as no
 * alias is about.  What came by way of an alias counts for those alone who follow it, and that
 * there is one, which is an error (RFC 2181 section 10.3), for those alone who refuse it, with all
 * that hangs on it: whose lookup it is, when it failed.  They then have an entry of their own,
 * which stands for them in the place of the shared one.  It is in the same shard, so that one lock
 * has all of them. */
#include "cache/view.h"

#include "cache/cache.h"
#include "cache/pack.h"
#include "cache/table.h"
#include "dane/records.h"

#include <danepriv/server.h>

dp_view
dp_view_of(danepriv_aliases rule)
{
	return rule == DANEPRIV_ALIASES_FOLLOW ? DP_VIEW_FOLLOWED : DP_VIEW_REFUSED;
}

dp_view
dp_view_of_records(const danepriv_records *records)
{
	if (dp_records_refuse_alias(records->proven))
		return DP_VIEW_REFUSED;
	return records->has_alias ? DP_VIEW_FOLLOWED : DP_VIEW_SHARED;
}

dp_entry *
dp_view_find(const dp_shard *shard, const dp_key *key, dp_view view)
{
	if (view == DP_VIEW_SHARED)
		return dp_table_find(shard, key->hash, dp_key_span(key));
	/* There hardly ever is another: the shard says so, and where it had one, the hash. */
	if (!shard->is_parted ||
	    !dp_table_find_kind(shard, dp_key_hash_in(key->hash, view), DP_ENTRY_SERVER))
		return NULL;
	const dp_key own = dp_key_in(key, view);
	return dp_table_find(shard, own.hash, dp_key_span(&own));
}

dp_entry *
dp_cache_entry(const dp_shard *shard, const dp_key *key)
{
	dp_entry *own = dp_view_find(shard, key, dp_view_of(key->aliases));

	return own ? own : dp_view_find(shard, key, DP_VIEW_SHARED);
}
