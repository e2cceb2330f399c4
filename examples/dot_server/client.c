/* SPDX-License-Identifier: BSD-2-Clause
 * How is one client of dot_server served?
 *
 * Messages are framed over TLS as they are over TCP (RFC 7858 section 3.3), so that octets need
 * only be passed on to a name server, and back; several questions may be under way at once.  When
 * that server is not there the connection is closed: the client knows at once, and asks another. */
#include "dot_server.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#define RECORD_MAX 16384 /* of TLS: whoever reads so much leaves nothing behind in OpenSSL */

/* Octets that have been taken from one side, and not yet all been given to the other. */
typedef struct passing {
	char octets[RECORD_MAX];
	size_t at, len;
} passing;

static bool
is_empty(const passing *p)
{
	return p->at == p->len;
}

/* Until something can be done, or the client has taken too long, or has gone: false. */
static bool
wait_for(const client *c, short events, int backend, short backend_events)
{
	struct pollfd p[] = { { .fd = c->fd, .events = events },
		{ .fd = backend_events ? backend : -1, .events = backend_events } };
	int left = pace_left(&c->pace);

	return left > 0 && poll(p, 2, left) > 0 && !(p[0].revents & ~(POLLIN | POLLOUT));
}

static bool
shake_hands(client *c)
{
	for (;;) {
		int result = SSL_accept(c->ssl), error = SSL_get_error(c->ssl, result);
		if (result == 1)
			break;
		if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE)
			return false;
		if (!wait_for(c, error == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT, -1, 0))
			return false;
	}
	pace_shaken(&c->pace);
	return true;
}

/* From the client to the name server, what can be passed on now; false when this is the end. */
static bool
pass_up(client *c, int *backend, passing *up)
{
	if (is_empty(up)) {
		int len = SSL_read(c->ssl, up->octets, sizeof up->octets);
		if (len <= 0)
			return SSL_get_error(c->ssl, len) == SSL_ERROR_WANT_READ;
		up->at = 0;
		up->len = (size_t)len;
		pace_up(&c->pace, up->octets, up->len);
	}
	if (*backend < 0)
		*backend = address_connect(c->backend);
	ssize_t sent = send(*backend, up->octets + up->at, up->len - up->at, MSG_NOSIGNAL);
	if (sent > 0)
		up->at += (size_t)sent;
	return sent > 0 || (sent < 0 && errno == EAGAIN);
}

static bool
pass_down(client *c, int backend, passing *down)
{
	if (is_empty(down)) {
		ssize_t len = recv(backend, down->octets, sizeof down->octets, 0);
		if (len <= 0)
			return len < 0 && errno == EAGAIN;
		down->at = 0;
		down->len = (size_t)len;
	}
	int sent = SSL_write(c->ssl, down->octets, (int)down->len); /* all of it, or nothing */
	if (sent <= 0)
		return SSL_get_error(c->ssl, sent) == SSL_ERROR_WANT_WRITE;
	pace_down(&c->pace, down->octets, down->len);
	down->at = down->len;
	return true;
}

void *
client_serve(void *arg)
{
	client *c = arg;
	passing up = { .len = 0 }, down = { .len = 0 };
	int backend = -1;
	bool is_alive = shake_hands(c);

	while (is_alive && pass_up(c, &backend, &up) &&
	       (backend < 0 || pass_down(c, backend, &down))) {
		int events = (is_empty(&up) ? POLLIN : 0) | (is_empty(&down) ? 0 : POLLOUT);
		int behind = (is_empty(&down) ? POLLIN : 0) | (is_empty(&up) ? 0 : POLLOUT);
		is_alive = wait_for(c, (short)events, backend, (short)behind);
	}
	SSL_shutdown(c->ssl); /* says that this is the end, if it can still be said */
	shutdown(c->fd, SHUT_RDWR);
	if (backend >= 0)
		close(backend);
	atomic_store(&c->has_ended, true);
	return NULL;
}
