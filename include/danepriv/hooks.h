/* SPDX-License-Identifier: BSD-2-Clause
 * hooks.h - what does a resolver have to ask at each of its turns?
 *
 * For programs that have their own sockets, TLS and DNSSEC, and a hook here and there.  These
 * functions wait for nobody and send nothing.  They allocate nothing, but for danepriv_hooks_judge
 * with certificate usages 0 to 2.  Any number of threads may call them.
 *
 *	where a server is chosen          danepriv_hooks_rank, danepriv_hooks_channels
 *	where its handshake is complete   danepriv_hooks_judge
 *	before each question              danepriv_hooks_decide
 *	when a connection came or went    danepriv_hooks_note
 *	now and then                      danepriv_cache_next_due
 *
 * One connection carries questions of many domains, and a handshake knows none of them.  So a peer
 * is judged once, and each question is decided about by what was found.
 *
 * `domain` is what zone rules go by: the name of the user's question, where the server gets to see
 * all of it; else what danepriv_ruled_name (plan.h) makes of what it sees.  `provenance` says where
 * the server's name comes from (policy.h): it belongs to the question, too.
 *
 * Questions that are needed to learn a key go by danepriv_cache_get_wish alone (cache.h): they need
 * no decision (the meta-query rule, plan.h).
 *
 * What the resolver has validated itself it puts into the cache: danepriv_records_vouch,
 * danepriv_cache_put, and danepriv_cache_bind for the addresses of servers.  Raw keys and chains
 * come in by sessions: danepriv_session_get_judged (session.h). */
#ifndef DANEPRIV_HOOKS_H
#define DANEPRIV_HOOKS_H

#include <danepriv/plan.h>

#ifdef __cplusplus
extern "C" {
#endif

struct sockaddr;

/* What the functions below go by.  A plain struct that borrows: all that it names must outlive it.
 * To change the rules, exchange the whole struct; danepriv_rules_ref keeps the old ones for those
 * who still use them. */
typedef struct danepriv_hooks {
	size_t size; /* sizeof(danepriv_hooks) */
	const danepriv *ctx;
	danepriv_cache *cache;
	const danepriv_rules *rules; /* NULL: strict, for all */
} danepriv_hooks;

/* Reads AF_INET and AF_INET6; out->octets is borrowed from `address`.  The port is not read: the
 * state of an address is one for each transport (RFC 9539 section 4.5), and out->port is 0.
 * EINVAL: NULL, or another family. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_address_read(
    const struct sockaddr *address, danepriv_transport transport, danepriv_address *out);

/* Judges a peer by what the cache holds, when the handshake is complete: before that a peer has
 * shown certificates, and not that it holds the key, and a match is noted as authentication.  The
 * credential is what it has shown, its own certificate first (DER), or its raw key.  A session that
 * is resumed is judged by what was shown in the session before.  What was found is noted for the
 * address at the server's port.  `address` may be NULL, or one that cannot be read:
 * nothing is noted then.  Set out->size before the call; `why`, as for danepriv_evaluate, may be
 * NULL.
 * OK: *out says what was found.  UNJUDGED: nothing is known of the server, or not enough.  Look it
 * up (danepriv_cache_claim), and judge anew.  MISMATCH also where what the peer has shown is no
 * certificate.  DOWNGRADE: the server is pinned (danepriv_cache_pin) and nothing is proven of it,
 * since nobody here sees the chain that it has promised to send (RFC 9102 section 7).
 * After every failure *out is a judgement by which every decision is to refuse.
 * EINVAL: NULL, a wrong `size`, a bad server, an unknown type of credential or one without items,
 * or a `now` of 0 or less.  EMALFORMED: the server's name or label is none.  ELIMIT: more items or
 * octets than a handshake may carry.  ENOMEM. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_hooks_judge(const danepriv_hooks *hooks,
    const danepriv_server *server, const struct sockaddr *address,
    const danepriv_credential *credential, danepriv_time now, danepriv_judged *out,
    danepriv_verdict *why);

/* May a question in this domain go to this server, over a connection whose peer was judged so?
 * `channel` says what came up.  Rules, provenance and finding decide, as in danepriv_decide.
 * INDETERMINATE stands for a peer that was never judged, or UNJUDGED; for keys that were rolled
 * since, or whose time is over; and for certificates that have expired.  Strict then refuses until
 * the peer was judged anew; opportunistic goes on, unauthenticated.  In clear nobody shows a key,
 * and the finding is INDETERMINATE, too. A DOWNGRADE refuses until the peer was judged anew; so
 * does a peer that was not judged, as long as its server is pinned and nothing is proven of it. But
 * not in clear. What is NULL (but for the context of `hooks`), has a wrong `size`, or a server or
 * judgement that cannot be read refuses, and so does a `now` of 0 or less.  A domain that is no
 * name is strict. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_decision danepriv_hooks_decide(const danepriv_hooks *hooks,
    const char *domain, const danepriv_server *server, danepriv_provenance provenance,
    const danepriv_judged *judged, danepriv_channel channel, danepriv_time now);

/* How may an address be asked?  BOTH: over TLS, and in clear beside it or after it, as in the plan
 * of danepriv_plan_make.  But for zero and the two channels, no other enum has these values. */
typedef enum danepriv_channels {
	DANEPRIV_CHANNELS_NONE = 0,
	DANEPRIV_CHANNELS_CLEAR = DANEPRIV_CHANNEL_CLEAR,
	DANEPRIV_CHANNELS_ENCRYPTED = DANEPRIV_CHANNEL_ENCRYPTED,
	DANEPRIV_CHANNELS_BOTH = 0x401
} danepriv_channels;

/* How may this address of a server be asked a question in the domain?  Strict: ENCRYPTED or NONE.
 * Opportunistic: CLEAR alone where TLS has failed lately, unless the server has published keys.
 * NONE also for what cannot be read. */
DANEPRIV_API danepriv_channels danepriv_hooks_channels(const danepriv_hooks *hooks,
    const char *domain, const danepriv_server *server, danepriv_provenance provenance,
    const struct sockaddr *address, danepriv_time now);

/* danepriv_cache_note_event of a socket's address, for the transport at its own port.  EINVAL: as
 * there, or an address that cannot be read. */
DANEPRIV_API danepriv_status danepriv_hooks_note(const danepriv_hooks *hooks,
    const struct sockaddr *address, danepriv_transport transport, danepriv_event event,
    uint32_t rtt_us, danepriv_time now);

/* In which order to try the addresses of one server for a question in the domain: their indices
 * are written to `order`, which has room for `count` of them; those that TLS is to be tried with
 * stand before those for clear alone.  Returns how many: those that must not be asked, or cannot be
 * read, are left out, so that 0 means: another server.  At most 128 addresses are looked at. */
DANEPRIV_API size_t danepriv_hooks_rank(const danepriv_hooks *hooks, const char *domain,
    const danepriv_server *server, danepriv_provenance provenance,
    const struct sockaddr *const *addresses, size_t count, danepriv_time now, size_t *order);

#ifdef __cplusplus
}
#endif

#endif
