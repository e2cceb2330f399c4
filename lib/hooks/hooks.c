/* SPDX-License-Identifier: BSD-2-Clause
 * What does a resolver have to ask at each of its turns?  The rules, the cache and the plan, put
 * together for programs with hooks (RFC 8310, draft-bortzmeyer-dprive-resolver-to-auth section 2).
 *
 * Nothing is kept here: what a connection was judged by stands in its peer. */
#include <danepriv/hooks.h>

#include "base/bounds.h"
#include "base/time.h"
#include "dane/cache.h"
#include "dane/match.h"
#include "dns/tlsa.h"

#include <string.h>

/* A plan has at most two attempts for each place: over TLS, and in clear. */
#define ATTEMPTS_MAX (2 * DP_PLAN_PLACES_MAX)

static bool
is_whole(const danepriv_hooks *hooks)
{
	return hooks && hooks->size == sizeof *hooks && hooks->cache;
}

/* ---- addresses ---- */

danepriv_wish
danepriv_hooks_wants_tls(
    const danepriv_hooks *hooks, const struct sockaddr *address, danepriv_time now)
{
	danepriv_address read;

	if (!is_whole(hooks) ||
	    danepriv_address_read(address, DANEPRIV_TRANSPORT_DOT, &read) != DANEPRIV_OK)
		return DANEPRIV_WISH_NONE;
	return danepriv_cache_get_wish(hooks->cache, &read, now);
}

danepriv_status
danepriv_hooks_note(const danepriv_hooks *hooks, const struct sockaddr *address,
    danepriv_transport transport, danepriv_event event, uint32_t rtt_us, danepriv_time now)
{
	danepriv_address read;

	if (!is_whole(hooks))
		return DANEPRIV_EINVAL;
	danepriv_status status = danepriv_address_read(address, transport, &read);
	if (status != DANEPRIV_OK)
		return status;
	return danepriv_cache_note_event(hooks->cache, &read, event, rtt_us, now);
}

/* ---- what was found ---- */

static bool
is_peer(const danepriv_peer *peer)
{
	return peer && peer->size == sizeof *peer;
}

/* A pin holds, and what it has promised, a proof of anything, is not there (RFC 9102 section 7). */
static bool
is_downgraded(danepriv_time pinned, danepriv_security security, danepriv_time now)
{
	return now <= pinned && !dp_proof_counts(security);
}

/* danepriv_cache_evaluate; and when a match ends by the peer's certificates.  With usage 3 nobody
 * looks at their dates (RFC 7671 section 5.1). */
static danepriv_status
evaluate(const danepriv_hooks *hooks, danepriv_peer *peer,
    const danepriv_credential *credential, danepriv_time now, danepriv_verdict *why)
{
	uint8_t usage = 0;
	danepriv_status status = dp_cache_evaluate(
	    hooks->cache, hooks->ctx, &peer->server, credential, now, why, &usage);

	if (why->finding == DANEPRIV_FINDING_MATCH)
		peer->valid_until = usage == DP_TLSA_DANE_EE ? INT64_MAX : why->valid_until;
	return status;
}

/* For whoever chooses an address next. */
static void
note_finding(const danepriv_hooks *hooks, const danepriv_peer *peer,
    const danepriv_verdict *why, danepriv_time now)
{
	danepriv_address address;
	/* Nobody keeps a rank by showing less. */
	danepriv_finding finding =
	    why->reason == DANEPRIV_REASON_NOT_SHOWN ? DANEPRIV_FINDING_MISMATCH : why->finding;

	if (danepriv_address_read(peer->address, peer->server.transport, &address) != DANEPRIV_OK)
		return;
	address.port = peer->server.port;
	/* It fails for a bad server alone, of which nothing is found. */
	(void)danepriv_cache_note_finding(hooks->cache, &address, &peer->server, finding, now);
}

/* What follows, by the rules for the two names and the provenance. */
static danepriv_decision
decide(const danepriv_hooks *hooks, const char *domain, const danepriv_peer *peer,
    danepriv_finding finding, danepriv_channel channel)
{
	danepriv_profile profile =
	    danepriv_rules_profile(hooks->rules, domain, peer->server.name);

	return danepriv_decide(profile, peer->provenance, finding, channel);
}

