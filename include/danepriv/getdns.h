/* SPDX-License-Identifier: BSD-2-Clause
 * getdns.h - who carries the questions of a lookup?  An adapter, in a library of its own:
 * libdanepriv-getdns.
 *
 * getdns only carries octets here, over UDP, and over TCP what is truncated or lacks what would
 * prove it.  The answers are judged by danepriv_lookup (lookup.h), which believes nothing that the
 * upstream claims of its own, so that any upstream will do that hands on DNSSEC records.
 *
 *	danepriv_getdns_open(&dns, upstreams, count);
 *	danepriv_getdns_fetch_sync(dns, ctx, &server, 5000, time(NULL), &records);
 *	danepriv_session_give_fetched_records(session, records);
 *
 * A program with a loop of its own starts as many fetches as it likes, and waits for the one
 * descriptor that the context has.  With poll(2) that is
 *
 *	struct pollfd p = { danepriv_getdns_poll_fd(dns), POLLIN, 0 };
 *	poll(&p, 1, danepriv_getdns_poll_timeout(dns));
 *	danepriv_getdns_poll_run(dns);
 *
 * with libevent it is event_new(base, danepriv_getdns_poll_fd(dns), EV_READ | EV_PERSIST, ...),
 * with libuv uv_poll_init(loop, handle, danepriv_getdns_poll_fd(dns)): what these call back calls
 * danepriv_getdns_poll_run, and that is all.
 *
 * getdns writes to connections that the upstream may have ended.  The context's own loop keeps the
 * SIGPIPE of that from the thread, whatever the process does about it, and callbacks run so; on
 * another loop that is for you to do: signal(SIGPIPE, SIG_IGN).
 */
#ifndef DANEPRIV_GETDNS_H
#define DANEPRIV_GETDNS_H

#include <danepriv/chain.h>
#include <danepriv/zone.h>

#include <getdns/getdns.h>

