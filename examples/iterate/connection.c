/* SPDX-License-Identifier: BSD-2-Clause
 * How does a connection carry one question after the other?
 *
 * Over TLS, TCP and UDP alike, without ever waiting: a race has several of them.  In clear it is
 * UDP first, and TCP when the answer does not fit (RFC 7766 section 5); a datagram that is lost
 * costs the attempt.  Whether a question may go over it is not decided here (pool.c). */
#include "connection.h"

#include "../dns/octets.h"

#include <errno.h>
#include <gnutls/crypto.h>
#include <poll.h>
#include <sys/socket.h>

#define STRANGERS_MAX 8 /* messages that are not the answer, before we give up */

/* ---- a question ---- */

/* The octets of a message come after their number; a datagram is one, of any number. */
static void
expect_message(connection *c)
{
	c->got = c->is_udp ? 2 : 0;
	c->answer[0] = c->answer[1] = UINT8_MAX;
}

static dns_query
query_of(const connection *c)
{
	return (dns_query){ .name = c->asked.name,
		.type = c->asked.type,
		.id = c->id,
		.validates = true,
		.is_padded = c->tls != NULL };
}

void
connection_ask(connection *c, const danepriv_question *question)
{
	c->asked = *question;
	c->sent = c->is_udp ? 2 : 0;
	expect_message(c);
	c->strangers = 0;
	c->state = CONNECTION_FAILED;
	if (gnutls_rnd(GNUTLS_RND_NONCE, &c->id, sizeof c->id) < 0)
		return;
	dns_query query = query_of(c);
	size_t len = dns_query_write(&query, c->question + 2);
	if (len == 0)
		return;
	dns_put_u16(c->question, len);
	c->to_send = 2 + len;
	c->state = CONNECTION_ASKING;
}

bool
connection_is_cut(const connection *c)
{
	return c->is_udp && c->state == CONNECTION_ANSWERED &&
	       dns_message_is_cut(connection_answer(c));
}

danepriv_span
connection_answer(const connection *c)
{
	return (danepriv_span){ c->answer + 2, c->got - 2 };
}

/* Octets that went; 0: none now, -1: never again. */
static ssize_t
put(connection *c, const uint8_t *octets, size_t len)
{
	ssize_t sent = c->tls ? gnutls_record_send(c->tls, octets, len)
			      : send(c->fd, octets, len, MSG_NOSIGNAL);

	if (sent > 0)
		return sent;
	if (c->tls)
		return sent < 0 && !gnutls_error_is_fatal((int)sent) ? 0 : -1;
	return errno == EAGAIN || errno == EINTR ? 0 : -1;
}

static ssize_t
get(connection *c, uint8_t *octets, size_t len)
{
	ssize_t got =
	    c->tls ? gnutls_record_recv(c->tls, octets, len) : recv(c->fd, octets, len, 0);

	if (got > 0)
		return got;
	if (c->tls)
		return got < 0 && !gnutls_error_is_fatal((int)got) ? 0 : -1;
	bool goes_on = got < 0 ? errno == EAGAIN || errno == EINTR : c->is_udp;
	return goes_on ? 0 : -1;
}

static size_t
still_to_come(const connection *c)
{
	if (c->got < 2)
		return 2 - c->got;
	return 2 + dns_get_u16(c->answer) - c->got;
}

static void
take_message(connection *c)
{
	dns_query query = query_of(c);

	if (dns_query_is_answered_by(&query, connection_answer(c))) {
		c->state = CONNECTION_ANSWERED;
	} else {
		expect_message(c);
		if (++c->strangers == STRANGERS_MAX)
			c->state = CONNECTION_FAILED;
	}
}

/* True: something was done, and more may be. */
static bool
go_on_asking(connection *c)
{
	bool is_sending = c->sent < c->to_send;
	ssize_t done = is_sending ? put(c, c->question + c->sent, c->to_send - c->sent)
				  : get(c, c->answer + c->got, still_to_come(c));

	if (done < 0)
		c->state = CONNECTION_FAILED;
	if (done <= 0)
		return false;
	if (is_sending)
		c->sent += (size_t)done;
	else
		c->got += (size_t)done;
	if (!is_sending && c->is_udp)
		dns_put_u16(c->answer, (size_t)done);
	if (c->got >= 2 && still_to_come(c) == 0)
		take_message(c);
	return true;
}

/* ---- before the first one ---- */

static bool
go_on_connecting(connection *c)
{
	struct pollfd p = { .fd = c->fd, .events = POLLOUT };
	socklen_t len = sizeof errno;
	int error = 0;

	if (poll(&p, 1, 0) < 1)
		return false;
	if (getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &error, &len) != 0 || error != 0)
		c->state = CONNECTION_FAILED;
	else
		c->state = c->tls ? CONNECTION_SHAKING : CONNECTION_OPEN;
	c->is_connected = c->state != CONNECTION_FAILED;
	return true;
}

static bool
go_on_shaking(connection *c)
{
	c->handshake = gnutls_handshake(c->tls);
	if (c->handshake == 0)
		c->state = CONNECTION_OPEN;
	else if (gnutls_error_is_fatal(c->handshake))
		c->state = CONNECTION_FAILED;
	return c->handshake != GNUTLS_E_AGAIN && c->handshake != GNUTLS_E_INTERRUPTED;
}

void
connection_run(connection *c)
{
	bool goes_on = true;

	while (goes_on) {
		switch (c->state) {
		case CONNECTION_CONNECTING:
			goes_on = go_on_connecting(c);
			break;
		case CONNECTION_SHAKING:
			goes_on = go_on_shaking(c);
			break;
		case CONNECTION_ASKING:
			goes_on = go_on_asking(c);
			break;
		case CONNECTION_NONE:
		case CONNECTION_OPEN:
		case CONNECTION_ANSWERED:
		case CONNECTION_FAILED:
			goes_on = false;
		}
	}
}

short
connection_events(const connection *c)
{
	if (c->state == CONNECTION_SHAKING)
		return gnutls_record_get_direction(c->tls) ? POLLOUT : POLLIN;
	if (c->state == CONNECTION_CONNECTING || c->sent < c->to_send)
		return POLLOUT;
	return POLLIN;
}
