/* SPDX-License-Identifier: BSD-2-Clause
 * Which servers are at this address, and what was found of them there?
 *
 * A match counts until something else is found.  Of a rejection the time counts: that of the latest
 * one at the address is kept whole, and that of the others by its distance, so that what befalls
 * one server there makes the rejection of another last no longer. */
#include "dane/address.h"

#include <string.h>

/* Values of dp_reached.findings.  A rejection is REJECTED_NOW and as much more as it is seconds
 * older than the latest one, or less where the clock was set back in between. */
enum { FOUND_NOTHING = 0, FOUND_MATCH = 1, REJECTED_FIRST = 2 };
#define REJECTED_NOW (REJECTED_FIRST + DP_FAILURE_SECONDS)

_Static_assert(REJECTED_NOW + DP_FAILURE_SECONDS <= UINT8_MAX, "dp_reached.findings hold it");

/* Puts a server first among those at an address, with what was found of it; the last one makes
 * room. */
static void
bind_server(dp_reached *reached, uint64_t server)
{
	uint64_t *list = reached->servers;
	uint8_t *findings = reached->findings;
	size_t i = 0;

	while (i < DP_ADDRESS_SERVERS_MAX - 1 && list[i] != server)
		i++;
	uint8_t found = list[i] == server ? findings[i] : FOUND_NOTHING;
	memmove(list + 1, list, i * sizeof *list);
	memmove(findings + 1, findings, i * sizeof *findings);
	list[0] = server;
	findings[0] = found;
}

/* By how many seconds the latest rejection is over; less than none where the clock was set back.
 * Only the lower halves of the times are there. */
static int64_t
since_judged(const dp_reached *reached, danepriv_time now)
{
	uint32_t after = (uint32_t)now - reached->judged;

	return after <= INT32_MAX ? (int64_t)after : (int64_t)after - ((int64_t)1 << 32);
}

static bool
is_lately(int64_t age)
{
	return age >= -DP_FAILURE_SECONDS && age <= DP_FAILURE_SECONDS;
}

/* The rejections of all servers become as many seconds older as `now` is later; those that do not
 * count any more are dropped. */
static void
age_rejections(dp_reached *reached, danepriv_time now)
{
	int64_t passed = since_judged(reached, now);

	for (size_t i = 0; i < DP_ADDRESS_SERVERS_MAX; i++) {
		if (reached->findings[i] < REJECTED_FIRST)
			continue;
		int64_t age = passed + reached->findings[i] - REJECTED_NOW;
		reached->findings[i] =
		    is_lately(age) ? (uint8_t)(REJECTED_NOW + age) : FOUND_NOTHING;
	}
	reached->judged = (uint32_t)now;
}

/* Of the server that is first. */
static void
note_finding(dp_reached *reached, danepriv_finding finding, danepriv_time now)
{
	if (finding == DANEPRIV_MATCH)
		reached->findings[0] = FOUND_MATCH;
	if (finding != DANEPRIV_MISMATCH && finding != DANEPRIV_DOWNGRADE)
		return;
	age_rejections(reached, now);
	reached->findings[0] = REJECTED_NOW;
}

dp_judged
dp_reached_found(const dp_reached *reached, uint64_t server, danepriv_time now)
{
	const dp_judged nothing = { DANEPRIV_UNJUDGED, 0 }, match = { DANEPRIV_MATCH, 0 };
	size_t i = 0;

	while (i < DP_ADDRESS_SERVERS_MAX && reached->servers[i] != server)
		i++;
	if (i == DP_ADDRESS_SERVERS_MAX || reached->findings[i] == FOUND_NOTHING)
		return nothing;
	if (reached->findings[i] == FOUND_MATCH)
		return match;
	int64_t age = since_judged(reached, now) + reached->findings[i] - REJECTED_NOW;
	return is_lately(age) ? (dp_judged){ DANEPRIV_MISMATCH, (int)age } : nothing;
}

/* Binds the two, and takes down what was found. */
static danepriv_status
note(danepriv_cache *cache, const danepriv_address *address, const danepriv_server *server,
    danepriv_finding finding, danepriv_time now)
{
	dp_address_key key;
	dp_key server_key;

	if (!cache)
		return DANEPRIV_EINVAL;
	danepriv_status status = dp_address_key_read(&cache->table, address, &key);
	if (status == DANEPRIV_OK)
		status = dp_key_read(&cache->table, server, &server_key);
	if (status != DANEPRIV_OK)
		return status;
	dp_shard *shard = dp_table_lock(&cache->table, key.hash);
	dp_entry *entry = dp_address_entry(shard, &key);
	bind_server(&entry->reached, server_key.hash);
	note_finding(&entry->reached, finding, now);
	if (finding == DANEPRIV_MATCH)
		dp_table_keep(shard, entry);
	dp_table_unlock(shard);
	return DANEPRIV_OK;
}

danepriv_status
danepriv_cache_bind(
    danepriv_cache *cache, const danepriv_address *address, const danepriv_server *server)
{
	return note(cache, address, server, DANEPRIV_UNJUDGED, 0);
}

danepriv_status
danepriv_cache_note_finding(danepriv_cache *cache, const danepriv_address *address,
    const danepriv_server *server, danepriv_finding finding, danepriv_time now)
{
	/* An enum may be signed or not; the cast makes negative values large. */
	if ((size_t)finding > DANEPRIV_DOWNGRADE)
		return DANEPRIV_EINVAL;
	return note(cache, address, server, finding, now);
}
