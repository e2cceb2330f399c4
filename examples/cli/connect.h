/* SPDX-License-Identifier: BSD-2-Clause
 * How does one get to a server, and over TLS, before a moment that is fixed beforehand? */
#ifndef CLI_CONNECT_H
#define CLI_CONNECT_H

#include "address.h"

#include <danepriv/gnutls.h>

/* A moment, in milliseconds of the monotonic clock. */
typedef int64_t cli_deadline;

cli_deadline cli_deadline_in(uint32_t ms);
/* Waits for poll() `events` on `fd`; false when the deadline passed (errno ETIMEDOUT) or poll
 * failed. */
bool cli_wait(int fd, short events, cli_deadline deadline);

/* A connection, in clear as long as `tls` is NULL.  `fd` is -1 when there is none. */
typedef struct cli_connection {
	int fd;
	gnutls_session_t tls;
	gnutls_certificate_credentials_t credentials;
	danepriv_gnutls_raw_keys raw_keys;
	int handshake; /* what gnutls_handshake returned last */
} cli_connection;

#define CLI_NO_CONNECTION                                                                          \
	{                                                                                          \
		.fd = -1, .handshake = GNUTLS_E_NO_CERTIFICATE_FOUND                               \
	}

/* TCP, non-blocking from then on.  False, and errno says why. */
bool cli_connect(cli_connection *c, const cli_address *address, cli_deadline deadline);

/* A guarded TLS handshake over it; c->handshake and danepriv_gnutls_decide tell the outcome.
 * False when it could not even begin. */
bool cli_connect_tls(cli_connection *c, danepriv_session *session, cli_deadline deadline);

/* All of it, or false. */
bool cli_send(cli_connection *c, const uint8_t *data, size_t len, cli_deadline deadline);
bool cli_receive(cli_connection *c, uint8_t *data, size_t len, cli_deadline deadline);

void cli_disconnect(cli_connection *c);

#endif
