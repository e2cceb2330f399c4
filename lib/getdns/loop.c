/* SPDX-License-Identifier: BSD-2-Clause
 * How does a program with a loop of its own wait for getdns?  By one descriptor.
 *
 * Behind it is an epoll set; in that set are the sockets of getdns and a timerfd that is set to
 * whatever is due first, so that deadlines are kept also by a program that only waits for the
 * descriptor.  What is due at once is told otherwise: a timerfd that is set to the past takes the
 * kernel as long as two dozen system calls.  Callbacks may schedule, clear and free events, theirs
 * and others', and may end the whole loop: nothing that they can free is looked at after one of
 * them was called. */
#include "getdns/loop.h"

#include "base/alloc.h"
#include "getdns/sigpipe.h"
#include "getdns/timers.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

/* What one turn does at most; the descriptor stays readable when more is due. */
#define READY_MAX 64
#define TIMERS_MAX 64

#define NS_PER_MS UINT64_C(1000000)
#define NS_PER_S UINT64_C(1000000000)
#define WATCHES_AT_FIRST 64

/* One scheduled event. */
typedef struct entry entry;
struct entry {
	dp_timer timer; /* first: the heap gives it back; NEVER when only the descriptor counts */
	getdns_eventloop_event *event;
	int fd;	       /* -1: none */
	entry *next;   /* on the same descriptor */
	uint64_t turn; /* the last one in which it was served */
};

struct dp_loop {
	getdns_eventloop base; /* first: getdns gives it back */
	int epoll;
	int clock;
	int bell;	  /* an eventfd that can be written to; waited for while something is due */
	dp_timers timers; /* has all entries */
	entry **watches;  /* by descriptor */
	size_t watches_room;
	size_t watched;
	uint64_t armed; /* what `clock` is set to */
	bool rings;
	uint64_t turn;
	unsigned running; /* turns under way */
	bool ended;	  /* by a callback */
	bool is_kept_readable;
	bool is_disowned; /* what the kernel has of it belongs to another process, too */
};

static uint64_t
monotonic_ns(void)
{
	struct timespec t = { 0, 0 };

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * NS_PER_S + (uint64_t)t.tv_nsec;
}

/* UINT64_MAX is getdns' word for no timeout. */
static uint64_t
due_in(uint64_t ms)
{
	uint64_t now = monotonic_ns();

	return ms < (DP_TIMER_NEVER - now) / NS_PER_MS ? now + ms * NS_PER_MS : DP_TIMER_NEVER;
}

static void
ring(dp_loop *loop, bool rings)
{
	struct epoll_event e = { .events = rings ? EPOLLOUT : 0u, .data.fd = loop->bell };

	if (rings != loop->rings)
		(void)epoll_ctl(loop->epoll, EPOLL_CTL_MOD, loop->bell, &e);
	loop->rings = rings;
}

/* Also makes a clock that has run out unreadable again. */
static void
set_clock(dp_loop *loop, uint64_t due)
{
	struct itimerspec at = { { 0, 0 }, { 0, 0 } };

	if (due == loop->armed)
		return;
	if (due != DP_TIMER_NEVER) {
		at.it_value.tv_sec = (time_t)(due / NS_PER_S);
		at.it_value.tv_nsec = (long)(due % NS_PER_S);
	}
	(void)timerfd_settime(loop->clock, TFD_TIMER_ABSTIME, &at, NULL);
	loop->armed = due;
}

/* Whoever waits for the descriptor is woken when something is due. */
static void
arm(dp_loop *loop)
{
	uint64_t due = dp_timers_due(&loop->timers);
	bool is_due = loop->is_kept_readable || due <= monotonic_ns();

	if (loop->is_disowned)
		return;
	ring(loop, is_due);
	if (!is_due)
		set_clock(loop, due);
}

/* A turn arms when it is over. */
static void
arm_between_turns(dp_loop *loop)
{
	if (loop->running == 0)
		arm(loop);
}

/* ---- descriptors ---- */

static entry *
first_on(const dp_loop *loop, int fd)
{
	return fd >= 0 && (size_t)fd < loop->watches_room ? loop->watches[fd] : NULL;
}

static uint32_t
interest_of(const entry *e)
{
	return (e->event->read_cb ? EPOLLIN : 0u) | (e->event->write_cb ? EPOLLOUT : 0u);
}

/* Tells the kernel what all events of a descriptor wait for.  A descriptor can be closed before its
 * event is cleared, and its number can be in use again: the kernel has forgotten the old one then,
 * and what we believe to be registered does not count. */
