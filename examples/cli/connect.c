/* SPDX-License-Identifier: BSD-2-Clause
 * How does one get to a server, and over TLS, in time? */
#include "transport.h"

#include <errno.h>
#include <fcntl.h>
#include <gnutls/dtls.h>
#include <poll.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

int64_t
cli_now_ms(void)
{
	struct timespec t = { 0, 0 };

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

cli_deadline
cli_deadline_in(uint32_t ms)
{
	return cli_now_ms() + ms;
}

bool
cli_wait(int fd, short events, cli_deadline deadline)
{
	struct pollfd p = { .fd = fd, .events = events };

	for (;;) {
		int64_t left = deadline - cli_now_ms();
		int ready = left > 0 ? poll(&p, 1, (int)left) : 0;
		if (ready > 0)
			return true;
		if (ready == 0)
			errno = ETIMEDOUT;
		if (ready == 0 || errno != EINTR)
			return false;
	}
}

bool
cli_connect(cli_connection *c, const cli_transport *transport, const cli_address *address,
    cli_deadline deadline)
{
	int error = 0;
	socklen_t len = sizeof error;

	c->transport = transport;
	c->fd = socket(address->socket.ss_family, transport->socket_type, 0);
	if (c->fd < 0 || fcntl(c->fd, F_SETFL, O_NONBLOCK) < 0)
		return false;
	if (connect(c->fd, (const struct sockaddr *)&address->socket, address->len) == 0)
		return true;
	if (errno != EINPROGRESS || !cli_wait(c->fd, POLLOUT, deadline))
		return false;
	if (getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &error, &len) < 0)
		return false;
	errno = error;
	return error == 0;
}

bool
cli_tls_begin(cli_connection *c, danepriv_session *session, const cli_tls_use *use)
{
	danepriv_gnutls_settings settings = {
		.size = sizeof settings,
		.init_flags = GNUTLS_CLIENT | GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL |
			      DANEPRIV_GNUTLS_RAW_KEY_FLAGS | use->init_flags,
		.priority = use->priority,
		.chain = c->chain,
	};

	/* Nobody's CA: the owner of the name says which key is right. */
	if (gnutls_certificate_allocate_credentials(&c->credentials) < 0 ||
	    gnutls_init(&c->tls, settings.init_flags) < 0 ||
	    gnutls_credentials_set(c->tls, GNUTLS_CRD_CERTIFICATE, c->credentials) < 0 ||
	    danepriv_gnutls_guard(
		c->tls, session, &settings, (danepriv_time)time(NULL), &c->raw_keys) != DANEPRIV_OK)
		return false;
	if (use->alpn) {
		uint8_t name[16];
		gnutls_datum_t alpn = { name, (unsigned)strlen(use->alpn) };
		if (alpn.size > sizeof name)
			return false;
		memcpy(name, use->alpn, alpn.size);
		if (gnutls_alpn_set_protocols(c->tls, &alpn, 1, 0) < 0)
			return false;
	}
	gnutls_transport_set_int(c->tls, c->fd);
	return true;
}

/* Waits for what GnuTLS waits for. */
static bool
wait_tls(const cli_connection *c, cli_deadline deadline)
{
	return cli_wait(c->fd, gnutls_record_get_direction(c->tls) ? POLLOUT : POLLIN, deadline);
}

/* Until something comes, or GnuTLS wants to send a flight again. */
static void
wait_flight(cli_connection *c, cli_deadline deadline)
{
	cli_deadline again = deadline;

	if (c->transport->socket_type == SOCK_DGRAM)
		again = cli_deadline_in(gnutls_dtls_get_timeout(c->tls));
	(void)wait_tls(c, again < deadline ? again : deadline);
}

static bool
alpn_is(gnutls_session_t tls, const char *wanted)
{
	gnutls_datum_t got;

	return gnutls_alpn_get_selected_protocol(tls, &got) == GNUTLS_E_SUCCESS &&
	       got.size == strlen(wanted) && memcmp(got.data, wanted, got.size) == 0;
}

