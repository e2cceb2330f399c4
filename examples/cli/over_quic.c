/* SPDX-License-Identifier: BSD-2-Clause
 * How do messages travel over QUIC?  (RFC 9250)  One question on a stream of its own, once the
 * handshake inside of QUIC (RFC 9001) was judged like any other. */
#include "transport.h"

#include <errno.h>
#include <gnutls/crypto.h>
#include <ngtcp2/ngtcp2.h>
#include <ngtcp2/ngtcp2_crypto.h>
#include <ngtcp2/ngtcp2_crypto_gnutls.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define ID_OCTETS 18
#define DATAGRAM_OCTETS 1452
#define IDLE_SECONDS 30
/* Room for the longest answer at once, so that no window has to be opened again. */
#define STREAM_OCTETS (2 + CLI_MESSAGE_MAX)
/* RFC 9250 section 4.3. */
#define DOQ_NO_ERROR 0

/* RFC 9001 sections 4.2, 5.3 and 8.4: TLS 1.3, the ciphers that QUIC has, no compatibility mode. */
static const cli_tls_use use = {
	.init_flags = GNUTLS_NO_END_OF_EARLY_DATA,
	.priority = "NORMAL:-VERS-ALL:+VERS-TLS1.3:-CIPHER-ALL:+AES-128-GCM:+AES-256-GCM:"
		    "+CHACHA20-POLY1305:+AES-128-CCM:%DISABLE_TLS13_COMPAT_MODE",
	.alpn = "doq",
};

typedef struct quic {
	cli_connection *c;
	ngtcp2_conn *conn;
	ngtcp2_crypto_conn_ref ref;
	ngtcp2_path_storage path;
	int64_t stream; /* -1: none yet */
	uint8_t question[2 + CLI_QUESTION_MESSAGE_MAX];
	size_t question_len, question_sent;
	bool is_asked; /* all of it was written, and its end */
	uint8_t answer[STREAM_OCTETS];
	size_t answer_len;
	bool is_ended;	/* the answer's stream */
	bool is_broken; /* the connection: nothing more is sent, but for why */
} quic;

static ngtcp2_tstamp
now_ns(void)
{
	struct timespec t = { 0, 0 };

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (ngtcp2_tstamp)t.tv_sec * NGTCP2_SECONDS + (ngtcp2_tstamp)t.tv_nsec;
}

static ngtcp2_conn *
conn_of(ngtcp2_crypto_conn_ref *ref)
{
	quic *q = ref->user_data;

	return q->conn;
}

static void
on_random(uint8_t *out, size_t len, const ngtcp2_rand_ctx *context)
{
	(void)context;
	if (gnutls_rnd(GNUTLS_RND_NONCE, out, len) < 0)
		memset(out, 0, len);
}

static int
on_new_id(ngtcp2_conn *conn, ngtcp2_cid *id, uint8_t *token, size_t len, void *user)
{
	(void)conn;
	(void)user;
	if (gnutls_rnd(GNUTLS_RND_RANDOM, id->data, len) < 0 ||
	    gnutls_rnd(GNUTLS_RND_RANDOM, token, NGTCP2_STATELESS_RESET_TOKENLEN) < 0)
		return NGTCP2_ERR_CALLBACK_FAILURE;
	id->datalen = len;
	return 0;
}

/* What ngtcp2_crypto_recv_crypto_data_cb does for a client, with GnuTLS' own word on why not. */
static int
on_crypto(ngtcp2_conn *conn, ngtcp2_crypto_level level, uint64_t offset, const uint8_t *data,
    size_t len, void *user)
{
	cli_connection *c = ((quic *)user)->c;
	bool was_complete = ngtcp2_conn_get_handshake_completed(conn);

	(void)offset;
	int result = gnutls_handshake_write(
	    c->tls, ngtcp2_crypto_gnutls_from_ngtcp2_level(level), data, len);
	if (result == GNUTLS_E_SUCCESS && !was_complete) {
		result = gnutls_handshake(c->tls);
		c->handshake = result;
		if (result == GNUTLS_E_SUCCESS)
			ngtcp2_conn_handshake_completed(conn);
	}
	if (result == GNUTLS_E_SUCCESS || !gnutls_error_is_fatal(result))
		return 0;
	c->handshake = result;
	(void)gnutls_alert_send_appropriate(c->tls, result);
	return NGTCP2_ERR_CRYPTO;
}

