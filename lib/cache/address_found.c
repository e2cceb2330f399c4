/* SPDX-License-Identifier: BSD-2-Clause
 * Which servers are at this address, and what was found of them there?
 *
 * Whoever owns a name can point it at an address, and publish keys for it.  So there may be more
 * names than places, and who authenticated itself there leaves for nobody who did not.  Of the
 * others that one leaves whose keys end first, be it the one that has come last: whatever names
 * come, keys are expected there for as long as without them.
 *
 * A match counts until something else is found.  Of a rejection the time counts: that of the latest
 * one at the address is kept whole, and that of the others by its distance, so that what befalls
 * one server there makes the rejection of another last no longer. */
#include "base/bounds.h"
#include "cache/address.h"
#include "cache/cache.h"
#include "cache/pack.h"
#include "cache/table.h"

#include <danepriv/cache.h>
#include <danepriv/judge.h>
#include <danepriv/server.h>
#include <danepriv/status.h>
#include <string.h>

/* Values of dp_reached.findings.  A rejection is REJECTED_NOW and as much more as it is seconds
 * older than the latest one, or less where the clock was set back in between. */
enum { FOUND_NOTHING = 0, FOUND_MATCH = 1, REJECTED_FIRST = 2 };
#define REJECTED_NOW (REJECTED_FIRST + DP_FAILURE_SECONDS)
#define AUTHENTICATED 128 /* and with any of them: it did so here at some time */

_Static_assert(REJECTED_NOW + DP_FAILURE_SECONDS < AUTHENTICATED, "dp_reached.findings hold both");

static uint8_t
found_of(const dp_reached *reached, size_t i)
{
	return reached->findings[i] & (AUTHENTICATED - 1);
}

static void
set_found(dp_reached *reached, size_t i, int64_t found)
{
	reached->findings[i] = (uint8_t)((reached->findings[i] & AUTHENTICATED) | found);
}

bool
dp_reached_authenticated(const dp_reached *reached, size_t i)
{
	return (reached->findings[i] & AUTHENTICATED) != 0;
}

/* ---- who is there ---- */

/* DP_ADDRESS_SERVERS_MAX: nowhere.  Empty places have 0. */
static size_t
place_of(const dp_reached *reached, uint64_t server)
{
	size_t i = 0;

	while (i < DP_ADDRESS_SERVERS_MAX && reached->servers[i] != server)
		i++;
	return i;
}

/* How long keys of a server are expected, or were. */
static danepriv_time
end_of_keys(const danepriv_cache *cache, uint64_t server)
{
	dp_shard *shard = dp_table_lock(&cache->table, server);
	const dp_entry *entry = dp_address_server(shard, server);
	danepriv_time end = entry ? entry->known.valid_until : DP_NEVER;

	dp_table_unlock(shard);
	return end;
}

/* What a server has to say for itself when there is one too many. */
typedef struct claim {
	bool is_authenticated;
	danepriv_time end;
} claim;

static bool
is_no_better(claim a, claim b)
{
	if (a.is_authenticated != b.is_authenticated)
		return b.is_authenticated;
	return a.end <= b.end;
}

/* Who has to leave where all places are taken; it may be the newcomer itself.  Of several with the
 * same claim it is who was there last. */
static uint64_t
who_leaves(const danepriv_cache *cache, const dp_reached *reached, uint64_t newcomer,
    danepriv_finding finding)
{
	uint64_t leaver = newcomer;
	claim least = { true, INT64_MAX };

	if (finding != DANEPRIV_FINDING_MATCH)
		least = (claim){ false, end_of_keys(cache, newcomer) };
	for (size_t i = 0; i < DP_ADDRESS_SERVERS_MAX; i++) {
		uint64_t server = reached->servers[i];
		claim its = { dp_reached_authenticated(reached, i), end_of_keys(cache, server) };
		if (is_no_better(its, least)) {
			least = its;
			leaver = server;
		}
	}
	return leaver;
}

/* Where a server is, or can be: its own place, a free one, or that of who has to leave, unless
 * that one has authenticated itself since.  DP_ADDRESS_SERVERS_MAX: nowhere. */
static size_t
place_for(const dp_reached *reached, uint64_t server, uint64_t leaver, danepriv_finding finding)
{
	size_t i = place_of(reached, server);

	if (i == DP_ADDRESS_SERVERS_MAX)
		i = place_of(reached, 0);
	if (i < DP_ADDRESS_SERVERS_MAX)
		return i;
	i = place_of(reached, leaver);
	if (i < DP_ADDRESS_SERVERS_MAX && finding != DANEPRIV_FINDING_MATCH &&
	    dp_reached_authenticated(reached, i))
		return DP_ADDRESS_SERVERS_MAX;
	return i;
}

/* Puts a server first among those at an address, with what was found of it.  False: there is no
 * place for it. */
static bool
bind_server(dp_reached *reached, uint64_t server, uint64_t leaver, danepriv_finding finding)
{
	uint64_t *list = reached->servers;
	uint8_t *findings = reached->findings, found = FOUND_NOTHING;
	size_t i = place_for(reached, server, leaver, finding);

	if (i == DP_ADDRESS_SERVERS_MAX)
		return false;
	if (list[i] == server)
		found = findings[i];
	memmove(list + 1, list, i * sizeof *list);
	memmove(findings + 1, findings, i * sizeof *findings);
	list[0] = server;
	findings[0] = found;
	return true;
}