void
cli_tls_settle(cli_connection *c, const cli_tls_use *use)
{
	if (c->handshake == GNUTLS_E_SUCCESS && use->alpn && !alpn_is(c->tls, use->alpn)) {
		c->handshake = GNUTLS_E_NO_APPLICATION_PROTOCOL;
		c->trouble = "the server does not speak this transport there: no ALPN agreed on";
	}
}

void
cli_tls_shake(cli_connection *c, const cli_tls_use *use, cli_deadline deadline)
{
	do {
		c->handshake = gnutls_handshake(c->tls);
		if (c->handshake == GNUTLS_E_AGAIN)
			wait_flight(c, deadline);
	} while (
	    c->handshake < 0 && !gnutls_error_is_fatal(c->handshake) && cli_now_ms() < deadline);
	if (c->handshake < 0 && !gnutls_error_is_fatal(c->handshake))
		c->handshake = GNUTLS_E_TIMEDOUT;
	cli_tls_settle(c, use);
	if (c->handshake != GNUTLS_E_SUCCESS)
		(void)gnutls_alert_send_appropriate(c->tls, c->handshake);
}

bool
cli_tls_handshake(cli_connection *c, danepriv_session *session, cli_deadline deadline)
{
	if (!cli_tls_begin(c, session, c->transport->tls))
		return false;
	cli_tls_shake(c, c->transport->tls, deadline);
	return true;
}

/* What came of one step of sending or receiving: octets done, 0 to try again, -1. */
static long
outcome(const cli_connection *c, ssize_t done, short events, cli_deadline deadline)
{
	if (done > 0)
		return done;
	if (c->tls && (done == GNUTLS_E_AGAIN || done == GNUTLS_E_INTERRUPTED))
		return wait_tls(c, deadline) ? 0 : -1;
	if (!c->tls && done < 0 && (errno == EAGAIN || errno == EINTR))
		return cli_wait(c->fd, events, deadline) ? 0 : -1;
	return -1;
}

static long
send_some(const cli_connection *c, const uint8_t *data, size_t len, cli_deadline deadline)
{
	ssize_t sent =
	    c->tls ? gnutls_record_send(c->tls, data, len) : send(c->fd, data, len, MSG_NOSIGNAL);

	return outcome(c, sent, POLLOUT, deadline);
}

static long
receive_some(const cli_connection *c, uint8_t *data, size_t len, cli_deadline deadline)
{
	ssize_t got = c->tls ? gnutls_record_recv(c->tls, data, len) : recv(c->fd, data, len, 0);

	return outcome(c, got, POLLIN, deadline);
}

bool
cli_send(cli_connection *c, const uint8_t *data, size_t len, cli_deadline deadline)
{
	while (len > 0) {
		long done = send_some(c, data, len, deadline);
		if (done < 0)
			return false;
		data += done;
		len -= (size_t)done;
	}
	return true;
}

long
cli_receive_some(cli_connection *c, uint8_t *data, size_t room, cli_deadline deadline)
{
	long got = 0;

	while (got == 0 && cli_now_ms() < deadline)
		got = receive_some(c, data, room, deadline);
	return got > 0 ? got : -1;
}

bool
cli_receive(cli_connection *c, uint8_t *data, size_t len, cli_deadline deadline)
{
	while (len > 0) {
		long got = cli_receive_some(c, data, len, deadline);
		if (got < 0)
			return false;
		data += got;
		len -= (size_t)got;
	}
	return true;
}

void
cli_disconnect(cli_connection *c)
{
	if (c->transport)
		c->transport->close(c);
	if (c->tls)
		gnutls_deinit(c->tls);
	if (c->credentials)
		gnutls_certificate_free_credentials(c->credentials);
	if (c->fd >= 0)
		(void)close(c->fd);
	const danepriv_server *server = c->server;
	*c = (cli_connection)CLI_NO_CONNECTION;
	c->server = server;
}
