/* SPDX-License-Identifier: BSD-2-Clause
 * On which event loops must lookups work? */
#include "support/loops.h"

#include "getdns/carrier.h"

#include <check.h>
#include <poll.h>
#include <stdlib.h>

/* ---- its own ---- */

static void
wait_for(const test_loop *loop, int timeout)
{
	struct pollfd p = { .fd = danepriv_getdns_poll_fd(loop->dns), .events = POLLIN };

	ck_assert_int_ge(poll(&p, 1, timeout), 0);
}

static void
turn_with_timeout(test_loop *loop)
{
	wait_for(loop, danepriv_getdns_poll_timeout(loop->dns));
	danepriv_getdns_poll_run(loop->dns);
}

static void
turn_without_timeout(test_loop *loop)
{
	wait_for(loop, -1);
	danepriv_getdns_poll_run(loop->dns);
}

static void
turn_once(test_loop *loop)
{
	dp_loop_turn(loop->dns->loop, true);
}

static void
nothing(test_loop *loop)
{
	(void)loop;
}

/* ---- libevent ---- */

#ifdef HAVE_LIBEVENT
#include <event2/event.h>

static void
on_event(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	danepriv_getdns_poll_run(arg);
}

static void
event_open(test_loop *loop)
{
	loop->base = event_base_new();
	ck_assert_ptr_nonnull(loop->base);
	loop->watch = event_new(loop->base, danepriv_getdns_poll_fd(loop->dns),
	    EV_READ | EV_PERSIST, on_event, loop->dns);
	ck_assert_int_eq(event_add(loop->watch, NULL), 0);
}

static void
event_turn(test_loop *loop)
{
	ck_assert_int_ge(event_base_loop(loop->base, EVLOOP_ONCE), 0);
}

static void
event_close(test_loop *loop)
{
	event_free(loop->watch);
	danepriv_getdns_close(loop->dns);
	ck_assert_int_eq(event_base_get_num_events(loop->base, EVENT_BASE_COUNT_ADDED), 0);
	event_base_free(loop->base);
}
#endif

/* ---- libuv ---- */

#ifdef HAVE_LIBUV
#include <uv.h>

static uv_loop_t *
uv_new(void)
{
	uv_loop_t *uv = malloc(sizeof *uv);

	ck_assert_ptr_nonnull(uv);
	ck_assert_int_eq(uv_loop_init(uv), 0);
	return uv;
}

static void
on_poll(uv_poll_t *handle, int status, int events)
{
	(void)events;
	ck_assert_int_eq(status, 0);
	danepriv_getdns_poll_run(handle->data);
}

static void
uv_open(test_loop *loop)
{
	uv_poll_t *handle = malloc(sizeof *handle);

	ck_assert_ptr_nonnull(handle);
	loop->base = uv_new();
	loop->watch = handle;
	ck_assert_int_eq(uv_poll_init(loop->base, handle, danepriv_getdns_poll_fd(loop->dns)), 0);
	handle->data = loop->dns;
	ck_assert_int_eq(uv_poll_start(handle, UV_READABLE, on_poll), 0);
}

static void
uv_turn(test_loop *loop)
{
	(void)uv_run(loop->base, UV_RUN_ONCE);
}

/* What is cleared on libuv's loop is freed by a later turn of it. */
static void
uv_end(test_loop *loop)
{
	uv_close(loop->watch, NULL);
	danepriv_getdns_close(loop->dns);
	ck_assert_int_eq(uv_run(loop->base, UV_RUN_NOWAIT), 0);
	ck_assert_int_eq(uv_loop_close(loop->base), 0);
	free(loop->watch);
	free(loop->base);
}
#endif

/* ---- all of them ---- */

const loop_kind loop_kinds[LOOPS_MAX] = {
	{ "poll, with the timeout", nothing, turn_with_timeout, NULL },
	{ "poll, the descriptor alone", nothing, turn_without_timeout, NULL },
	{ "one that waits itself", nothing, turn_once, NULL },
#ifdef HAVE_LIBEVENT
	{ "libevent", event_open, event_turn, event_close },
#endif
#ifdef HAVE_LIBUV
	{ "libuv", uv_open, uv_turn, uv_end },
#endif
};

void
loops_prepare(void)
{
#ifdef HAVE_LIBUV
	uv_loop_t *uv = uv_new();

	ck_assert_int_eq(uv_loop_close(uv), 0);
	free(uv);
#endif
}

bool
loop_open(test_loop *loop, size_t kind, const char *upstream)
{
	*loop = (test_loop){ .kind = &loop_kinds[kind] };
	if (!loop->kind->name)
		return false;
	ck_assert_int_eq(danepriv_getdns_open(&upstream, 1, &loop->dns), DANEPRIV_OK);
	loop->kind->open(loop);
	return true;
}

void
loop_close(test_loop *loop)
{
	if (loop->kind->close)
		loop->kind->close(loop);
	else
		danepriv_getdns_close(loop->dns);
}

void
loop_run_out(danepriv_getdns *dns)
{
	for (int ms; (ms = danepriv_getdns_poll_timeout(dns)) >= 0;) {
		struct pollfd p = { .fd = danepriv_getdns_poll_fd(dns), .events = POLLIN };
		ck_assert_int_ge(poll(&p, 1, ms), 0);
		danepriv_getdns_poll_run(dns);
	}
}
