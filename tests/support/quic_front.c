/* SPDX-License-Identifier: BSD-2-Clause
 * How does a name server over QUIC (RFC 9250) or HTTP/3 (RFC 9114) look?  No server in Debian 12
 * speaks the one, and few the other: this one ends QUIC, and passes the question of the first
 * stream on to a name server's UDP port.  With the ALPN h3 it talks as much of HTTP/3 as one answer
 * takes. */
#include "../../examples/cli/quic_ends.h"
#include "../../examples/cli/quic_names.h"
#include "udp_front.h"

#include <errno.h>
#include <ngtcp2/ngtcp2.h>
#include <ngtcp2/ngtcp2_crypto.h>
#include <ngtcp2/ngtcp2_crypto_gnutls.h>
#include <poll.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>

enum { ID_OCTETS = 18, DATAGRAM_OCTETS = 1452, WINDOW = 1 << 20, HEAD_MAX = 16 };

/* RFC 9114 section 7.2: the types of frames. */
enum { DATA = 0 };
/* The control stream with empty SETTINGS, and a response's fields: `:status: 200` and
 * `content-type: application/dns-message` as they stand in QPACK's table (RFC 9204 appendix A). */
static uint8_t control[] = { 0x00, 0x04, 0x00 };
static const uint8_t fields[] = { 0x01, 0x04, 0x00, 0x00, 0xD9, 0xEC };

/* Octets to be written on a stream. */
struct output {
	int64_t stream;
	uint8_t *octets;
	size_t len, sent;
	bool is_last, is_done;
};

struct peer {
	const struct udp_front *front;
	int fd;
	ngtcp2_conn *conn;
	ngtcp2_crypto_conn_ref ref;
	ngtcp2_path_storage path;
	int64_t stream; /* the one question */
	uint8_t question[UDP_FRONT_MESSAGE_MAX];
	size_t question_len;
	uint8_t answer[HEAD_MAX + UDP_FRONT_MESSAGE_MAX];
	struct output outputs[2]; /* the control stream's, and the answer */
};

static ngtcp2_conn *
conn_of(ngtcp2_crypto_conn_ref *ref)
{
	struct peer *p = ref->user_data;

	return p->conn;
}

static bool
is_http(const struct peer *p)
{
	return p->front->alpn && strcmp(p->front->alpn, "h3") == 0;
}

/* A number of QUIC (RFC 9000 section 16) of one, two or four octets; false: there is none. */
static bool
read_number(const uint8_t **at, size_t *left, size_t *out)
{
	size_t octets = *left > 0 ? (size_t)1 << (**at >> 6) : 9;

	if (octets > 4 || octets > *left)
		return false;
	*out = **at & 0x3F;
	for (size_t i = 1; i < octets; i++)
		*out = *out << 8 | (*at)[i];
	*at += octets;
	*left -= octets;
	return true;
}

/* The content of a request: its first DATA frame. */
static const uint8_t *
find_content(const uint8_t *at, size_t left, size_t *len)
{
	size_t type;

	while (read_number(&at, &left, &type) && read_number(&at, &left, len) && *len <= left) {
		if (type == DATA)
			return at;
		at += *len;
		left -= *len;
	}
	return NULL;
}

/* The question without what it travels in; NULL: it is none. */
static const uint8_t *
find_question(const struct peer *p, size_t *len)
{
	if (is_http(p))
		return find_content(p->question, p->question_len, len);
	*len = p->question_len - 2;
	return p->question_len > 2 ? p->question + 2 : NULL;
}

/* What goes in front of an answer; its length. */
static size_t
write_head(const struct peer *p, size_t len, uint8_t *out)
{
	size_t at = 0;

	if (is_http(p)) {
		memcpy(out, fields, sizeof fields);
		at = sizeof fields;
		out[at++] = DATA;
		out[at++] = 0x80; /* four octets of length */
		out[at++] = (uint8_t)(len >> 16);
	}
	out[at++] = (uint8_t)(len >> 8);
	out[at++] = (uint8_t)len;
	return at;
}

