/* SPDX-License-Identifier: BSD-2-Clause
 * How does one get to a server, and over TLS, in time? */
#include "connect.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <time.h>
#include <unistd.h>

static int64_t
monotonic_ms(void)
{
	struct timespec t = { 0, 0 };

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

cli_deadline
cli_deadline_in(uint32_t ms)
{
	return monotonic_ms() + ms;
}

bool
cli_wait(int fd, short events, cli_deadline deadline)
{
	struct pollfd p = { .fd = fd, .events = events };

	for (;;) {
		int64_t left = deadline - monotonic_ms();
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
cli_connect(cli_connection *c, const cli_address *address, cli_deadline deadline)
{
	int error = 0;
	socklen_t len = sizeof error;

	c->fd = socket(address->socket.ss_family, SOCK_STREAM, 0);
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

/* Waits for what GnuTLS waits for. */
static bool
wait_tls(cli_connection *c, cli_deadline deadline)
{
	return cli_wait(c->fd, gnutls_record_get_direction(c->tls) ? POLLOUT : POLLIN, deadline);
}

static int
handshake(cli_connection *c, cli_deadline deadline)
{
	for (;;) {
		int result = gnutls_handshake(c->tls);
		if (result == GNUTLS_E_SUCCESS || gnutls_error_is_fatal(result))
			return result;
		if ((result == GNUTLS_E_AGAIN || result == GNUTLS_E_INTERRUPTED) &&
		    !wait_tls(c, deadline))
			return GNUTLS_E_TIMEDOUT;
	}
}

bool
cli_connect_tls(cli_connection *c, danepriv_session *session, cli_deadline deadline)
{
	danepriv_gnutls_settings settings = {
		.size = sizeof settings,
		.init_flags = GNUTLS_CLIENT | GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL |
			      DANEPRIV_GNUTLS_RAW_KEY_FLAGS,
	};

	/* Nobody's CA: the owner of the name says which key is right. */
	if (gnutls_certificate_allocate_credentials(&c->credentials) < 0 ||
	    gnutls_init(&c->tls, settings.init_flags) < 0 ||
	    gnutls_credentials_set(c->tls, GNUTLS_CRD_CERTIFICATE, c->credentials) < 0 ||
	    danepriv_gnutls_guard(
		c->tls, session, &settings, (danepriv_time)time(NULL), &c->raw_keys) != DANEPRIV_OK)
		return false;
	gnutls_transport_set_int(c->tls, c->fd);
	c->handshake = handshake(c, deadline);
	if (c->handshake != GNUTLS_E_SUCCESS)
		(void)gnutls_alert_send_appropriate(c->tls, c->handshake);
	return true;
}

/* One step of sending or receiving: octets done, 0 to try again, -1. */
static long
send_some(cli_connection *c, const uint8_t *data, size_t len, cli_deadline deadline)
{
	if (!c->tls) {
		ssize_t sent = send(c->fd, data, len, MSG_NOSIGNAL);
		if (sent > 0)
			return sent;
		if (sent < 0 && (errno == EAGAIN || errno == EINTR))
			return cli_wait(c->fd, POLLOUT, deadline) ? 0 : -1;
		return -1;
	}
	ssize_t sent = gnutls_record_send(c->tls, data, len);
	if (sent > 0)
		return sent;
	if (sent == GNUTLS_E_AGAIN || sent == GNUTLS_E_INTERRUPTED)
		return wait_tls(c, deadline) ? 0 : -1;
	return -1;
}

static long
receive_some(cli_connection *c, uint8_t *data, size_t len, cli_deadline deadline)
{
	if (!c->tls) {
		ssize_t got = recv(c->fd, data, len, 0);
		if (got > 0)
			return got;
		if (got < 0 && (errno == EAGAIN || errno == EINTR))
			return cli_wait(c->fd, POLLIN, deadline) ? 0 : -1;
		return -1;
	}
	ssize_t got = gnutls_record_recv(c->tls, data, len);
	if (got > 0)
		return got;
	if (got == GNUTLS_E_AGAIN || got == GNUTLS_E_INTERRUPTED)
		return wait_tls(c, deadline) ? 0 : -1;
	return -1;
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

bool
cli_receive(cli_connection *c, uint8_t *data, size_t len, cli_deadline deadline)
{
	while (len > 0) {
		long done = receive_some(c, data, len, deadline);
		if (done < 0)
			return false;
		data += done;
		len -= (size_t)done;
	}
	return true;
}

void
cli_disconnect(cli_connection *c)
{
	if (c->tls && c->handshake == GNUTLS_E_SUCCESS)
		(void)gnutls_bye(c->tls, GNUTLS_SHUT_WR);
	if (c->tls)
		gnutls_deinit(c->tls);
	if (c->credentials)
		gnutls_certificate_free_credentials(c->credentials);
	if (c->fd >= 0)
		(void)close(c->fd);
	*c = (cli_connection)CLI_NO_CONNECTION;
}
