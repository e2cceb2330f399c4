/* SPDX-License-Identifier: BSD-2-Clause
 * How do messages travel over HTTPS?  (RFC 8484)  A POST over HTTP/2, once TLS is up. */
#include "http.h"

#include <nghttp2/nghttp2.h>
#include <stdlib.h>
#include <string.h>

/* RFC 9113 section 3.2: what was not agreed on by ALPN is not HTTP/2. */
static const cli_tls_use use = { .alpn = "h2" };

typedef struct exchange {
	cli_http http;
	nghttp2_session *session;
	int32_t stream;
	size_t question_sent;
} exchange;

static int
on_field(nghttp2_session *session, const nghttp2_frame *frame, const uint8_t *name, size_t name_len,
    const uint8_t *value, size_t value_len, uint8_t flags, void *user)
{
	exchange *x = user;

	(void)session;
	(void)flags;
	if (frame->hd.stream_id == x->stream)
		cli_http_take_field(&x->http, name, name_len, value, value_len);
	return 0;
}

static int
on_content(nghttp2_session *session, uint8_t flags, int32_t stream, const uint8_t *data, size_t len,
    void *user)
{
	exchange *x = user;

	(void)session;
	(void)flags;
	if (stream == x->stream && !cli_http_take_content(&x->http, data, len))
		return NGHTTP2_ERR_CALLBACK_FAILURE;
	return 0;
}

static int
on_close(nghttp2_session *session, int32_t stream, uint32_t error, void *user)
{
	exchange *x = user;

	(void)session;
	if (stream == x->stream)
		cli_http_end(&x->http, error == NGHTTP2_NO_ERROR);
	return 0;
}

static ssize_t
read_question(nghttp2_session *session, int32_t stream, uint8_t *out, size_t room, uint32_t *flags,
    nghttp2_data_source *source, void *user)
{
	exchange *x = user;
	size_t len = x->http.question_len - x->question_sent;

	(void)session;
	(void)stream;
	(void)source;
	if (len > room)
		len = room;
	memcpy(out, x->http.question + x->question_sent, len);
	x->question_sent += len;
	if (x->question_sent == x->http.question_len)
		*flags |= NGHTTP2_DATA_FLAG_EOF;
	return (ssize_t)len;
}

static bool
open_session(exchange *x)
{
	nghttp2_session_callbacks *callbacks = NULL;
	const nghttp2_settings_entry settings[] = { { NGHTTP2_SETTINGS_ENABLE_PUSH, 0 } };

	if (nghttp2_session_callbacks_new(&callbacks) != 0)
		return false;
	nghttp2_session_callbacks_set_on_header_callback(callbacks, on_field);
	nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, on_content);
	nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, on_close);
	bool opened = nghttp2_session_client_new(&x->session, callbacks, x) == 0 &&
		      nghttp2_submit_settings(x->session, NGHTTP2_FLAG_NONE, settings, 1) == 0;
	nghttp2_session_callbacks_del(callbacks);
	return opened;
}

/* All that HTTP/2 has to say now. */
static bool
flush(cli_connection *c, exchange *x, cli_deadline deadline)
{
	for (;;) {
		const uint8_t *data;
		ssize_t len = nghttp2_session_mem_send(x->session, &data);
		if (len <= 0)
			return len == 0;
		if (!cli_send(c, data, (size_t)len, deadline))
			return false;
	}
}

/* nghttp2 copies names and values. */
static bool
submit(exchange *x, const cli_http_request *request)
{
	const nghttp2_data_provider body = { .read_callback = read_question };
	nghttp2_nv fields[CLI_HTTP_FIELDS];

	for (size_t i = 0; i < CLI_HTTP_FIELDS; i++) {
		const char *name = request->fields[i].name, *value = request->fields[i].value;
		fields[i] = (nghttp2_nv){ (uint8_t *)(uintptr_t)name, (uint8_t *)(uintptr_t)value,
			strlen(name), strlen(value), NGHTTP2_NV_FLAG_NONE };
	}
	x->stream = nghttp2_submit_request(x->session, NULL, fields, CLI_HTTP_FIELDS, &body, NULL);
	return x->stream > 0;
}

static bool
send_request(cli_connection *c, const uint8_t *message, size_t len, cli_deadline deadline)
{
	cli_http_request request;

	if (c->own)
		return false;
	exchange *x = c->own = calloc(1, sizeof *x);
	return x && cli_http_ask(&x->http, c->server, message, len, &request) && open_session(x) &&
	       submit(x, &request) && flush(c, x, deadline);
}

static long
receive_response(cli_connection *c, uint8_t *message, size_t room, cli_deadline deadline)
{
	exchange *x = c->own;
	uint8_t octets[4096];

	cli_http_await(&x->http, message, room);
	while (!x->http.is_over) {
		long got = cli_receive_some(c, octets, sizeof octets, deadline);
		if (got < 0 || nghttp2_session_mem_recv(x->session, octets, (size_t)got) != got ||
		    !flush(c, x, deadline))
			break;
	}
	return cli_http_answer(&x->http);
}

static void
say_goodbye(cli_connection *c)
{
	exchange *x = c->own;

	if (x && x->session) {
		(void)nghttp2_session_terminate_session(x->session, NGHTTP2_NO_ERROR);
		(void)flush(c, x, cli_now_ms());
		nghttp2_session_del(x->session);
	}
	free(x);
	if (c->tls && c->handshake == GNUTLS_E_SUCCESS)
		(void)gnutls_bye(c->tls, GNUTLS_SHUT_WR);
}

const cli_transport cli_transport_doh = {
	.socket_type = SOCK_STREAM,
	.id_is_zero = true,
	.tls = &use,
	.handshake = cli_tls_handshake,
	.send = send_request,
	.receive = receive_response,
	.close = say_goodbye,
};
