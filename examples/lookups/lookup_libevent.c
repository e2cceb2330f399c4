/* SPDX-License-Identifier: BSD-2-Clause
 * How does a program on libevent look up several servers at once?
 *
 *	lookup_libevent RESOLVER[@PORT] ANCHORS NAME...
 *
 * One persistent event waits for all of them, deadlines included. */
#include "lookups.h"

#include <event2/event.h>
#include <stdio.h>

struct loop {
	lookups all;
	struct event *event;
};

static void
on_readable(evutil_socket_t fd, short what, void *arg)
{
	struct loop *loop = arg;

	(void)fd;
	(void)what;
	lookups_run(&loop->all);
	if (loop->all.left == 0)
		event_del(loop->event); /* the last one: the loop ends */
}

int
main(int argc, char **argv)
{
	struct event_base *base = event_base_new();
	struct loop loop = { .event = NULL };

	if (!lookups_start(&loop.all, argc, argv))
		goto out;
	if (base)
		loop.event = event_new(base, danepriv_getdns_poll_fd(loop.all.dns),
		    EV_READ | EV_PERSIST, on_readable, &loop);
	if (!loop.event || event_add(loop.event, NULL) != 0 || event_base_dispatch(base) < 0)
		fprintf(stderr, "libevent could not wait\n");
out:
	if (loop.event)
		event_free(loop.event); /* before its descriptor is closed */
	if (base)
		event_base_free(base);
	return lookups_end(&loop.all);
}