/* RFC 9250 section 4.2, RFC 9114 section 4.1: the end of the stream is the question's. */
static int
on_stream(ngtcp2_conn *conn, uint32_t flags, int64_t stream, uint64_t offset, const uint8_t *data,
    size_t len, void *user, void *stream_user)
{
	static uint8_t answer[UDP_FRONT_MESSAGE_MAX];
	struct peer *p = user;
	size_t asked = 0;

	(void)conn;
	(void)offset;
	(void)stream_user;
	if (!ngtcp2_is_bidi_stream(stream))
		return 0;
	if (len > sizeof p->question - p->question_len || (p->stream >= 0 && p->stream != stream))
		return NGTCP2_ERR_CALLBACK_FAILURE;
	if (len > 0)
		memcpy(p->question + p->question_len, data, len);
	p->question_len += len;
	p->stream = stream;
	if (!(flags & NGTCP2_STREAM_DATA_FLAG_FIN))
		return 0;
	const uint8_t *question = find_question(p, &asked);
	ssize_t got =
	    question ? udp_front_ask(p->front, question, asked, answer, sizeof answer) : -1;
	if (got < 0)
		return NGTCP2_ERR_CALLBACK_FAILURE;
	size_t head = write_head(p, (size_t)got, p->answer);
	memcpy(p->answer + head, answer, (size_t)got);
	p->outputs[1] = (struct output){ stream, p->answer, head + (size_t)got, 0, true, false };
	return 0;
}

static int
on_handshake(ngtcp2_conn *conn, void *user)
{
	struct peer *p = user;
	int64_t stream;

	if (is_http(p) && ngtcp2_conn_open_uni_stream(conn, &stream, NULL) == 0)
		p->outputs[0] = (struct output){ stream, control, sizeof control, 0, false, false };
	return 0;
}

static bool
open_conn(struct peer *p, const uint8_t *first, size_t len, gnutls_session_t tls)
{
	ngtcp2_callbacks callbacks = cli_quic_callbacks();
	ngtcp2_settings settings;
	ngtcp2_transport_params params;
	ngtcp2_pkt_hd head;
	ngtcp2_cid id;

	if (ngtcp2_accept(&head, first, len) != 0)
		return false;
	front_need(cli_quic_path(p->fd, &p->path) ? 0 : -1, "socket");
	front_need(cli_quic_new_id(&id, ID_OCTETS) ? 0 : -1, "random");
	callbacks.recv_client_initial = ngtcp2_crypto_recv_client_initial_cb;
	callbacks.recv_crypto_data = ngtcp2_crypto_recv_crypto_data_cb;
	callbacks.handshake_completed = on_handshake;
	callbacks.recv_stream_data = on_stream;
	ngtcp2_settings_default(&settings);
	settings.initial_ts = cli_quic_now();
	ngtcp2_transport_params_default(&params);
	params.original_dcid = head.dcid;
#if NGTCP2_VERSION_NUM >= 0x010000
	params.original_dcid_present = 1;
#endif
	params.initial_max_streams_bidi = 1;
	params.initial_max_streams_uni = 3;
	params.initial_max_stream_data_uni = WINDOW;
	params.initial_max_data = WINDOW;
	params.initial_max_stream_data_bidi_remote = WINDOW;
	if (ngtcp2_conn_server_new(&p->conn, &head.scid, &id, &p->path.path, head.version,
		&callbacks, &settings, &params, NULL, p) != 0)
		return false;
	ngtcp2_conn_set_tls_native_handle(p->conn, tls);
	return true;
}

static struct output *
next_output(struct peer *p)
{
	for (size_t i = 0; i < 2; i++)
		if (p->outputs[i].len > 0 && !p->outputs[i].is_done)
			return &p->outputs[i];
	return NULL;
}