#ifdef __cplusplus
extern "C" {
#endif

/* One fetch that is under way.  It belongs to the thread of its getdns context. */
typedef struct danepriv_fetch danepriv_fetch;

/* How a fetch ends.  OK: `records` is yours to free, and its proof says what was learnt; an
 * upstream that does not answer ends in INDETERMINATE with reason QUERY_TIMEOUT, not in a failure.
 * Else `records` is NULL.  ENOMEM.  EADAPTER: the event loop took no more events. */
typedef void (*danepriv_fetch_done)(void *arg, danepriv_status status, danepriv_records *records);

/* Makes a getdns context that is fit for fetches: stub, no suffixes, UDP and then TCP, and memory
 * around each message into which getdns' own parsers may err.  Use no other for fetches.  One
 * context, one thread; create it after fork.
 * It comes with an event loop of its own (danepriv_getdns_poll_fd), which goes by the monotonic
 * clock, whatever is set on the wall.  Before the first fetch you may put it on another one of
 * getdns; but of its extensions in 1.6.0 the one for libuv crashes as soon as a question goes
 * over TCP, the one for libevent takes blocking for not blocking (danepriv_getdns_fetch_sync then
 * spins), and the shared libraries export neither.
 * `upstreams`: `count` addresses of resolvers, as `192.0.2.1`, `192.0.2.1@5353`, `2001:db8::1@5353`
 * or `fe80::1%eth0`; the port is 53 when none is given.  With `count` 0 those of /etc/resolv.conf.
 * On success *out is yours, to end with getdns_context_destroy; on failure it is NULL.
 * EINVAL: no `out`, or no list.  EMALFORMED: something that is no such address.  ELIMIT: more
 * than 16 of them.  ENOMEM.  EADAPTER: getdns refused, there is no upstream at all,
 * or no descriptor left. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_getdns_open(
    getdns_context **out, const char *const *upstreams, size_t count);

/* The descriptor that becomes readable when answers have come, a deadline has passed, or a fetch
 * was started: one for all fetches of the context.  Wait for it on your loop, and call
 * danepriv_getdns_poll_run then.  Level-triggered, the same for the life of the context,
 * close-on-exec.  Neither read from it nor close it, and take it off your loop before the context
 * is destroyed.  -1 when `dns` is NULL or was put on another loop. */
DANEPRIV_API int danepriv_getdns_poll_fd(const getdns_context *dns);

/* Milliseconds until something is due even if nothing comes, rounded up; 0: at once; -1: nothing
 * will be, or no such loop.  What poll(2) takes; ask anew before each wait.  A program that cannot
 * wait for the time too need not: the descriptor becomes readable then. */
DANEPRIV_API int danepriv_getdns_poll_timeout(const getdns_context *dns);

/* Does what is due, and calls `done` of each fetch that has ended.  Never waits, and does a bounded
 * amount of work: when there is more, the descriptor is still readable.  To be called at any time,
 * only not from a callback; when nothing is due it does nothing.  `done` may start fetches, cancel
 * others, and (called from here) destroy the context when no other fetch is under way. */
DANEPRIV_API void danepriv_getdns_poll_run(getdns_context *dns);

/* Looks up a server's TLSA (or IPSECA) records with all that proves them, by way of its aliases
 * (lookup.h); every question that is known goes out at once.
 * `done` is called exactly once, from the event loop of `dns`, never before this call has returned,
 * unless danepriv_getdns_cancel came first.
 * `deadline_ms`: for the whole, 0 for 5000; an unanswered question is asked three times until then,
 * of the next upstream if there is one.  `now`: the time at this call; the adapter adds what a
 * monotonic clock says has passed since.  `ctx` and `dns` must live until `done`; the server is
 * copied.  The timeout that is set in `dns` is left as it was.
 * A question that wants a stream (lookup.h) goes to the same upstream over TCP, in half of the time
 * that is left at the most, where `dns` has one upstream; where it has several, the next one is
 * asked all of it.
 * Where the answers of one upstream prove nothing, as it fails, refuses, or does not hand on DNSSEC
 * records (the proof would be BOGUS, or INDETERMINATE for QUERY_FAILED, QUERY_REFUSED or
 * QUERY_STREAM), all is asked anew of the next, of three at the most, in what is left of the time;
 * what one has answered does not count beside another.  The first that proves something counts, and
 * fetches begin with it from then on; if none does, BOGUS counts before INDETERMINATE.  This takes
 * the context's own loop, and changes the order of the upstreams in `dns`.
 * Any number of fetches may be under way, on the context's own loop: at most 512 of their questions
 * at once, each with a socket, and the others wait.  A fetch asks some 8 of one upstream.
 * *handle (`handle` may be NULL) is for danepriv_getdns_cancel, and ends with the call of `done`.
 * On failure it is NULL and `done` will not be called.  EINVAL, EMALFORMED: as for
 * danepriv_lookup_new, or no `done`.  ENOMEM.  EADAPTER: getdns refused. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_getdns_fetch(getdns_context *dns,
    const danepriv *ctx, const danepriv_server *server, uint32_t deadline_ms, danepriv_time now,
    danepriv_fetch **handle, danepriv_fetch_done done, void *arg);

/* Ends a fetch early: everything it held is released, and `done` is not called.  To be called
 * before `done` was, and before the getdns context is destroyed.  NULL is fine. */
DANEPRIV_API void danepriv_getdns_cancel(danepriv_fetch *fetch);

/* The same, and waits for the end: runs the event loop of `dns`, other fetches on it included.  Not
 * to be called from a callback of that loop.  Returns what `done` would have been told.
 * EADAPTER: also when the loop of `dns` cannot be run step by step. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_getdns_fetch_sync(getdns_context *dns,
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
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_getdns_fetch_chain(getdns_context *dns,
    const danepriv *ctx, const danepriv_server *server, uint32_t deadline_ms, danepriv_time now,
    danepriv_fetch **handle, danepriv_fetch_chain_done done, void *arg);

/* The same, and waits for the end, as danepriv_getdns_fetch_sync.  On failure *records and *chain
 * are NULL. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_getdns_fetch_chain_sync(getdns_context *dns,
    const danepriv *ctx, const danepriv_server *server, uint32_t deadline_ms, danepriv_time now,
    danepriv_records **records, danepriv_chain **chain);

/* How a fetch of a zone ends.  As danepriv_fetch_done; `zone` is yours to free. */
typedef void (*danepriv_fetch_zone_done)(void *arg, danepriv_status status, danepriv_zone *zone);

/* Looks up which name servers a zone's owner names (zone.h).  EINVAL, EMALFORMED: as for
 * danepriv_lookup_new_zone, or no `done`.  Else as danepriv_getdns_fetch. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_getdns_fetch_zone(getdns_context *dns,
    const danepriv *ctx, const char *zone, uint32_t deadline_ms, danepriv_time now,
    danepriv_fetch **handle, danepriv_fetch_zone_done done, void *arg);

/* The same, and waits for the end, as danepriv_getdns_fetch_sync. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_getdns_fetch_zone_sync(getdns_context *dns,
    const danepriv *ctx, const char *zone, uint32_t deadline_ms, danepriv_time now,
    danepriv_zone **out);

#ifdef __cplusplus
}
#endif

#endif
