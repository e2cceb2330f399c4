/* SPDX-License-Identifier: BSD-2-Clause
 * How do messages travel over DTLS?  (RFC 8094)  One in a record, no length in front. */
#include "transport.h"

#include <gnutls/dtls.h>
#include <stdlib.h>
#include <string.h>

/* RFC 6347 section 4.2.4.1, and for questions as usual over UDP (RFC 1035 section 4.2.1). */
#define RESEND_MS 1000
/* Of a datagram's content: what fits into IPv6's least MTU of 1280 with its headers and UDP's. */
#define MTU 1232

static const cli_tls_use use = { .init_flags = GNUTLS_DATAGRAM };

/* What was asked, to be asked again: datagrams get lost. */
typedef struct asked {
	uint8_t message[DNS_QUERY_MAX];
	size_t len;
} asked;

static bool
shake(cli_connection *c, danepriv_session *session, cli_deadline deadline)
{
	int64_t left = deadline - cli_now_ms();

	if (left < 1 || !cli_tls_begin(c, session, &use))
		return false;
	gnutls_dtls_set_timeouts(c->tls, RESEND_MS, (unsigned)left);
	gnutls_dtls_set_mtu(c->tls, MTU);
	cli_tls_shake(c, &use, deadline);
	return true;
}

static bool
send_datagram(cli_connection *c, const uint8_t *message, size_t len, cli_deadline deadline)
{
	asked *question = c->own ? c->own : malloc(sizeof *question);

	if (!question || len > sizeof question->message)
		return false;
	c->own = question;
	memmove(question->message, message, len);
	question->len = len;
	return cli_send(c, message, len, deadline);
}

static long
receive_datagram(cli_connection *c, uint8_t *message, size_t room, cli_deadline deadline)
{
	const asked *question = c->own;

	for (;;) {
		cli_deadline again = cli_deadline_in(RESEND_MS);
		long got = cli_receive_some(c, message, room, again < deadline ? again : deadline);
		if (got > 0)
			return got;
		if (cli_now_ms() < again || again >= deadline ||
		    !cli_send(c, question->message, question->len, deadline))
			return -1;
	}
}

static void
say_goodbye(cli_connection *c)
{
	if (c->tls && c->handshake == GNUTLS_E_SUCCESS)
		(void)gnutls_bye(c->tls, GNUTLS_SHUT_WR);
	free(c->own);
}

const cli_transport cli_transport_dtls = {
	.socket_type = SOCK_DGRAM,
	.handshake = shake,
	.send = send_datagram,
	.receive = receive_datagram,
	.close = say_goodbye,
};
