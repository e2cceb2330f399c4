/* SPDX-License-Identifier: BSD-2-Clause
 * How is QUIC driven? */
#include "quic.h"

#include "quic_ends.h"
#include "quic_names.h"

#include <errno.h>
#include <ngtcp2/ngtcp2_crypto_gnutls.h>
#include <poll.h>
#include <string.h>

#define ID_OCTETS 18
#define DATAGRAM_OCTETS 1452
#define IDLE_SECONDS 30
/* Room for the longest answer at once, and all around it: no window has to be opened again. */
#define WINDOW_OCTETS (4 * DNS_MESSAGE_MAX)

/* RFC 9001 sections 4.2, 5.3 and 8.4: TLS 1.3, the ciphers that QUIC has, no compatibility mode. */
#define PRIORITY                                                                                   \
	"NORMAL:-VERS-ALL:+VERS-TLS1.3:-CIPHER-ALL:+AES-128-GCM:+AES-256-GCM:+CHACHA20-POLY1305:"  \
	"+AES-128-CCM:%DISABLE_TLS13_COMPAT_MODE"

static ngtcp2_conn *
conn_of(ngtcp2_crypto_conn_ref *ref)
{
	cli_quic *q = ref->user_data;

	return q->conn;
}

/* What ngtcp2_crypto_recv_crypto_data_cb does for a client, with GnuTLS' own word on why not. */
static int
on_crypto(ngtcp2_conn *conn, ngtcp2_encryption_level level, uint64_t offset, const uint8_t *data,
    size_t len, void *user)
{
	cli_connection *c = ((cli_quic *)user)->c;
	bool was_complete = ngtcp2_conn_get_handshake_completed(conn);

	(void)offset;
	int result = gnutls_handshake_write(
	    c->tls, ngtcp2_crypto_gnutls_from_ngtcp2_encryption_level(level), data, len);
	if (result == GNUTLS_E_SUCCESS && !was_complete) {
		result = gnutls_handshake(c->tls);
		c->handshake = result;
		if (result == GNUTLS_E_SUCCESS)
			ngtcp2_conn_tls_handshake_completed(conn);
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
	cli_quic *q = user;
	bool is_last = (flags & NGTCP2_STREAM_DATA_FLAG_FIN) != 0;

	(void)conn;
	(void)offset;
	(void)stream_user;
	return q->use->read(q, stream, data, len, is_last) ? 0 : NGTCP2_ERR_CALLBACK_FAILURE;
}

static int
on_stream_close(ngtcp2_conn *conn, uint32_t flags, int64_t stream, uint64_t error, void *user,
    void *stream_user)
{
	cli_quic *q = user;

	(void)conn;
	(void)stream_user;
	if (!(flags & NGTCP2_STREAM_CLOSE_FLAG_APP_ERROR_CODE_SET))
		error = q->use->close_reason;
	return q->use->closed(q, stream, error) ? 0 : NGTCP2_ERR_CALLBACK_FAILURE;
}

static bool
open_conn(cli_quic *q)
{
	ngtcp2_callbacks callbacks = cli_quic_callbacks();
	ngtcp2_settings settings;
	ngtcp2_transport_params params;
	ngtcp2_cid theirs, ours;

	if (!cli_quic_path(q->c->fd, &q->path) || !cli_quic_new_id(&theirs, ID_OCTETS) ||
	    !cli_quic_new_id(&ours, ID_OCTETS))
		return false;
	callbacks.client_initial = ngtcp2_crypto_client_initial_cb;
	callbacks.recv_crypto_data = on_crypto;
	callbacks.recv_retry = ngtcp2_crypto_recv_retry_cb;
	callbacks.recv_stream_data = on_stream;
	callbacks.stream_close = on_stream_close;
	ngtcp2_settings_default(&settings);
	settings.initial_ts = cli_quic_now();
	settings.handshake_timeout = UINT64_MAX; /* our deadline rules */
	settings.no_pmtud = 1;
	ngtcp2_transport_params_default(&params);
	params.initial_max_data = WINDOW_OCTETS;
	params.initial_max_stream_data_bidi_local = WINDOW_OCTETS;
	params.initial_max_stream_data_uni = WINDOW_OCTETS;
	params.initial_max_streams_uni = q->use->streams;
	params.max_idle_timeout = IDLE_SECONDS * NGTCP2_SECONDS;
	if (ngtcp2_conn_client_new(&q->conn, &theirs, &ours, &q->path.path, NGTCP2_PROTO_VER_V1,
		&callbacks, &settings, &params, NULL, q) != 0)
		return false;
	ngtcp2_conn_set_tls_native_handle(q->conn, q->c->tls);
	return true;
}

/* The next datagram, with as much of the next piece as there is room for.  Its length, 0: none. */
static ngtcp2_ssize
write_datagram(cli_quic *q, uint8_t *out, size_t room)
{
	ngtcp2_pkt_info info;
	ngtcp2_ssize taken = -1;
	cli_quic_piece piece = { .stream = -1 };

	if (ngtcp2_conn_get_handshake_completed(q->conn) && !q->use->next(q, &piece))
		return NGTCP2_ERR_CALLBACK_FAILURE;
	ngtcp2_ssize len = ngtcp2_conn_writev_stream(q->conn, NULL, &info, out, room, &taken,
	    piece.is_last ? NGTCP2_WRITE_STREAM_FLAG_FIN : NGTCP2_WRITE_STREAM_FLAG_NONE,
	    piece.stream, piece.octets, piece.count, cli_quic_now());
	if (piece.stream >= 0 && taken >= 0 && !q->use->wrote(q, &piece, (size_t)taken))
		return NGTCP2_ERR_CALLBACK_FAILURE;
	return len;
}

/* What the socket does not take is lost, as datagrams may be. */
bool
cli_quic_flush(cli_quic *q)
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
	ngtcp2_conn_update_pkt_tx_time(q->conn, cli_quic_now());
	if (len < 0)
		q->is_broken = true;
	return !q->is_broken;
}

