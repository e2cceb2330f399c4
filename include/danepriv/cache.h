/* SPDX-License-Identifier: BSD-2-Clause
 * cache.h - what do we know of this server and this address: which key, how sure, until when, and
 * what failed lately?
 *
 * Shared by any number of threads, without threads, clocks or callbacks of its own.  Nothing here
 * waits but for the few hundred nanoseconds that another thread may hold a part of the table; or
 * some microseconds, where that one puts or exports a large proof; or, where that one was
 * interrupted meanwhile, for its turn.
 *
 * All who share it have contexts with the same anchors and roots: what one has proven or found
 * counts for the others.
 *
 * Fork.  Create it after fork: two processes that both go on with one cache have a copy each, which
 * learn nothing of each other; and the parts of it that other threads held at that moment stay
 * locked in the child's, so that calls about what belongs there never return.
 *
 * Memory.  All of it is taken when the cache is created.  When it is full, servers that never
 * authenticated themselves have to go first, and whoever floods it with names can take no more than
 * an eighth of it from the others, and whoever does so with addresses that answer, another.
 * Servers that authenticate themselves may be a stranger's as well: of these, those go first that
 * nobody has asked for in a while.  Proofs (danepriv_cache_put_proof) of servers that authenticated
 * themselves have an eighth of it; other proofs have what nobody else needs.
 *
 * Time.  Clocks are set, forwards and backwards.  Evidence that was put at P and holds until U is
 * used from P up to U, both included; and, since a clock that was set back must not lose all at
 * once, also before P, but no earlier than P - (U - P).  After U it is never used.  All other spans
 * (how long a failure, a claim or the state of an address counts) hold for as many seconds on
 * either side of the moment when they began.  So a clock that was wrong makes no evidence last
 * longer than it would have, and no other span more than twice as long; and nothing comes back
 * later than its own span after the clock is right again.
 *
 * Servers.  Name, port, transport and label say which one is meant, and all who mean it share what
 * is known of it, whatever their rules for aliases.  But what was found by way of an alias is known
 * to those alone who follow aliases (danepriv_server.aliases), and that the name is one to those
 * alone who refuse them, with all that comes of it: the claim of the lookup, and how long the
 * server is left alone.
 *
 * Functions that take a server have in common: EINVAL for NULL, an unknown transport or rule for
 * aliases, or an address literal; EMALFORMED for a name or label that is none. */
#ifndef DANEPRIV_CACHE_H
#define DANEPRIV_CACHE_H

#include <danepriv/judge.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct danepriv_cache danepriv_cache;

/* Zero in any field stands for the default. */
typedef struct danepriv_cache_settings {
	size_t size;		/* sizeof(danepriv_cache_settings) */
	uint32_t persistence_s; /* RFC 9539 section 4.3, in seconds: how long an address that was
				 reached counts as such (0: 3 days), */
	uint32_t damping_s;	/* how long one that was not is left alone (0: 1 day), */
	uint32_t timeout_s;	/* and when an attempt has failed (0: 4 s) */
	size_t max_octets;	/* of memory, all in; at least 65536.  0: 64 MiB.  A server with one
				   record `3 1 1` takes less than 400 */
} danepriv_cache_settings;

/* An empty cache.  NULL settings for defaults.  Initialises libsodium.
 * On success *out is yours to free; on failure it is NULL.
 * EINVAL: a wrong `size`, an unknown field is set, or too few octets.  ELIMIT: more than a TiB.
 * ENOMEM. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_cache_new(
    const danepriv_cache_settings *settings, danepriv_cache **out);

/* No thread may be in a call on it.  NULL is fine.  Records that came from it stay valid. */
DANEPRIV_API void danepriv_cache_free(danepriv_cache *cache);

/* ---- evidence of servers ---- */

/* Takes down what was learnt of the server that the records are about; they are copied, and stay
 * yours.  Records, a denial and "insecure" take the place of all that was known, at once: a denial
 * withdraws the keys.  A failure (bogus, indeterminate) does not take the place of evidence that
 * still holds, which nobody shall be able to suppress; it is counted, and while failures go on, the
 * server is left alone for 60 seconds, then 120, and so on up to 3600 (danepriv_cache_claim).
 * Ends a claim.
 * There is room for 221 records, and for 8192 octets of them, each with two more than it has.  Of
 * more than that those are kept that can be judged and fit, usage 3 first; where one of these is
 * left out, danepriv_records_reason of what danepriv_cache_get gives is LIMIT_RECORDS. EINVAL:
 * NULL, or records that hold no longer at `now` (nothing is changed). */
DANEPRIV_API danepriv_status danepriv_cache_put(
    danepriv_cache *cache, const danepriv_records *records, danepriv_time now);

