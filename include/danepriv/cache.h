/* SPDX-License-Identifier: BSD-2-Clause
 * cache.h - what do we know of this server and this address: which key, how sure, until when, and
 * what failed recently?
 *
 * Threads.  Any number of threads share one cache, which has no threads, clocks or callbacks of its
 * own.  A call waits only while another thread holds the same part of the table: a few hundred
 * nanoseconds.  It is some microseconds where that thread puts or exports a large proof.  Where
 * that thread was interrupted meanwhile, the call waits until it runs again.
 *
 * Contexts.  All who share a cache have contexts with the same anchors and roots: what one has
 * proven or found counts for the others.
 *
 * Fork.  Create the cache after fork.  Two processes that both go on with one cache have a copy
 * each, and neither learns what the other does.  Parts of it that other threads held at that moment
 * stay locked in the child: calls about what belongs there never return.
 *
 * Memory.  All of it is taken when the cache is created.  When the cache is full, servers that
 * never authenticated themselves go first.  A flood of names takes no more than an eighth of the
 * cache from the others.  A flood of addresses that answer takes no more than another eighth.
 * Servers that authenticate themselves may be a stranger's as well: of these, those go first that
 * nobody has asked for in a while.  Proofs (danepriv_cache_put_proof) of servers that authenticated
 * themselves have an eighth of it; other proofs have what nobody else needs.
 *
 * Time.  Clocks are set, forwards and backwards.  Evidence that was put at P and holds until U is
 * used from P up to U, both included.  Before P it is used no earlier than P - (U - P), so that a
 * clock that was set back does not lose all at once.  After U it is never used.  All other spans
 * hold for as many seconds on either side of the moment when they began: how long a failure, a
 * claim or the state of an address counts.  So a clock that was wrong makes no evidence last longer
 * than it would have, and no other span more than twice as long.  Nothing comes back later than its
 * own span after the clock is right again.
 *
 * Servers.  Name, port, transport and label say which server is meant.  All who mean it share what
 * is known of it, whatever their rules for aliases (danepriv_server.aliases), with two exceptions.
 * What was found by way of an alias is known only to those who follow aliases.  That the name is an
 * alias is known only to those who refuse them.  The same is true of all that comes of either: the
 * claim of the lookup, and how long the server is left alone.
 *
 * Bad servers.  Functions that take a server answer EINVAL to a bad one, which is: NULL, or without
 * a name; of an unknown transport or rule for aliases; with an address literal or `.` as its name;
 * or with a label where the transport leaves no choice (server.h).  They answer EMALFORMED where
 * the name is no host's, or the label is none. */
#ifndef DANEPRIV_CACHE_H
#define DANEPRIV_CACHE_H

#include <danepriv/judge.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What is known of servers and addresses. */
typedef struct danepriv_cache danepriv_cache;

/* How a cache is set up.  Zero in any field but `size` stands for the default. */
typedef struct danepriv_cache_settings {
	size_t size;		/* sizeof(danepriv_cache_settings) */
	uint32_t persistence_s; /* seconds for which an address that was reached counts as reached
				   (RFC 9539 section 4.3).  0: 3 days */
	uint32_t damping_s;	/* seconds for which one that was not reached is left alone.  0: 1
				   day */
	uint32_t timeout_s;	/* seconds after which an attempt has failed.  0: 4 */
	size_t max_octets;	/* octets of memory, all included; at least 65536.  0: 64 MiB.  A
				   server with one record `3 1 1` takes less than 400 */
} danepriv_cache_settings;

/* Creates an empty cache.  Initialises libsodium.
 * `settings`: NULL for the defaults.
 * On success *out is yours to free; on failure it is NULL.
 * Returns:
 * - OK: nothing is known yet.
 * - EINVAL: `out` is NULL; or `settings` has a wrong `size`, sets an unknown field, or has too few
 *   octets.
 * - ELIMIT: more than a TiB.
 * - ENOMEM: memory ran out, or libsodium could not start. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_cache_new(
    const danepriv_cache_settings *settings, danepriv_cache **out);

/* Frees a cache.  No thread may be in a call on it.  NULL is fine.  Records that came from it stay
 * valid. */
