/* SPDX-License-Identifier: BSD-2-Clause
 * getdns.h - who carries the questions of a lookup?  An adapter, in a library of its own:
 * libdanepriv-getdns.
 *
 * getdns only carries octets here, over UDP, and over TCP what is truncated or lacks what would
 * prove it.  The answers are judged by danepriv_lookup (lookup.h), which believes nothing that the
 * upstream claims of its own, so that any upstream will do that hands on DNSSEC records.
 *
 *	danepriv_getdns_open(upstreams, count, &dns);
 *	danepriv_getdns_fetch_sync(dns, ctx, &server, 5000, time(NULL), &records);
 *	danepriv_session_give_fetched_records(session, records);
 *
 * A program with a loop of its own starts as many fetches as it likes, and waits for one
 * descriptor.  With poll(2) that is
 *
 *	struct pollfd p = { danepriv_getdns_poll_fd(dns), POLLIN, 0 };
 *	poll(&p, 1, danepriv_getdns_poll_timeout(dns));
 *	danepriv_getdns_poll_run(dns);
 *
 * with libevent it is event_new(base, danepriv_getdns_poll_fd(dns), EV_READ | EV_PERSIST, ...),
 * with libuv uv_poll_init(loop, handle, danepriv_getdns_poll_fd(dns)): what these call back calls
 * danepriv_getdns_poll_run, and that is all.
 *
 * Connections may be written to that the upstream has ended.  The SIGPIPE of that is kept from the
 * thread, whatever the process does about it, and callbacks run so. */
#ifndef DANEPRIV_GETDNS_H
#define DANEPRIV_GETDNS_H

#include <danepriv/chain.h>
#include <danepriv/zone.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Carries questions to some upstreams.  One thread; create it after fork. */
typedef struct danepriv_getdns danepriv_getdns;

/* One fetch that is under way.  It belongs to the thread of its danepriv_getdns. */
typedef struct danepriv_fetch danepriv_fetch;

/* How a fetch ends.  OK: `records` is yours to free, and its proof says what was learnt; an
 * upstream that does not answer ends in INDETERMINATE with reason QUERY_TIMEOUT, not in a failure.
 * Else `records` is NULL.  ENOMEM.  EADAPTER: the loop took no more events. */
typedef void (*danepriv_fetch_done)(void *arg, danepriv_status status, danepriv_records *records);

/* `upstreams`: `count` addresses of resolvers, as `192.0.2.1`, `192.0.2.1@5353`, `2001:db8::1@5353`
 * or `fe80::1%eth0`; the port is 53 when none is given.  With `count` 0 those of /etc/resolv.conf,
 * of which the first 16 count.
 * On success *out is yours, to end with danepriv_getdns_close; on failure it is NULL.
 * EINVAL: no `out`, or no list.  ELIMIT: more than 16 of them.  ENOMEM.  EMALFORMED: something that
 * is no such address.  EADAPTER: getdns refused, there is no upstream at all, or no descriptor
 * left. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_getdns_open(
    const char *const *upstreams, size_t count, danepriv_getdns **out);

/* Cancels what is under way, as danepriv_getdns_cancel, and frees it all.  Not to be called while a
 * danepriv_getdns_fetch_sync waits.  NULL is fine. */
DANEPRIV_API void danepriv_getdns_close(danepriv_getdns *dns);

/* The descriptor that becomes readable when answers have come, a deadline has passed, or a fetch
 * was started: one for all fetches.  Wait for it on your loop, and call danepriv_getdns_poll_run
 * then.  Level-triggered, always the same, close-on-exec.  Neither read from it nor close it, and
 * take it off your loop before danepriv_getdns_close.  -1 when `dns` is NULL. */
DANEPRIV_API int danepriv_getdns_poll_fd(const danepriv_getdns *dns);

/* Milliseconds until something is due even if nothing comes, rounded up; 0: at once; -1: nothing
 * will be, or `dns` is NULL.  What poll(2) takes; ask anew before each wait.  It goes by the
 * monotonic clock.  A program that cannot wait for the time too need not: the descriptor becomes
 * readable then. */
DANEPRIV_API int danepriv_getdns_poll_timeout(const danepriv_getdns *dns);

/* Does what is due, and calls `done` of each fetch that has ended.  Never waits, and does a bounded
 * amount of work: when there is more, the descriptor is still readable.  To be called at any time,
 * only not from a callback; when nothing is due it does nothing.  `done` may start fetches, cancel
 * others, and (called from here) close `dns`. */
DANEPRIV_API void danepriv_getdns_poll_run(danepriv_getdns *dns);