static int
on_stream(ngtcp2_conn *conn, uint32_t flags, int64_t stream, uint64_t offset, const uint8_t *data,
    size_t len, void *user, void *stream_user)
{
	quic *q = user;

	(void)conn;
	(void)offset;
	(void)stream_user;
	if (stream != q->stream || len > sizeof q->answer - q->answer_len)
		return NGTCP2_ERR_CALLBACK_FAILURE;
	if (len > 0)
		memcpy(q->answer + q->answer_len, data, len);
	q->answer_len += len;
	q->is_ended = (flags & NGTCP2_STREAM_DATA_FLAG_FIN) != 0;
	return 0;
}

static int
on_stream_close(ngtcp2_conn *conn, uint32_t flags, int64_t stream, uint64_t error, void *user,
    void *stream_user)
{
	quic *q = user;

	(void)conn;
	(void)flags;
	(void)error;
	(void)stream_user;
	if (stream == q->stream)
		q->is_ended = true;
	return 0;
}

static const ngtcp2_callbacks callbacks = {
	.client_initial = ngtcp2_crypto_client_initial_cb,
	.recv_crypto_data = on_crypto,
	.encrypt = ngtcp2_crypto_encrypt_cb,
	.decrypt = ngtcp2_crypto_decrypt_cb,
	.hp_mask = ngtcp2_crypto_hp_mask_cb,
	.recv_stream_data = on_stream,
	.stream_close = on_stream_close,
	.recv_retry = ngtcp2_crypto_recv_retry_cb,
	.rand = on_random,
	.get_new_connection_id = on_new_id,
	.update_key = ngtcp2_crypto_update_key_cb,
	.delete_crypto_aead_ctx = ngtcp2_crypto_delete_crypto_aead_ctx_cb,
	.delete_crypto_cipher_ctx = ngtcp2_crypto_delete_crypto_cipher_ctx_cb,
	.get_path_challenge_data = ngtcp2_crypto_get_path_challenge_data_cb,
	.version_negotiation = ngtcp2_crypto_version_negotiation_cb,
};

static bool
find_path(quic *q)
{
	struct sockaddr_storage here, there;
	socklen_t here_len = sizeof here, there_len = sizeof there;

	if (getsockname(q->c->fd, (struct sockaddr *)&here, &here_len) < 0 ||
	    getpeername(q->c->fd, (struct sockaddr *)&there, &there_len) < 0)
		return false;
	ngtcp2_path_storage_init(&q->path, (struct sockaddr *)&here, here_len,
	    (struct sockaddr *)&there, there_len, NULL);
	return true;
}

static bool
random_id(ngtcp2_cid *id)
{
	uint8_t octets[ID_OCTETS];

	if (gnutls_rnd(GNUTLS_RND_RANDOM, octets, sizeof octets) < 0)
		return false;
	ngtcp2_cid_init(id, octets, sizeof octets);
	return true;
}

static bool
open_conn(quic *q)
{
	ngtcp2_settings settings;
	ngtcp2_transport_params params;
	ngtcp2_cid theirs, ours;

	if (!find_path(q) || !random_id(&theirs) || !random_id(&ours))
		return false;
	ngtcp2_settings_default(&settings);
	settings.initial_ts = now_ns();
	settings.handshake_timeout = UINT64_MAX; /* our deadline rules */
	settings.no_pmtud = 1;
	ngtcp2_transport_params_default(&params);
	params.initial_max_data = STREAM_OCTETS;
	params.initial_max_stream_data_bidi_local = STREAM_OCTETS;
	params.max_idle_timeout = IDLE_SECONDS * NGTCP2_SECONDS;
	if (ngtcp2_conn_client_new(&q->conn, &theirs, &ours, &q->path.path, NGTCP2_PROTO_VER_V1,
		&callbacks, &settings, &params, NULL, q) != 0)
		return false;
	ngtcp2_conn_set_tls_native_handle(q->conn, q->c->tls);
	return true;
}