static bool
update_interest(dp_loop *loop, int fd)
{
	struct epoll_event wanted = { .data.fd = fd };

	if (loop->is_disowned)
		return true;
	for (const entry *e = first_on(loop, fd); e; e = e->next)
		wanted.events |= interest_of(e);
	if (wanted.events == 0) {
		(void)epoll_ctl(loop->epoll, EPOLL_CTL_DEL, fd, &wanted);
		return true;
	}
	if (epoll_ctl(loop->epoll, EPOLL_CTL_ADD, fd, &wanted) == 0)
		return true;
	return errno == EEXIST && epoll_ctl(loop->epoll, EPOLL_CTL_MOD, fd, &wanted) == 0;
}

static bool
make_room_for(dp_loop *loop, int fd)
{
	size_t room = loop->watches_room > 0 ? loop->watches_room : WATCHES_AT_FIRST;

	while (room <= (size_t)fd)
		room *= 2;
	if (room == loop->watches_room)
		return true;
	entry **watches = dp_realloc(loop->watches, room, sizeof(entry *));
	if (!watches)
		return false;
	memset(watches + loop->watches_room, 0, (room - loop->watches_room) * sizeof(entry *));
	loop->watches = watches;
	loop->watches_room = room;
	return true;
}

static void
unwatch(dp_loop *loop, entry *e)
{
	entry **at = &loop->watches[e->fd];

	while (*at != e)
		at = &(*at)->next;
	*at = e->next;
	loop->watched--;
	(void)update_interest(loop, e->fd);
}

static getdns_return_t
watch(dp_loop *loop, entry *e)
{
	if (!make_room_for(loop, e->fd))
		return GETDNS_RETURN_MEMORY_ERROR;
	e->next = loop->watches[e->fd];
	loop->watches[e->fd] = e;
	loop->watched++;
	if (update_interest(loop, e->fd))
		return GETDNS_RETURN_GOOD;
	unwatch(loop, e);
	return GETDNS_RETURN_GENERIC_ERROR;
}

/* The next event that waits for what has come, and was not served in this turn.  Those that were
 * scheduled in this turn do not count: what has come may be for a former owner of the number. */
static entry *
next_to_serve(const dp_loop *loop, int fd, uint32_t come)
{
	for (entry *e = first_on(loop, fd); e; e = e->next)
		if (e->turn != loop->turn && (interest_of(e) & come))
			return e;
	return NULL;
}

static void
serve(dp_loop *loop, int fd, uint32_t come)
{
	if (come & (EPOLLERR | EPOLLHUP))
		come |= EPOLLIN | EPOLLOUT;
	for (entry *e; (e = next_to_serve(loop, fd, come)) != NULL;) {
		const getdns_eventloop_event *event = e->event;
		e->turn = loop->turn;
		if (event->write_cb && (come & EPOLLOUT))
			event->write_cb(event->userarg);
		else
			event->read_cb(event->userarg);
	}
}

static void
fire_timers(dp_loop *loop)
{
	uint64_t now = monotonic_ns();

	for (int i = 0; i < TIMERS_MAX && dp_timers_due(&loop->timers) <= now; i++) {
		entry *e = (entry *)dp_timers_first(&loop->timers);
		dp_timers_move(&loop->timers, &e->timer, DP_TIMER_NEVER); /* once */
		e->event->timeout_cb(e->event->userarg);
	}
}

/* ---- the loop ---- */

void
dp_loop_free(dp_loop *loop)
{
	if (!loop)
		return;
	for (dp_timer *t; (t = dp_timers_first(&loop->timers)) != NULL;) {
		dp_timers_remove(&loop->timers, t);
		dp_free(t);
	}
	dp_timers_free(&loop->timers);
	dp_free(loop->watches);
	loop->watches = NULL;
	loop->watches_room = 0;
	if (loop->clock >= 0)
		(void)close(loop->clock);
	if (loop->bell >= 0)
		(void)close(loop->bell);
	if (loop->epoll >= 0)
		(void)close(loop->epoll);
	loop->clock = loop->bell = loop->epoll = -1;
	loop->ended = true;
	if (loop->running == 0)
		dp_free(loop);
}

/* One round of callbacks; false when one of them has ended the loop. */
static bool
take_turn(dp_loop *loop, bool blocking)
{
	struct epoll_event ready[READY_MAX];

	if (blocking)
		arm(loop);
	int count = epoll_wait(loop->epoll, ready, READY_MAX, blocking ? -1 : 0);
	bool held = dp_sigpipe_hold();
	loop->running++;
	loop->turn++;
	for (int i = 0; i < count; i++) /* clock and bell are in no list */
		serve(loop, ready[i].data.fd, ready[i].events);
	fire_timers(loop);
	if (held)
		dp_sigpipe_release();
	if (--loop->running > 0)
		return !loop->ended;
	if (loop->ended) {
		dp_free(loop);
		return false;
	}
	arm(loop);
	return true;
}

