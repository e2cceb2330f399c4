/* SPDX-License-Identifier: BSD-2-Clause
 * Was an event called, and how often? */
#include "support/probe.h"

#include "getdns/carrier.h"
#include "support/descriptors.h"
#include "support/failing_alloc.h"

#include <check.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

danepriv_getdns *probe_dns;
getdns_eventloop *probe_loop;
unsigned probe_descriptors;

danepriv_status
probe_try_open(void)
{
	const char *upstreams[] = { "127.0.0.1@9" };

	return danepriv_getdns_open(upstreams, 1, &probe_dns);
}

void
probe_open_loop(void)
{
	probe_descriptors = open_descriptors();
	ck_assert_int_eq(probe_try_open(), DANEPRIV_OK);
	probe_loop = dp_loop_base(probe_dns->loop);
}

void
probe_close_loop(void)
{
	danepriv_getdns_close(probe_dns);
	ck_assert_int_eq(dp_blocks(), 0);
	ck_assert_uint_eq(open_descriptors(), probe_descriptors);
}

static void
on_read(void *arg)
{
	probe *p = arg;

	p->reads++;
	if (p->action)
		p->action(p);
}

static void
on_write(void *arg)
{
	probe *p = arg;

	p->writes++;
	if (p->action)
		p->action(p);
}

static void
on_timeout(void *arg)
{
	probe *p = arg;

	p->timeouts++;
	if (p->action)
		p->action(p);
}

getdns_return_t
probe_schedule(probe *p, int what, int fd, uint64_t timeout)
{
	p->event.userarg = p;
	p->event.read_cb = what & READS ? on_read : NULL;
	p->event.write_cb = what & WRITES ? on_write : NULL;
	p->event.timeout_cb = what & TIMES ? on_timeout : NULL;
	p->fd = fd;
	return probe_loop->vmt->schedule(probe_loop, fd, timeout, &p->event);
}

void
probe_clear(probe *p)
{
	ck_assert_int_eq(probe_loop->vmt->clear(probe_loop, &p->event), 0);
	ck_assert_ptr_null(p->event.ev);
}

bool
probe_is_readable(int timeout)
{
	struct pollfd p = { .fd = danepriv_getdns_poll_fd(probe_dns), .events = POLLIN };

	ck_assert_int_ge(p.fd, 0);
	return poll(&p, 1, timeout) == 1;
}

void
probe_run(void)
{
	danepriv_getdns_poll_run(probe_dns);
}

void
probe_open_pair(int pair[2])
{
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
}

void
probe_close_pair(const int pair[2])
{
	(void)close(pair[0]);
	(void)close(pair[1]);
}

void
probe_say(int fd)
{
	ck_assert_int_eq(write(fd, "x", 1), 1);
}
