/* SPDX-License-Identifier: BSD-2-Clause
 * How is QUIC driven, whatever travels over it?  (RFC 9000, RFC 9001) */
#ifndef CLI_QUIC_H
#define CLI_QUIC_H

#include "transport.h"

#include <ngtcp2/ngtcp2.h>
#include <ngtcp2/ngtcp2_crypto.h>

typedef struct cli_quic cli_quic;

/* What is to be written next, on a stream. */
typedef struct cli_quic_piece {
	int64_t stream; /* -1: nothing */
	ngtcp2_vec octets[8];
	size_t count;
	bool is_last; /* the stream ends behind it */
} cli_quic_piece;

/* What uses the streams. */
typedef struct cli_quic_use {
	const char *alpn;
	uint64_t streams;      /* of one direction, that the server may open */
	uint64_t close_reason; /* when all is well */
	bool (*next)(cli_quic *q, cli_quic_piece *out);
	bool (*wrote)(cli_quic *q, const cli_quic_piece *piece, size_t octets);
	bool (*read)(cli_quic *q, int64_t stream, const uint8_t *data, size_t len, bool is_last);
	bool (*closed)(cli_quic *q, int64_t stream, uint64_t error);
} cli_quic_use;

/* A connection; the transport's own struct begins with it. */
struct cli_quic {
	const cli_quic_use *use;
	cli_connection *c;
	ngtcp2_conn *conn;
	ngtcp2_crypto_conn_ref ref;
	ngtcp2_path_storage path;
	bool is_broken; /* nothing more is sent, but for why */
};

/* The guarded handshake, for `q` in c->own.  As cli_transport.handshake. */
bool cli_quic_shake(cli_quic *q, const cli_quic_use *use, cli_connection *c,
    danepriv_session *session, cli_deadline deadline);

/* All that there is to say now.  False: the connection broke. */
bool cli_quic_flush(cli_quic *q);
/* Until what is waited for is there; false: the deadline passed, or the connection broke. */
bool cli_quic_drive(cli_quic *q, bool (*is_there)(const cli_quic *q), cli_deadline deadline);
/* Says goodbye and frees what is in `q`. */
void cli_quic_close(cli_quic *q);

#endif
