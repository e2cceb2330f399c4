/* SPDX-License-Identifier: BSD-2-Clause
 * Who looks this server up now, and when is it worth it again?  Of many that need the same lookup
 * one makes it, and a server whose lookups fail is left alone for longer each time. */
#include "base/bounds.h"
#include "cache/cache.h"
#include "cache/table.h"

#define FAILURES_MAX 16 /* past the longest backoff; only keeps the number from turning over */

/* For how long a server is left alone after so many failures. */
static uint32_t
backoff(unsigned failures)
{
	uint32_t seconds = DP_FAILURE_SECONDS;

	if (failures == 0)
		return 0;
	while (--failures > 0 && seconds < DP_BACKOFF_SECONDS_MAX)
		seconds *= 2;
	return seconds < DP_BACKOFF_SECONDS_MAX ? seconds : DP_BACKOFF_SECONDS_MAX;
}

/* A span that began at `start` is over. */
static danepriv_time
end_of(danepriv_time start, danepriv_time now, uint32_t span)
{
	/* Seen from before its start it ends when it is as far away. */
	return dp_cache_later(start < now ? start : now, span);
}

danepriv_time
dp_cache_again(const dp_known *known, danepriv_time now)
{
	uint32_t seconds = backoff(known->failures);

	if (known->failures == 0 || !dp_cache_within(now, known->failed, seconds))
		return DP_NEVER;
	return end_of(known->failed, now, seconds);
}

void
dp_cache_count_failure(dp_known *known, danepriv_time now)
{
	if (dp_cache_again(known, now) != DP_NEVER)
		return;
	known->failed = now;
	if (known->failures < FAILURES_MAX)
		known->failures++;
}

static danepriv_status
claim(dp_known *known, danepriv_time now, danepriv_time *again)
{
	danepriv_time last = dp_cache_within(now, known->claimed, DP_CLAIM_SECONDS)
				 ? end_of(known->claimed, now, DP_CLAIM_SECONDS)
				 : dp_cache_again(known, now);

	if (last == DP_NEVER) {
		known->claimed = now;
		return DANEPRIV_OK;
	}
	/* In the last second it is still refused: who asks then would ask in a circle. */
	*again = dp_cache_later(last, 1);
	return DANEPRIV_EAGAIN;
}

danepriv_status
danepriv_cache_claim(
    danepriv_cache *cache, const danepriv_server *server, danepriv_time now, danepriv_time *again)
{
	static const uint8_t same_base[1] = { 0 };
	const dp_known nothing = { .failed = DP_NEVER, .claimed = now };
	danepriv_time ignored;
	dp_locked at;

	if (!again)
		again = &ignored;
	*again = now;
	danepriv_status status = dp_cache_lock(cache, server, &at);
	if (status != DANEPRIV_OK)
		return status;
	if (at.entry) {
		dp_table_use(at.entry);
		status = claim(&at.entry->known, now, again);
	} else {
		dp_cache_replace(at.shard, &at.key, NULL, &nothing,
		    (danepriv_span){ same_base, sizeof same_base });
	}
	dp_table_unlock(at.shard);
	return status;
}

danepriv_status
danepriv_cache_release(danepriv_cache *cache, const danepriv_server *server)
{
	dp_locked at;
	danepriv_status status = dp_cache_lock(cache, server, &at);

	if (status != DANEPRIV_OK)
		return status;
	if (at.entry)
		at.entry->known.claimed = DP_NEVER;
	dp_table_unlock(at.shard);
	return at.entry ? DANEPRIV_OK : DANEPRIV_ENOTFOUND;
}