danepriv_decision
danepriv_hooks_verify(const danepriv_hooks *hooks, const char *domain, danepriv_peer *peer,
    const danepriv_credential *credential, danepriv_time now, danepriv_verdict *why)
{
	danepriv_server_state state = { .size = sizeof state };
	danepriv_verdict own = { .size = sizeof own };

	if (!why)
		why = &own;
	danepriv_status status = dp_verdict_clear(why);
	if (!is_peer(peer))
		return DANEPRIV_DECISION_REFUSE;
	peer->generation = 0;
	peer->finding = DANEPRIV_FINDING_UNJUDGED;
	peer->valid_until = INT64_MIN;
	if (status != DANEPRIV_OK || !is_whole(hooks) || !domain || !dp_time_counts(now))
		return DANEPRIV_DECISION_REFUSE;
	/* First this, and then the records: what is rolled in between has another generation than
	 * the one that is taken down. */
	(void)danepriv_cache_get_server_state(hooks->cache, &peer->server, now, &state);
	status = evaluate(hooks, peer, credential, now, why);
	/* What is no certificate was judged, too: it is not the one that was published. */
	if (status != DANEPRIV_OK && status != DANEPRIV_EMALFORMED && status != DANEPRIV_ENOTFOUND)
		return DANEPRIV_DECISION_REFUSE;
	if (is_downgraded(state.pinned, why->security, now))
		why->finding = DANEPRIV_FINDING_DOWNGRADE;
	peer->finding = why->finding;
	peer->generation = status == DANEPRIV_ENOTFOUND ? 0 : state.generation;
	note_finding(hooks, peer, why, now);
	if (status == DANEPRIV_ENOTFOUND && why->finding == DANEPRIV_FINDING_UNJUDGED)
		return decide(hooks, domain, peer, DANEPRIV_FINDING_INDETERMINATE,
		    DANEPRIV_CHANNEL_ENCRYPTED);
	return decide(hooks, domain, peer, why->finding, DANEPRIV_CHANNEL_ENCRYPTED);
}

/* Do the keys that this was found by, and what speaks for the peer, still hold? */
static bool
still_holds(const danepriv_peer *peer, const danepriv_server_state *state, danepriv_time now)
{
	if (peer->generation == 0 || peer->generation != state->generation)
		return false;
	/* A failure to look them up leaves the generation as it was. */
	return peer->finding != DANEPRIV_FINDING_MATCH ||
	       (state->security == DANEPRIV_SECURITY_SECURE && now <= peer->valid_until);
}

/* What is to be said of the peer by now. */
static danepriv_finding
finding_now(const danepriv_hooks *hooks, const danepriv_peer *peer, danepriv_time now)
{
	danepriv_server_state state = { .size = sizeof state };
	danepriv_status status =
	    danepriv_cache_get_server_state(hooks->cache, &peer->server, now, &state);

	if (status != DANEPRIV_OK && status != DANEPRIV_ENOTFOUND)
		return DANEPRIV_FINDING_UNJUDGED;
	/* In clear no peer shows a key, nor a chain that could be missing. */
	if (peer->channel != DANEPRIV_CHANNEL_ENCRYPTED)
		return DANEPRIV_FINDING_INDETERMINATE;
	if (peer->finding == DANEPRIV_FINDING_DOWNGRADE ||
	    is_downgraded(state.pinned, state.security, now))
		return DANEPRIV_FINDING_DOWNGRADE;
	return still_holds(peer, &state, now) ? peer->finding : DANEPRIV_FINDING_INDETERMINATE;
}

danepriv_decision
danepriv_hooks_decide(const danepriv_hooks *hooks, const char *domain,
    const danepriv_peer *peer, danepriv_time now)
{
	if (!is_whole(hooks) || !domain || !is_peer(peer) || !dp_time_counts(now))
		return DANEPRIV_DECISION_REFUSE;
	return decide(hooks, domain, peer, finding_now(hooks, peer, now), peer->channel);
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

size_t
danepriv_hooks_rank(const danepriv_hooks *hooks, const char *domain,
    const danepriv_server *server, danepriv_provenance provenance,
    const struct sockaddr *const *addresses, size_t count, danepriv_time now, size_t *order)
{
	danepriv_attempt attempts[ATTEMPTS_MAX];
	size_t ranked = 0;
	places p;

	if (!is_whole(hooks) || !server || !addresses || !order)
		return 0;
	read_places(addresses, count, &p);
	const danepriv_candidate candidate = { *server, provenance, p.list, p.count };
	const danepriv_request request = { .size = sizeof request,
		.zone = domain,
		.name = domain,
		.candidates = &candidate,
		.count = 1,
		.rules = hooks->rules };
	danepriv_plan plan = { .size = sizeof plan, .attempts = attempts, .room = ATTEMPTS_MAX };
	if (danepriv_plan_make(hooks->cache, &request, now, &plan) != DANEPRIV_OK ||
	    plan.step != DANEPRIV_STEP_ASK)
		return 0;
	append(&plan, DANEPRIV_CHANNEL_ENCRYPTED, &p, order, &ranked);
	append(&plan, DANEPRIV_CHANNEL_CLEAR, &p, order, &ranked);
	return ranked;
}