/* What is known of a server and holds at `now`: records, a proof that there are none or need be
 * none (DENIED, INSECURE), or a failure.  On success *out is yours to free; on failure it is NULL.
 * ENOTFOUND: nothing that holds.  EINVAL, EMALFORMED: see above.  ENOMEM. */
DANEPRIV_API danepriv_status danepriv_cache_get(danepriv_cache *cache,
    const danepriv_server *server, danepriv_time now, danepriv_records **out);

/* danepriv_evaluate by what danepriv_cache_get would give; allocates nothing for DANE-EE.  A MATCH
 * is remembered, as by danepriv_cache_note_match.  ENOTFOUND: nothing that holds, or not all of
 * its records were kept, and none of those matches: look them up (the finding is UNJUDGED).  Else
 * as danepriv_evaluate. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_cache_evaluate(danepriv_cache *cache,
    const danepriv *ctx, const danepriv_server *server, const danepriv_credential *credential,
    danepriv_time now, danepriv_verdict *out);

/* The server authenticated itself at `now`, by `record` (its index) of what the cache has: it stays
 * longer than others.  ENOTFOUND: nothing is known of it.  EINVAL, EMALFORMED: see above. */
DANEPRIV_API danepriv_status danepriv_cache_note_match(
    danepriv_cache *cache, const danepriv_server *server, size_t record, danepriv_time now);

/* What is known of a server; set `size` before the call.  Times are INT64_MIN for never. */
typedef struct danepriv_server_state {
	size_t size;		    /* sizeof(danepriv_server_state) */
	danepriv_security security; /* UNKNOWN: nothing that holds at `now` */
	danepriv_reason reason;
	danepriv_source source;
	danepriv_time valid_until; /* of that proof */
	uint64_t generation;	   /* as danepriv_cache_generation */
	size_t record;		   /* by which it authenticated itself last; SIZE_MAX: none, or one
				      that is not there any more */
	danepriv_time authenticated; /* when it did, to the minute, rounded down */
	danepriv_time pinned;	     /* until when it is, if that counts at `now` (see below) */
	danepriv_time again;	     /* its lookups failed, and it is left alone until then */
} danepriv_server_state;

/* ENOTFOUND: nothing at all (*out is then as for a server that nobody has heard of).  EINVAL,
 * EMALFORMED: see above, or a wrong `size`.  Where no evidence holds at `now`, `security`, `reason`
 * and `source` are zero, and `valid_until` is never. */
DANEPRIV_API danepriv_status danepriv_cache_get_server_state(danepriv_cache *cache,
    const danepriv_server *server, danepriv_time now, danepriv_server_state *out);

/* A number that changes whenever other keys are expected of the server than before, and that is
 * never used for other keys again in the life of the cache; it may also change because the server
 * was forgotten in between.  0: there is no evidence, or it is no server. */
DANEPRIV_API uint64_t danepriv_cache_generation(
    danepriv_cache *cache, const danepriv_server *server);

/* What was found of a peer, to be kept with its connection, or with what resumes that.  It holds no
 * pointer.  danepriv_hooks_judge (hooks.h) and danepriv_session_get_judged (session.h) write it,
 * danepriv_hooks_decide goes by it.  Zeroed but for `size`: the peer was never judged. */
typedef struct danepriv_judged {
	size_t size;	     /* sizeof(danepriv_judged) */
	uint64_t place;	     /* of the server in its cache: with another server, or another cache,
				this counts as never judged */
	uint64_t generation; /* as danepriv_cache_generation, when the peer was judged.  UINT64_MAX:
				judging failed, and every decision by this is to refuse */
	danepriv_finding finding;
	danepriv_time
	    valid_until; /* of a MATCH: the last second at which all certificates hold that
			    it rests on; INT64_MAX with usage 3, which asks for no dates.
			    The records have an end of their own, which the cache knows */
} danepriv_judged;

/* May I look this server up?  OK: yes, and nobody else is told so until a put or a release, or for
 * ten seconds, unless a flood of others takes its place meanwhile.  EAGAIN: somebody is at it, or
 * it failed lately; *again (may be NULL) receives when to ask next, unless a put comes first.
 * EINVAL, EMALFORMED: see above. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_cache_claim(
    danepriv_cache *cache, const danepriv_server *server, danepriv_time now, danepriv_time *again);

/* Ends a claim without a result.  ENOTFOUND: nothing is known of the server. */
DANEPRIV_API danepriv_status danepriv_cache_release(
    danepriv_cache *cache, const danepriv_server *server);