/* The next datagram, with as much of the question as there is room for.  Its length, 0: none. */
static ngtcp2_ssize
write_datagram(quic *q, uint8_t *out, size_t room)
{
	ngtcp2_pkt_info info;
	ngtcp2_ssize taken = -1;
	bool asking = q->stream >= 0 && !q->is_asked;
	ngtcp2_vec rest = { q->question + q->question_sent, q->question_len - q->question_sent };

	ngtcp2_ssize len = ngtcp2_conn_writev_stream(q->conn, NULL, &info, out, room, &taken,
	    asking ? NGTCP2_WRITE_STREAM_FLAG_FIN : NGTCP2_WRITE_STREAM_FLAG_NONE,
	    asking ? q->stream : -1, asking ? &rest : NULL, asking ? 1 : 0, now_ns());
	if (taken >= 0)
		q->question_sent += (size_t)taken;
	if (asking && taken >= 0 && q->question_sent == q->question_len)
		q->is_asked = true;
	return len;
}

/* All that QUIC has to say now.  What the socket does not take is lost, as datagrams may be. */
static bool
flush(quic *q)
{
	uint8_t datagram[DATAGRAM_OCTETS];
	ngtcp2_ssize len = 0;

	while (!q->is_broken) {
		len = write_datagram(q, datagram, sizeof datagram);
		if (len <= 0)
			break;
		if (send(q->c->fd, datagram, (size_t)len, MSG_NOSIGNAL) < 0 &&
		    errno == ECONNREFUSED)
			q->is_broken = true;
	}
	ngtcp2_conn_update_pkt_tx_time(q->conn, now_ns());
	if (len < 0)
		q->is_broken = true;
	return !q->is_broken;
}

/* Reads what has come, or does what its time has come for. */
static void
step(quic *q, cli_deadline deadline)
{
	uint8_t datagram[65536];
	ngtcp2_tstamp expiry = ngtcp2_conn_get_expiry(q->conn), now = now_ns();
	ngtcp2_tstamp wait = expiry <= now ? 0 : (expiry - now) / NGTCP2_MILLISECONDS + 1;
	cli_deadline again = cli_deadline_in(wait < UINT32_MAX ? (uint32_t)wait : UINT32_MAX);

	if (!cli_wait(q->c->fd, POLLIN, again < deadline ? again : deadline)) {
		q->is_broken = ngtcp2_conn_handle_expiry(q->conn, now_ns()) != 0;
		return;
	}
	ssize_t got = recv(q->c->fd, datagram, sizeof datagram, 0);
	if (got < 0) {
		q->is_broken = errno != EAGAIN && errno != EINTR;
		return;
	}
	ngtcp2_pkt_info info = { 0 };
	q->is_broken = ngtcp2_conn_read_pkt(
			   q->conn, &q->path.path, &info, datagram, (size_t)got, now_ns()) != 0;
}

static bool
is_shaken(const quic *q)
{
	return ngtcp2_conn_get_handshake_completed(q->conn) != 0;
}

static bool
is_answered(const quic *q)
{
	return q->is_ended;
}

/* Until what is waited for is there; false: the deadline passed, or the connection broke. */
static bool
drive(quic *q, bool (*is_there)(const quic *), cli_deadline deadline)
{
	while (flush(q)) {
		if (is_there(q))
			return true;
		if (cli_now_ms() >= deadline)
			return false;
		step(q, deadline);
	}
	return is_there(q);
}