/* Reads what has come, or does what its time has come for. */
static void
step(cli_quic *q, cli_deadline deadline)
{
	uint8_t datagram[65536];
	ngtcp2_tstamp expiry = ngtcp2_conn_get_expiry(q->conn), now = cli_quic_now();
	ngtcp2_tstamp wait = expiry <= now ? 0 : (expiry - now) / NGTCP2_MILLISECONDS + 1;
	cli_deadline again = cli_deadline_in(wait < UINT32_MAX ? (uint32_t)wait : UINT32_MAX);

	if (!cli_wait(q->c->fd, POLLIN, again < deadline ? again : deadline)) {
		q->is_broken = ngtcp2_conn_handle_expiry(q->conn, cli_quic_now()) != 0;
		return;
	}
	ssize_t got = recv(q->c->fd, datagram, sizeof datagram, 0);
	if (got < 0) {
		q->is_broken = errno != EAGAIN && errno != EINTR;
		return;
	}
	ngtcp2_pkt_info info = { 0 };
	q->is_broken = ngtcp2_conn_read_pkt(q->conn, &q->path.path, &info, datagram, (size_t)got,
			   cli_quic_now()) != 0;
}

static bool
is_shaken(const cli_quic *q)
{
	return ngtcp2_conn_get_handshake_completed(q->conn) != 0;
}

bool
cli_quic_drive(cli_quic *q, bool (*is_there)(const cli_quic *q), cli_deadline deadline)
{
	while (cli_quic_flush(q)) {
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
name_failure(cli_quic *q)
{
	cli_connection *c = q->c;

	if (c->handshake != GNUTLS_E_SUCCESS && c->handshake != GNUTLS_E_AGAIN &&
	    c->handshake != GNUTLS_E_NO_CERTIFICATE_FOUND)
		return;
	c->handshake = q->is_broken ? GNUTLS_E_PULL_ERROR : GNUTLS_E_TIMEDOUT;
	if (!q->is_broken)
		return;
	if (cli_quic_close_code(q->conn) ==
	    (NGTCP2_CRYPTO_ERROR | GNUTLS_A_NO_APPLICATION_PROTOCOL))
		c->trouble = "the server does not speak this transport there: no ALPN agreed on";
}

bool
cli_quic_shake(cli_quic *q, const cli_quic_use *use, cli_connection *c, danepriv_session *session,
    cli_deadline deadline)
{
	const cli_tls_use tls = {
		.init_flags = GNUTLS_NO_END_OF_EARLY_DATA,
		.priority = PRIORITY,
		.alpn = use->alpn,
	};

	q->use = use;
	q->c = c;
	q->ref = (ngtcp2_crypto_conn_ref){ conn_of, q };
	if (!cli_tls_begin(c, session, &tls) ||
	    ngtcp2_crypto_gnutls_configure_client_session(c->tls) != 0 || !open_conn(q))
		return false;
	gnutls_session_set_ptr(c->tls, &q->ref);
	if (!cli_quic_drive(q, is_shaken, deadline))
		name_failure(q);
	cli_tls_settle(c, &tls);
	return true;
}

void
cli_quic_close(cli_quic *q)
{
	uint8_t datagram[DATAGRAM_OCTETS];
	ngtcp2_ccerr why = { 0 };
	ngtcp2_pkt_info info;

	if (!q->conn)
		return;
	uint8_t alert = ngtcp2_conn_get_tls_alert(q->conn);
	if (alert != 0)
		ngtcp2_ccerr_set_tls_alert(&why, alert, NULL, 0);
	else
		ngtcp2_ccerr_set_application_error(&why, q->use->close_reason, NULL, 0);
	ngtcp2_ssize len = ngtcp2_conn_write_connection_close(
	    q->conn, NULL, &info, datagram, sizeof datagram, &why, cli_quic_now());
	if (len > 0)
		(void)!send(q->c->fd, datagram, (size_t)len, MSG_NOSIGNAL);
	ngtcp2_conn_del(q->conn);
	q->conn = NULL;
}
