/* SPDX-License-Identifier: BSD-2-Clause
 * session.h - one connection being judged: may questions go over it?
 *
 * One connection carries questions of many zones.  So what it keeps is what was found of the peer.
 * Each decision is for one question: its profile, and where the server's name comes from, that is
 * whether the question's zone has proven that this is its server (danepriv_provenance).
 *
 * Evidence and credential come in any order; until both are there the decision is to refuse.  Only
 * for DANEPRIV_CHANNEL_CLEAR no credential is waited for or looked at: in clear no peer shows one,
 * so that records which could have been judged leave it INDETERMINATE. A session belongs to one
 * thread at a time. */
#ifndef DANEPRIV_SESSION_H
#define DANEPRIV_SESSION_H

#include <danepriv/cache.h>
#include <danepriv/policy.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct danepriv_session danepriv_session;

/* Opens the judgement of one connection to `server`.  It holds a reference to `ctx`; the server is
 * copied.
 * On success *out is yours to free; on failure it is NULL.
 * EINVAL: a bad server, or a profile out of range.  EMALFORMED: its name.  ENOMEM. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_session_new(const danepriv *ctx,
    const danepriv_server *server, danepriv_profile profile, danepriv_session **out);

/* NULL is fine. */
DANEPRIV_API void danepriv_session_free(danepriv_session *session);

/* Evidence from a memory: usable up to its `valid_until`.  The session takes a reference of its
 * own, in place of any it held.  EINVAL: records for another server, port, transport or label, or
 * such as do not count by the rule for aliases of the session's server (records.h); nothing is
 * changed.
 */
DANEPRIV_API danepriv_status danepriv_session_give_records(
    danepriv_session *session, danepriv_records *records);

/* The same for evidence that was fetched for this very connection: usable up to its `expiry`. */
DANEPRIV_API danepriv_status danepriv_session_give_fetched_records(
    danepriv_session *session, danepriv_records *records);

/* The port to ask the peer with for a proof: extension 59 of the ClientHello (RFC 9102
 * section 2.1).
 * 0: it is not to be asked for.  The transport has none (QUIC, IPsec); or it has come already; or
 * there are secure records that hold at `now`; or another name than the server's own was sent as
 * SNI. */
DANEPRIV_API uint16_t danepriv_session_chain_port(
    const danepriv_session *session, danepriv_time now);

/* What the peer sent as extension 59 (RFC 9102): validated at `now` for the server's own name, and
 * used if it proves anything: records, or that there are none.  What it proves takes the place of
 * evidence given before, but for this: that there are none does not take the place of secure
 * records that hold at `now`, since an old denial is easily kept.  A chain that proves nothing is
 * passed over where there is other evidence (RFC 8310 section 8.2.2), else it is what is known:
 * BOGUS, or INDETERMINATE.  Octets that are no chain prove nothing.  The chain that has proven what
 * the session goes by is copied, no more than 65535 octets, and held until that gives way to other
 * evidence, or until danepriv_session_remember.
 * EINVAL: no octets, a transport without chains, or another name than the server's own was sent as
 * SNI.  EMALFORMED: the server's name is too long to have records.  ENOMEM.  After a
 * failure the evidence is as before; but for a lack of memory, it is not asked for again. */
DANEPRIV_API danepriv_status danepriv_session_give_extension(
    danepriv_session *session, danepriv_span extension, danepriv_time now);

/* What the peer presented; copied, in place of any before.
 * EINVAL: no items, or an unknown type.  EMALFORMED: an item without octets.  ELIMIT: larger than a
 * handshake may carry.  ENOMEM.  After a failure the session holds no credential, and so refuses;
 * and what the server promised in this handshake does not count. */
DANEPRIV_API danepriv_status danepriv_session_give_credential(
    danepriv_session *session, const danepriv_credential *credential);

/* The name that was sent as SNI, presentation form.  Evidence for another base domain then leaves
 * the finding UNJUDGED, reason RECONNECT, and danepriv_session_reconnect_name tells the name to
 * use. Without this call server->name is taken.  To be called before each handshake: what the
 * peer has shown in one before it does not count in this, nor does what the server promised there
 * (danepriv_session_remember).  EMALFORMED:
 * not a name.  ENOMEM.
 */
DANEPRIV_API danepriv_status danepriv_session_give_sni(danepriv_session *session, const char *sni);

/* Another name that the peer may go by, as in danepriv_evaluate.  EINVAL: no name, or an
 * address.  EMALFORMED: not a host's name.  ELIMIT: more than 16.  After a failure the names are as
 * before. */
DANEPRIV_API danepriv_status danepriv_session_add_name(danepriv_session *session, const char *name);

/* What is to be sent as SNI: the base domain of the evidence if that is secure (the end of the
 * server's aliases, when its keys were found there), else the server's name; without final dot.
 * Lives until the next call on this session. */
DANEPRIV_API const char *danepriv_session_sni(const danepriv_session *session);

/* NULL, or the SNI to reconnect with, because secure evidence is for another base domain than the
 * name that was sent (RFC 7671 section 7).  Lives until the next call on this session. */
DANEPRIV_API const char *danepriv_session_reconnect_name(const danepriv_session *session);