DANEPRIV_API void danepriv_cache_free(danepriv_cache *cache);

/* ---- evidence of servers ---- */

/* Stores what was learnt of the server that the records are about.  Ends a claim.
 *
 * Records, a denial and "insecure" replace all that was known, at once: a denial withdraws the
 * keys.  A failure (bogus, indeterminate) replaces none of these while they hold, so that nobody is
 * able to suppress them.  It is counted.  While failures go on, the server is left alone for 60
 * seconds, then 120, and so on up to 3600 (danepriv_cache_claim).
 *
 * There is room for 221 records of a server, and for 8192 octets of them, counting two more for
 * each.  Of more than that those are kept that can be judged and fit, usage 3 first.  Where one of
 * these is left out, danepriv_records_reason of what danepriv_cache_get gives is LIMIT_RECORDS.
 *
 * The records are copied, and stay yours.
 * Returns:
 * - OK: they are stored, or counted as a failure.
 * - EINVAL: NULL, or records that no longer hold at `now`; nothing changes.
 * RFC 4035 section 4.7. */
DANEPRIV_API danepriv_status danepriv_cache_put(
    danepriv_cache *cache, const danepriv_records *records, danepriv_time now);

/* Finds what is known of a server and holds at `now`.  That is records, a proof that there are none
 * or need be none (DENIED, INSECURE), or a failure.
 * On success *out is yours to free; on failure it is NULL.
 * Returns:
 * - OK: *out is what is known.
 * - EINVAL: NULL, or a bad server.
 * - EMALFORMED: the server's name or label.
 * - ENOTFOUND: nothing that holds.
 * - ENOMEM: memory ran out. */
DANEPRIV_API danepriv_status danepriv_cache_get(danepriv_cache *cache,
    const danepriv_server *server, danepriv_time now, danepriv_records **out);

/* Judges a credential, as danepriv_evaluate does, by what danepriv_cache_get would give.  Allocates
 * nothing for DANE-EE.  A MATCH is remembered, as by danepriv_cache_note_match.
 * `out`: the verdict.  Set its `size` before the call.
 * After a failure the finding is UNJUDGED, but for a MISMATCH with EMALFORMED.
 * Returns:
 * - OK: *out says what was learnt, which may well be "no match".
 * - EINVAL: NULL, a wrong `size`, `now` of 0 or less, a bad server, an unknown type of credential,
 *   or one without items.
 * - EMALFORMED: the server's name or label.  Or the peer's own certificate or key is not DER of the
 *   right shape, or an item has no octets: the finding is then MISMATCH when the records are
 *   secure.
 * - ENOTFOUND: nothing that holds; or not all records were kept, and none of the kept ones matches.
 *   Look the server up.
 * - ELIMIT: more items or octets than a handshake may carry.
 * - ENOMEM: memory ran out. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_cache_evaluate(danepriv_cache *cache,
    const danepriv *ctx, const danepriv_server *server, const danepriv_credential *credential,
    danepriv_time now, danepriv_verdict *out);

/* Notes that the server authenticated itself at `now`.  So it stays longer than others.
 * `record`: the one by which it did: an index into those that the cache has.
 * Returns:
 * - OK: it is noted.
 * - EINVAL: `cache` is NULL, or a bad server.
 * - EMALFORMED: the server's name or label.
 * - ENOTFOUND: nothing is known of the server. */
DANEPRIV_API danepriv_status danepriv_cache_note_match(
    danepriv_cache *cache, const danepriv_server *server, size_t record, danepriv_time now);

/* What is known of a server; set `size` before the call.  Times are INT64_MIN for never.  Where no
 * evidence holds at `now`, `security`, `reason` and `source` are zero, and `valid_until` is never.
 */
