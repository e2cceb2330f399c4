/* SPDX-License-Identifier: BSD-2-Clause
 * How do messages travel over HTTPS?  (RFC 8484)  A POST over HTTP/2, once TLS is up. */
#include "transport.h"

#include <nghttp2/nghttp2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define PATH "/dns-query"
#define MEDIA_TYPE "application/dns-message"
#define HTTPS_PORT 443

/* RFC 9113 section 3.2: what was not agreed on by ALPN is not HTTP/2. */
static const cli_tls_use use = { .alpn = "h2" };

/* One question and its answer. */
typedef struct exchange {
	nghttp2_session *http;
	uint8_t question[CLI_QUESTION_MESSAGE_MAX];
	size_t question_len, question_sent;
	uint8_t *answer; /* the caller's, during receive */
	size_t answer_len, answer_room;
	int32_t stream;
	bool is_good, is_message; /* status 200, and of the right type */
	bool is_over, is_whole;
} exchange;

static bool
shake(cli_connection *c, danepriv_session *session, cli_deadline deadline)
{
	if (!cli_tls_begin(c, session, &use))
		return false;
	cli_tls_shake(c, deadline);
	cli_tls_settle(c, &use);
	if (c->handshake != GNUTLS_E_SUCCESS)
		(void)gnutls_alert_send_appropriate(c->tls, c->handshake);
	return true;
}

static bool
is_text(const uint8_t *value, size_t len, const char *text)
{
	return len == strlen(text) && strncasecmp((const char *)value, text, len) == 0;
}

static int
on_header(nghttp2_session *http, const nghttp2_frame *frame, const uint8_t *name, size_t name_len,
    const uint8_t *value, size_t value_len, uint8_t flags, void *user)
{
	exchange *x = user;

	(void)http;
	(void)flags;
	if (frame->hd.stream_id != x->stream)
		return 0;
	if (is_text(name, name_len, ":status"))
		x->is_good = is_text(value, value_len, "200");
	if (is_text(name, name_len, "content-type"))
		x->is_message = is_text(value, value_len, MEDIA_TYPE);
	return 0;
}

static int
on_data(nghttp2_session *http, uint8_t flags, int32_t stream, const uint8_t *data, size_t len,
    void *user)
{
	exchange *x = user;

	(void)http;
	(void)flags;
	if (stream != x->stream)
		return 0;
	if (!x->answer || len > x->answer_room - x->answer_len)
		return NGHTTP2_ERR_CALLBACK_FAILURE;
	memcpy(x->answer + x->answer_len, data, len);
	x->answer_len += len;
	return 0;
}

static int
on_close(nghttp2_session *http, int32_t stream, uint32_t error, void *user)
{
	exchange *x = user;

	(void)http;
	if (stream == x->stream) {
		x->is_over = true;
		x->is_whole = error == NGHTTP2_NO_ERROR && x->is_good && x->is_message;
	}
	return 0;
}

static ssize_t
read_question(nghttp2_session *http, int32_t stream, uint8_t *out, size_t room, uint32_t *flags,
    nghttp2_data_source *source, void *user)
{
	exchange *x = user;
	size_t len = x->question_len - x->question_sent;

	(void)http;
	(void)stream;
	(void)source;
	if (len > room)
		len = room;
	memcpy(out, x->question + x->question_sent, len);
	x->question_sent += len;
	if (x->question_sent == x->question_len)
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
	nghttp2_session_callbacks_set_on_header_callback(callbacks, on_header);
	nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, on_data);
	nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, on_close);
	bool opened = nghttp2_session_client_new(&x->http, callbacks, x) == 0 &&
		      nghttp2_submit_settings(x->http, NGHTTP2_FLAG_NONE, settings, 1) == 0;
	nghttp2_session_callbacks_del(callbacks);
	return opened;
}

/* All that HTTP/2 has to say now. */
static bool
flush(cli_connection *c, exchange *x, cli_deadline deadline)
{
	for (;;) {
		const uint8_t *data;
		ssize_t len = nghttp2_session_mem_send(x->http, &data);
		if (len <= 0)
			return len == 0;
		if (!cli_send(c, data, (size_t)len, deadline))
			return false;
	}
}

static nghttp2_nv
field(const char *name, const char *value)
{
	/* Both are copied before nghttp2_submit_request returns. */
	nghttp2_nv nv = { (uint8_t *)(uintptr_t)name, (uint8_t *)(uintptr_t)value, strlen(name),
		strlen(value), NGHTTP2_NV_FLAG_NONE };

	return nv;
}

/* RFC 8484 section 4.1. */
static bool
request(exchange *x, const danepriv_server *server)
{
	char authority[1024], length[16];
	const nghttp2_data_provider body = { .read_callback = read_question };
	uint16_t port = danepriv_server_port(server);
	size_t len = strlen(server->name);

	if (len > 0 && server->name[len - 1] == '.')
		len--;
	(void)snprintf(authority, sizeof authority, port == HTTPS_PORT ? "%.*s" : "%.*s:%u",
	    (int)len, server->name, port);
	(void)snprintf(length, sizeof length, "%zu", x->question_len);
	const nghttp2_nv fields[] = {
		field(":method", "POST"),
		field(":scheme", "https"),
		field(":authority", authority),
		field(":path", PATH),
		field("accept", MEDIA_TYPE),
		field("content-type", MEDIA_TYPE),
		field("content-length", length),
	};
	x->stream = nghttp2_submit_request(
	    x->http, NULL, fields, sizeof fields / sizeof *fields, &body, NULL);
	return x->stream > 0;
}

static bool
send_request(cli_connection *c, const uint8_t *message, size_t len, cli_deadline deadline)
{
	exchange *x = calloc(1, sizeof *x);

	if (!x || c->own || len > sizeof x->question) {
		free(x);
		return false;
	}
	c->own = x;
	memcpy(x->question, message, len);
	x->question_len = len;
	return open_session(x) && request(x, c->server) && flush(c, x, deadline);
}

static long
receive_response(cli_connection *c, uint8_t *message, size_t room, cli_deadline deadline)
{
	exchange *x = c->own;
	uint8_t octets[4096];

	x->answer = message;
	x->answer_room = room;
	while (!x->is_over) {
		long got = cli_receive_some(c, octets, sizeof octets, deadline);
		if (got < 0 || nghttp2_session_mem_recv(x->http, octets, (size_t)got) != got ||
		    !flush(c, x, deadline))
			break;
	}
	bool is_whole = x->is_whole;
	x->answer = NULL;
	x->is_whole = false; /* one request, one response */
	return is_whole ? (long)x->answer_len : -1;
}

static void
say_goodbye(cli_connection *c)
{
	exchange *x = c->own;

	if (x && x->http) {
		(void)nghttp2_session_terminate_session(x->http, NGHTTP2_NO_ERROR);
		(void)flush(c, x, cli_now_ms());
		nghttp2_session_del(x->http);
	}
	free(x);
	if (c->tls && c->handshake == GNUTLS_E_SUCCESS)
		(void)gnutls_bye(c->tls, GNUTLS_SHUT_WR);
}

const cli_transport cli_transport_doh = {
	.socket_type = SOCK_STREAM,
	.id_is_zero = true,
	.handshake = shake,
	.send = send_request,
	.receive = receive_response,
	.close = say_goodbye,
};
