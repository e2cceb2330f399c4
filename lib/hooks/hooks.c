/* SPDX-License-Identifier: BSD-2-Clause
 * What does a resolver have to ask at each of its turns?  The rules, the cache and the plan, put
 * together for programs with hooks (RFC 8310, draft-bortzmeyer-dprive-resolver-to-auth section 2).
 *
 * Nothing is kept here: what a connection was judged by stands in its danepriv_judged. */
#include <danepriv/hooks.h>

#include "base/bounds.h"
#include "base/sized.h"
#include "base/sizes.h"
#include "base/time.h"
#include "cache/address.h"
#include "cache/cache.h"
#include "cache/pack.h"
#include "cache/table.h"
#include "dane/match.h"
#include "policy/rules.h"
#include "policy/standing.h"

#include <string.h>

/* A plan has at most two attempts for each place: over TLS, and in clear. */
#define ATTEMPTS_MAX (2 * DP_PLAN_PLACES_MAX)

/* False: there is nothing to go by. */
static bool
read_hooks(const danepriv_hooks *given, danepriv_hooks *out)
{
	return given && dp_sized_read(given, DP_HOOKS_LEAST, out, sizeof *out) == DANEPRIV_OK &&
	       out->cache;
}

/* ---- what was found ---- */

/* The generation of a judgement that failed: none is so high. */
#define FAILED UINT64_MAX

/* Until it is judged: a failure.  False: there is nothing that could be written. */
static bool
clear_judged(danepriv_judged *out)
{
	if (!out || !dp_sized_fits(out->size, DP_JUDGED_LEAST))
		return false;
	out->place = 0;
	out->generation = FAILED;
	out->finding = DANEPRIV_FINDING_UNJUDGED;
	out->valid_until = INT64_MIN;
	dp_sized_zero_rest(out, out->size, sizeof *out);
	return true;
}

/* False: it cannot be read, or it failed. */
static bool
read_judged(const danepriv_judged *given, danepriv_judged *out)
{
	return given && dp_sized_read(given, DP_JUDGED_LEAST, out, sizeof *out) == DANEPRIV_OK &&
	       out->generation != FAILED;
}

/* For whoever chooses an address next. */
static void
note_finding(const danepriv_hooks *hooks, const danepriv_server *server,
    const struct sockaddr *address, uint64_t place, danepriv_finding finding, danepriv_time now)
{
	danepriv_address read;
	dp_address_key key;

	if (danepriv_address_read(address, server->transport, &read) != DANEPRIV_OK)
		return;
	read.port = server->port;
	if (dp_address_key_read(&hooks->cache->table, &read, &key) == DANEPRIV_OK)
		dp_address_note(hooks->cache, &key, place, finding, now);
}

/* By one look at what is known.  Statuses of danepriv_hooks_judge. */
static danepriv_status
judge(const danepriv_hooks *hooks, const danepriv_server *server, const struct sockaddr *address,
    const danepriv_credential *credential, danepriv_time now, danepriv_judged *out,
    danepriv_verdict *why)
{
	dp_sight sight;
	dp_key key;
	danepriv_status status = dp_key_read(&hooks->cache->table, server, &key);

	if (status != DANEPRIV_OK)
		return status;
	status = dp_cache_judge(hooks->cache, hooks->ctx, &key, credential, now, &sight, why);
	/* What is no certificate was judged, too: it is not the one that was published. */
	if (status != DANEPRIV_OK && status != DANEPRIV_EMALFORMED && status != DANEPRIV_ENOTFOUND)
		return status;
	if (dp_standing_is_downgrade(dp_cache_pin_end(&sight.known, now), why->security, now))
		dp_match_find(why, DANEPRIV_FINDING_DOWNGRADE);
	note_finding(hooks, server, address, sight.place, why->finding, now);
	out->place = key.hash;
	out->generation = sight.known.generation;
	out->finding = why->finding;
	if (why->finding == DANEPRIV_FINDING_MATCH)
		out->valid_until = sight.shown_until;
	return DANEPRIV_OK;
}

