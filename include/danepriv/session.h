/* SPDX-License-Identifier: BSD-2-Clause
 * session.h - one connection being judged: may questions go over it?
 *
 * One connection carries questions of many zones.  So a session keeps what was found of the peer.
 * Each decision is for one question: for its profile, and for where the server's name comes from.
 * The latter says whether the question's zone has proven that this is its server
 * (danepriv_provenance in server.h).
 *
 *	before the handshake              danepriv_session_recall, danepriv_session_sni,
 *	                                  danepriv_session_give_sni, danepriv_session_chain_port
 *	what it brings                    danepriv_session_give_extension,
 *	                                  danepriv_session_give_credential
 *	the first question                danepriv_session_decide, danepriv_session_remember
 *	each further question             danepriv_session_decide_again
 *
 * Adapters (<danepriv/gnutls.h>, <danepriv/openssl.h>) do the handshake's part of this for you, and
 * have a function of their own that decides.
 *
 * Evidence and credential come in any order.  Until both are there the decision is to refuse.
 *
 * In clear.  Without TLS pass DANEPRIV_CHANNEL_CLEAR, for which no credential is waited for or
 * looked at: in clear no peer shows one.  Records which could have been judged then leave the peer
 * INDETERMINATE.  Evidence has to be there all the same.
 *
 * Threads.  A session belongs to one thread at a time. */
#ifndef DANEPRIV_SESSION_H
#define DANEPRIV_SESSION_H

#include <danepriv/cache.h>
#include <danepriv/chain.h>
#include <danepriv/policy.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The judgement of one connection. */
typedef struct danepriv_session danepriv_session;

/* Opens the judgement of one connection to `server`.
 * `profile`: that of the question which the connection is opened for.
 * The session holds a reference to `ctx`; the server is copied.  On success *out is yours to free;
 * on failure it is NULL.
 * Returns:
 * - OK: there is neither evidence nor credential yet.
 * - EINVAL: NULL, no such profile, or a bad server (cache.h).
 * - EMALFORMED: the server's name or label.
 * - ENOMEM: memory ran out. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_session_new(const danepriv *ctx,
    const danepriv_server *server, danepriv_profile profile, danepriv_session **out);

/* Frees a session.  NULL is fine. */
DANEPRIV_API void danepriv_session_free(danepriv_session *session);

/* Gives the session evidence from a memory: usable up to its `valid_until`.
 * The session takes a reference of its own, in place of any that it held; you keep yours.
 * Returns:
 * - OK: this is the evidence now.
 * - EINVAL: NULL; records for another server, port, transport or label; or such as do not count by
 *   the rule for aliases of the session's server (records.h).  Nothing changes. */
DANEPRIV_API danepriv_status danepriv_session_give_records(
    danepriv_session *session, danepriv_records *records);

/* Gives the session evidence that was fetched for this very connection: usable up to its `expiry`.
 * The session takes a reference of its own, in place of any that it held; you keep yours.
 * Returns:
 * - OK: this is the evidence now.
 * - EINVAL: NULL; records for another server, port, transport or label; or such as do not count by
 *   the rule for aliases of the session's server (records.h).  Nothing changes. */
DANEPRIV_API danepriv_status danepriv_session_give_fetched_records(
    danepriv_session *session, danepriv_records *records);

/* Says whether to ask the peer for a proof, and with which port: extension 59 of the ClientHello.
 * Returns:
 * - 0: do not ask for it.  The transport has none (QUIC, IPsec); or it has come already; or there
 *   are secure records that hold at `now`; or another name than the server's own was sent as SNI.
 * - any other: the port to ask with.
 * RFC 9102 section 2.1. */
DANEPRIV_API uint16_t danepriv_session_chain_port(
    const danepriv_session *session, danepriv_time now);

/* Gives the session what the peer sent as extension 59.  It is validated at `now` for the server's
 * own name, and used if it proves anything: records, or that there are none.
 *
 * What it proves replaces evidence that was given before, with one exception.  That there are none
 * does not replace secure records that hold at `now`: an old denial is easily kept.
 *
 * A chain that proves nothing is ignored where there is other evidence (RFC 8310 section 8.2.2).
 * Otherwise it is what is known: BOGUS, or INDETERMINATE.  Octets that are no chain prove nothing.
 *
 * The chain that has proven the session's evidence is copied, no more than 65535 octets.  It is
 * held until that gives way to other evidence, or until danepriv_session_remember.  After a failure
 * the evidence is as before.  The proof is not asked for again, unless memory ran out.
 * Returns:
 * - OK: the extension was validated, whatever it proves.
 * - EINVAL: NULL, no octets, a transport without chains, or another name than the server's own was
 *   sent as SNI.
 * - EMALFORMED: the server's name is too long to have records.
 * - ENOMEM: memory ran out.
 * RFC 9102 section 6. */
DANEPRIV_API danepriv_status danepriv_session_give_extension(
    danepriv_session *session, danepriv_span extension, danepriv_time now);

