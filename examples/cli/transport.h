/* SPDX-License-Identifier: BSD-2-Clause
 * How does a DNS message travel?  A table of functions per transport. */
#ifndef CLI_TRANSPORT_H
#define CLI_TRANSPORT_H

#include "../dns/message.h"
#include "../dns/query.h"
#include "connect.h"

struct cli_transport {
	int socket_type;  /* SOCK_STREAM or SOCK_DGRAM */
	bool id_is_zero;  /* the message ID is (RFC 8484 section 4.1, RFC 9250 section 4.2.1) */
	bool is_in_clear; /* no handshake, nothing to pad */
	const cli_tls_use *tls; /* for cli_tls_handshake */
	/* A guarded handshake; c->handshake and danepriv_gnutls_decide tell the outcome.  False
	 * when it could not even begin. */
	bool (*handshake)(cli_connection *c, danepriv_session *session, cli_deadline deadline);
	/* One question, once on a connection; false: it could not be sent. */
	bool (*send)(cli_connection *c, const uint8_t *message, size_t len, cli_deadline deadline);
	/* The next message that comes, its length; -1: none. */
	long (*receive)(cli_connection *c, uint8_t *message, size_t room, cli_deadline deadline);
	/* The end of what the transport keeps in c->own and told the peer; called once. */
	void (*close)(cli_connection *c);
};

extern const cli_transport cli_transport_clear; /* DNS over TCP */
extern const cli_transport cli_transport_dot;
extern const cli_transport cli_transport_dtls;

/* For help and the like: what this build speaks. */
#ifdef CLI_HTTP2
extern const cli_transport cli_transport_doh;
#define CLI_AND_DOH ", doh"
#else
#define CLI_AND_DOH ""
#endif
#ifdef CLI_QUIC
extern const cli_transport cli_transport_doq;
#define CLI_AND_DOQ ", doq"
#else
#define CLI_AND_DOQ ""
#endif
#ifdef CLI_HTTP3
extern const cli_transport cli_transport_doh3;
#define CLI_AND_DOH3 ", doh3"
#else
#define CLI_AND_DOH3 ""
#endif
#define CLI_SPOKEN "dot, dtls" CLI_AND_DOH CLI_AND_DOQ CLI_AND_DOH3

/* NULL when this build does not speak it. */
const cli_transport *cli_transport_of(danepriv_transport transport);

#endif