/* Why the handshake came to nothing, where GnuTLS did not say. */
static void
name_failure(quic *q)
{
	ngtcp2_connection_close_error why;
	cli_connection *c = q->c;

	if (c->handshake != GNUTLS_E_SUCCESS && c->handshake != GNUTLS_E_AGAIN &&
	    c->handshake != GNUTLS_E_NO_CERTIFICATE_FOUND)
		return;
	c->handshake = q->is_broken ? GNUTLS_E_PULL_ERROR : GNUTLS_E_TIMEDOUT;
	if (!q->is_broken)
		return;
	ngtcp2_conn_get_connection_close_error(q->conn, &why);
	if (why.error_code == (NGTCP2_CRYPTO_ERROR | GNUTLS_A_NO_APPLICATION_PROTOCOL))
		c->trouble = "the server does not speak this transport there: no ALPN agreed on";
}

static bool
shake(cli_connection *c, danepriv_session *session, cli_deadline deadline)
{
	quic *q = calloc(1, sizeof *q);

	if (!q)
		return false;
	c->own = q;
	q->c = c;
	q->stream = -1;
	q->ref = (ngtcp2_crypto_conn_ref){ conn_of, q };
	if (!cli_tls_begin(c, session, &use) ||
	    ngtcp2_crypto_gnutls_configure_client_session(c->tls) != 0 || !open_conn(q))
		return false;
	gnutls_session_set_ptr(c->tls, &q->ref);
	if (!drive(q, is_shaken, deadline))
		name_failure(q);
	cli_tls_settle(c, &use);
	return true;
}

static bool
send_question(cli_connection *c, const uint8_t *message, size_t len, cli_deadline deadline)
{
	quic *q = c->own;

	if (len > CLI_QUESTION_MESSAGE_MAX || q->stream >= 0 || cli_now_ms() >= deadline ||
	    ngtcp2_conn_open_bidi_stream(q->conn, &q->stream, NULL) != 0)
		return false;
	q->question[0] = (uint8_t)(len >> 8);
	q->question[1] = (uint8_t)len;
	memcpy(q->question + 2, message, len);
	q->question_len = 2 + len;
	return flush(q);
}

/* A stream has one answer, and its end behind it (RFC 9250 section 4.2). */
static long
receive_answer(cli_connection *c, uint8_t *message, size_t room, cli_deadline deadline)
{
	quic *q = c->own;

	if (!drive(q, is_answered, deadline) || q->answer_len < 2)
		return -1;
	size_t len = (size_t)(q->answer[0] << 8 | q->answer[1]);
	if (len != q->answer_len - 2 || len > room)
		return -1;
	memcpy(message, q->answer + 2, len);
	q->answer_len = 0; /* there is no second one */
	return (long)len;
}

static void
say_goodbye(cli_connection *c)
{
	uint8_t datagram[DATAGRAM_OCTETS];
	ngtcp2_connection_close_error why = { 0 };
	ngtcp2_pkt_info info;
	quic *q = c->own;

	if (!q)
		return;
	if (q->conn) {
		uint8_t alert = ngtcp2_conn_get_tls_alert(q->conn);
		if (alert != 0)
			ngtcp2_connection_close_error_set_transport_error_tls_alert(
			    &why, alert, NULL, 0);
		else
			ngtcp2_connection_close_error_set_application_error(
			    &why, DOQ_NO_ERROR, NULL, 0);
		ngtcp2_ssize len = ngtcp2_conn_write_connection_close(
		    q->conn, NULL, &info, datagram, sizeof datagram, &why, now_ns());
		if (len > 0)
			(void)!send(c->fd, datagram, (size_t)len, MSG_NOSIGNAL);
		ngtcp2_conn_del(q->conn);
	}
	free(q);
	c->own = NULL;
}

const cli_transport cli_transport_doq = {
	.socket_type = SOCK_DGRAM,
	.id_is_zero = true,
	.handshake = shake,
	.send = send_question,
	.receive = receive_answer,
	.close = say_goodbye,
};
