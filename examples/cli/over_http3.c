/* SPDX-License-Identifier: BSD-2-Clause
 * How do messages travel over HTTP/3?  (RFC 8484 over RFC 9114) */
#include "http.h"
#include "quic.h"

#include <nghttp3/nghttp3.h>
#include <stdlib.h>
#include <string.h>

/* The server's control stream, and QPACK's two (RFC 9114 section 6.2). */
#define SERVER_STREAMS 3

typedef struct exchange {
	cli_quic quic;
	cli_http http;
	nghttp3_conn *session;
	int64_t stream; /* -1: none yet */
	bool is_open;	/* HTTP/3 has streams of its own to write on */
} exchange;

static int
on_field(nghttp3_conn *session, int64_t stream, int32_t token, nghttp3_rcbuf *name,
    nghttp3_rcbuf *value, uint8_t flags, void *user, void *stream_user)
{
	exchange *x = user;
	nghttp3_vec left = nghttp3_rcbuf_get_buf(name), right = nghttp3_rcbuf_get_buf(value);

	(void)session;
	(void)token;
	(void)flags;
	(void)stream_user;
	if (stream == x->stream)
		cli_http_take_field(&x->http, left.base, left.len, right.base, right.len);
	return 0;
}

static int
on_content(nghttp3_conn *session, int64_t stream, const uint8_t *data, size_t len, void *user,
    void *stream_user)
{
	exchange *x = user;

	(void)session;
	(void)stream_user;
	if (stream == x->stream && !cli_http_take_content(&x->http, data, len))
		return NGHTTP3_ERR_CALLBACK_FAILURE;
	return 0;
}

static int
on_end(nghttp3_conn *session, int64_t stream, void *user, void *stream_user)
{
	exchange *x = user;

	(void)session;
	(void)stream_user;
	if (stream == x->stream)
		cli_http_end(&x->http, true);
	return 0;
}

static int
on_close(nghttp3_conn *session, int64_t stream, uint64_t error, void *user, void *stream_user)
{
	exchange *x = user;

	(void)session;
	(void)error;
	(void)stream_user;
	if (stream == x->stream && !x->http.is_over)
		cli_http_end(&x->http, false); /* there was no end before */
	return 0;
}

static nghttp3_ssize
read_question(nghttp3_conn *session, int64_t stream, nghttp3_vec *out, size_t room, uint32_t *flags,
    void *user, void *stream_user)
{
	exchange *x = user;

	(void)session;
	(void)stream;
	(void)stream_user;
	if (room == 0)
		return NGHTTP3_ERR_CALLBACK_FAILURE;
	out[0].base = x->http.question;
	out[0].len = x->http.question_len;
	*flags |= NGHTTP3_DATA_FLAG_EOF;
	return 1;
}

static bool
next(cli_quic *q, cli_quic_piece *out)
{
	exchange *x = (exchange *)q;
	nghttp3_vec octets[sizeof out->octets / sizeof *out->octets];
	int is_last = 0;

	if (!x->is_open)
		return true;
	nghttp3_ssize count = nghttp3_conn_writev_stream(
	    x->session, &out->stream, &is_last, octets, sizeof octets / sizeof *octets);
	if (count < 0)
		return false;
	for (nghttp3_ssize i = 0; i < count; i++)
		out->octets[i] = (ngtcp2_vec){ octets[i].base, octets[i].len };
	out->count = (size_t)count;
	out->is_last = is_last != 0;
	return true;
}

static bool
wrote(cli_quic *q, const cli_quic_piece *piece, size_t octets)
{
	exchange *x = (exchange *)q;

	return nghttp3_conn_add_write_offset(x->session, piece->stream, octets) == 0;
}

static bool
take(cli_quic *q, int64_t stream, const uint8_t *data, size_t len, bool is_last)
{
	exchange *x = (exchange *)q;

	return nghttp3_conn_read_stream(x->session, stream, data, len, is_last) >= 0;
}