/* Gives the session what the peer presented.
 * It is copied, in place of any before.  After a failure the session holds no credential, and so
 * refuses.  What the server promised in this handshake then does not count.
 * Returns:
 * - OK: this is the credential now.
 * - EINVAL: NULL, no items, an unknown type, or a raw key that is not alone.
 * - ELIMIT: larger than a handshake may carry.
 * - EMALFORMED: an item without octets.
 * - ENOMEM: memory ran out. */
DANEPRIV_API danepriv_status danepriv_session_give_credential(
    danepriv_session *session, const danepriv_credential *credential);

/* Tells the session which name was sent as SNI.  Call it before each handshake: what the peer has
 * shown in one before it does not count in this one.  Nor does what the server promised there
 * (danepriv_session_remember).
 *
 * Evidence for another base domain then leaves the finding UNJUDGED, reason RECONNECT:
 * danepriv_session_reconnect_name says which name to use.  Without this call server->name is taken.
 *
 * `sni`: presentation form, final dot optional.
 * Returns:
 * - OK: this is the name that was sent.
 * - EINVAL: `session` is NULL.
 * - EMALFORMED: `sni` is NULL or no domain name.  No name counts as sent then. */
DANEPRIV_API danepriv_status danepriv_session_give_sni(danepriv_session *session, const char *sni);

/* Adds another name that the peer may go by, as in danepriv_evaluate.
 * `name`: presentation form, A-labels; copied.
 * After a failure the names are as before.
 * Returns:
 * - OK: a certificate may name it.
 * - EINVAL: NULL, an address, or `.`.
 * - EMALFORMED: not a host's name.
 * - ELIMIT: more than 16. */
DANEPRIV_API danepriv_status danepriv_session_add_name(danepriv_session *session, const char *name);

/* Finds what is to be sent as SNI.  It is the base domain of the evidence if that is secure: the
 * end of the server's aliases, when its keys were found there.  Otherwise it is the server's name.
 * The text lives until the next call on this session.
 * Returns: the name, without final dot; an empty one for NULL. */
DANEPRIV_API const char *danepriv_session_sni(const danepriv_session *session);

/* Finds the SNI to reconnect with, because secure evidence is for another base domain than the name
 * that was sent.
 * The text lives until the next call on this session.
 * Returns: the name, without final dot; NULL where there is no need.
 * RFC 7671 section 7. */
DANEPRIV_API const char *danepriv_session_reconnect_name(const danepriv_session *session);

/* Judges the peer at `now`, and decides: may a question be sent over this connection?  The profile
 * is that of the session.  For further questions there is danepriv_session_decide_again.
 *
 * `provenance`: where the question's zone has the server's name from.
 * `channel`: what came up.  Without TLS that is CLEAR.
 * `why`: receives the verdict; may be NULL.  Set its `size` before the call.  With a wrong one the
 *   decision is REFUSE, whatever the peer has shown, and *why is not touched.
 *
 * UNJUDGED with reason RECONNECT: connect again with the same session, before anything else is
 * tried, cleartext included.  Then another SNI is sent (danepriv_session_reconnect_name).  Or the
 * server's proof, which ended this handshake, counts in the next one
 * (danepriv_gnutls_must_reconnect).  If the second connection fails as well, decide by that one:
 * opportunistic may ask for CLEAR.
 *
 * UNJUDGED without a reason: there is no evidence.  Nobody has looked, and no proof came in the
 * handshake.  Both profiles refuse, since it could still be learnt.  Look the server up, and give
 * what comes of it, whatever it says.  Only where that fails, give records that you vouch for as
 * INDETERMINATE, with which opportunistic goes on.  They would take the place of better ones.
 *
 * In clear nobody shows a key.  Opportunistic goes on there with any evidence that holds.  But
 * where a plan goes in clear (plan.h), no decision is needed.
 *
 * Returns:
 * - PROCEED, PROCEED_UNAUTHENTICATED, PROCEED_CLEARTEXT: as danepriv_decide.
 * - REFUSE: as danepriv_decide.  Also for failures of any kind, and for a `now` of 0 or less, at
 *   which nothing is judged (UNJUDGED). */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_decision danepriv_session_decide(danepriv_session *session,
    danepriv_provenance provenance, danepriv_channel channel, danepriv_time now,
    danepriv_verdict *why);

/* ---- with a memory (cache.h) ---- */

/* Gives the session what `cache` knows of its server, at the beginning: evidence that holds at
 * `now`, and the pin.
 *
 * While a server is pinned, nothing but proof counts: records, a denial or "insecure" that holds,
 * be it from the handshake, from here or looked up.  Without it the finding of a connection over
 * TLS whose peer has presented something is DOWNGRADE.  Both profiles refuse that: abort, or get
 * the records in another way first; give them, and decide again.  In clear a pin says nothing: so
 * never answer a DOWNGRADE by asking for CLEAR (policy.h).
 *
 * A handshake that is resumed brings no chain.  Resume none with a pinned server unless its records
 * are there, and do ask for its chain.
 *
 * Returns:
 * - OK: this is the evidence now.
 * - EINVAL: NULL, or a `now` of 0 or less.
 * - ENOTFOUND: there is no evidence; the pin may be there all the same.
 * - ENOMEM: memory ran out; the pin counts.
 * RFC 9102 section 7. */
