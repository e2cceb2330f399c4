/* SPDX-License-Identifier: BSD-2-Clause
 * getdns.h - who carries the questions of a lookup?
 *
 * An adapter, in a library of its own: libdanepriv-getdns.  getdns only carries octets here.  They
 * go over UDP, and over TCP where an answer is truncated or lacks what would prove it.  The answers
 * are judged by danepriv_lookup (lookup.h), which believes nothing that the upstream claims of its
 * own.  So any upstream will do that hands on DNSSEC records.
 *
 *	danepriv_getdns_open(upstreams, count, &dns);
 *	danepriv_lookup_new(ctx, &server, &lookup);
 *	danepriv_getdns_start(dns, lookup, 5000, time(NULL));	now it belongs to `dns`
 *	danepriv_getdns_run(dns, lookup);			now it is yours again
 *	danepriv_lookup_finish(lookup, time(NULL), &records);
 *	danepriv_lookup_free(lookup);
 *	danepriv_getdns_close(dns);
 *
 * A program with a loop of its own starts as many lookups as it likes, and waits for one
 * descriptor.  With poll(2) that is:
 *
 *	struct pollfd p = { danepriv_getdns_poll_fd(dns), POLLIN, 0 };
 *	poll(&p, 1, danepriv_getdns_poll_timeout(dns));
 *	danepriv_getdns_poll_run(dns);
 *	while (danepriv_getdns_take(dns, &lookup, &status) == DANEPRIV_OK)
 *		... danepriv_lookup_finish if `status` is OK, danepriv_lookup_free
 *
 * With libevent it is event_new(base, danepriv_getdns_poll_fd(dns), EV_READ | EV_PERSIST, ...).
 * With libuv it is uv_poll_init(loop, handle, danepriv_getdns_poll_fd(dns)).  What these call back
 * does the rest, and that is all.
 *
 * Lookups.  A lookup is of any kind: danepriv_lookup_new, danepriv_lookup_new_zone.  Leave it alone
 * from the call that starts it to the one that gives it back: make no other call on it, and do not
 * free it.  Any number of lookups may be under way.  At most 512 of their questions are out at
 * once, each with a socket, and the others wait.  A lookup asks some 8 of one upstream.
 *
 * Giving up.  danepriv_getdns_close frees what was not given back.  A lookup that you free before
 * or after that is freed twice.  So where an error comes between start and end, call
 * danepriv_getdns_stop, and free the lookup then.  That call does no harm where the lookup was
 * given back already.
 *
 * Upstreams.  A question that stays unanswered is asked three times until the deadline, each time
 * of the next upstream if there is one.  The first wait takes a seventh of the time that is left,
 * and each later one is twice as long.  Where the answers of one upstream prove nothing, the next
 * one is asked all of it, of three at the most (danepriv_lookup_set_upstreams).  Lookups begin with
 * the upstream that was of help before.
 *
 * Out of reach.  An upstream that cannot be sent to is passed over at once.  If there is no other,
 * the lookup ends at once: INDETERMINATE, reason QUERY_FAILED.  A closed port counts as silence
 * over UDP: what comes back from it is not seen, and anybody could send that.  If there is no other
 * upstream, the lookup takes all of its time: INDETERMINATE, reason QUERY_TIMEOUT.
 *
 * Streams.  A question that wants a stream (lookup.h) goes over TCP to the upstream whose answer
 * lacked something.  It gets half of the time that is left at the most.  A connection that is
 * refused or ends is tried again, six times in all and for some 1.6 seconds.
 *
 * Signals.  Connections may be written to that the upstream has ended.  The SIGPIPE of that is kept
 * from the thread, whatever the process does about it. */
#ifndef DANEPRIV_GETDNS_H
#define DANEPRIV_GETDNS_H

#include <danepriv/lookup.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Carries questions to some upstreams.  For one thread at a time, and for the process that created
 * it: in a child after fork all calls but danepriv_getdns_close refuse. */
typedef struct danepriv_getdns danepriv_getdns;

/* Opens a carrier of questions.
 * `upstreams`: `count` addresses of resolvers, as `192.0.2.1`, `192.0.2.1@5353`, `2001:db8::1@5353`
 *   or `fe80::1%eth0`.  The port is 53 when none is given.
 * `count`: 0 takes those of /etc/resolv.conf, of which the first 16 count.
 * On success *out is yours, to end with danepriv_getdns_close.  On failure it is NULL.
 * Returns:
 * - OK: lookups can be started.
 * - EINVAL: `out` is NULL, or there is no list.
 * - ELIMIT: more than 16 addresses.
 * - ENOMEM: memory ran out.
 * - EMALFORMED: something in the list is no such address.
 * - EADAPTER: getdns refused, there is no upstream at all, or no descriptor is left. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_getdns_open(
    const char *const *upstreams, size_t count, danepriv_getdns **out);

/* Frees a carrier, and all lookups that were not given back, also in a child after fork.  NULL is
 * fine. */
