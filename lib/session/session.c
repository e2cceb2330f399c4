/* SPDX-License-Identifier: BSD-2-Clause
 * One connection being judged: may questions go over it? */
#include "session/session.h"
#include "cache/cache.h"
#include "dane/match.h"
#include "dane/records.h"
#include "dane/reference.h"
#include "dane/server.h"
#include "dane/transport.h"
#include "dns/name.h"
#include "dnssec/context.h"
#include "dnssec/proven.h"

#include "base/alloc.h"
#include "base/time.h"
#include "crypto/credential.h"
#include "crypto/extension.h"
#include "lookup/build_chain.h"
#include "lookup/prove_chain.h"
#include "dnssec/chain.h"
#include "policy/standing.h"
#include "session/state.h"

#include <string.h>

/* The name that the connection should be made to.  Only the base of secure records counts: what is
 * denied, or not proven, moves nobody to another name (RFC 7671 section 7). */
static dp_name
wanted_name(const danepriv_session *session)
{
	if (danepriv_records_security(session->records) == DANEPRIV_SECURITY_SECURE)
		return dp_records_base(session->records);
	return dp_name_of(&session->server.name);
}

static void
write_name(danepriv_session *session)
{
	size_t len = dp_name_to_text(wanted_name(session), session->name, sizeof session->name);

	/* A server is never the root, and so its text longer than the dot.  An escaped dot cannot
	 * be the last character: the final one is always there and always bare. */
	if (len > 1)
		session->name[len - 1] = '\0';
}

danepriv_status
danepriv_session_new(const danepriv *ctx, const danepriv_server *server, danepriv_profile profile,
    danepriv_session **out)
{
	dp_server read;

	if (!out)
		return DANEPRIV_EINVAL;
	*out = NULL;
	if (!ctx ||
	    (profile != DANEPRIV_PROFILE_STRICT && profile != DANEPRIV_PROFILE_OPPORTUNISTIC))
		return DANEPRIV_EINVAL;
	danepriv_status status = dp_server_read(server, &read);
	if (status != DANEPRIV_OK)
		return status;
	danepriv_session *session = dp_alloc(1, sizeof *session);
	if (!session)
		return DANEPRIV_ENOMEM;
	session->ctx = dp_context_ref(ctx);
	session->server = read;
	session->profile = profile;
	session->sent = read.name;
	session->pinned = DP_NEVER;
	write_name(session);
	*out = session;
	return DANEPRIV_OK;
}

void
dp_session_drop_chain(danepriv_session *session)
{
	dp_free(session->chain);
	session->chain = NULL;
	session->chain_len = 0;
}

void
danepriv_session_free(danepriv_session *session)
{
	if (!session)
		return;
	danepriv_records_free(session->records);
	dp_session_drop_chain(session);
	dp_free(session->credential);
	danepriv_close(session->ctx);
	dp_free(session);
}

/* Up to when may this connection rest on what is known? */
static danepriv_time
last_second(const danepriv_session *session)
{
	return session->fetched ? danepriv_records_expiry(session->records)
				: danepriv_records_valid_until(session->records);
}

/* What was found before says nothing of what has changed. */
static void
forget_finding(danepriv_session *session)
{
	session->last.finding = DANEPRIV_FINDING_UNJUDGED;
}

danepriv_status
dp_session_take_records(danepriv_session *session, danepriv_records *records, bool fetched)
{
	if (records && (!dp_server_equal(dp_records_server(records), &session->server) ||
			   !dp_records_count_for(records, session->server.aliases)))
		return DANEPRIV_EINVAL;
	/* First take, then let go: they may be the same. */
	danepriv_records *before = session->records;
	session->records = danepriv_records_ref(records);
	session->fetched = fetched;
	session->promised = false;
	session->memory = NULL;
	dp_session_drop_chain(session);
	danepriv_records_free(before);
	forget_finding(session);
	write_name(session);
	return DANEPRIV_OK;
}

danepriv_status
danepriv_session_give_records(danepriv_session *session, danepriv_records *records)
{
	return session && records ? dp_session_take_records(session, records, false)
				  : DANEPRIV_EINVAL;
}

danepriv_status
danepriv_session_give_fetched_records(danepriv_session *session, danepriv_records *records)
{
	return session && records ? dp_session_take_records(session, records, true)
				  : DANEPRIV_EINVAL;
}

/* What the evidence says that this connection may rest on; UNKNOWN: there is none that holds. */
static danepriv_security
security_now(const danepriv_session *session, danepriv_time now)
{
	return now <= last_second(session) ? danepriv_records_security(session->records)
					   : DANEPRIV_SECURITY_UNKNOWN;
}

static bool
holds_records(const danepriv_session *session, danepriv_time now)
{
	return security_now(session, now) == DANEPRIV_SECURITY_SECURE;
}

/* A chain speaks of the server as it was named at first (RFC 9102 section 2.1): of no other base
 * domain, or an alias that ended long ago could bring its own proof. */