/* ---- what was found ---- */

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
		if (found_of(reached, i) < REJECTED_FIRST)
			continue;
		int64_t age = passed + found_of(reached, i) - REJECTED_NOW;
		set_found(reached, i, is_lately(age) ? REJECTED_NOW + age : FOUND_NOTHING);
	}
	reached->judged = (uint32_t)now;
}

/* Of the server that is first. */
static void
note_finding(dp_reached *reached, danepriv_finding finding, danepriv_time now)
{
	if (finding == DANEPRIV_FINDING_MATCH)
		reached->findings[0] = AUTHENTICATED | FOUND_MATCH;
	/* Nobody keeps a rank by showing less, and nobody is rejected for it. */
	if (finding == DANEPRIV_FINDING_INDETERMINATE && found_of(reached, 0) == FOUND_MATCH)
		set_found(reached, 0, FOUND_NOTHING);
	if (finding != DANEPRIV_FINDING_MISMATCH && finding != DANEPRIV_FINDING_DOWNGRADE)
		return;
	age_rejections(reached, now);
	set_found(reached, 0, REJECTED_NOW);
}

dp_found_there
dp_reached_found(const dp_reached *reached, uint64_t server, danepriv_time now)
{
	const dp_found_there nothing = { DANEPRIV_FINDING_UNJUDGED, 0 },
			     match = { DANEPRIV_FINDING_MATCH, 0 };
	size_t i = place_of(reached, server);

	if (i == DP_ADDRESS_SERVERS_MAX || found_of(reached, i) == FOUND_NOTHING)
		return nothing;
	if (found_of(reached, i) == FOUND_MATCH)
		return match;
	int64_t age = since_judged(reached, now) + found_of(reached, i) - REJECTED_NOW;
	return is_lately(age) ? (dp_found_there){ DANEPRIV_FINDING_MISMATCH, (int)age } : nothing;
}

/* Who has to leave is asked of the shards of those who are there, which is done beforehand, and
 * only where all places are taken: an address is locked once or twice. */
static bool
has_place(const dp_reached *reached, uint64_t server)
{
	return place_of(reached, server) < DP_ADDRESS_SERVERS_MAX ||
	       place_of(reached, 0) < DP_ADDRESS_SERVERS_MAX;
}

void
dp_address_note(danepriv_cache *cache, const dp_address_key *key, uint64_t place,
    danepriv_finding finding, danepriv_time now)
{
	dp_shard *shard = dp_table_lock(&cache->table, key->hash);
	dp_entry *entry = dp_address_entry(shard, key);
	uint64_t leaver = 0;

	if (!has_place(&entry->reached, place)) {
		const dp_reached before = entry->reached;
		dp_table_unlock(shard);
		leaver = who_leaves(cache, &before, place, finding);
		shard = dp_table_lock(&cache->table, key->hash);
		entry = dp_address_entry(shard, key);
	}
	/* Where another thread has bound one in between, this one has to come again. */
	if (bind_server(&entry->reached, place, leaver, finding))
		note_finding(&entry->reached, finding, now);
	if (finding == DANEPRIV_FINDING_MATCH)
		dp_table_keep(shard, entry);
	dp_table_unlock(shard);
}

/* The hash of what is known of a server to who asks: what was found by it is of use to them alone.
 */
static uint64_t
place_in(const danepriv_cache *cache, const dp_key *server)
{
	dp_shard *shard = dp_table_lock(&cache->table, server->hash);
	const dp_entry *entry = dp_cache_entry(shard, server);
	uint64_t place = entry ? entry->hash : server->hash;

	dp_table_unlock(shard);
	return place;
}

/* Binds the two, and notes what was found. */
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
	dp_address_note(cache, &key, place_in(cache, &server_key), finding, now);
	return DANEPRIV_OK;
}

danepriv_status
danepriv_cache_bind(
    danepriv_cache *cache, const danepriv_address *address, const danepriv_server *server)
{
	return note(cache, address, server, DANEPRIV_FINDING_UNJUDGED, 0);
}

danepriv_status
danepriv_cache_note_finding(danepriv_cache *cache, const danepriv_address *address,
    const danepriv_server *server, danepriv_finding finding, danepriv_time now)
{
	switch (finding) {
	case DANEPRIV_FINDING_UNJUDGED:
	case DANEPRIV_FINDING_MATCH:
	case DANEPRIV_FINDING_MISMATCH:
	case DANEPRIV_FINDING_BOGUS:
	case DANEPRIV_FINDING_UNUSABLE:
	case DANEPRIV_FINDING_ABSENT:
	case DANEPRIV_FINDING_UNSIGNED:
	case DANEPRIV_FINDING_INDETERMINATE:
	case DANEPRIV_FINDING_DOWNGRADE:
		return note(cache, address, server, finding, now);
	}
	return DANEPRIV_EINVAL;
}
