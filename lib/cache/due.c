/* SPDX-License-Identifier: BSD-2-Clause
 * Which servers are to be looked up again before what is known of them ends? */
#include "base/sized.h"
#include "base/sizes.h"
#include "cache/cache.h"
#include "cache/pack.h"
#include "cache/table.h"
#include "cache/walk.h"
#include "dane/server.h"
#include "dns/name.h"

#include <string.h>

typedef struct span {
	danepriv_time by, now;
} span;

/* argument: a span. */
static bool
is_due(const dp_entry *entry, const void *argument)
{
	const span *s = argument;

	return entry->kind == DP_ENTRY_SERVER && entry->is_kept &&
	       entry->known.security == DANEPRIV_SECURITY_SECURE &&
	       entry->known.valid_until <= s->by && dp_cache_holds(&entry->known, s->now);
}

/* Who has an entry of their own goes by that; else who learnt it last. */
static danepriv_aliases
rule_of(const dp_key *key, const dp_known *known)
{
	bool follows = dp_key_view(key) == DP_VIEW_FOLLOWED ||
		       (dp_key_view(key) == DP_VIEW_SHARED && known->follows);

	return follows ? DANEPRIV_ALIASES_FOLLOW : DANEPRIV_ALIASES_REFUSE;
}

static void
tell(const dp_key *key, danepriv_time until, danepriv_cache_due *due)
{
	dp_server server;

	dp_key_server(key, &server);
	due->valid_until = until;
	due->port = server.port;
	due->transport = server.transport;
	due->aliases = server.aliases;
	/* A label of the transport's own is not said, since most may have no other. */
	memset(due->label, 0, sizeof due->label);
	if (!dp_server_label_is_own(server.transport, server.label))
		memcpy(due->label, server.label, strlen(server.label));
	(void)dp_name_to_text(dp_name_of(&server.name), due->name, sizeof due->name);
}

danepriv_status
danepriv_cache_next_due(
    danepriv_cache *cache, danepriv_time by, danepriv_time now, danepriv_cache_due *due)
{
	const span meant = { by, now };
	const dp_entry *entry;
	dp_shard *shard;
	dp_key key;

	if (!cache || !due || !dp_sized_fits(due->size, DP_CACHE_DUE_LEAST))
		return DANEPRIV_EINVAL;
	dp_sized_zero_rest(due, due->size, sizeof *due);
	danepriv_status status =
	    dp_walk_next(&cache->table, &due->position, is_due, &meant, &shard, &entry);
	if (status != DANEPRIV_OK)
		return status;
	danepriv_time until = entry->known.valid_until;
	dp_walk_key(shard, entry, &key);
	key.aliases = rule_of(&key, &entry->known);
	dp_table_unlock(shard);
	tell(&key, until, due);
	return DANEPRIV_OK;
}
