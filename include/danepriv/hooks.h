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
 * The domain.  `domain` is what zone rules are asked for: the name of the user's question, where
 * the server gets to see all of it.  Otherwise it is what danepriv_ruled_name (plan.h) makes of
 * what the server sees.
 *
 * The provenance.  `provenance` says where the server's name comes from (danepriv_provenance in
 * server.h).  It belongs to the question, too.
 *
 * Meta-queries (plan.h), which are needed to learn a key, need no decision: danepriv_cache_get_wish
 * (cache.h) alone says how to send them.
 *
 * Evidence.  What the resolver has validated itself it puts into the cache: danepriv_records_vouch,
 * danepriv_cache_put, and danepriv_cache_bind for the addresses of servers.  Raw keys and chains
 * come in by sessions: danepriv_session_get_judged (session.h). */
#ifndef DANEPRIV_HOOKS_H
#define DANEPRIV_HOOKS_H

#include <danepriv/plan.h>

#ifdef __cplusplus
extern "C" {
#endif

struct sockaddr;

/* What the functions below work with.  A plain struct that borrows: all that it names must outlive
 * it.  To change the rules, exchange the whole struct; danepriv_rules_ref keeps the old ones for
 * those who still use them. */
typedef struct danepriv_hooks {
	size_t size;		     /* sizeof(danepriv_hooks) */
	const danepriv *ctx;	     /* only danepriv_hooks_judge needs it */
	danepriv_cache *cache;	     /* what is known of servers and addresses */
	const danepriv_rules *rules; /* NULL: strict, for all */
} danepriv_hooks;

/* Reads the address of a socket, AF_INET or AF_INET6.  Its port is not read, and out->port is 0: an
 * address has one state for each transport (RFC 9539 section 4.5).
 * The octets of *out are borrowed from `address`.
 * Returns:
 * - OK: *out is the address.
 * - EINVAL: NULL, or another family. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_address_read(
    const struct sockaddr *address, danepriv_transport transport, danepriv_address *out);

/* Judges a peer by what the cache holds.  Call it when the handshake is complete: a match is noted
 * as authentication, and until then a peer has shown certificates, but not that it holds the key.
 *
 * `address`: where the server is.  What was found is noted for it, at the server's port.  It may be
 *   NULL, or one that cannot be read: then nothing is noted.
 * `credential`: what the peer has shown, its own certificate first (DER), or its raw key.  A
 *   session that is resumed is judged by what was shown in the session before.
 * `out`: what danepriv_hooks_decide needs.  Set its `size` before the call.
 * `why`: the verdict, as for danepriv_evaluate: set its `size` before the call.  It may be NULL.
 *
 * On OK the finding is one of danepriv_evaluate (judge.h), and of these:
 * - UNJUDGED: nothing is known of the server, or not enough.  Look it up (danepriv_cache_claim),
 *   and judge again.
 * - MISMATCH: also where what the peer has shown is no certificate.
 * - DOWNGRADE: the server is pinned (danepriv_cache_pin) and nothing is proven of it.  Nobody here
 *   sees the chain that it has promised to send (RFC 9102 section 7).
 *
 * After every failure *out is a judgement by which every decision is to refuse.
 * Returns:
 * - OK: *out says what was found.
 * - EINVAL: NULL, a wrong `size`, `now` of 0 or less, a bad server (cache.h), an unknown type of
 *   credential, or one without items.
 * - EMALFORMED: the server's name or label.
 * - ELIMIT: more items or octets than a handshake may carry.
 * - ENOMEM: memory ran out. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_hooks_judge(const danepriv_hooks *hooks,
    const danepriv_server *server, const struct sockaddr *address,
    const danepriv_credential *credential, danepriv_time now, danepriv_judged *out,
    danepriv_verdict *why);

/* Says whether a question in this domain may go to this server, over a connection whose peer was
 * judged before.  Rules, provenance and finding decide, as in danepriv_decide.
 *
 * The finding is that of `judged`, but for these cases:
 * - DOWNGRADE: as long as the server is pinned and nothing is proven of it, however the peer was
 *   judged.  What was a DOWNGRADE stays one until the peer is judged again.  Not so in clear.
 * - INDETERMINATE: the peer was never judged, or is UNJUDGED; its keys were rolled since, or their
 *   time is over; or certificates have expired.  Strict then refuses until the peer is judged
 *   again; opportunistic goes on, unauthenticated.
 * - INDETERMINATE in clear: nobody shows a key there.
 *
 * `domain`: see above; one that is no name is strict.
 * `judged`: what danepriv_hooks_judge or danepriv_session_get_judged wrote.  For a peer that was
 *   never judged, and in clear, one that is zeroed but for its `size` will do.
 * `channel`: what came up.  Without TLS that is CLEAR.
 * Returns:
 * - PROCEED, PROCEED_UNAUTHENTICATED, PROCEED_CLEARTEXT: as danepriv_decide.
 * - REFUSE: as danepriv_decide.  Also for NULL (but for the context and the rules of `hooks`); a
 *   wrong `size`; a server or judgement that cannot be read; and a `now` of 0 or less. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_decision danepriv_hooks_decide(const danepriv_hooks *hooks,
    const char *domain, const danepriv_server *server, danepriv_provenance provenance,
    const danepriv_judged *judged, danepriv_channel channel, danepriv_time now);

/* How may an address be asked?  No other enum has these values, zero and the two channels excepted.
 */
typedef enum danepriv_channels {
	DANEPRIV_CHANNELS_NONE = 0,				  /* not at all */
	DANEPRIV_CHANNELS_CLEAR = DANEPRIV_CHANNEL_CLEAR,	  /* in clear alone */
	DANEPRIV_CHANNELS_ENCRYPTED = DANEPRIV_CHANNEL_ENCRYPTED, /* over TLS alone */
	DANEPRIV_CHANNELS_BOTH = 0x401 /* over TLS, and in clear beside it or after it, as in the
					  plan of danepriv_plan_make */
} danepriv_channels;

/* Says how this address of a server may be asked a question in the domain.
 * Returns:
 * - ENCRYPTED: strict, and the server may be asked.
 * - BOTH: opportunistic.
 * - CLEAR: opportunistic, and TLS has failed recently or is being tried.  It is BOTH all the same
 *   where the server has published keys.
 * - NONE: strict, and the server must not be asked; or something cannot be read. */
DANEPRIV_API danepriv_channels danepriv_hooks_channels(const danepriv_hooks *hooks,
    const char *domain, const danepriv_server *server, danepriv_provenance provenance,
    const struct sockaddr *address, danepriv_time now);

/* Notes what happened when a socket's address was tried, as danepriv_cache_note_event does, for the
 * transport at its own port.
 * `rtt_us`: microseconds from question to answer, for COMPLETED and RESPONSE.  0: not measured.
 * Returns:
 * - OK: it is noted.
 * - EINVAL: NULL, a wrong `size`, an address that cannot be read, no such event, or an unknown
 *   transport. */
DANEPRIV_API danepriv_status danepriv_hooks_note(const danepriv_hooks *hooks,
    const struct sockaddr *address, danepriv_transport transport, danepriv_event event,
    uint32_t rtt_us, danepriv_time now);

/* Finds in which order to try the addresses of one server for a question in the domain.  Those that
 * TLS is to be tried with stand before those for clear alone.  Addresses that must not be asked, or
 * cannot be read, are left out.
 * `addresses`, `count`: at most 128 are looked at.
 * `order`: receives indices into `addresses`; it has room for `count` of them.
 * Returns: how many there are in `order`; 0: try another server. */
DANEPRIV_API size_t danepriv_hooks_rank(const danepriv_hooks *hooks, const char *domain,
    const danepriv_server *server, danepriv_provenance provenance,
    const struct sockaddr *const *addresses, size_t count, danepriv_time now, size_t *order);

#ifdef __cplusplus
}
#endif

#endif
