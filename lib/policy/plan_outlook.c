/* SPDX-License-Identifier: BSD-2-Clause
 * What is known of those who could be asked, when a plan is made?
 *
 * Reads the request, and then the cache: each server and each address once. */
#include "base/bounds.h"
#include "base/sized.h"
#include "base/sizes.h"
#include "cache/address.h"
#include "cache/cache.h"
#include "cache/pack.h"
#include "cache/table.h"
#include "dns/name.h"
#include "policy/plan.h"
#include "policy/rules.h"

/* What all candidates are read by. */
typedef struct asking {
	danepriv_cache *cache;
	const danepriv_request *request;
	danepriv_limits limits;
	dp_rule by_zone;
	danepriv_time now;
} asking;

/* Then it does not matter what is known of a server, only whether its addresses are reached. */
static bool
is_meta(const asking *a)
{
	return a->request->purpose == DANEPRIV_PURPOSE_META;
}

/* ---- the request ---- */

/* An enum may be signed or not; the casts make negative values large. */
static bool
is_whole(const danepriv_request *request)
{
	return request->name && request->zone &&
	       (size_t)request->purpose <= DANEPRIV_PURPOSE_REFERRAL &&
	       (size_t)request->names <= DANEPRIV_SECURITY_INDETERMINATE &&
	       (request->count == 0 ||
		   (request->candidates &&
		       dp_sized_fits(request->candidate_size, DP_CANDIDATE_LEAST)));
}

static danepriv_status
begin(danepriv_cache *cache, const danepriv_request *request, danepriv_time now, asking *out)
{
	dp_name_store name, zone;

	if (!cache || !is_whole(request))
		return DANEPRIV_EINVAL;
	if (request->count > DP_PLAN_CANDIDATES_MAX)
		return DANEPRIV_ELIMIT;
	if (!dp_rules_read_name(request->name, &name) || !dp_rules_read_name(request->zone, &zone))
		return DANEPRIV_EMALFORMED;
	if (!dp_name_within(dp_name_of(&name), dp_name_of(&zone)))
		return DANEPRIV_EINVAL;
	out->cache = cache;
	out->request = request;
	dp_name ruled = dp_name_of(&name);
	if (request->purpose == DANEPRIV_PURPOSE_REFERRAL)
		ruled = dp_plan_ruled_name(ruled, dp_name_of(&zone));
	out->by_zone = dp_rules_zone(request->rules, ruled);
	out->now = now;
	return dp_plan_limits_read(request->limits, &out->limits);
}

/* ---- servers ---- */

/* What there is for a server, as of now.  While its lookups are left alone, that is why nothing is
 * known. */
static danepriv_security
proof_of(const dp_known *known, danepriv_time now)
{
	if (dp_cache_holds(known, now))
		return (danepriv_security)known->security;
	if (dp_cache_again(known, now) == DP_NEVER)
		return DANEPRIV_SECURITY_UNKNOWN;
	return known->security == DANEPRIV_SECURITY_BOGUS ? DANEPRIV_SECURITY_BOGUS
							  : DANEPRIV_SECURITY_INDETERMINATE;
}

static void
read_known(const asking *a, dp_prospect *out)
{
	dp_shard *shard = dp_table_lock(&a->cache->table, out->key.hash);
	dp_entry *entry = dp_cache_entry(shard, &out->key);

	if (entry) {
		dp_table_use(entry);
		out->place = entry->hash;
		out->security = proof_of(&entry->known, a->now);
		out->put = entry->known.security ? entry->known.put : DP_NEVER;
		out->has_authenticated = entry->known.authenticated != 0;
	}
	dp_table_unlock(shard);
}

static danepriv_status
read_server(const asking *a, const danepriv_candidate *candidate, dp_prospect *out)
{
	danepriv_status status = dp_key_read(&a->cache->table, &candidate->server, &out->key);

	if (status != DANEPRIV_OK)
		return status;
	dp_table_expect(&a->cache->table, out->key.hash);
	out->place = out->key.hash;
	out->has_place = candidate->count > 0;
	out->is_encrypted_only = candidate->encrypted_only != 0;
	out->is_proven =
	    danepriv_decide(DANEPRIV_PROFILE_STRICT, candidate->provenance, DANEPRIV_FINDING_MATCH,
		DANEPRIV_CHANNEL_ENCRYPTED) == DANEPRIV_DECISION_PROCEED;
	out->security = DANEPRIV_SECURITY_UNKNOWN;
	out->put = DP_NEVER;
	out->has_authenticated = false;
	/* RFC 8310 section 5: what is needed to learn a key goes to anybody. */
	out->profile =
	    is_meta(a) ? DANEPRIV_PROFILE_OPPORTUNISTIC
		       : dp_rules_profile(a->request->rules, a->by_zone, dp_key_name(&out->key));
	return DANEPRIV_OK;
}

/* ---- addresses ---- */

/* A rejection counts for a minute, unless something was learnt since.  What was put at a time that
 * has not come yet, by a clock that was wrong, was not. */