/* Can anything happen any more? */
static bool
is_waiting(const dp_loop *loop)
{
	return loop->watched > 0 || dp_timers_due(&loop->timers) != DP_TIMER_NEVER;
}

static void
run(getdns_eventloop *base)
{
	dp_loop *loop = (dp_loop *)base;

	while (is_waiting(loop) && take_turn(loop, true))
		;
}

static void
run_once(getdns_eventloop *base, int blocking)
{
	dp_loop_turn((dp_loop *)base, blocking != 0);
}

static getdns_return_t
schedule(getdns_eventloop *base, int fd, uint64_t timeout, getdns_eventloop_event *event)
{
	dp_loop *loop = (dp_loop *)base;
	bool reads_or_writes = fd >= 0 && (event->read_cb || event->write_cb);
	getdns_return_t result = GETDNS_RETURN_MEMORY_ERROR;

	event->ev = NULL;
	if (!reads_or_writes && !event->timeout_cb)
		return GETDNS_RETURN_INVALID_PARAMETER;
	entry *e = dp_alloc(1, sizeof *e);
	if (!e)
		return result;
	e->event = event;
	e->fd = reads_or_writes ? fd : -1;
	e->turn = loop->turn;
	if (!dp_timers_add(
		&loop->timers, &e->timer, event->timeout_cb ? due_in(timeout) : DP_TIMER_NEVER))
		goto out;
	result = reads_or_writes ? watch(loop, e) : GETDNS_RETURN_GOOD;
	if (result != GETDNS_RETURN_GOOD) {
		dp_timers_remove(&loop->timers, &e->timer);
		goto out;
	}
	event->ev = e;
	e = NULL;
	arm_between_turns(loop);
out:
	dp_free(e);
	return result;
}

static getdns_return_t
clear(getdns_eventloop *base, getdns_eventloop_event *event)
{
	dp_loop *loop = (dp_loop *)base;
	entry *e = event->ev;

	event->ev = NULL;
	if (!e)
		return GETDNS_RETURN_GOOD;
	if (e->fd >= 0)
		unwatch(loop, e);
	dp_timers_remove(&loop->timers, &e->timer);
	dp_free(e);
	arm_between_turns(loop);
	return GETDNS_RETURN_GOOD;
}

/* A context ends; the loop is there for others, too. */
static void
cleanup(getdns_eventloop *base)
{
	(void)base;
}

static getdns_eventloop_vmt methods = { cleanup, schedule, clear, run, run_once };

danepriv_status
dp_loop_new(dp_loop **out)
{
	struct epoll_event readable = { .events = EPOLLIN }, nothing = { .events = 0 };

	*out = NULL;
	dp_loop *loop = dp_alloc(1, sizeof *loop);
	if (!loop)
		return DANEPRIV_ENOMEM;
	loop->base.vmt = &methods;
	loop->armed = DP_TIMER_NEVER;
	loop->epoll = epoll_create1(EPOLL_CLOEXEC);
	loop->clock = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	loop->bell = eventfd(0, EFD_CLOEXEC);
	readable.data.fd = loop->clock;
	nothing.data.fd = loop->bell;
	if (loop->epoll < 0 || loop->clock < 0 || loop->bell < 0 ||
	    epoll_ctl(loop->epoll, EPOLL_CTL_ADD, loop->clock, &readable) != 0 ||
	    epoll_ctl(loop->epoll, EPOLL_CTL_ADD, loop->bell, &nothing) != 0) {
		dp_loop_free(loop);
		return DANEPRIV_EADAPTER;
	}
	*out = loop;
	return DANEPRIV_OK;
}

getdns_eventloop *
dp_loop_base(dp_loop *loop)
{
	return &loop->base;
}

int
dp_loop_fd(const dp_loop *loop)
{
	return loop->epoll;
}

int
dp_loop_timeout(const dp_loop *loop)
{
	uint64_t due = loop->is_kept_readable ? 0 : dp_timers_due(&loop->timers);
	uint64_t now = monotonic_ns();

	if (due == DP_TIMER_NEVER)
		return -1;
	uint64_t ms = due > now ? (due - now + NS_PER_MS - 1) / NS_PER_MS : 0;
	return ms < INT_MAX ? (int)ms : INT_MAX;
}

void
dp_loop_turn(dp_loop *loop, bool waits)
{
	(void)take_turn(loop, waits && is_waiting(loop));
}

void
dp_loop_keep_readable(dp_loop *loop, bool readable)
{
	loop->is_kept_readable = readable;
	arm_between_turns(loop);
}

void
dp_loop_disown(dp_loop *loop)
{
	loop->is_disowned = true;
}
