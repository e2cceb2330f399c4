/* SPDX-License-Identifier: BSD-2-Clause
 * getdns.h - who carries the questions of a lookup?  An adapter, in a library of its own:
 * libdanepriv-getdns.
 *
 * getdns only carries octets here, over UDP, and over TCP what is truncated or lacks what would
 * prove it.  The answers are judged by danepriv_lookup (lookup.h), which believes nothing that the
 * upstream claims of its own, so that any upstream will do that hands on DNSSEC records.
 *
 *	danepriv_getdns_open(upstreams, count, &dns);
 *	danepriv_lookup_new(ctx, &server, &lookup);
 *	danepriv_getdns_start(dns, lookup, 5000, time(NULL));
 *	danepriv_getdns_run(dns, lookup);
 *	danepriv_lookup_finish(lookup, time(NULL), &records);
 *
 * A program with a loop of its own starts as many lookups as it likes, and waits for one
 * descriptor.  With poll(2) that is
 *
 *	struct pollfd p = { danepriv_getdns_poll_fd(dns), POLLIN, 0 };
 *	poll(&p, 1, danepriv_getdns_poll_timeout(dns));
 *	danepriv_getdns_poll_run(dns);
 *	while (danepriv_getdns_take(dns, &lookup, &status) == DANEPRIV_OK)
 *		... danepriv_lookup_finish, danepriv_lookup_free
 *
 * with libevent it is event_new(base, danepriv_getdns_poll_fd(dns), EV_READ | EV_PERSIST, ...),
 * with libuv uv_poll_init(loop, handle, danepriv_getdns_poll_fd(dns)): what these call back does
 * the rest, and that is all.
 *
 * A lookup is of any kind: danepriv_lookup_new, danepriv_lookup_new_zone.  From the call that
 * starts it to the one that gives it back it is no business of yours: no other call may be made on
 * it, and it must not be freed.
 *
 * Connections may be written to that the upstream has ended.  The SIGPIPE of that is kept from the
 * thread, whatever the process does about it. */
#ifndef DANEPRIV_GETDNS_H
#define DANEPRIV_GETDNS_H

#include <danepriv/lookup.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Carries questions to some upstreams.  One thread at a time, and the process that created it: in a
 * child after fork all calls but danepriv_getdns_close refuse. */
typedef struct danepriv_getdns danepriv_getdns;

/* `upstreams`: `count` addresses of resolvers, as `192.0.2.1`, `192.0.2.1@5353`, `2001:db8::1@5353`
 * or `fe80::1%eth0`; the port is 53 when none is given.  With `count` 0 those of /etc/resolv.conf,
 * of which the first 16 count.
 * On success *out is yours, to end with danepriv_getdns_close; on failure it is NULL.
 * EINVAL: no `out`, or no list.  ELIMIT: more than 16 of them.  ENOMEM.  EMALFORMED: something that
 * is no such address.  EADAPTER: getdns refused, there is no upstream at all, or no descriptor
 * left. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_getdns_open(
    const char *const *upstreams, size_t count, danepriv_getdns **out);

/* Frees it, and all lookups that were not given back.  NULL is fine. */
DANEPRIV_API void danepriv_getdns_close(danepriv_getdns *dns);

/* Starts a lookup whose questions nobody has been handed yet; all that are known go out at once.
 * `deadline_ms`: for the whole, 0 for 5000.  `now`: the time at this call; the adapter adds what a
 * monotonic clock says has passed since.
 * A question that stays unanswered is asked three times until the deadline, each time of the next
 * upstream if there is one; an upstream that cannot be sent to is passed over at once.
 * A question that wants a stream (lookup.h) goes over TCP to the upstream whose answer lacked
 * something, in half of the time that is left at the most.
 * Where the answers of one upstream prove nothing, the next one is asked all of it, of three at the
 * most (danepriv_lookup_set_upstreams).  Lookups begin with the upstream that was of help before.
 * At the deadline there is a verdict on what has come by then, reason QUERY_TIMEOUT if need be.
 * Any number of lookups may be under way: at most 512 of their questions at once, each with a
 * socket, and the others wait.  A lookup asks some 8 of one upstream.
 * On success `lookup` belongs to `dns` until danepriv_getdns_take, danepriv_getdns_run or
 * danepriv_getdns_stop gives it back; on failure it stays yours.
 * EINVAL: NULL; it has been started already, or its questions were handed out.  EADAPTER: after
 * fork; the loop took no more events.  ENOMEM. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_getdns_start(
    danepriv_getdns *dns, danepriv_lookup *lookup, uint32_t deadline_ms, danepriv_time now);

/* Gives back a lookup that has ended, in the order in which they do, and how it went in *status:
 * OK: it is over, danepriv_lookup_finish and the like give the verdict; ENOMEM; EADAPTER.
 * ENOTFOUND: none has ended that was not given back, *lookup is NULL.  EINVAL: NULL.  EADAPTER:
 * after fork. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_getdns_take(
    danepriv_getdns *dns, danepriv_lookup **lookup, danepriv_status *status);

/* Waits until this lookup has ended, and gives it back; serves the others meanwhile, which are not
 * given back here.  Returns how it went, as danepriv_getdns_take.  EINVAL: it is not under way
 * here.  EADAPTER: also after fork, and then it was not given back. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_getdns_run(
    danepriv_getdns *dns, danepriv_lookup *lookup);

/* Gives a lookup back at once, wherever it is.  Unless it had ended, its outstanding questions get
 * no answer any more: free it, or danepriv_lookup_expire and then danepriv_lookup_finish it.  It
 * cannot be started again.  EINVAL: it is not here.  EADAPTER: after fork. */
DANEPRIV_MUST_USE DANEPRIV_API danepriv_status danepriv_getdns_stop(
    danepriv_getdns *dns, danepriv_lookup *lookup);

/* The descriptor that becomes readable when answers have come, a deadline has passed, or a lookup
 * was started, and stays so while one that has ended waits to be taken: one for all lookups.  Wait
 * for it on your loop, and call danepriv_getdns_poll_run then.  Level-triggered, always the same,
 * close-on-exec.  Neither read from it nor close it, and take it off your loop before
 * danepriv_getdns_close.  -1 when `dns` is NULL, or after fork. */
DANEPRIV_API int danepriv_getdns_poll_fd(const danepriv_getdns *dns);

/* Milliseconds until something is due even if nothing comes, rounded up; 0: at once; -1: nothing
 * will be, `dns` is NULL, or after fork.  What poll(2) takes; ask anew before each wait.  It goes
 * by the monotonic clock.  A program that cannot wait for the time too need not: the descriptor
 * becomes readable then. */
DANEPRIV_API int danepriv_getdns_poll_timeout(const danepriv_getdns *dns);

/* Does what is due.  Never waits, and does a bounded amount of work: when there is more, the
 * descriptor is still readable.  To be called at any time; when nothing is due it does nothing. */
DANEPRIV_API void danepriv_getdns_poll_run(danepriv_getdns *dns);

#ifdef __cplusplus
}
#endif

#endif
