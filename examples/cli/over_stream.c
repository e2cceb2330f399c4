/* SPDX-License-Identifier: BSD-2-Clause
 * How do messages travel over TCP, in clear (RFC 7766) and over TLS (RFC 7858)? */
#include "transport.h"

#include "../dns/octets.h"

#include <string.h>

/* RFC 7858 asks for no ALPN, and a server may know none. */
static const cli_tls_use use = { 0 };

/* The length goes in front, and both at once (RFC 7766 section 8). */
static bool
send_framed(cli_connection *c, const uint8_t *message, size_t len, cli_deadline deadline)
{
	uint8_t frame[2 + DNS_QUERY_MAX];

	if (len > DNS_QUERY_MAX)
		return false;
	dns_put_u16(frame, len);
	memcpy(frame + 2, message, len);
	return cli_send(c, frame, 2 + len, deadline);
}

static long
receive_framed(cli_connection *c, uint8_t *message, size_t room, cli_deadline deadline)
{
	uint8_t length[2];

	if (!cli_receive(c, length, sizeof length, deadline))
		return -1;
	size_t len = dns_get_u16(length);
	if (len > room || !cli_receive(c, message, len, deadline))
		return -1;
	return (long)len;
}

static void
say_goodbye(cli_connection *c)
{
	if (c->tls && c->handshake == GNUTLS_E_SUCCESS)
		(void)gnutls_bye(c->tls, GNUTLS_SHUT_WR);
}

static bool
no_handshake(cli_connection *c, danepriv_session *session, cli_deadline deadline)
{
	(void)c;
	(void)session;
	(void)deadline;
	return false;
}

const cli_transport cli_transport_clear = {
	.socket_type = SOCK_STREAM,
	.is_in_clear = true,
	.handshake = no_handshake,
	.send = send_framed,
	.receive = receive_framed,
	.close = say_goodbye,
};

const cli_transport cli_transport_dot = {
	.socket_type = SOCK_STREAM,
	.tls = &use,
	.handshake = cli_tls_handshake,
	.send = send_framed,
	.receive = receive_framed,
	.close = say_goodbye,
};
