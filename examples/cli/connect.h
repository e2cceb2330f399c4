/* SPDX-License-Identifier: BSD-2-Clause
 * How does one get to a server, and over TLS, before a moment that is fixed beforehand?  What the
 * transports have in common; each of them is a file of its own (transport.h). */
#ifndef CLI_CONNECT_H
#define CLI_CONNECT_H

#include "address.h"

#include <danepriv/gnutls.h>

/* A moment, in milliseconds of the monotonic clock. */
typedef int64_t cli_deadline;

int64_t cli_now_ms(void);
cli_deadline cli_deadline_in(uint32_t ms);
/* Waits for poll() `events` on `fd`; false when the deadline passed (errno ETIMEDOUT) or poll
 * failed. */
bool cli_wait(int fd, short events, cli_deadline deadline);

typedef struct cli_transport cli_transport;

/* A connection, in clear as long as `tls` is NULL.  `fd` is -1 when there is none. */
typedef struct cli_connection {
	const cli_transport *transport;
	const danepriv_server *server;
	danepriv_gnutls_chain chain; /* how the server's own proof is asked for */
	int fd;
	gnutls_session_t tls;
	gnutls_certificate_credentials_t credentials;
	danepriv_gnutls_raw_keys raw_keys;
	int handshake;	     /* what gnutls_handshake returned last, or what else was wrong */
	const char *trouble; /* the same in words, where TLS has none; or NULL */
	void *own;	     /* what the transport keeps of it */
} cli_connection;

#define CLI_NO_CONNECTION                                                                          \
	{                                                                                          \
		.fd = -1, .handshake = GNUTLS_E_NO_CERTIFICATE_FOUND                               \
	}

/* A socket, connected and non-blocking from then on.  False, and errno says why. */
bool cli_connect(cli_connection *c, const cli_transport *transport, const cli_address *address,
    cli_deadline deadline);

/* Lets the transport say goodbye, and closes. */
void cli_disconnect(cli_connection *c);

/* What distinguishes one use of TLS from another.  NULL, 0: as it comes. */
typedef struct cli_tls_use {
	unsigned init_flags;
	const char *priority;
	const char *alpn; /* to be agreed on, or the connection is not what it should be */
} cli_tls_use;

/* For transports: a guarded TLS session; its handshake over c->fd, with an alert when it fails; and
 * what is to be true after a handshake, which the second looks at as well.  The first is false when
 * that was not possible; the outcome of the others is c->handshake. */
bool cli_tls_begin(cli_connection *c, danepriv_session *session, const cli_tls_use *use);
void cli_tls_shake(cli_connection *c, const cli_tls_use *use, cli_deadline deadline);
void cli_tls_settle(cli_connection *c, const cli_tls_use *use);
/* The first two, for transports that are no more than TLS: as cli_transport.handshake. */
bool cli_tls_handshake(cli_connection *c, danepriv_session *session, cli_deadline deadline);

/* All of it, or false. */
bool cli_send(cli_connection *c, const uint8_t *data, size_t len, cli_deadline deadline);
bool cli_receive(cli_connection *c, uint8_t *data, size_t len, cli_deadline deadline);
/* What there is, at most `room` octets and at least one; -1: nothing more comes. */
long cli_receive_some(cli_connection *c, uint8_t *data, size_t room, cli_deadline deadline);

#endif