static bool
chain_has_place(const danepriv_session *session)
{
	return dp_transport_has_chains(session->server.transport) &&
	       dp_name_equal(dp_name_of(&session->sent), dp_name_of(&session->server.name));
}

/* Does a chain that proves this take the place of what is known?  (RFC 9102 section 6, RFC 8310
 * section 8.2.2) */
static bool
chain_counts(const danepriv_session *session, danepriv_security security, danepriv_time now)
{
	if (!session->records || security == DANEPRIV_SECURITY_SECURE)
		return true;
	return dp_proven_counts(security) && !holds_records(session, now);
}

/* What was proven by a chain, and that chain itself for others who want to prove it. */
static danepriv_status
take_proven(danepriv_session *session, danepriv_records *records, danepriv_span extension)
{
	dp_extension sent = { .lifetime = 0 };
	uint8_t *copy = NULL;

	if (dp_proven_counts(danepriv_records_security(records)))
		(void)!dp_chain_read_extension(extension, &sent); /* it was, to be proven */
	if (sent.chain.len > 0) {
		copy = dp_alloc(sent.chain.len, 1);
		if (!copy)
			return DANEPRIV_ENOMEM;
		memcpy(copy, sent.chain.data, sent.chain.len);
	}
	danepriv_status status = dp_session_take_records(session, records, true);
	if (status == DANEPRIV_OK) {
		session->chain = copy;
		session->chain_len = sent.chain.len;
		copy = NULL;
	}
	dp_free(copy);
	return status;
}

/* `promises`: its support lifetime will be authenticated with the handshake. */
static danepriv_status
give_extension(danepriv_session *session, danepriv_span extension, bool promises, danepriv_time now)
{
	danepriv_status status = DANEPRIV_EINVAL;
	danepriv_records *records = NULL;

	if (!session || (!extension.data && extension.len > 0))
		return DANEPRIV_EINVAL;
	if (extension.len > 0 && chain_has_place(session))
		status =
		    dp_prove_extension(session->ctx, &session->server, extension, now, &records);
	if (status == DANEPRIV_OK && !promises)
		dp_records_mark(records, DANEPRIV_SOURCE_CHAIN, 0);
	if (status == DANEPRIV_OK &&
	    chain_counts(session, danepriv_records_security(records), now)) {
		status = take_proven(session, records, extension);
		session->promised = promises && status == DANEPRIV_OK;
	}
	/* Whatever it was, the next connection would bring the same. */
	session->extended = session->extended || status != DANEPRIV_ENOMEM;
	danepriv_records_free(records);
	return status;
}

danepriv_status
danepriv_session_give_extension(
    danepriv_session *session, danepriv_span extension, danepriv_time now)
{
	return give_extension(session, extension, true, now);
}

danepriv_status
dp_session_give_unauthenticated(
    danepriv_session *session, danepriv_span extension, danepriv_time now)
{
	return give_extension(session, extension, false, now);
}

danepriv_status
danepriv_session_give_credential(danepriv_session *session, const danepriv_credential *credential)
{
	danepriv_credential *copy;

	if (!session)
		return DANEPRIV_EINVAL;
	danepriv_status status = dp_credential_copy(credential, &copy);
	dp_free(session->credential);
	session->credential = copy;
	/* Also how adapters say that a handshake came to nothing: nobody has authenticated it. */
	session->promised = session->promised && copy;
	session->ended = false;
	forget_finding(session);
	return status;
}

void
dp_session_await_reconnect(danepriv_session *session)
{
	if (session)
		session->ended = true;
}

danepriv_status
danepriv_session_give_sni(danepriv_session *session, const char *sni)
{
	dp_name_store sent;

	if (!session)
		return DANEPRIV_EINVAL;
	danepriv_status status = dp_name_from_text(sni, &sent);
	/* A name that cannot be read is no name that was asked for: nothing equals it. */
	session->sent = sent;
	/* Another handshake begins: its peer has shown nothing yet, and authenticates nothing that
	 * came in one before. */
	dp_free(session->credential);
	session->credential = NULL;
	session->promised = false;
	session->ended = false;
	forget_finding(session);
	return status;
}

danepriv_status
danepriv_session_add_name(danepriv_session *session, const char *name)
{
	if (!session)
		return DANEPRIV_EINVAL;
	forget_finding(session);
	return dp_reference_add(&session->names, name);
}

const char *
danepriv_session_sni(const danepriv_session *session)
{
	return session ? session->name : "";
}

/* Does the evidence speak of the name that the peer was addressed by?  */
static bool
evidence_is_elsewhere(const danepriv_session *session)
{
	return !dp_name_equal(wanted_name(session), dp_name_of(&session->sent));
}

const char *
danepriv_session_reconnect_name(const danepriv_session *session)
{
	if (!session || danepriv_records_security(session->records) != DANEPRIV_SECURITY_SECURE)
		return NULL;
	return evidence_is_elsewhere(session) ? session->name : NULL;
}