typedef struct danepriv_server_state {
	size_t size;		    /* sizeof(danepriv_server_state) */
	danepriv_security security; /* what DNSSEC said; UNKNOWN: nothing that holds at `now` */
	danepriv_reason reason;	    /* why it said so */
	danepriv_source source;	    /* where that evidence comes from */
	danepriv_time valid_until;  /* the last second at which that evidence holds */
	uint64_t generation;	    /* as danepriv_cache_generation */
	size_t record; /* the record by which it authenticated itself last; SIZE_MAX: none, or one
			  that is not there any more */
	danepriv_time authenticated; /* when it did so last, to the minute, rounded down */
	danepriv_time pinned;	     /* the end of its pin (danepriv_cache_pin), if that counts at
					`now` */
	danepriv_time again;	     /* its lookups failed: it is left alone until then */
} danepriv_server_state;

/* Tells what is known of a server at `now`.
 * `out`: set its `size` before the call.
 * Returns:
 * - OK: *out is written.
 * - EINVAL: NULL, a wrong `size`, or a bad server.
 * - EMALFORMED: the server's name or label.
 * - ENOTFOUND: nothing at all is known; *out is as for a server that nobody has heard of. */
DANEPRIV_API danepriv_status danepriv_cache_get_server_state(danepriv_cache *cache,
    const danepriv_server *server, danepriv_time now, danepriv_server_state *out);

/* Gives a number that changes whenever other keys are expected of the server than before.  It is
 * never used for other keys again in the life of the cache.  It may also change because the server
 * was forgotten in between.
 * Returns: the number; 0 where nothing but failures is known of the server, where it is bad, and
 * for NULL. */
DANEPRIV_API uint64_t danepriv_cache_generation(
    danepriv_cache *cache, const danepriv_server *server);

/* What was found of a peer: to be kept with its connection, or with what resumes that.  It holds no
 * pointer, and so outlives the server's name.  danepriv_hooks_judge (hooks.h) and
 * danepriv_session_get_judged (session.h) write it; danepriv_hooks_decide goes by it.  Zeroed but
 * for `size`, it says that the peer was never judged. */
typedef struct danepriv_judged {
	size_t size;	     /* sizeof(danepriv_judged) */
	uint64_t place;	     /* of the server in its cache.  With another server, or another cache,
				this counts as never judged */
	uint64_t generation; /* as danepriv_cache_generation, when the peer was judged.  UINT64_MAX:
				judging failed, and every decision by this is to refuse */
	danepriv_finding finding; /* what was found; UNJUDGED: nothing */
	danepriv_time
	    valid_until; /* of a MATCH: the last second at which all certificates hold that
			    it rests on; INT64_MAX with usage 3, which asks for no dates.
			    The records have an end of their own, which the cache knows */
} danepriv_judged;

/* Claims the lookup of a server, so that of many that need it one looks it up.  Whoever gets OK
 * does, and puts what was learnt, or calls danepriv_cache_release.
 * `again`: receives when to ask next, unless a put comes first.  May be NULL.
 * Returns:
 * - OK: look it up.  Nobody else is told so until a put or a release, or for ten seconds.  A flood
 *   of others may end the claim earlier.
 * - EINVAL: `cache` is NULL, or a bad server.
 * - EMALFORMED: the server's name or label.
 * - EAGAIN: somebody is looking it up already, or a lookup of it failed recently. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_cache_claim(
    danepriv_cache *cache, const danepriv_server *server, danepriv_time now, danepriv_time *again);

/* Ends a claim without a result.
 * Returns:
 * - OK: nobody has a claim on the server now.
 * - EINVAL: `cache` is NULL, or a bad server.
 * - EMALFORMED: the server's name or label.
 * - ENOTFOUND: nothing is known of the server. */
DANEPRIV_API danepriv_status danepriv_cache_release(
    danepriv_cache *cache, const danepriv_server *server);

