/* SPDX-License-Identifier: BSD-2-Clause
 * hooks.h - what does a resolver have to ask at each of its turns?
 *
 * For programs that have their own sockets, TLS and DNSSEC, and a hook here and there: a few
 * functions that a foreign program can store as they are, under the types that stand beside them.
 * They wait for nobody, send nothing, and allocate nothing (but to judge certificate usages 0 to 2,
 * in danepriv_hooks_verify).  Any number of threads may call them.  What is NULL that must not
 * be, or has a wrong `size`, is refused, and so is a `now` of 0 or less where something is judged
 * or decided.
 *
 * `domain` is what zone rules go by: the name of the user's question, where the server gets to see
 * all of it; else what danepriv_ruled_name (plan.h) makes of what it sees.
 *
 *	where a server is chosen          danepriv_hooks_wants_tls, danepriv_hooks_rank
 *	where its certificate arrives     danepriv_hooks_verify
 *	before each question              danepriv_hooks_decide
 *	when a connection came or went    danepriv_hooks_note
 *	now and then                      danepriv_cache_next_due
 *
 * What the resolver has validated itself it puts into the cache: danepriv_records_vouch,
 * danepriv_cache_put, and danepriv_cache_bind for the addresses of servers. */
#ifndef DANEPRIV_HOOKS_H
#define DANEPRIV_HOOKS_H

#include <danepriv/plan.h>

#ifdef __cplusplus
extern "C" {
#endif

struct sockaddr;

/* What the functions below go by.  A plain struct that only names; all of it must live on.  To
 * change the rules, exchange the whole struct. */
typedef struct danepriv_hooks {
	size_t size; /* sizeof(danepriv_hooks) */
	const danepriv *ctx;
	danepriv_cache *cache;
	const danepriv_rules *rules; /* NULL: strict, for all */
} danepriv_hooks;

/* One connection, or one that there will be. */
typedef struct danepriv_peer {
	size_t size; /* sizeof(danepriv_peer) */
	danepriv_server server;
	danepriv_provenance provenance; /* of the server's name */
	const struct sockaddr *address; /* may be NULL where nothing is to be noted of it */
	danepriv_channel channel;	/* what came up */
	uint64_t generation; /* 0, until danepriv_hooks_verify has said which keys the peer was
				judged by; stays with the connection, and with what resumes it */
	danepriv_finding finding;  /* likewise: what was found */
	danepriv_time valid_until; /* likewise: the last second at which a match holds as far as the
			      peer's certificates go; INT64_MAX where they do not matter (usage
			      3).  The records have an end of their own, which the cache knows */
} danepriv_peer;

/* Reads AF_INET and AF_INET6; out->octets is borrowed from `address`.  The port is not read: the
 * state of an address is one for each transport (RFC 9539 section 4.5), and out->port is 0.
 * EINVAL: NULL, or another family. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_address_read(
    const struct sockaddr *address, danepriv_transport transport, danepriv_address *out);

/* danepriv_cache_get_wish of a socket's address, for DNS over TLS at its own port.  NONE for what
 * cannot be read. */
typedef danepriv_wish danepriv_wants_tls_function(
    const danepriv_hooks *hooks, const struct sockaddr *address, danepriv_time now);
DANEPRIV_API danepriv_wish danepriv_hooks_wants_tls(
    const danepriv_hooks *hooks, const struct sockaddr *address, danepriv_time now);

/* To be called where the peer's certificates (DER, its own first) or its raw key arrive, and where
 * a session is resumed with those of the session before: judges them by what the cache holds, takes
 * down in the peer what by and what was found, notes it for the address (at the server's port), and
 * decides for the domain, as over an encrypted channel.  `why` as for
 * danepriv_evaluate; may be NULL.
 * Nothing known of the server, or not enough: UNJUDGED, which a strict resolver refuses and an
 * opportunistic one goes on with, unauthenticated, for this one connection: look it up
 * (danepriv_cache_claim), and verify anew.  A server that is pinned (danepriv_cache_pin) and of
 * which nothing is proven: DOWNGRADE, since nobody here sees the chain that it has promised to
 * send.  Failures refuse. */
typedef danepriv_decision danepriv_verify_function(const danepriv_hooks *hooks,
    const char *domain, danepriv_peer *peer, const danepriv_credential *credential,
    danepriv_time now, danepriv_verdict *why);
DANEPRIV_MUST_USE DANEPRIV_API danepriv_decision danepriv_hooks_verify(
    const danepriv_hooks *hooks, const char *domain, danepriv_peer *peer,
    const danepriv_credential *credential, danepriv_time now, danepriv_verdict *why);

/* May a question in this domain go to this peer, at `now`?  By the rules for the two names, the
 * provenance, the channel, and what was found, if the keys that it was found by are still those
 * that are expected: after they were rolled, or their time ran out, strict refuses until the peer
 * was verified anew, and opportunistic goes on, unauthenticated.  So it does with a peer that was
 * never verified, and in clear.  But for clear, DOWNGRADE refuses as long as the server is pinned
 * and nothing is proven of it, and then until the peer was verified anew. */
typedef danepriv_decision danepriv_decide_function(const danepriv_hooks *hooks,
    const char *domain, const danepriv_peer *peer, danepriv_time now);
DANEPRIV_MUST_USE DANEPRIV_API danepriv_decision danepriv_hooks_decide(
    const danepriv_hooks *hooks, const char *domain, const danepriv_peer *peer,
    danepriv_time now);

/* danepriv_cache_note_event of a socket's address, for the transport at its own port.  EINVAL: as
 * there, or an address that cannot be read. */
typedef danepriv_status danepriv_note_function(const danepriv_hooks *hooks,
    const struct sockaddr *address, danepriv_transport transport, danepriv_event event,
    uint32_t rtt_us, danepriv_time now);
DANEPRIV_API danepriv_status danepriv_hooks_note(const danepriv_hooks *hooks,
    const struct sockaddr *address, danepriv_transport transport, danepriv_event event,
    uint32_t rtt_us, danepriv_time now);

/* In which order to try the addresses of one server for a question in the domain: their indices
 * are written to `order`, which has room for `count` of them; those that TLS is to be tried with
 * stand before those for clear alone.  Returns how many: those that must not be asked, or cannot be
 * read, are left out, so that 0 means: another server.  At most 128 addresses are looked at. */
typedef size_t danepriv_rank_function(const danepriv_hooks *hooks, const char *domain,
    const danepriv_server *server, danepriv_provenance provenance,
    const struct sockaddr *const *addresses, size_t count, danepriv_time now, size_t *order);
DANEPRIV_API size_t danepriv_hooks_rank(const danepriv_hooks *hooks, const char *domain,
    const danepriv_server *server, danepriv_provenance provenance,
    const struct sockaddr *const *addresses, size_t count, danepriv_time now, size_t *order);

#ifdef __cplusplus
}
#endif

#endif