/* A server whose records end soon; set `size` before the call. */
typedef struct danepriv_cache_due {
	size_t size;		      /* sizeof(danepriv_cache_due) */
	danepriv_time valid_until;    /* when its records end */
	danepriv_transport transport; /* and what else is to be put into a danepriv_server: */
	danepriv_aliases aliases;     /* the rule of whoever learnt it last, */
	uint16_t port;
	char label[64];	   /* empty: NULL is meant, */
	char name[1024];   /* presentation form with final dot */
	uint64_t position; /* where the search goes on; 0 at its start */
} danepriv_cache_due;

/* Finds, one a call, the servers that authenticated themselves and whose secure records hold at
 * `now` but no longer than to `by`: those to look up again before they are missed.  OK: `due` is
 * one of them; call again with it as it is for the next one.  EAGAIN: none among those that one
 * call looks at; go on, now or later.  ENOTFOUND: there are no more; `position` is 0 again.  What
 * is put while the search goes on may be found or not.  EINVAL: NULL, or a wrong `size`. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_cache_next_due(
    danepriv_cache *cache, danepriv_time by, danepriv_time now, danepriv_cache_due *due);

/* ---- pins (RFC 9102 section 7) ---- */

/* The server has promised to go on sending its chain for so many hours, in a handshake that was
 * authenticated by the chain that came with it: from now on a handshake without one is taken for a
 * downgrade (danepriv_session_recall).  No more than 1440 hours are believed.  0 lifts the pin; and
 * so does a denial or "insecure" that is put or imported.  It outlives the records, and ends by
 * itself, to the minute, rounded down; one whose end is further away than 1440 hours, since the
 * clock was set back, does not count until that is so no more.  Kept for servers that are known
 * only, and no longer than they are.  ENOTFOUND: nothing is known of it.  EINVAL, EMALFORMED: see
 * above, or a transport without chains. */
DANEPRIV_API danepriv_status danepriv_cache_pin(
    danepriv_cache *cache, const danepriv_server *server, uint16_t hours, danepriv_time now);

/* ---- what another process may believe ---- */

/* danepriv_cache_put, and keeps the proof, to be exported: `chain` is the AuthenticationChain that
 * proves the very same (danepriv_chain_octets, or what the server sent; of what was sent to a
 * session, danepriv_session_remember keeps it).  It is not validated here, since whoever imports it
 * has to do so.  Proofs go with the records that they prove, or before them when there is no room;
 * those of more than some 8000 octets only have room that is left over.  It is no error when one is
 * not kept, since there is no room, or it is longer than 65535 octets less the server's name, label
 * and 6: the records are.
 * Errors as danepriv_cache_put; and EINVAL: no chain, or one for records that are neither SECURE,
 * DENIED nor INSECURE, were found at another base domain than the server's name, or have a
 * transport without chains.  Then nothing is changed. */
DANEPRIV_API danepriv_status danepriv_cache_put_proof(
    danepriv_cache *cache, const danepriv_records *records, danepriv_span chain, danepriv_time now);

/* Writes the next proof that holds at `now` to `octets`, which has `room` of them; *len receives
 * how many there are.  One after the other, these make a file.  *position: 0 at the start, then as
 * it was left.  OK: one was written.  EAGAIN: none among those that one call looks at; go on.
 * ENOTFOUND: there are no more; *position is 0 again.  ELIMIT: `room` is too small, and *len is
 * what it takes; nothing was written, and the same comes again.  EINVAL: NULL.
 * Only proofs are written: neither pins nor addresses nor what was authenticated, which a reader
 * would have to take somebody's word for. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_cache_export(danepriv_cache *cache,
    danepriv_time now, uint64_t *position, uint8_t *octets, size_t room, size_t *len);

/* Octets of the largest proof that is ever written. */
#define DANEPRIV_EXPORT_MAX 66048

/* Reads one proof from the start of `octets`, which may go on with others, and validates it by
 * `ctx`, as of `now`; *used receives how many octets it took.  What it proves is taken into the
 * cache if nothing is known there that holds, and never holds longer than it did where it comes
 * from, nor than its records do if they came now.  Whoever can write the file can so leave servers
 * out, and bring back what their owners have signed lately, and no more.
 * OK: it was taken, or was not needed; go on behind it.  ENOTFOUND: it proves nothing (any more),
 * or not for the server that it says; go on behind it.  EMALFORMED: it is none, and *used is 0:
 * nothing behind it can be read.  EINVAL: NULL.  ENOMEM: *used is 0. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_cache_import(danepriv_cache *cache,
    const danepriv *ctx, danepriv_span octets, danepriv_time now, size_t *used);

/* ---- addresses (RFC 9539 section 4) ---- */

/* An address as its packets carry it; IPv4 in IPv6 (::ffff:0:0/96) stands for the IPv4 address.
 * The functions below answer EINVAL where it is NULL or of another length, or the transport is
 * unknown. */