/* A server whose records end soon; set `size` before the call. */
typedef struct danepriv_cache_due {
	size_t size;		      /* sizeof(danepriv_cache_due) */
	danepriv_time valid_until;    /* the last second at which its records hold */
	danepriv_transport transport; /* this and what follows make its danepriv_server */
	danepriv_aliases aliases;     /* the rule of whoever learnt it last */
	uint16_t port;		      /* never 0 */
	char label[64];		      /* empty: NULL is meant */
	char name[1024];	      /* presentation form with final dot */
	uint64_t position;	      /* where the search goes on; 0 at its start */
} danepriv_cache_due;

/* Finds, one a call, the servers to look up again before their records are missed.  They
 * authenticated themselves, and their secure records hold at `now`, but no longer than to `by`.
 * What is put while the search goes on may be found or not.
 * `due`: set its `size`, and `position` to 0 at the start.
 * Returns:
 * - OK: *due is one of them; call again with it as it is for the next one.
 * - EINVAL: NULL, or a wrong `size`.
 * - EAGAIN: none among those that one call looks at; go on, now or later.
 * - ENOTFOUND: there are no more; `position` is 0 again. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_cache_next_due(
    danepriv_cache *cache, danepriv_time by, danepriv_time now, danepriv_cache_due *due);

/* ---- pins (RFC 9102 section 7) ---- */

/* Pins a server, which has promised to go on sending its chain for so many hours.  Call it only for
 * a handshake that was authenticated by the chain that came with it, and that brought the promise.
 * danepriv_session_remember does so.
 *
 * From now on a handshake without a chain is taken for a downgrade (danepriv_session_recall,
 * danepriv_hooks_judge).  A denial or "insecure" that is put or imported lifts the pin.
 *
 * The pin outlives the records.  It ends by itself, to the minute, rounded down.  Its end can be
 * further away than 1440 hours, since the clock was set back: as long as that is so, it does not
 * count.  A pin is only kept for servers that are known, and no longer than they are.
 *
 * `hours`: no more than 1440 are believed.  0 lifts the pin.
 * Returns:
 * - OK: the server is pinned; with 0 it no longer is.
 * - EINVAL: `cache` is NULL, a bad server, or a transport over which no server sends chains: DOQ,
 *   IPSEC and DOH3.
 * - EMALFORMED: the server's name or label.
 * - ENOTFOUND: nothing is known of the server.
 * RFC 9102 section 7. */
DANEPRIV_API danepriv_status danepriv_cache_pin(
    danepriv_cache *cache, const danepriv_server *server, uint16_t hours, danepriv_time now);

/* ---- what another process may believe ---- */

/* Stores records as danepriv_cache_put does, and their proof beside them, to be exported.  Ends a
 * claim.
 *
 * The proof is not validated here, since whoever imports it has to do so.  It goes when the records
 * go that it proves, or before them when there is no room.  Proofs of more than some 8000 octets
 * only have room that is left over.
 *
 * Servers of all transports can have proofs, whether or not they could send them in a handshake.
 * So the records of a server over IPsec (IPSECA) reach a process that asks nobody.
 *
 * `records`: as danepriv_lookup_new has found them, or a session.  A lookup of oneself
 *   (danepriv_lookup_new_chain) leaves aliases out: a name that is one would count as denied.
 * `chain`: the AuthenticationChain that proves the very same: danepriv_chain_octets, or what the
 *   server sent.  Of what was sent to a session, danepriv_session_remember keeps it.
 * Both are copied, and stay yours.
 * Returns:
 * - OK: the records are stored.  It is no error when the proof is not: there is no room for it, or
 *   it is longer than 65535 octets less the server's name, label and 6.
 * - EINVAL: NULL, no chain, or records that no longer hold at `now`.  Or the records are neither
 *   SECURE, DENIED nor INSECURE, or were found at another base domain than the server's name.
 *   Nothing changes. */
DANEPRIV_API danepriv_status danepriv_cache_put_proof(
    danepriv_cache *cache, const danepriv_records *records, danepriv_span chain, danepriv_time now);