DANEPRIV_API danepriv_status danepriv_session_recall(
    danepriv_session *session, danepriv_cache *cache, danepriv_time now);

/* Stores in `cache` what was learnt, once danepriv_session_decide or that of an adapter has judged
 * the peer.
 *
 * That is the evidence, if it did not come from there.  With it goes the peer's chain, if one has
 * proven it and it holds at `now`.  The chain is kept as by danepriv_cache_put_proof, and
 * danepriv_cache_export gives it to others.  The session then drops it: a second cache gets the
 * records alone.
 *
 * Of an encrypted connection whose handshake is complete, it is also whether the server
 * authenticated itself.  If it did so by the chain of this very handshake, its promise to go on
 * sending chains sets, changes or lifts the pin.
 *
 * Evidence that no longer holds at `now` (a TTL of 0) is stored as of its last second, so that the
 * pin has a place; but not where something better is known.  A chain that proves nothing is not
 * stored: it says nothing of the server's DNS.
 *
 * Returns:
 * - OK: it is stored.
 * - EINVAL: NULL, or a `now` of 0 or less.
 * - ENOTFOUND: nothing was judged. */
DANEPRIV_API danepriv_status danepriv_session_remember(
    danepriv_session *session, danepriv_cache *cache, danepriv_time now);

/* Says whether another question may go over this connection, whose peer was judged before, by what
 * `cache` knows by now.  Ask before each question on a persistent connection, and when one was
 * resumed.
 *
 * What was found stands as long as three things are true.  Its evidence holds, up to
 * danepriv_records_valid_until: also where it was fetched for this connection, which counts for the
 * first questions.  `cache` expects the same keys, which it has to know from
 * danepriv_session_recall or danepriv_session_remember.  And the channel is the same.
 *
 * After that the peer is judged again by what `cache` has.  If that is nothing, it is refused
 * (UNJUDGED), and the session then holds no evidence: look its records up, put them, and ask again.
 *
 * As long as the finding stands, the call takes no memory.  why->each is then all zero, and
 * why->count says how many records there are.
 *
 * `profile`, `provenance`: those of this question, whatever those before it had.
 * `channel`: what came up.  Without TLS that is CLEAR.
 * `why`: receives the verdict; may be NULL.  Set its `size` before the call.  With a wrong one the
 *   decision is REFUSE, whatever the peer has shown, and *why is not touched.
 * Returns:
 * - PROCEED, PROCEED_UNAUTHENTICATED, PROCEED_CLEARTEXT: as danepriv_decide.
 * - REFUSE: as danepriv_decide.  Also for failures of any kind, and for a `now` of 0 or less, which
 *   changes nothing. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_decision danepriv_session_decide_again(
    danepriv_session *session, danepriv_cache *cache, danepriv_profile profile,
    danepriv_provenance provenance, danepriv_channel channel, danepriv_time now,
    danepriv_verdict *why);

/* Tells what danepriv_hooks_decide (hooks.h) needs.  It is for programs that judge by sessions,
 * since raw keys and chains come in by those, and keep a danepriv_judged with each connection.
 * `out`: set its `size` before the call.  It holds no pointer.
 * Returns:
 * - OK: *out is written.
 * - EINVAL: NULL, or a wrong `size`.
 * - ENOTFOUND: the session's evidence is not that of `cache` (danepriv_session_recall,
 *   danepriv_session_remember).  Or its last decision was not over an encrypted channel, or found
 *   nothing.  Then *out counts as never judged. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_session_get_judged(
    const danepriv_session *session, danepriv_cache *cache, danepriv_judged *out);

/* Returns: the profile that the session was opened with, that of the question which it was opened
 * for; STRICT for NULL. */
DANEPRIV_API danepriv_profile danepriv_session_profile(const danepriv_session *session);

/* Gives the evidence that the session has so far, to cache it.
 * On success *out is a reference of yours, to free; on failure it is NULL.
 * Returns:
 * - OK: *out is the evidence.
 * - EINVAL: NULL.
 * - ENOTFOUND: there is none yet. */
DANEPRIV_API danepriv_status danepriv_session_get_records(
    danepriv_session *session, danepriv_records **out);

/* Gives the chain that has proven the session's evidence, as the peer has sent it, to show or to
 * keep it.  Ask before danepriv_session_remember, which drops it.
 * On success *out is a copy, yours to free; on failure it is NULL.
 * Returns:
 * - OK: *out is the chain.
 * - EINVAL: NULL.
 * - ENOTFOUND: the evidence is none that a chain has proven, or the chain was dropped.
 * - ENOMEM: memory ran out.
 * RFC 9102 section 2.2. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_session_get_chain(
    const danepriv_session *session, danepriv_chain **out);

#ifdef __cplusplus
}
#endif

#endif
