/* SPDX-License-Identifier: BSD-2-Clause
 * How does a connection begin, and end?  Over TLS it is guarded (gnutls.h) from its beginning, so
 * that it can be judged at any later time. */
#include "connection.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static int
begin_to_connect(const host *to, uint16_t port, bool is_udp)
{
	struct sockaddr_in four = { .sin_family = AF_INET, .sin_port = htons(port) };
	struct sockaddr_in6 six = { .sin6_family = AF_INET6, .sin6_port = htons(port) };
	bool is_four = to->len == sizeof four.sin_addr;
	const struct sockaddr *at = is_four ? (void *)&four : (void *)&six;
	socklen_t len = is_four ? sizeof four : sizeof six;
	int fd = socket(at->sa_family, is_udp ? SOCK_DGRAM : SOCK_STREAM, 0), one = 1;

	memcpy(is_four ? (void *)&four.sin_addr : (void *)&six.sin6_addr, to->octets, to->len);
	if (fd >= 0 && fcntl(fd, F_SETFL, O_NONBLOCK) == 0 &&
	    (is_udp || setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one) == 0) &&
	    (connect(fd, at, len) == 0 || errno == EINPROGRESS))
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

/* Not sent yet: the server's name, which everybody can read in the ClientHello. */
static bool
prepare_tls(connection *c, gnutls_certificate_credentials_t credentials)
{
	danepriv_gnutls_settings settings = { .size = sizeof settings,
		.chain = DANEPRIV_GNUTLS_CHAIN_TRY,
		.init_flags = GNUTLS_CLIENT | GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL |
			      DANEPRIV_GNUTLS_RAW_KEY_FLAGS };

	if (gnutls_init(&c->tls, settings.init_flags) < 0) {
		c->tls = NULL;
		return false;
	}
	gnutls_transport_set_int(c->tls, c->fd);
	return gnutls_credentials_set(c->tls, GNUTLS_CRD_CERTIFICATE, credentials) == 0 &&
	       danepriv_gnutls_guard(c->tls, c->session, &settings, time(NULL), NULL) ==
		   DANEPRIV_OK;
}

void
connection_open(
    connection *c, const host *to, uint16_t port, gnutls_certificate_credentials_t credentials)
{
	c->host = *to;
	c->handshake = GNUTLS_E_AGAIN;
	c->fd = begin_to_connect(to, port, c->is_udp);
	c->state = CONNECTION_CONNECTING;
	if (c->fd < 0 || (c->channel == DANEPRIV_CHANNEL_ENCRYPTED && !prepare_tls(c, credentials)))
		c->state = CONNECTION_FAILED;
}

void
connection_open_again(connection *c, uint16_t port, gnutls_certificate_credentials_t credentials)
{
	host to = c->host;

	gnutls_deinit(c->tls);
	close(c->fd);
	c->tls = NULL;
	c->is_connected = c->is_udp = false;
	connection_open(c, &to, port, credentials);
}

bool
connection_was_closed(const connection *c)
{
	return c->state == CONNECTION_FAILED && c->has_answered;
}

void
connection_close(connection *c)
{
	if (c->tls && c->handshake == 0)
		(void)gnutls_bye(c->tls, GNUTLS_SHUT_WR);
	if (c->tls)
		gnutls_deinit(c->tls);
	danepriv_session_free(c->session); /* after the handle that it guards */
	if (c->fd >= 0)
		close(c->fd);
	*c = (connection){ .fd = -1 };
}