/* Looks up a server's TLSA (or IPSECA) records with all that proves them, by way of its aliases
 * (lookup.h); every question that is known goes out at once.
 * `done` is called exactly once, from the loop of `dns`, never before this call has returned,
 * unless danepriv_getdns_cancel or danepriv_getdns_close came first.
 * `deadline_ms`: for the whole, 0 for 5000.  `now`: the time at this call; the adapter adds what a
 * monotonic clock says has passed since.  `ctx` and `dns` must live until `done`; the server is
 * copied.
 * A question that stays unanswered is asked three times until the deadline, each time of the next
 * upstream if there is one; an upstream that cannot be sent to is passed over at once.
 * A question that wants a stream (lookup.h) goes over TCP to the upstream whose answer lacked
 * something, in half of the time that is left at the most.
 * Where the answers of one upstream prove nothing, as it fails, refuses, or does not hand on DNSSEC
 * records (the proof would be BOGUS, or INDETERMINATE for QUERY_FAILED, QUERY_REFUSED or
 * QUERY_STREAM), all is asked anew of the next, of three at the most, in what is left of the time;
 * what one has answered does not count beside another.  The first that proves something counts, and
 * fetches begin with it from then on; if none does, BOGUS counts before INDETERMINATE.
 * Any number of fetches may be under way: at most 512 of their questions at once, each with a
 * socket, and the others wait.  A fetch asks some 8 of one upstream.
 * *handle (`handle` may be NULL) is for danepriv_getdns_cancel, and ends with the call of `done`.
 * On failure it is NULL and `done` will not be called.  EINVAL, EMALFORMED: as for
 * danepriv_lookup_new, or no `done` or `dns`.  ENOMEM.  EADAPTER: the loop took no more events. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_getdns_fetch(danepriv_getdns *dns,
    const danepriv *ctx, const danepriv_server *server, uint32_t deadline_ms, danepriv_time now,
    danepriv_fetch **handle, danepriv_fetch_done done, void *arg);

/* Ends a fetch early: everything it held is released, and `done` is not called.  To be called
 * before `done` was, and before danepriv_getdns_close.  NULL is fine. */
DANEPRIV_API void danepriv_getdns_cancel(danepriv_fetch *fetch);

/* The same, and waits for the end, serving other fetches of `dns` meanwhile.  Not to be called from
 * a callback.  Returns what `done` would have been told. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_getdns_fetch_sync(danepriv_getdns *dns,
    const danepriv *ctx, const danepriv_server *server, uint32_t deadline_ms, danepriv_time now,
    danepriv_records **out);

/* How a fetch of a chain ends.  As danepriv_fetch_done; `chain` is yours to free, too.  Without a
 * chain, and status OK, nothing could be proven that is worth showing: `records` says why.  ELIMIT:
 * the chain would not fit in a handshake. */
typedef void (*danepriv_fetch_chain_done)(
    void *arg, danepriv_status status, danepriv_records *records, danepriv_chain *chain);

/* Looks up what a server shows of itself in handshakes (chain.h): its own records, with all that
 * proves them, under the name that `server` has, whatever its role.  Else as
 * danepriv_getdns_fetch. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_getdns_fetch_chain(danepriv_getdns *dns,
    const danepriv *ctx, const danepriv_server *server, uint32_t deadline_ms, danepriv_time now,
    danepriv_fetch **handle, danepriv_fetch_chain_done done, void *arg);

/* The same, and waits for the end, as danepriv_getdns_fetch_sync.  On failure *records and *chain
 * are NULL. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_getdns_fetch_chain_sync(
    danepriv_getdns *dns, const danepriv *ctx, const danepriv_server *server, uint32_t deadline_ms,
    danepriv_time now, danepriv_records **records, danepriv_chain **chain);

/* How a fetch of a zone ends.  As danepriv_fetch_done; `zone` is yours to free. */
typedef void (*danepriv_fetch_zone_done)(void *arg, danepriv_status status, danepriv_zone *zone);

/* Looks up which name servers a zone's owner names (zone.h).  EINVAL, EMALFORMED: as for
 * danepriv_lookup_new_zone, or no `done`.  Else as danepriv_getdns_fetch. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_getdns_fetch_zone(danepriv_getdns *dns,
    const danepriv *ctx, const char *zone, uint32_t deadline_ms, danepriv_time now,
    danepriv_fetch **handle, danepriv_fetch_zone_done done, void *arg);

/* The same, and waits for the end, as danepriv_getdns_fetch_sync. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_getdns_fetch_zone_sync(danepriv_getdns *dns,
    const danepriv *ctx, const char *zone, uint32_t deadline_ms, danepriv_time now,
    danepriv_zone **out);

#ifdef __cplusplus
}
#endif

#endif