danepriv_status
danepriv_hooks_judge(const danepriv_hooks *hooks, const danepriv_server *server,
    const struct sockaddr *address, const danepriv_credential *credential, danepriv_time now,
    danepriv_judged *out, danepriv_verdict *why)
{
	danepriv_verdict own = { .size = sizeof own };
	danepriv_hooks known;

	if (!why)
		why = &own;
	danepriv_status status = dp_match_clear(why);
	if (!clear_judged(out))
		return DANEPRIV_EINVAL;
	if (status != DANEPRIV_OK)
		return status;
	if (!read_hooks(hooks, &known) || !known.ctx || !credential || !dp_time_counts(now))
		return DANEPRIV_EINVAL;
	return judge(&known, server, address, credential, now, out, why);
}

/* ---- what follows ---- */

/* Do the keys that this was found by, and what speaks for the peer, still hold? */
static bool
still_holds(const danepriv_judged *judged, const dp_known *known, danepriv_time now)
{
	if (judged->generation == 0 ||
	    !dp_standing_lasts(judged->finding, judged->generation, known->generation))
		return false;
	/* A failure to look them up leaves the generation as it was. */
	return judged->finding != DANEPRIV_FINDING_MATCH ||
	       (known->security == DANEPRIV_SECURITY_SECURE && dp_cache_holds(known, now) &&
		   now <= judged->valid_until);
}

/* What is to be said of the peer by now, over an encrypted channel. */
static danepriv_finding
finding_now(
    danepriv_cache *cache, const dp_key *key, const danepriv_judged *judged, danepriv_time now)
{
	bool is_of_server = judged->place == key->hash;
	dp_known known;

	(void)dp_cache_known(cache, key, &known);
	danepriv_security security = dp_cache_holds(&known, now) ? (danepriv_security)known.security
								 : DANEPRIV_SECURITY_UNKNOWN;
	if (dp_standing_is_downgrade(dp_cache_pin_end(&known, now), security, now) ||
	    (is_of_server && judged->finding == DANEPRIV_FINDING_DOWNGRADE))
		return DANEPRIV_FINDING_DOWNGRADE;
	if (!is_of_server || !still_holds(judged, &known, now))
		return DANEPRIV_FINDING_INDETERMINATE;
	return judged->finding;
}

danepriv_decision
danepriv_hooks_decide(const danepriv_hooks *hooks, const char *domain,
    const danepriv_server *server, danepriv_provenance provenance, const danepriv_judged *judged,
    danepriv_channel channel, danepriv_time now)
{
	/* In clear no peer shows a key, nor a chain that could be missing. */
	danepriv_finding finding = DANEPRIV_FINDING_INDETERMINATE;
	danepriv_hooks known;
	danepriv_judged own;
	dp_key key;

	if (!read_hooks(hooks, &known) || !domain || !read_judged(judged, &own) ||
	    !dp_time_counts(now) || dp_key_read(&known.cache->table, server, &key) != DANEPRIV_OK)
		return DANEPRIV_DECISION_REFUSE;
	/* Memory may bring it while the rules are asked. */
	dp_table_expect(&known.cache->table, key.hash);
	danepriv_profile profile = dp_rules_profile_for(known.rules, domain, dp_key_name(&key));
	if (channel == DANEPRIV_CHANNEL_ENCRYPTED)
		finding = finding_now(known.cache, &key, &own, now);
	return danepriv_decide(profile, provenance, finding, channel);
}

/* ---- what befell an address ---- */

danepriv_status
danepriv_hooks_note(const danepriv_hooks *hooks, const struct sockaddr *address,
    danepriv_transport transport, danepriv_event event, uint32_t rtt_us, danepriv_time now)
{
	danepriv_address read;
	danepriv_hooks known;

	if (!read_hooks(hooks, &known))
		return DANEPRIV_EINVAL;
	danepriv_status status = danepriv_address_read(address, transport, &read);
	if (status != DANEPRIV_OK)
		return status;
	return danepriv_cache_note_event(known.cache, &read, event, rtt_us, now);
}

/* ---- in which order ---- */

/* Addresses that can be read, and which of the caller's each of them is. */
typedef struct places {
	danepriv_place list[DP_PLAN_PLACES_MAX];
	size_t which[DP_PLAN_PLACES_MAX];
	bool is_named[DP_PLAN_PLACES_MAX];
	size_t count;
} places;