static ngtcp2_ssize
write_datagram(struct peer *p, uint8_t *out, size_t room)
{
	struct output *o = next_output(p);
	ngtcp2_vec rest = { o ? o->octets + o->sent : NULL, o ? o->len - o->sent : 0 };
	ngtcp2_pkt_info info;
	ngtcp2_ssize taken = -1;
	ngtcp2_ssize len = ngtcp2_conn_writev_stream(p->conn, NULL, &info, out, room, &taken,
	    o && o->is_last ? NGTCP2_WRITE_STREAM_FLAG_FIN : NGTCP2_WRITE_STREAM_FLAG_NONE,
	    o ? o->stream : -1, o ? &rest : NULL, o ? 1 : 0, cli_quic_now());

	if (o && taken >= 0) {
		o->sent += (size_t)taken;
		o->is_done = o->sent == o->len;
	}
	return len;
}

static bool
flush(struct peer *p)
{
	uint8_t out[DATAGRAM_OCTETS];

	for (;;) {
		ngtcp2_ssize len = write_datagram(p, out, sizeof out);
		if (len <= 0) {
			ngtcp2_conn_update_pkt_tx_time(p->conn, cli_quic_now());
			return len == 0;
		}
		if (send(p->fd, out, (size_t)len, 0) < 0 && errno == ECONNREFUSED)
			return false;
	}
}

/* Tells the client why it ends, such as an alert of TLS. */
static void
say_goodbye(struct peer *p, int code)
{
	uint8_t out[DATAGRAM_OCTETS];
	ngtcp2_ccerr why = { 0 };
	ngtcp2_pkt_info info;

	if (code == NGTCP2_ERR_CRYPTO)
		ngtcp2_ccerr_set_tls_alert(&why, ngtcp2_conn_get_tls_alert(p->conn), NULL, 0);
	else
		ngtcp2_ccerr_set_liberr(&why, code, NULL, 0);
	ngtcp2_ssize len = ngtcp2_conn_write_connection_close(
	    p->conn, NULL, &info, out, sizeof out, &why, cli_quic_now());
	if (len > 0)
		(void)!send(p->fd, out, (size_t)len, 0);
}

static int
take(struct peer *p, const uint8_t *datagram, size_t len)
{
	ngtcp2_pkt_info info = { 0 };

	return ngtcp2_conn_read_pkt(p->conn, &p->path.path, &info, datagram, len, cli_quic_now());
}

/* Waits for the next datagram, or for when something has to be said again. */
static int
step(struct peer *p)
{
	static uint8_t datagram[UDP_FRONT_MESSAGE_MAX];
	struct pollfd event = { .fd = p->fd, .events = POLLIN };
	ngtcp2_tstamp expiry = ngtcp2_conn_get_expiry(p->conn), at = cli_quic_now();
	ngtcp2_tstamp wait = expiry > at ? (expiry - at) / NGTCP2_MILLISECONDS + 1 : 0;

	if (poll(&event, 1, wait < 1000 ? (int)wait : 1000) == 0)
		return cli_quic_now() < expiry ? 0
					       : ngtcp2_conn_handle_expiry(p->conn, cli_quic_now());
	ssize_t len = recv(p->fd, datagram, sizeof datagram, 0);
	return len < 0 ? NGTCP2_ERR_INTERNAL : take(p, datagram, (size_t)len);
}

static void
serve(const struct udp_front *f, int fd, const uint8_t *first, size_t len)
{
	static struct peer p;
	gnutls_session_t tls;

	p.front = f;
	p.fd = fd;
	p.stream = -1;
	p.ref = (ngtcp2_crypto_conn_ref){ conn_of, &p };
	udp_front_session(f, &tls, GNUTLS_NO_AUTO_SEND_TICKET);
	front_need(ngtcp2_crypto_gnutls_configure_server_session(tls), "QUIC");
	gnutls_session_set_ptr(tls, &p.ref);
	if (!open_conn(&p, first, len, tls))
		return;
	int code = take(&p, first, len);
	while (code == 0 && flush(&p))
		code = step(&p);
	if (code != 0 && code != NGTCP2_ERR_DRAINING)
		say_goodbye(&p, code);
	ngtcp2_conn_del(p.conn);
	gnutls_deinit(tls);
}

int
main(int argc, char **argv)
{
	return udp_front_main(argc, argv, serve);
}
