/* SPDX-License-Identifier: BSD-2-Clause
 * What are the names of ngtcp2 1 in ngtcp2 0.12?  (The test server has them, too.) */
#ifndef CLI_QUIC_NAMES_H
#define CLI_QUIC_NAMES_H

#include <ngtcp2/ngtcp2.h>

#if NGTCP2_VERSION_NUM < 0x010000
#define ngtcp2_encryption_level ngtcp2_crypto_level
#define ngtcp2_crypto_gnutls_from_ngtcp2_encryption_level ngtcp2_crypto_gnutls_from_ngtcp2_level
#define ngtcp2_conn_tls_handshake_completed ngtcp2_conn_handshake_completed
#define ngtcp2_ccerr ngtcp2_connection_close_error
#define ngtcp2_ccerr_set_tls_alert ngtcp2_connection_close_error_set_transport_error_tls_alert
#define ngtcp2_ccerr_set_liberr ngtcp2_connection_close_error_set_transport_error_liberr
#define ngtcp2_ccerr_set_application_error ngtcp2_connection_close_error_set_application_error
#endif

/* The reason with which the other end closed the connection. */
static inline uint64_t
cli_quic_close_code(ngtcp2_conn *conn)
{
#if NGTCP2_VERSION_NUM < 0x010000
	ngtcp2_connection_close_error why;

	ngtcp2_conn_get_connection_close_error(conn, &why);
	return why.error_code;
#else
	return ngtcp2_conn_get_ccerr(conn)->error_code;
#endif
}

#endif