/* Judges the peer at `now`, and decides: may a question be sent over this connection, of a zone
 * whose server's name comes from there (danepriv_decide, with the profile of the session)?
 * `channel`: what came up.  `why` (may be NULL; else set its `size`) receives the verdict.
 * Failures of any kind refuse, and so does a `now` of 0 or less, at which nothing is judged
 * (UNJUDGED).
 * UNJUDGED with reason RECONNECT: connect again with the same session, before anything else is
 * tried, cleartext included.  Then another SNI is sent (danepriv_session_reconnect_name), or the
 * server's proof, which ended this handshake, counts in the next one
 * (danepriv_gnutls_must_reconnect).
 * UNJUDGED without a reason: there is no evidence.  Nobody has looked, and no proof came in the
 * handshake.  Both profiles refuse, since it could still be learnt: look the server up, or give
 * records that you vouch for as INDETERMINATE, with which opportunistic goes on.
 * In clear nobody shows a key.  Opportunistic goes on there with any evidence that holds; but where
 * a plan goes in clear (plan.h), no decision is needed.
 * For further questions: danepriv_session_decide_again. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_decision danepriv_session_decide(danepriv_session *session,
    danepriv_provenance provenance, danepriv_channel channel, danepriv_time now,
    danepriv_verdict *why);

/* ---- with a memory (cache.h) ---- */

/* Gives the session what `cache` knows of its server, at the beginning: evidence that holds at
 * `now`, and the pin.  While a server is pinned, nothing but proof counts: without records, a
 * denial or "insecure" that holds, be it from the handshake, from here or looked up, the finding of
 * a connection over TLS whose peer has presented something is DOWNGRADE, which both profiles refuse
 * (RFC 9102 section 7: abort, or get the records in another way first; give them, and decide
 * again).  In clear a pin says nothing.  A handshake that is resumed brings no chain: resume none
 * with a pinned server unless its records are there, and do ask for its chain.
 * ENOTFOUND: there is no evidence (the pin may be there all the same).  EINVAL: NULL, or a `now` of
 * 0 or less.  ENOMEM: the pin counts. */
DANEPRIV_API danepriv_status danepriv_session_recall(
    danepriv_session *session, danepriv_cache *cache, danepriv_time now);

/* Takes down in `cache` what was learnt, when danepriv_session_decide (or that of an adapter) has
 * judged the peer.  That is the evidence, if it did not come from there, and the peer's chain that
 * has proven it, if one did and it holds at `now`.  The chain is kept as by
 * danepriv_cache_put_proof, and danepriv_cache_export gives it to others; the session lets go of it,
 * so that a second cache gets the records alone.
 * Of an encrypted connection whose handshake is complete, it is also whether the server
 * authenticated itself.  If it did so by the chain of this very handshake, its promise to go on
 * sending chains sets, changes or lifts the pin.
 * Evidence that holds no longer at `now` (a TTL of 0) is taken down as of its last second, where
 * nothing better is known, so that the pin has a place.  A chain that proves nothing is not taken
 * down, since it says nothing of the server's DNS.
 * ENOTFOUND: nothing was judged.
 * EINVAL: NULL, or a `now` of 0 or less. */
DANEPRIV_API danepriv_status danepriv_session_remember(
    danepriv_session *session, danepriv_cache *cache, danepriv_time now);

/* May another question go over this connection, whose peer was judged before, by what `cache` knows
 * by now?  To be asked before each question on a persistent connection, and when one was resumed.
 * `profile` and `provenance` are those of this question, whatever those before it had.  What was
 * found stands as long as its evidence holds (danepriv_records_valid_until, also where it was
 * fetched for this connection: that counts for the first questions) and `cache` expects the same
 * keys, which it has to know from danepriv_session_recall or danepriv_session_remember.  After that
 * the peer is judged anew by what `cache` has, and refused if that is nothing (UNJUDGED; the
 * session then holds no evidence): look its records up, put them, and ask again.  A `now` of 0 or
 * less refuses, and changes nothing.  Takes no memory as long as the finding stands; why->each is
 * then all zero, and why->count says how many records there are. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_decision danepriv_session_decide_again(
    danepriv_session *session, danepriv_cache *cache, danepriv_profile profile,
    danepriv_provenance provenance, danepriv_channel channel, danepriv_time now,
    danepriv_verdict *why);

/* What danepriv_hooks_decide (hooks.h) goes by, for programs that judge by sessions, since raw keys
 * and chains come in by those, and keep a danepriv_judged with each connection.  `out->size` is set
 * before the call.
 * OK: *out is written, and holds no pointer.
 * ENOTFOUND: the session's evidence is not that of `cache` (danepriv_session_recall,
 * danepriv_session_remember), or its last decision was not over an encrypted channel, or found
 * nothing: *out counts as never judged.
 * EINVAL: NULL, or a wrong `size`. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_session_get_judged(
    const danepriv_session *session, danepriv_cache *cache, danepriv_judged *out);

/* The profile that the session was opened with: that of the question which it was opened for. */
DANEPRIV_API danepriv_profile danepriv_session_profile(const danepriv_session *session);

/* The evidence given so far, to cache it.  *out is a reference of yours, to free.
 * ENOTFOUND: none yet (*out is NULL). */
DANEPRIV_API danepriv_status danepriv_session_get_records(
    danepriv_session *session, danepriv_records **out);

#ifdef __cplusplus
}
#endif

#endif