/* What was learnt so far.  OK with UNJUDGED: something is still missing. */
static danepriv_status
judge(const danepriv_session *session, danepriv_channel channel, danepriv_time now,
    danepriv_time *shown_until, danepriv_verdict *why)
{
	const danepriv_records *records = session->records;
	const danepriv_credential *credential = session->credential;
	danepriv_status status = dp_match_clear(why);

	if (status != DANEPRIV_OK)
		return status;
	if (!dp_time_counts(now))
		return DANEPRIV_EINVAL;
	why->security = danepriv_records_security(records);
	why->reason = danepriv_records_reason(records);
	why->count = danepriv_records_count(records);
	why->valid_until = last_second(session);
	/* It was the server's proof that ended the handshake, and nobody who was in its way. */
	if (session->ended && (!credential || channel == DANEPRIV_CHANNEL_CLEAR)) {
		why->reason = DANEPRIV_REASON_RECONNECT;
		return DANEPRIV_OK;
	}
	/* In clear no peer shows a key, and none will come.  One from a handshake that came to
	 * nothing says nothing of the peer that the questions would go to. */
	if (channel == DANEPRIV_CHANNEL_CLEAR)
		credential = NULL;
	else if (!credential)
		return DANEPRIV_OK;
	/* In clear there is nobody who could have sent a chain. */
	if (credential &&
	    dp_standing_is_downgrade(session->pinned, security_now(session, now), now)) {
		dp_match_find(why, DANEPRIV_FINDING_DOWNGRADE);
		return DANEPRIV_OK;
	}
	if (credential && danepriv_session_reconnect_name(session)) {
		why->reason = DANEPRIV_REASON_RECONNECT;
		return DANEPRIV_OK;
	}
	if (!records)
		return DANEPRIV_OK;
	const dp_published published = dp_match_until(records, why->valid_until);
	const dp_wanted wanted = { .names = &session->names, .purposes = DP_PURPOSE_TLS };
	return dp_match_evaluate(
	    session->ctx, &published, credential, &wanted, now, shown_until, why);
}

static void
note_finding(danepriv_session *session, danepriv_channel channel, danepriv_time now,
    danepriv_time shown_until, const danepriv_verdict *why)
{
	danepriv_time reusable = danepriv_records_valid_until(session->records);
	const dp_last last = { why->finding, why->security, why->reason, why->record, now,
		why->valid_until < reusable ? why->valid_until : reusable, shown_until, channel,
		why->fault, why->count };

	session->last = last;
}

danepriv_decision
dp_session_decide(danepriv_session *session, danepriv_profile profile,
    danepriv_provenance provenance, danepriv_channel channel, danepriv_time now,
    danepriv_verdict *why)
{
	danepriv_verdict own = { .size = sizeof own };
	danepriv_time shown_until = INT64_MIN;

	if (!why)
		why = &own;
	if (!session) {
		(void)dp_match_clear(why);
		return DANEPRIV_DECISION_REFUSE;
	}
	forget_finding(session);
	danepriv_status status = judge(session, channel, now, &shown_until, why);
	/* A certificate that is no DER is judged, too: it is not the one that was published. */
	if (status != DANEPRIV_OK && status != DANEPRIV_EMALFORMED)
		return DANEPRIV_DECISION_REFUSE;
	note_finding(session, channel, now, shown_until, why);
	return danepriv_decide(profile, provenance, why->finding, channel);
}

danepriv_decision
danepriv_session_decide(danepriv_session *session, danepriv_provenance provenance,
    danepriv_channel channel, danepriv_time now, danepriv_verdict *why)
{
	return dp_session_decide(
	    session, danepriv_session_profile(session), provenance, channel, now, why);
}

uint16_t
danepriv_session_chain_port(const danepriv_session *session, danepriv_time now)
{
	if (!session || !chain_has_place(session) || session->extended ||
	    holds_records(session, now))
		return 0;
	return session->server.port;
}

danepriv_profile
danepriv_session_profile(const danepriv_session *session)
{
	return session ? session->profile : DANEPRIV_PROFILE_STRICT;
}

danepriv_status
danepriv_session_get_records(danepriv_session *session, danepriv_records **out)
{
	if (!out)
		return DANEPRIV_EINVAL;
	*out = NULL;
	if (!session)
		return DANEPRIV_EINVAL;
	if (!session->records)
		return DANEPRIV_ENOTFOUND;
	*out = danepriv_records_ref(session->records);
	return DANEPRIV_OK;
}

danepriv_status
danepriv_session_get_chain(const danepriv_session *session, danepriv_chain **out)
{
	if (!out)
		return DANEPRIV_EINVAL;
	*out = NULL;
	if (!session)
		return DANEPRIV_EINVAL;
	if (!session->chain)
		return DANEPRIV_ENOTFOUND;
	danepriv_span octets = { session->chain, session->chain_len };
	return dp_build_chain_copy(octets, session->records->proven, out);
}