typedef struct danepriv_address {
	danepriv_span octets; /* 4 of IPv4 or 16 of IPv6 */
	uint16_t port;	      /* 0 stands for the transport's own */
	danepriv_transport transport;
} danepriv_address;

/* What happened when an address was tried.  Appended, never renumbered. */
typedef enum danepriv_event {
	DANEPRIV_EVENT_NONE = 0,
	DANEPRIV_EVENT_INITIATED, /* a connection was begun */
	DANEPRIV_EVENT_COMPLETED, /* its handshake is done */
	DANEPRIV_EVENT_FAILED,	  /* it failed, in the handshake or later; but not: it was closed */
	DANEPRIV_EVENT_TIMED_OUT, /* nothing came back in time */
	DANEPRIV_EVENT_RESPONSE	  /* an answer came over it */
} danepriv_event;

/* How the last attempt ended. */
typedef enum danepriv_reach {
	DANEPRIV_REACH_UNKNOWN = 0,
	DANEPRIV_REACH_SUCCESS,
	DANEPRIV_REACH_FAIL,
	DANEPRIV_REACH_TIMEOUT
} danepriv_reach;

/* Does an address want TLS (or QUIC, or whatever its transport is)? */
typedef enum danepriv_wish {
	DANEPRIV_WISH_NONE = 0, /* not now: it failed lately, or an attempt is on its way */
	DANEPRIV_WISH_TRY,	/* not known: try it beside the question in clear */
	DANEPRIV_WISH_EXPECTED	/* yes: its server has published keys, or it was reached lately */
} danepriv_wish;

/* What is known of an address; set `size` before the call.  Times are INT64_MIN for never. */
typedef struct danepriv_address_state {
	size_t size; /* sizeof(danepriv_address_state) */
	danepriv_reach reach;
	uint32_t rtt_us; /* microseconds, smoothed as in RFC 6298 section 2; 0: not known */
	danepriv_time initiated, completed, last_response;
} danepriv_address_state;

/* The server is to be found at the address.  Of the servers at one address four count: first those
 * that authenticated themselves there, then those whose secure records hold longest, then the
 * latest.  So whoever points names at another's address pushes nobody out who counts for more.
 * EINVAL, EMALFORMED: a bad address or server. */
DANEPRIV_API danepriv_status danepriv_cache_bind(
    danepriv_cache *cache, const danepriv_address *address, const danepriv_server *server);

/* At once and without allocation: EXPECTED when a server at the address has secure records that
 * hold at `now`, or when it was reached and answered within the persistence; NONE for the time of
 * damping after a failure, while an attempt is younger than the timeout, and for what is no
 * address; else TRY.  Any name can be pointed at any address.  So within the damping records count
 * of those servers alone that have authenticated themselves at the address; of these they count
 * whatever failed (only their policies may fall back).  An attempt that is older, and of which
 * nobody has said how it ended, has timed out, unless the address was reached before and has
 * answered since.  EXPECTED says nothing of authentication (RFC 9539 section 4). */
DANEPRIV_API danepriv_wish danepriv_cache_get_wish(
    danepriv_cache *cache, const danepriv_address *address, danepriv_time now);

/* Tells what happened.  `rtt_us`: microseconds from question to answer, for COMPLETED and RESPONSE;
 * 0: not measured.  EINVAL: a bad address, or no such event. */
DANEPRIV_API danepriv_status danepriv_cache_note_event(danepriv_cache *cache,
    const danepriv_address *address, danepriv_event event, uint32_t rtt_us, danepriv_time now);

/* Tells what was found of the server at an address (danepriv_verdict), and binds the two.
 * MATCH: it authenticated itself there.  MISMATCH or DOWNGRADE: it did not, and no plan has it
 * tried there by a strict rule for a minute, unless evidence of it is put in a later second (what
 * came with the handshake is to be put before).  INDETERMINATE, as where the reason is NOT_SHOWN:
 * what it did before counts no more.  Others say nothing, and nothing is kept of a server that does
 * not count there (danepriv_cache_bind).
 * EINVAL, EMALFORMED: a bad address or server, or no such finding. */
DANEPRIV_API danepriv_status danepriv_cache_note_finding(danepriv_cache *cache,
    const danepriv_address *address, const danepriv_server *server, danepriv_finding finding,
    danepriv_time now);

/* ENOTFOUND: nothing is known (*out is then as for a new address).  EINVAL: a bad address, or a
 * wrong `size`. */
DANEPRIV_API danepriv_status danepriv_cache_get_address_state(
    danepriv_cache *cache, const danepriv_address *address, danepriv_address_state *out);

#ifdef __cplusplus
}
#endif

#endif