static bool
is_rejected(const dp_found_there *found, const dp_prospect *prospect, danepriv_time now)
{
	if (found->finding != DANEPRIV_FINDING_MISMATCH)
		return false;
	return found->age <= 0 || prospect->put > now ||
	       !dp_cache_within(now, prospect->put, (uint64_t)found->age - 1);
}

static void
read_reached(const asking *a, const dp_prospect *prospect, dp_spot *out)
{
	dp_reached reached;

	(void)dp_address_reached(a->cache, &out->key, &reached);
	out->rtt_us = reached.rtt_us;
	out->wish = dp_reached_wish(a->cache, &reached, a->now);
	out->has_failed = dp_reached_failed(a->cache, &reached, a->now);
	out->is_rejected = out->has_matched = false;
	if (is_meta(a))
		return;
	dp_found_there found = dp_reached_found(&reached, prospect->place, a->now);
	out->is_rejected = is_rejected(&found, prospect, a->now);
	out->has_matched = found.finding == DANEPRIV_FINDING_MATCH;
}

/* `connections`: to all places of the candidate; saturates. */
static danepriv_status
read_place(
    const asking *a, const danepriv_candidate *c, size_t place, dp_spot *out, size_t *connections)
{
	danepriv_place own;
	const danepriv_place *p =
	    dp_sized_element(c->places, c->place_size, place, &own, sizeof own);

	if (!p)
		return DANEPRIV_EINVAL;
	const danepriv_address address = { p->octets, c->server.port, c->server.transport };
	danepriv_status status = dp_address_key_read(&a->cache->table, &address, &out->key);
	if (status != DANEPRIV_OK)
		return status;
	out->place = (uint8_t)place;
	out->is_open = p->connections > 0;
	out->is_encrypted_only = false;
	*connections =
	    p->connections < SIZE_MAX - *connections ? *connections + p->connections : SIZE_MAX;
	dp_table_expect(&a->cache->table, out->key.hash);
	return DANEPRIV_OK;
}

static danepriv_status
read_places(const asking *a, const danepriv_candidate *c, size_t candidate, dp_outlook *out)
{
	size_t connections = 0;

	for (size_t place = 0; place < c->count; place++) {
		dp_spot *spot = &out->spot[out->spots];
		danepriv_status status = read_place(a, c, place, spot, &connections);
		if (status != DANEPRIV_OK)
			return status;
		spot->candidate = (uint8_t)candidate;
		out->spots++;
	}
	out->prospect[candidate].may_connect =
	    danepriv_limits_may_connect(&a->limits, connections, a->request->connections);
	return DANEPRIV_OK;
}

static danepriv_status
read_candidate(const asking *a, size_t i, dp_outlook *out)
{
	danepriv_candidate own;
	const danepriv_candidate *c = dp_sized_element(
	    a->request->candidates, a->request->candidate_size, i, &own, sizeof own);

	if (!c || (c->count > 0 && (!c->places || !dp_sized_fits(c->place_size, DP_PLACE_LEAST))))
		return DANEPRIV_EINVAL;
	if (c->count > DP_PLAN_PLACES_MAX - out->spots)
		return DANEPRIV_ELIMIT;
	danepriv_status status = read_server(a, c, &out->prospect[i]);
	return status == DANEPRIV_OK ? read_places(a, c, i, out) : status;
}

/* Cleartext knows no candidates: who asks one at an address asks all of them. */
static void
keep_encrypted(dp_outlook *out)
{
	for (size_t i = 0; i < out->spots; i++) {
		if (!out->prospect[out->spot[i].candidate].is_encrypted_only)
			continue;
		for (size_t k = 0; k < out->spots; k++)
			if (dp_spot_is_beside(&out->spot[k], &out->spot[i]))
				out->spot[k].is_encrypted_only = true;
	}
}

/* Most of the time goes into waiting for memory; so all of it is told first what will be needed. */
static void
read_cache(const asking *a, dp_outlook *out)
{
	for (size_t i = 0; i < out->candidates && !is_meta(a); i++)
		dp_table_expect_entry(&a->cache->table, out->prospect[i].key.hash);
	for (size_t i = 0; i < out->spots; i++)
		dp_table_expect_entry(&a->cache->table, out->spot[i].key.hash);
	for (size_t i = 0; i < out->candidates && !is_meta(a); i++)
		read_known(a, &out->prospect[i]);
	for (size_t i = 0; i < out->spots; i++)
		read_reached(a, &out->prospect[out->spot[i].candidate], &out->spot[i]);
}

danepriv_status
dp_plan_outlook_read(
    danepriv_cache *cache, const danepriv_request *request, danepriv_time now, dp_outlook *out)
{
	asking a;
	danepriv_status status = begin(cache, request, now, &a);

	out->candidates = out->spots = 0;
	for (size_t i = 0; status == DANEPRIV_OK && i < request->count; i++, out->candidates++)
		status = read_candidate(&a, i, out);
	if (status != DANEPRIV_OK)
		return status;
	keep_encrypted(out);
	read_cache(&a, out);
	return DANEPRIV_OK;
}