static void
read_places(const struct sockaddr *const *addresses, size_t count, places *out)
{
	danepriv_address address;

	out->count = 0;
	for (size_t i = 0; i < count && i < DP_PLAN_PLACES_MAX; i++) {
		if (danepriv_address_read(addresses[i], DANEPRIV_TRANSPORT_DOT, &address) !=
		    DANEPRIV_OK)
			continue;
		out->list[out->count] = (danepriv_place){ address.octets, 0 };
		out->which[out->count] = i;
		out->is_named[out->count++] = false;
	}
}

/* Appends the addresses of the attempts over `channel` that are not there yet. */
static void
append(const danepriv_plan *plan, danepriv_channel channel, places *p, size_t *order, size_t *count)
{
	for (size_t i = 0; i < plan->count && i < plan->room; i++) {
		size_t place = plan->attempts[i].place;
		if (plan->attempts[i].channel != channel || p->is_named[place])
			continue;
		p->is_named[place] = true;
		order[(*count)++] = p->which[place];
	}
}

/* The plan for one server; false: nobody is to be asked. */
static bool
plan(const danepriv_hooks *hooks, const char *domain, const danepriv_candidate *candidate,
    danepriv_time now, danepriv_plan *out)
{
	const danepriv_request request = { .size = sizeof request,
		.zone = domain,
		.name = domain,
		.candidates = candidate,
		.candidate_size = sizeof *candidate,
		.count = 1,
		.rules = hooks->rules };

	return danepriv_plan_make(hooks->cache, &request, now, out) == DANEPRIV_OK &&
	       out->step == DANEPRIV_STEP_ASK;
}

size_t
danepriv_hooks_rank(const danepriv_hooks *hooks, const char *domain, const danepriv_server *server,
    danepriv_provenance provenance, const struct sockaddr *const *addresses, size_t count,
    danepriv_time now, size_t *order)
{
	danepriv_attempt attempts[ATTEMPTS_MAX];
	danepriv_plan made = { .size = sizeof made,
		.attempts = attempts,
		.attempt_size = sizeof *attempts,
		.room = ATTEMPTS_MAX };
	danepriv_hooks known;
	size_t ranked = 0;
	places p;

	if (!read_hooks(hooks, &known) || !server || !addresses || !order)
		return 0;
	read_places(addresses, count, &p);
	const danepriv_candidate candidate = { .server = *server,
		.provenance = provenance,
		.places = p.list,
		.place_size = sizeof *p.list,
		.count = p.count };
	if (!plan(&known, domain, &candidate, now, &made))
		return 0;
	append(&made, DANEPRIV_CHANNEL_ENCRYPTED, &p, order, &ranked);
	append(&made, DANEPRIV_CHANNEL_CLEAR, &p, order, &ranked);
	return ranked;
}

/* ---- and how ---- */

danepriv_channels
danepriv_hooks_channels(const danepriv_hooks *hooks, const char *domain,
    const danepriv_server *server, danepriv_provenance provenance, const struct sockaddr *address,
    danepriv_time now)
{
	danepriv_attempt attempts[2];
	danepriv_plan made = { .size = sizeof made,
		.attempts = attempts,
		.attempt_size = sizeof *attempts,
		.room = 2 };
	danepriv_address read;
	danepriv_hooks known;

	if (!read_hooks(hooks, &known) || !server ||
	    danepriv_address_read(address, server->transport, &read) != DANEPRIV_OK)
		return DANEPRIV_CHANNELS_NONE;
	const danepriv_place place = { .octets = read.octets };
	const danepriv_candidate candidate = { .server = *server,
		.provenance = provenance,
		.places = &place,
		.place_size = sizeof place,
		.count = 1 };
	if (!plan(&known, domain, &candidate, now, &made))
		return DANEPRIV_CHANNELS_NONE;
	if (made.count > 1)
		return DANEPRIV_CHANNELS_BOTH;
	return attempts[0].channel == DANEPRIV_CHANNEL_ENCRYPTED ? DANEPRIV_CHANNELS_ENCRYPTED
								 : DANEPRIV_CHANNELS_CLEAR;
}