DANEPRIV_API void danepriv_getdns_close(danepriv_getdns *dns);

/* Starts a lookup.  All questions that are known go out together, as soon as danepriv_getdns_run or
 * danepriv_getdns_poll_run is called: without one of these nothing is sent.
 * `lookup`: none of its questions was handed out yet.
 * `deadline_ms`: milliseconds for the whole; 0 for 5000.  Then there is a verdict on what has come,
 *   reason QUERY_TIMEOUT if need be.
 * `now`: the time at this call.  The adapter adds what a monotonic clock says has passed since.
 * On success `lookup` belongs to `dns` until danepriv_getdns_take, danepriv_getdns_run or
 * danepriv_getdns_stop gives it back.  On failure it belongs to whom it belonged to.  If that is
 * you, free it: it may be one that cannot be started again.
 * Returns:
 * - OK: the lookup is under way.
 * - EINVAL: NULL, or it has been started already, or its questions were handed out.
 * - EADAPTER: after fork, or the loop took no more events.
 * - ENOMEM: memory ran out. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_getdns_start(
    danepriv_getdns *dns, danepriv_lookup *lookup, uint32_t deadline_ms, danepriv_time now);

/* Gives back a lookup that has ended.  They come in the order in which they end.
 * `lookup`: receives it, and it is yours again, however it went.  On failure it is NULL.
 * `status`: receives how it went.  OK: it is over, and danepriv_lookup_finish and the like give the
 *   verdict, whatever their `now`.  Otherwise ENOMEM or EADAPTER.
 * Returns:
 * - OK: a lookup was given back.
 * - EINVAL: NULL.
 * - EADAPTER: after fork.
 * - ENOTFOUND: none has ended that was not given back. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_getdns_take(
    danepriv_getdns *dns, danepriv_lookup **lookup, danepriv_status *status);

/* Waits until this lookup has ended, and gives it back.  Serves the others meanwhile, which are not
 * given back here.
 * Returns:
 * - OK: it is over, and yours again.  danepriv_lookup_finish and the like give the verdict,
 *   whatever their `now`.
 * - EINVAL: NULL, or it is not here.  It belongs to whom it belonged to.
 * - EADAPTER: the library underneath failed, and the lookup is yours again.  Or it is after fork:
 *   then it still belongs to `dns`.
 * - ENOMEM: memory ran out in the lookup, which is yours again. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_getdns_run(
    danepriv_getdns *dns, danepriv_lookup *lookup);

/* Gives a lookup back at once, wherever it is.  Unless it had ended, its outstanding questions get
 * no answer any more: free it, or danepriv_lookup_expire and then danepriv_lookup_finish it.  It
 * cannot be started again.
 * Returns:
 * - OK: the lookup is yours again.
 * - EINVAL: NULL, or it is not here.  Nothing changes.
 * - EADAPTER: after fork.  Nothing changes. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_getdns_stop(
    danepriv_getdns *dns, danepriv_lookup *lookup);

/* Tells the one descriptor to wait for, which stands for all lookups.  It becomes readable when
 * answers have come, a deadline has passed, or a lookup was started.  It stays so while a lookup
 * that has ended waits to be taken.  Wait for it on your loop, and call danepriv_getdns_poll_run
 * then.  It is level-triggered, always the same, and close-on-exec.  Neither read from it nor close
 * it, and remove it from your loop before danepriv_getdns_close.
 * Returns: the descriptor; -1 when `dns` is NULL, or after fork. */
DANEPRIV_API int danepriv_getdns_poll_fd(const danepriv_getdns *dns);

/* Tells how long to wait, by the monotonic clock, as poll(2) takes it.  Ask again before each wait.
 * A program that cannot wait for the time as well need not: the descriptor becomes readable then.
 * Returns:
 * - 0: something is due at once.
 * - -1: nothing will be due, `dns` is NULL, or after fork.
 * - more than 0: milliseconds until something is due even if nothing comes, rounded up. */
DANEPRIV_API int danepriv_getdns_poll_timeout(const danepriv_getdns *dns);

/* Does what is due.  Call it at any time: when nothing is due it does nothing.  It never waits, and
 * does a bounded amount of work.  When there is more, the descriptor is still readable. */
DANEPRIV_API void danepriv_getdns_poll_run(danepriv_getdns *dns);

#ifdef __cplusplus
}
#endif

#endif
