/* SPDX-License-Identifier: BSD-2-Clause
 * What does a connection take from memory, what does it leave there, and does what was decided
 * still stand?  (RFC 9102 section 7, RFC 8310 section 5) */
#include "base/sized.h"
#include "base/sizes.h"
#include "base/time.h"
#include "cache/cache.h"
#include "cache/pack.h"
#include "dane/match.h"
#include "dnssec/proven.h"
#include "policy/standing.h"
#include "session/state.h"

/* ---- which memory ---- */

/* It is to be known again, also where another one has come to be where it was. */
static void
set_memory(danepriv_session *session, danepriv_cache *cache, const dp_key *key, uint64_t generation)
{
	session->memory = cache;
	session->place = key->hash;
	session->generation = generation;
}

static bool
is_memory(const danepriv_session *session, const danepriv_cache *cache, const dp_key *key)
{
	return session->memory == cache && session->place == key->hash;
}

/* ---- before ---- */

danepriv_status
danepriv_session_recall(danepriv_session *session, danepriv_cache *cache, danepriv_time now)
{
	dp_recalled found;
	dp_key key;

	if (!session || !cache || !dp_time_counts(now))
		return DANEPRIV_EINVAL;
	dp_cache_key(cache, &session->server, &key);
	danepriv_status status = dp_cache_recall(cache, &key, now, &found);
	session->pinned = found.pinned;
	session->last.finding = DANEPRIV_FINDING_UNJUDGED;
	if (status == DANEPRIV_OK)
		status = dp_session_take_records(session, found.records, false);
	if (status == DANEPRIV_OK)
		set_memory(session, cache, &key, found.generation);
	danepriv_records_free(found.records);
	return status;
}

/* ---- afterwards ---- */

/* A chain that proves nothing says something of who sent it.  In a memory it would keep others from
 * looking the server up (RFC 8310 section 8.2.2: ignore it). */
static bool
is_sent_failure(const danepriv_records *records)
{
	return danepriv_records_source(records) == DANEPRIV_SOURCE_CHAIN &&
	       dp_proven_is_failure(danepriv_records_security(records));
}

/* The evidence, unless it came from there, with the chain that has proven it.  What could be used
 * once, and is over by now, is put as of its last second: it is of no use to others, but what
 * depends on it has a place. */
static danepriv_status
put(danepriv_session *session, danepriv_cache *cache, const dp_key *key, danepriv_time now)
{
	const danepriv_records *records = session->records;
	danepriv_time until = danepriv_records_valid_until(records);
	dp_taking taking = { .at = now < until ? now : until, .now = now, .yields = now > until };

	if (!records || is_memory(session, cache, key) || is_sent_failure(records))
		return DANEPRIV_OK;
	if (!taking.yields)
		taking.chain = (danepriv_span){ session->chain, session->chain_len };
	danepriv_status status = dp_cache_take(cache, records, &taking);
	/* There may be a session for each of thousands of connections, and they last. */
	dp_session_drop_chain(session);
	if (taking.is_taken)
		set_memory(session, cache, key, taking.generation);
	return status;
}

danepriv_status
danepriv_session_remember(danepriv_session *session, danepriv_cache *cache, danepriv_time now)
{
	dp_key key;

	if (!session || !cache || !dp_time_counts(now))
		return DANEPRIV_EINVAL;
	if (session->last.finding == DANEPRIV_FINDING_UNJUDGED)
		return DANEPRIV_ENOTFOUND;
	dp_cache_key(cache, &session->server, &key);
	danepriv_status status = put(session, cache, &key, now);
	/* What is proven is so, whatever became of the handshake; whose it was is not. */
	if (status != DANEPRIV_OK || session->last.finding != DANEPRIV_FINDING_MATCH ||
	    session->last.channel != DANEPRIV_CHANNEL_ENCRYPTED)
		return status;
	uint16_t hours = danepriv_records_support_hours(session->records);
	dp_cache_confirm(cache, &key,
	    danepriv_records_rdata(session->records, session->last.record),
	    session->promised ? &hours : NULL, now);
	return DANEPRIV_OK;
}

/* ---- meanwhile ---- */

static bool
stands(const danepriv_session *session, danepriv_cache *cache, danepriv_channel channel,
    danepriv_time now)
{
	const dp_last *last = &session->last;
	dp_key key;

	if (!dp_time_counts(now) || last->channel != channel || last->at > last->valid_until ||
	    !dp_cache_within(now, last->at, (uint64_t)last->valid_until - (uint64_t)last->at))
		return false;
	dp_cache_key(cache, &session->server, &key);
	return is_memory(session, cache, &key) &&
	       dp_standing_lasts(
		   last->finding, session->generation, dp_cache_generation(cache, &key));
}

/* Says again what was found before. */
static danepriv_status
repeat(const dp_last *last, danepriv_verdict *why)
{
	danepriv_status status = dp_match_clear(why);

	if (status != DANEPRIV_OK)
		return status;
	why->security = last->security;
	why->reason = last->reason;
	why->record = last->record;
	why->valid_until = last->valid_until;
	why->fault = last->fault;
	why->count = last->count;
	dp_match_find(why, last->finding);
	return DANEPRIV_OK;
}

danepriv_decision
danepriv_session_decide_again(danepriv_session *session, danepriv_cache *cache,
    danepriv_profile profile, danepriv_provenance provenance, danepriv_channel channel,
    danepriv_time now, danepriv_verdict *why)
{
	danepriv_verdict own = { .size = sizeof own };

	if (!why)
		why = &own;
	if (session && cache && stands(session, cache, channel, now))
		return repeat(&session->last, why) == DANEPRIV_OK
			   ? danepriv_decide(profile, provenance, why->finding, channel)
			   : DANEPRIV_DECISION_REFUSE;
	danepriv_status status = danepriv_session_recall(session, cache, now);
	if (status == DANEPRIV_OK)
		return dp_session_decide(session, profile, provenance, channel, now, why);
	/* What was known has been forgotten or withdrawn, and nobody was asked for a proof. */
	if (status == DANEPRIV_ENOTFOUND)
		(void)!dp_session_take_records(session, NULL, false);
	(void)dp_match_clear(why);
	return DANEPRIV_DECISION_REFUSE;
}

/* ---- for who keeps no session ---- */

danepriv_status
danepriv_session_get_judged(
    const danepriv_session *session, danepriv_cache *cache, danepriv_judged *out)
{
	dp_key key;

	if (!session || !cache || !out || !dp_sized_fits(out->size, DP_JUDGED_LEAST))
		return DANEPRIV_EINVAL;
	out->place = out->generation = 0;
	out->finding = DANEPRIV_FINDING_UNJUDGED;
	out->valid_until = INT64_MIN;
	dp_sized_zero_rest(out, out->size, sizeof *out);
	dp_cache_key(cache, &session->server, &key);
	if (!is_memory(session, cache, &key) ||
	    session->last.channel != DANEPRIV_CHANNEL_ENCRYPTED ||
	    session->last.finding == DANEPRIV_FINDING_UNJUDGED)
		return DANEPRIV_ENOTFOUND;
	out->place = session->place;
	out->generation = session->generation;
	out->finding = session->last.finding;
	if (out->finding == DANEPRIV_FINDING_MATCH)
		out->valid_until = session->last.shown_until;
	return DANEPRIV_OK;
}