/* Writes the next proof that holds at `now`.  One after the other, these make a file.  Only proofs
 * are written: neither pins nor addresses nor what was authenticated, for which a reader would have
 * to take somebody's word.
 * `position`: where the search goes on.  Set it to 0 at the start, and then leave it as it is.
 * `octets`: receives the proof; it has `room` of them (DANEPRIV_EXPORT_MAX is always enough).
 * `len`: receives how many octets the proof has.
 * Returns:
 * - OK: a proof was written.
 * - EINVAL: NULL.
 * - EAGAIN: none among those that one call looks at; go on.
 * - ENOTFOUND: there are no more; *position is 0 again.
 * - ELIMIT: `room` is too small, and *len is what it takes.  Nothing was written, and the same
 *   proof comes again. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_cache_export(danepriv_cache *cache,
    danepriv_time now, uint64_t *position, uint8_t *octets, size_t room, size_t *len);

/* Octets of the largest proof that is ever written. */
#define DANEPRIV_EXPORT_MAX 66048

/* Reads one proof from the start of `octets`, validates it by `ctx` as of `now`, and stores what it
 * proves.  Other proofs may follow it in `octets`.
 *
 * It is stored only where the cache has no records, denial or "insecure" of its own that hold.  It
 * never holds longer than it did where it comes from, nor than its records do if they came now.
 * Whoever can write the file can leave servers out, and bring back what their owners have signed
 * recently, and no more.
 *
 * `used`: receives how many octets the proof took; 0 where it was not read.
 * Returns:
 * - OK: it was stored, or was not needed; go on behind it.
 * - EINVAL: NULL.
 * - EMALFORMED: it is no proof, and *used is 0: nothing behind it can be read.
 * - ENOTFOUND: it proves nothing (any more), or not for the server that it says; go on behind it.
 * - ENOMEM: memory ran out, and *used is 0. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_cache_import(danepriv_cache *cache,
    const danepriv *ctx, danepriv_span octets, danepriv_time now, size_t *used);

/* ---- addresses (RFC 9539 section 4) ---- */

/* An address as its packets carry it.  IPv4 in IPv6 (::ffff:0:0/96) stands for the IPv4 address.
 * Functions that take an address answer EINVAL to a bad one: it is NULL, its octets are NULL or of
 * another length, or its transport is unknown. */
typedef struct danepriv_address {
	danepriv_span octets;	      /* 4 of IPv4 or 16 of IPv6 */
	uint16_t port;		      /* 0 stands for the transport's own */
	danepriv_transport transport; /* each has a state of its own */
} danepriv_address;

/* What happened when an address was tried.  Appended, never renumbered. */
typedef enum danepriv_event {
	DANEPRIV_EVENT_NONE = 0,  /* none: it cannot be noted */
	DANEPRIV_EVENT_INITIATED, /* a connection was begun */
	DANEPRIV_EVENT_COMPLETED, /* its handshake is done */
	DANEPRIV_EVENT_FAILED,	  /* it failed, in the handshake or later; not: it was closed */
	DANEPRIV_EVENT_TIMED_OUT, /* nothing came back in time */
	DANEPRIV_EVENT_RESPONSE	  /* an answer came over it */
} danepriv_event;

/* How the last attempt ended. */
typedef enum danepriv_reach {
	DANEPRIV_REACH_UNKNOWN = 0, /* none has ended */
	DANEPRIV_REACH_SUCCESS,	    /* its handshake was completed */
	DANEPRIV_REACH_FAIL,	    /* it failed, in the handshake or later */
	DANEPRIV_REACH_TIMEOUT	    /* nothing came back in time */
} danepriv_reach;

/* Does an address want TLS (or QUIC, or whatever its transport is)? */
typedef enum danepriv_wish {
	DANEPRIV_WISH_NONE = 0, /* not now: it failed recently, or an attempt is on its way */
	DANEPRIV_WISH_TRY,	/* not known: try it beside the question in clear */
	DANEPRIV_WISH_EXPECTED	/* yes: its server has published keys, or it was reached recently */
} danepriv_wish;

