/* SPDX-License-Identifier: BSD-2-Clause
 * What does a GnuTLS server send to clients that ask for its proof?  (RFC 9102 section 2) */
#ifndef DP_GNUTLS_SERVE_H
#define DP_GNUTLS_SERVE_H

#include <gnutls/gnutls.h>

/* danepriv_gnutls_hook for a session that serves chains. */
int dp_serve_hook(gnutls_session_t tls, unsigned type, unsigned when, unsigned incoming,
    const gnutls_datum_t *message);

#endif
