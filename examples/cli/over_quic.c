/* SPDX-License-Identifier: BSD-2-Clause
 * How do messages travel over QUIC?  (RFC 9250)  One question on a stream of its own. */
#include "quic.h"

#include "../dns/octets.h"

#include <stdlib.h>
#include <string.h>

/* RFC 9250 section 4.3. */
#define DOQ_NO_ERROR 0

typedef struct exchange {
	cli_quic quic;
	int64_t stream; /* -1: none yet */
	uint8_t question[2 + DNS_QUERY_MAX];
	size_t question_len, question_sent;
	bool is_asked; /* all of it was written, and its end */
	uint8_t answer[2 + DNS_MESSAGE_MAX];
	size_t answer_len;
	bool is_ended; /* the answer's stream */
} exchange;

/* They all get the struct that begins with `q`. */
static bool
next(cli_quic *q, cli_quic_piece *out)
{
	exchange *x = (exchange *)q;

	if (x->stream < 0 || x->is_asked)
		return true;
	out->stream = x->stream;
	out->octets[0].base = x->question + x->question_sent;
	out->octets[0].len = x->question_len - x->question_sent;
	out->count = 1;
	out->is_last = true;
	return true;
}

static bool
wrote(cli_quic *q, const cli_quic_piece *piece, size_t octets)
{
	exchange *x = (exchange *)q;

	(void)piece;
	x->question_sent += octets;
	x->is_asked = x->question_sent == x->question_len;
	return true;
}

static bool
take(cli_quic *q, int64_t stream, const uint8_t *data, size_t len, bool is_last)
{
	exchange *x = (exchange *)q;

	if (stream != x->stream || len > sizeof x->answer - x->answer_len)
		return false;
	if (len > 0)
		memcpy(x->answer + x->answer_len, data, len);
	x->answer_len += len;
	x->is_ended = is_last;
	return true;
}

static bool
closed(cli_quic *q, int64_t stream, uint64_t error)
{
	exchange *x = (exchange *)q;

	(void)error;
	if (stream == x->stream)
		x->is_ended = true;
	return true;
}

static bool
is_answered(const cli_quic *q)
{
	return ((const exchange *)q)->is_ended;
}

static const cli_quic_use use = {
	.alpn = "doq",
	.close_reason = DOQ_NO_ERROR,
	.next = next,
	.wrote = wrote,
	.read = take,
	.closed = closed,
};

static bool
shake(cli_connection *c, danepriv_session *session, cli_deadline deadline)
{
	exchange *x = c->own = calloc(1, sizeof *x);

	if (!x)
		return false;
	x->stream = -1;
	return cli_quic_shake(&x->quic, &use, c, session, deadline);
}

static bool
send_question(cli_connection *c, const uint8_t *message, size_t len, cli_deadline deadline)
{
	exchange *x = c->own;

	if (len > DNS_QUERY_MAX || x->stream >= 0 || cli_now_ms() >= deadline ||
	    ngtcp2_conn_open_bidi_stream(x->quic.conn, &x->stream, NULL) != 0)
		return false;
	dns_put_u16(x->question, len);
	memcpy(x->question + 2, message, len);
	x->question_len = 2 + len;
	return cli_quic_flush(&x->quic);
}

/* A stream has one answer, and its end behind it (RFC 9250 section 4.2). */
static long
receive_answer(cli_connection *c, uint8_t *message, size_t room, cli_deadline deadline)
{
	exchange *x = c->own;

	if (!cli_quic_drive(&x->quic, is_answered, deadline) || x->answer_len < 2)
		return -1;
	size_t len = dns_get_u16(x->answer);
	if (len != x->answer_len - 2 || len > room)
		return -1;
	memcpy(message, x->answer + 2, len);
	x->answer_len = 0; /* there is no second one */
	return (long)len;
}

static void
say_goodbye(cli_connection *c)
{
	exchange *x = c->own;

	if (x)
		cli_quic_close(&x->quic);
	free(x);
}

const cli_transport cli_transport_doq = {
	.socket_type = SOCK_DGRAM,
	.id_is_zero = true,
	.handshake = shake,
	.send = send_question,
	.receive = receive_answer,
	.close = say_goodbye,
};
