/* SPDX-License-Identifier: BSD-2-Clause
 * How does a test come by a GnuTLS server that sends its proof?  Around the pair of guarded.h. */
#ifndef TESTS_SERVING_H
#define TESTS_SERVING_H

#include "support/chain_server.h"

#define SERVED_HOURS 0x1234

/* What is served: that the honest key is right for `_853._tcp.` NAME. */
extern test_octets chain;
/* How the guard asks. */
extern danepriv_gnutls_chain serve_asking;

/* A fixture around chain_open_all and chain_close_all. */
void serve_open(void);
void serve_close(void);

danepriv_status serve_chain(gnutls_session_t tls, const danepriv_server *whom,
    danepriv_chain_form form, const char *lowered);
/* Guards the pair's client for the session. */
void serve_guard(const char *priority);
/* Has the session its evidence from a chain? */
void serve_check(const char *name, bool came);
/* Makes the chain that long. */
void serve_large(size_t len);

#endif