static bool
closed(cli_quic *q, int64_t stream, uint64_t error)
{
	exchange *x = (exchange *)q;
	int result = nghttp3_conn_close_stream(x->session, stream, error);

	return result == 0 || result == NGHTTP3_ERR_STREAM_NOT_FOUND;
}

static bool
is_answered(const cli_quic *q)
{
	return ((const exchange *)q)->http.is_over;
}

static const cli_quic_use use = {
	.alpn = "h3",
	.streams = SERVER_STREAMS,
	.close_reason = NGHTTP3_H3_NO_ERROR,
	.next = next,
	.wrote = wrote,
	.read = take,
	.closed = closed,
};

static const nghttp3_callbacks callbacks = {
	.recv_header = on_field,
	.recv_data = on_content,
	.end_stream = on_end,
	.stream_close = on_close,
};

static bool
shake(cli_connection *c, danepriv_session *session, cli_deadline deadline)
{
	nghttp3_settings settings;
	exchange *x = c->own = calloc(1, sizeof *x);

	if (!x)
		return false;
	x->stream = -1;
	/* Before the handshake: the server's first words may come along with its last of that. */
	nghttp3_settings_default(&settings);
	if (nghttp3_conn_client_new(&x->session, &callbacks, &settings, NULL, x) != 0)
		return false;
	return cli_quic_shake(&x->quic, &use, c, session, deadline);
}

static bool
open_streams(exchange *x)
{
	int64_t control, encoder, decoder;

	if (ngtcp2_conn_open_uni_stream(x->quic.conn, &control, NULL) != 0 ||
	    ngtcp2_conn_open_uni_stream(x->quic.conn, &encoder, NULL) != 0 ||
	    ngtcp2_conn_open_uni_stream(x->quic.conn, &decoder, NULL) != 0 ||
	    nghttp3_conn_bind_control_stream(x->session, control) != 0 ||
	    nghttp3_conn_bind_qpack_streams(x->session, encoder, decoder) != 0)
		return false;
	x->is_open = true;
	return ngtcp2_conn_open_bidi_stream(x->quic.conn, &x->stream, NULL) == 0;
}

/* nghttp3 copies names and values. */
static bool
submit(exchange *x, const cli_http_request *request)
{
	const nghttp3_data_reader body = { .read_data = read_question };
	nghttp3_nv fields[CLI_HTTP_FIELDS];

	for (size_t i = 0; i < CLI_HTTP_FIELDS; i++) {
		const char *name = request->fields[i].name, *value = request->fields[i].value;
		fields[i] = (nghttp3_nv){ (uint8_t *)(uintptr_t)name, (uint8_t *)(uintptr_t)value,
			strlen(name), strlen(value), NGHTTP3_NV_FLAG_NONE };
	}
	return nghttp3_conn_submit_request(
		   x->session, x->stream, fields, CLI_HTTP_FIELDS, &body, NULL) == 0;
}

static bool
send_request(cli_connection *c, const uint8_t *message, size_t len, cli_deadline deadline)
{
	exchange *x = c->own;
	cli_http_request request;

	return x->stream < 0 && cli_now_ms() < deadline &&
	       cli_http_ask(&x->http, c->server, message, len, &request) && open_streams(x) &&
	       submit(x, &request) && cli_quic_flush(&x->quic);
}

static long
receive_response(cli_connection *c, uint8_t *message, size_t room, cli_deadline deadline)
{
	exchange *x = c->own;

	cli_http_await(&x->http, message, room);
	(void)cli_quic_drive(&x->quic, is_answered, deadline);
	return cli_http_answer(&x->http);
}

static void
say_goodbye(cli_connection *c)
{
	exchange *x = c->own;

	if (!x)
		return;
	cli_quic_close(&x->quic);
	nghttp3_conn_del(x->session);
	free(x);
}

const cli_transport cli_transport_doh3 = {
	.socket_type = SOCK_DGRAM,
	.id_is_zero = true,
	.handshake = shake,
	.send = send_request,
	.receive = receive_response,
	.close = say_goodbye,
};