/* What is known of an address; set `size` before the call.  Times are INT64_MIN for never. */
typedef struct danepriv_address_state {
	size_t size;	      /* sizeof(danepriv_address_state) */
	danepriv_reach reach; /* how the last attempt ended */
	uint32_t rtt_us;      /* microseconds, smoothed as in RFC 6298 section 2; 0: not known */
	/* When an attempt began last, when one ended last, whichever way, and when an answer or a
	 * completed handshake came last. */
	danepriv_time initiated, completed, last_response;
} danepriv_address_state;

/* Notes that the server is to be found at the address.
 * Of the servers at one address four count.  First come those that authenticated themselves there,
 * then those whose secure records hold longest, then the latest.  So whoever points names at
 * another's address pushes nobody out who counts for more.
 * No function lists them: keep a table of your own where you need the servers of an address.
 * Returns:
 * - OK: it is noted, if the server counts there.
 * - EINVAL: `cache` is NULL, a bad address, or a bad server.
 * - EMALFORMED: the server's name or label. */
DANEPRIV_API danepriv_status danepriv_cache_bind(
    danepriv_cache *cache, const danepriv_address *address, const danepriv_server *server);

/* Says whether an address wants TLS.  Answers at once and without allocation.
 *
 * Any name can be pointed at any address.  So within the damping only the records of those servers
 * count that have authenticated themselves at the address.  Of these they count whatever failed:
 * only their policies may fall back.
 *
 * An attempt that is older than the timeout, and of which nobody has said how it ended, has timed
 * out.  But it has not where the address was reached before, and has answered since.
 *
 * Returns:
 * - EXPECTED: a server at the address has secure records that hold at `now`, or the address was
 *   reached and answered within the persistence.  This says nothing of authentication.
 * - NONE: for the time of damping after a failure; while an attempt is younger than the timeout;
 *   and for what is no address.
 * - TRY: otherwise.
 * RFC 9539 section 4. */
DANEPRIV_API danepriv_wish danepriv_cache_get_wish(
    danepriv_cache *cache, const danepriv_address *address, danepriv_time now);

/* Notes what happened when an address was tried.
 * `rtt_us`: microseconds from question to answer, for COMPLETED and RESPONSE.  0: not measured.
 * Returns:
 * - OK: it is noted.
 * - EINVAL: `cache` is NULL, no such event, or a bad address. */
DANEPRIV_API danepriv_status danepriv_cache_note_event(danepriv_cache *cache,
    const danepriv_address *address, danepriv_event event, uint32_t rtt_us, danepriv_time now);

/* Notes what was found of the server at an address (danepriv_verdict), and binds the two.  Nothing
 * is kept of a server that does not count there (danepriv_cache_bind).
 *
 * What each finding says here:
 * - MATCH: it authenticated itself there.
 * - MISMATCH, DOWNGRADE: it did not.  No plan has it tried there by a strict rule for a minute,
 *   unless evidence of it is put in a later second.  So what came with the handshake is to be put
 *   before this call.
 * - INDETERMINATE: what it did there before counts no more.  The reason NOT_SHOWN is one such case.
 * - all others: nothing.
 *
 * Returns:
 * - OK: it is noted, if the server counts there.
 * - EINVAL: `cache` is NULL, no such finding, a bad address, or a bad server.
 * - EMALFORMED: the server's name or label. */
DANEPRIV_API danepriv_status danepriv_cache_note_finding(danepriv_cache *cache,
    const danepriv_address *address, const danepriv_server *server, danepriv_finding finding,
    danepriv_time now);

/* Tells what is known of an address.
 * `out`: set its `size` before the call.
 * Returns:
 * - OK: *out is written.
 * - EINVAL: NULL, a wrong `size`, or a bad address.
 * - ENOTFOUND: nothing is known; *out is as for a new address. */
DANEPRIV_API danepriv_status danepriv_cache_get_address_state(
    danepriv_cache *cache, const danepriv_address *address, danepriv_address_state *out);

#ifdef __cplusplus
}
#endif

#endif
